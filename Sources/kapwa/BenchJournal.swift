import ArgumentParser
import Foundation
import Glibc
import KapwaDaemon
import KapwaDomain

extension Bench {
    struct Journal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a long journal, to measure starts on.",
            discussion: """
                Through the router and the journal of a daemon, without sockets: the same in every run.

                Examples:
                  kapwa bench journal --data /tmp/long --events 10000000 --open 100000 --ids 1000000 --behind 49999
                  kapwa bench start --data /tmp/long
                """)

        @Option(help: ArgumentHelp("Directory to be made.", valueName: "dir"))
        var data: String
        @Option(help: ArgumentHelp("Events in all.", valueName: "n"))
        var events: Int64 = 1_000_000
        @Option(help: ArgumentHelp("Conversations that are open at the end.", valueName: "n"))
        var open: Int = 10_000
        @Option(help: ArgumentHelp("Replies that are remembered at the end.", valueName: "n"))
        var ids: Int = 100_000

        @Option(help: ArgumentHelp("Events after a snapshot; without, none is made.", valueName: "n"))
        var behind: Int64?

        func validate() throws {
            guard (10_000...1_000_000_000).contains(events), open >= 0, Int64(open) * 10 <= events, ids >= 0 else {
                throw ValidationError("--events is at least 10000, and ten times --open")
            }
        }

        func run() async throws {
            try await Failing.withOneLine {
                guard !FileManager.default.fileExists(atPath: data) else {
                    throw StartFailure(.cannotCreate, "\(data) is there already; nothing is overwritten")
                }
                var size = JournalMaker.Size()
                size.events = events
                size.open = open
                size.ids = ids
                size.behind = behind
                var time = timespec()
                clock_gettime(CLOCK_REALTIME, &time)
                var maker = try JournalMaker(
                    directory: data, size: size, now: Instant(milliseconds: Int64(time.tv_sec) * 1_000),
                    logger: Logs.logger("kapwa", level: "warning"))
                let progress = SlowProgress()
                let begun = ContinuousClock.now
                try maker.make { done, all in progress.tell { "\(done) of \(all) events" } }
                print("\(maker.written) events in \(begun.duration(to: .now).components.seconds) s")
            }
        }
    }

    struct Start: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "From starting a daemon to its ready line, and the memory it has then; ends it with SIGKILL.",
            discussion: """
                Options after -- go to kapwa serve.

                Examples:
                  kapwa bench start --data /tmp/long
                  kapwa bench start --data /tmp/long --times 3 --stay 20
                """)

        @Option(help: ArgumentHelp("Directory of the journal.", valueName: "dir"))
        var data: String
        @Option(help: ArgumentHelp("How often.", valueName: "n"))
        var times: Int = 1
        @Option(help: ArgumentHelp("Seconds to let it run before it is killed.", valueName: "s"))
        var stay: Int = 0
        @Argument(parsing: .postTerminator, help: "Options of kapwa serve.")
        var options: [String] = []

        func run() async throws {
            for _ in 0..<times { try measure() }
        }

        private func measure() throws {
            let process = Process()
            process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
            process.arguments =
                [
                    "serve", "--data", data, "--commands", "tcp://127.0.0.1:*", "--events", "tcp://127.0.0.1:*",
                    "--http", "127.0.0.1:0",
                ] + options
            let out = Pipe()
            process.standardOutput = out
            let begun = ContinuousClock.now
            try process.run()
            let line = out.fileHandleForReading.availableData
            let took = begun.duration(to: .now)
            guard !line.isEmpty else {
                process.waitUntilExit()
                throw ExitCode(process.terminationStatus)
            }
            if stay > 0 { sleep(UInt32(stay)) }
            let memory = Self.memory(process.processIdentifier)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let milliseconds = took.components.seconds * 1_000 + took.components.attoseconds / 1_000_000_000_000_000
            print("ready after \(milliseconds) ms; \(memory)")
        }

        private static func memory(_ process: Int32) -> String {
            let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
            return text.split(separator: "\n").filter { $0.hasPrefix("VmRSS") || $0.hasPrefix("VmHWM") }
                .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }.joined(separator: ", ")
        }
    }
}
