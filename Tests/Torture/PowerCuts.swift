import Foundation
import JournalTorture

/// Many histories of power cuts, on all cores.
struct PowerCuts {
    private static let cutsPerSeed = 10
    private let seeds: Range<UInt64>

    init(cuts: UInt64, first: UInt64) {
        let count = (cuts + UInt64(Self.cutsPerSeed) - 1) / UInt64(Self.cutsPerSeed)
        seeds = first..<first + max(1, count)
    }

    /// Plays, prints, and returns the exit code.
    func play() async -> Int32 {
        let begun = ContinuousClock.now
        OpenFiles.allowAll()
        let lanes = UInt64(ProcessInfo.processInfo.activeProcessorCount)
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("torture-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: place) }
        let reports = await withTaskGroup(of: [PowerCutRun.Report].self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    stride(from: seeds.lowerBound + lane, to: seeds.upperBound, by: Int(lanes)).map { seed in
                        var run = PowerCutRun(seed: seed, place: "\(place)/\(seed)")
                        return run.play(cuts: Self.cutsPerSeed)
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        let cuts = reports.reduce(0) { $0 + $1.cuts }
        let failures = reports.compactMap(\.failure)
        for failure in failures.prefix(20) { print(failure) }
        let entries = reports.reduce(0) { $0 + $1.acknowledged }
        print("\(cuts) power cuts, \(entries) acknowledged entries, \(begun.duration(to: .now).components.seconds) s")
        print("\(reports.count - failures.count) passed, \(failures.count) failed")
        return failures.isEmpty ? 0 : 1
    }
}
