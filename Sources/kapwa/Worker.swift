import ArgumentParser
import Foundation
import KapwaDaemon
import KapwaTransport
import ServiceLifecycle
import UnixSignals

struct Worker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Scores conversations for a daemon, on this or another host.",
        discussion: """
            Connects to the daemon's workers socket, receives texts, gives their tags back. It needs the same version \
            and the same lexicons as the daemon, or it is refused. SIGTERM finishes the batch and ends it.

            Examples:
              kapwa worker --connect tcp://127.0.0.1:7413
              kapwa worker --connect tcp://10.0.0.5:7413 --threads 4 --models ./Models
            """)

    @Option(help: ArgumentHelp("The daemon's workers socket.", valueName: "endpoint"))
    var connect: String
    @Option(help: ArgumentHelp("Scoring threads.", valueName: "n"))
    var threads: Int = 1
    @Option(help: ArgumentHelp("Directory with the lexicons.", valueName: "dir"))
    var models: String?
    @Option(help: ArgumentHelp("A lexicon of the deployment's own; may be repeated.", valueName: "file"))
    var overlay: [String] = []

    @Option(help: .hidden)
    var parent: Int32?

    func validate() throws {
        guard (1...64).contains(threads) else { throw ValidationError("--threads is \(threads); 1 to 64 are possible") }
    }

    func run() async throws {
        try await Failing.withOneLine {
            if let parent { OrphanGuard.endWith(parent) }
            let crew = try ScoringCrew.connecting(
                to: connect, threads: threads, models: models ?? ModelsDirectory.standard, overlays: overlay)
            try crew.begin()
            Failing.say("kapwa worker: \(threads) threads score for \(connect)")
            let service = ClosureService {
                await withGracefulShutdownHandler {
                    let endings = await Threads.run { crew.join() }
                    for case .refused(let reason) in endings { Failing.say("kapwa: the daemon refused: \(reason)") }
                } onGracefulShutdown: {
                    crew.requestStop()
                }
            }
            let group = ServiceGroup(
                configuration: .init(
                    services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
                    gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: Logs.logger("kapwa.worker", level: "warning")))
            try await group.run()
            for case .refused in crew.join() { throw ExitCode(StartFailure.Code.unavailable.rawValue) }
            Failing.say("kapwa worker: \(crew.textsScored) texts scored")
        }
    }
}
