import Foundation
import KapwaSimulation

/// Many random floors on all cores, each with the auditor on.
struct FloorRun {
    let first: UInt64
    let count: UInt64
    /// Batches of commands of each floor.
    let steps: Int
    /// Lets the storm end and asks that every queue empties in time.
    let isStorm: Bool

    /// Answers `floors COUNT [FIRST [STEPS]]`, `storms COUNT [FIRST [STEPS]]` and `states DEPTH`.
    ///
    /// - Returns: the exit code; `nil` when something else was asked.
    static func answer(_ arguments: [String]) async -> Int32? {
        guard let word = arguments.first else { return nil }
        let numbers = arguments.dropFirst().compactMap { UInt64($0) }
        guard let count = numbers.first, count > 0 else { return nil }
        let first = numbers.count > 1 ? numbers[1] : 1
        let steps = numbers.count > 2 ? Int(clamping: numbers[2]) : 150
        switch word {
        case "floors": return await FloorRun(first: first, count: count, steps: steps, isStorm: false).play()
        case "storms": return await FloorRun(first: first, count: count, steps: steps, isStorm: true).play()
        case "states": return await ExplorationRun(depth: Int(clamping: count)).play()
        default: return nil
        }
    }

    private struct Tally: Sendable {
        var commands = 0
        var accepted = 0
        var events = 0
        var failures: [String] = []
    }

    /// Plays, prints, and returns the exit code.
    func play() async -> Int32 {
        let begun = ContinuousClock.now
        let lanes = UInt64(ProcessInfo.processInfo.activeProcessorCount)
        let tally = await withTaskGroup(of: Tally.self) { group in
            for lane in 0..<lanes { group.addTask { self.lane(lane, of: lanes) } }
            var sum = Tally()
            for await part in group {
                sum.commands += part.commands
                sum.accepted += part.accepted
                sum.events += part.events
                sum.failures += part.failures
            }
            return sum
        }
        for failure in tally.failures.prefix(20) { print(failure) }
        let took = begun.duration(to: .now).components.seconds
        print("\(tally.commands) commands, \(tally.accepted) accepted, \(tally.events) events in \(took) s")
        print("\(Int(count) - tally.failures.count) passed, \(tally.failures.count) failed")
        return tally.failures.isEmpty ? 0 : 1
    }

    private func lane(_ lane: UInt64, of lanes: UInt64) -> Tally {
        var tally = Tally()
        for seed in stride(from: first + lane, to: first + count, by: Int(lanes)) {
            let report =
                isStorm
                ? RandomFloor.liveness(seed: seed, steps: steps) : RandomFloor.run(seed: seed, steps: steps)
            tally.commands += report.commands
            tally.accepted += report.accepted
            tally.events += report.events
            if report.hasFailed { tally.failures.append(report.text) }
        }
        return tally
    }
}

/// Every state of a floor of two.
struct ExplorationRun {
    let depth: Int

    func play() async -> Int32 {
        let begun = ContinuousClock.now
        let report = await Exploration.run(depth: depth, lanes: ProcessInfo.processInfo.activeProcessorCount)
        for finding in report.findings { print(finding) }
        print("\(report.text) in \(begun.duration(to: .now).components.seconds) s")
        return report.findings.isEmpty ? 0 : 1
    }
}
