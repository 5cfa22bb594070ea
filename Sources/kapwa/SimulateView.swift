import Foundation
import Glibc
import KapwaDaemon
import KapwaDomain
import KapwaRules
import KapwaSimulation

/// Plays the days of one world on all cores and shows how far it is and what came out.
struct SimulateView: Sendable {
    let command: Simulate
    let run: SimulationRun
    let kind: WorldSettings.Kind
    let names: [String]

    /// One seed's outcome.
    private enum Day: Sendable {
        case played([DayRecord])
        case failed(SimulationFailure)
    }

    var heading: String {
        if command.short { return "short worlds\(command.faults ? ", with faults" : "")" }
        let kind: String
        switch self.kind {
        case .independent: kind = "moods that nothing changes"
        case .waiting: kind = "moods that waiting changes"
        case .fatigue: kind = "moods that waiting and tired agents change"
        }
        return kind + (command.typhoon ? ", typhoon" : "") + (command.faults ? ", with faults" : "")
    }

    func play() async throws -> Comparison {
        let begun = ContinuousClock.now
        var comparison = Comparison(names: names)
        var (events, commands, longest): (Int64, Int64, Duration) = (0, 0, .zero)
        var page: [DayRecord]?
        CrashNote.prepare()
        var next = 0
        var said = begun
        // A stretch at a time, in the order of the seeds, so that what is added up does not depend on who is first.
        while next < command.seedCount {
            let last = min(command.seedCount, next + stretch)
            let seeds = (next..<last).map { command.seed &+ UInt64($0) }
            let days = await stretch(of: seeds)
            for (seed, (day, took)) in zip(seeds, days) {
                longest = max(longest, took)
                guard case .played(let records) = day else {
                    throw failure(seed, day)
                }
                comparison.add(seed: seed, records.map(\.figures))
                events += records.reduce(0) { $0 + $1.events }
                commands += records.reduce(0) { $0 + $1.commands }
                if page == nil { page = records }
            }
            next = last
            say(next, since: begun, &said)
        }
        if let page, let file = command.html { try SimulationFiles.write(self.page(page), to: file) }
        tell(comparison, events, commands, begun, longest)
        return comparison
    }

    private var stretch: Int { command.short ? 64 * command.jobs : command.jobs }

    private func stretch(of seeds: [UInt64]) async -> [(Day, Duration)] {
        await withTaskGroup(of: (Int, Day, Duration).self) { group in
            let lanes = min(command.jobs, seeds.count)
            for index in 0..<lanes { group.addTask { play(seeds, at: index) } }
            var days = seeds.map { _ in (Day.played([]), Duration.zero) }
            var entered = lanes
            while let (index, day, took) = await group.next() {
                days[index] = (day, took)
                guard entered < seeds.count else { continue }
                let index = entered
                group.addTask { play(seeds, at: index) }
                entered += 1
            }
            return days
        }
    }

    private func play(_ seeds: [UInt64], at index: Int) -> (Int, Day, Duration) {
        CrashNote.begin(index, command.again(seed: seeds[index], kind: kind))
        defer { CrashNote.end(index) }
        let begun = ContinuousClock.now
        do throws(SimulationFailure) {
            let records = try run.play(seed: seeds[index])
            return (index, .played(records), begun.duration(to: .now))
        } catch {
            return (index, .failed(error), begun.duration(to: .now))
        }
    }

    private func failure(_ seed: UInt64, _ day: Day) -> StartFailure {
        guard case .failed(let failure) = day else { return StartFailure(.failed, "seed \(seed) gave nothing") }
        return StartFailure(
            .failed, "seed \(seed) failed \(failure)\nplay it again: \(command.again(seed: seed, kind: kind))")
    }

    // MARK: What is shown

    /// Progress, on standard error, of what takes longer than two seconds.
    private func say(_ done: Int, since begun: ContinuousClock.Instant, _ said: inout ContinuousClock.Instant) {
        let took = begun.duration(to: .now)
        let isDue = isatty(2) == 1 || done == command.seedCount || said.duration(to: .now) > .seconds(10)
        guard took > .seconds(2), isDue else { return }
        said = .now
        let left = took / max(1, done) * (command.seedCount - done)
        let end = isatty(2) == 1 && done < command.seedCount ? "\r" : "\n"
        FileHandle.standardError.write(
            Data("\(kind.rawValue): \(done) of \(command.seedCount) played, about \(seconds(left)) left   \(end)".utf8))
    }

    private func seconds(_ duration: Duration) -> String {
        "\(Figure.decimal(Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18, 1)) s"
    }

    private func tell(
        _ comparison: Comparison, _ events: Int64, _ commands: Int64, _ begun: ContinuousClock.Instant,
        _ longest: Duration
    ) {
        if command.short {
            print(
                "\(comparison.seeds.count) \(heading) from seed \(command.seed), none failed: \(commands) commands,"
                    + " \(events) events in \(seconds(begun.duration(to: .now)))\(command.check ? ", all checks on" : "")"
            )
            return
        }
        print(command.markdown ? "**\(heading)**\n" : heading)
        for line in command.markdown ? comparison.markdown : comparison.table { print(line) }
        print(
            "\n\(commands) commands, \(events) events; the longest day took \(seconds(longest))"
                + "\(command.check ? " with all checks on" : "")\n")
        guard let history = run.settings.history else { return }
        let share = history.arrived > 0 ? history.abandoned / history.arrived : 0
        print(
            "your own file: \(Figure.decimal(history.arrived, 0)) came a day,"
                + " \(Figure.abandoned.text(share)) of them gave up; the nearer the simulated share is to that,"
                + " the more the rest is worth\n")
    }

    private func page(_ records: [DayRecord]) -> String {
        let world = run.world(seed: command.seed)
        let heading = DayPage.Heading(
            title: "A simulated day",
            facts: [
                self.heading, "\(world.agentCount) agents", "\(world.contactCount) conversations",
                "seed \(command.seed)",
                "times of Manila",
            ])
        return DayPage(heading: heading, names: names, days: records, rules: run.rules).html
    }
}

/// If an assertion of the heart ends the process, what plays that day again is the last thing it says.
enum CrashNote {
    /// A line for each day that may be played at once; what is not played is blank.
    private static let (lines, width) = (16, 320)
    /// Written by the threads that play, read by a signal handler: memory that stays where it is.
    ///
    /// `unsafe` because a handler may take no lock: each thread writes the line of its own lane alone, and one that is
    /// half written costs a line that cannot be pasted, on the way out of a process that has already failed.
    nonisolated(unsafe) private static let note: UnsafeMutablePointer<UInt8> = {
        let note = UnsafeMutablePointer<UInt8>.allocate(capacity: lines * width)
        note.initialize(repeating: UInt8(ascii: " "), count: lines * width)
        return note
    }()

    static func prepare() {
        _ = note
        for number in [SIGILL, SIGTRAP] {
            signal(number) { number in
                CrashNote.write()
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }

    static func begin(_ lane: Int, _ command: String) {
        let line = note + lane % lines * width
        line.update(repeating: UInt8(ascii: " "), count: width)
        for (place, byte) in "play it again: \(command)".utf8.prefix(width - 1).enumerated() { line[place] = byte }
        line[width - 1] = UInt8(ascii: "\n")
    }

    static func end(_ lane: Int) {
        (note + lane % lines * width).update(repeating: UInt8(ascii: " "), count: width)
    }

    private static func write() { _ = Glibc.write(2, note, lines * width) }
}
