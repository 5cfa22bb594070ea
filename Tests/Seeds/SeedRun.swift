import Foundation
import KapwaSimulation

/// Many short worlds on all cores; half of them with faults.
struct SeedRun {
    let first: UInt64
    let count: UInt64
    private let lanes = UInt64(ProcessInfo.processInfo.activeProcessorCount)

    fileprivate struct Tally: Sendable {
        var played = 0
        var commands: Int64 = 0
        var events: Int64 = 0
        var restarts = 0
        var struck: [FaultSettings.Kind: Int] = [:]
        var failures: [String] = []
    }

    /// Plays, prints, and returns the exit code.
    func play() async -> Int32 {
        let begun = ContinuousClock.now
        let tally = await withTaskGroup(of: Tally.self) { group in
            for lane in 0..<lanes { group.addTask { self.lane(lane) } }
            var sum = Tally()
            for await part in group { sum.add(part) }
            return sum
        }
        for failure in tally.failures.prefix(20) { print(failure) }
        let took = begun.duration(to: .now).components.seconds
        print("\(tally.commands) commands, \(tally.events) events, \(tally.restarts) restarts in \(took) s")
        let struck = FaultSettings.Kind.allCases.map { "\($0.rawValue) \(tally.struck[$0] ?? 0)" }
        print("faults: " + struck.joined(separator: ", "))
        let never = FaultSettings.Kind.allCases.filter { tally.struck[$0] == nil }
        if !never.isEmpty && count >= 1_000 {
            print("never struck: \(never.map(\.rawValue).joined(separator: ", "))")
            return 1
        }
        print("\(tally.played - tally.failures.count) passed, \(tally.failures.count) failed")
        return tally.failures.isEmpty ? 0 : 1
    }

    private func lane(_ lane: UInt64) -> Tally {
        var tally = Tally()
        var run = SimulationRun(settings: WorldSettings(), rules: [SimulatedFloor.rules])
        run.isShort = true
        run.isChecked = true
        for seed in stride(from: first + lane, to: first + count, by: Int(lanes)) {
            run.hasFaults = seed % 2 == 0
            let command = "kapwa simulate --short --check\(run.hasFaults ? " --faults" : "") --seeds 1 --seed \(seed)"
            tally.played += 1
            do throws(SimulationFailure) {
                for record in try run.play(seed: seed) {
                    tally.commands += record.commands
                    tally.events += record.events
                    tally.restarts += record.restarts
                    tally.struck.merge(record.struck) { $0 + $1 }
                }
            } catch {
                tally.failures.append("seed \(seed) failed \(error)\n  play it again: \(command)")
            }
            // A day that ends the process says which it was.
            if tally.played % 500 == 0 { FileHandle.standardError.write(Data("lane \(lane): seed \(seed)\n".utf8)) }
        }
        return tally
    }
}

extension SeedRun.Tally {
    fileprivate mutating func add(_ other: SeedRun.Tally) {
        played += other.played
        commands += other.commands
        events += other.events
        restarts += other.restarts
        struck.merge(other.struck) { $0 + $1 }
        failures += other.failures
    }
}
