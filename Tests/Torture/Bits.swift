import Foundation
import JournalTorture
import KapwaSimulation

/// Single bits of a journal flipped, on all cores.
struct Bits {
    let events: Int
    /// `nil`: every bit.
    let count: Int?
    /// Of every bit, those from here on,
    var from = 0
    /// and so many of them.
    var most = Int.max

    /// Plays, prints, and returns the exit code.
    func play() async -> Int32 {
        let begun = ContinuousClock.now
        let lanes = ProcessInfo.processInfo.activeProcessorCount
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("torture-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: place) }
        do {
            let reports = try await withThrowingTaskGroup(of: BitFlips.Report.self) { group in
                for lane in 0..<lanes {
                    group.addTask {
                        let flips = try BitFlips(events: events, place: "\(place)/\(lane)")
                        defer { flips.end() }
                        return try flips.play(chosen(of: flips.bits, lane, lanes))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let sum = reports.reduce(into: BitFlips.Report()) {
                $0.flips += $1.flips
                $0.noticed += $1.noticed
                $0.harmless += $1.harmless
                $0.failures += $1.failures
            }
            for failure in sum.failures.prefix(20) { print(failure) }
            print(
                "\(events) events, \(sum.flips) bits: \(sum.noticed) noticed, \(sum.harmless) without consequence, "
                    + "\(sum.failures.count) failed, \(begun.duration(to: .now).components.seconds) s")
            return sum.failures.isEmpty ? 0 : 1
        } catch {
            print("\(error)")
            return 1
        }
    }

    private func chosen(of all: Int, _ lane: Int, _ lanes: Int) -> [Int] {
        var random = SeededGenerator(seed: UInt64(events))
        let end = most < all - from ? from + most : all
        let bits = count.map { count in (0..<count).map { _ in random.pick(0..<all) } } ?? Array(min(from, end)..<end)
        return bits.indices.filter { $0 % lanes == lane }.map { bits[$0] }
    }
}
