import ArgumentParser
import Foundation
import KapwaDaemon
import ServiceLifecycle
import Synchronization
import UnixSignals

struct Worker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Scores conversations for a daemon, on this or another host.",
        discussion: """
            Connects to the daemon's workers socket, receives texts, gives their tags back. It needs the same version \
            and the same lexicons as the daemon, or it is refused. When the daemon has read other lexicons, and at \
            SIGHUP, it reads its own again. SIGTERM finishes the batch and ends it.

            Examples:
              kapwa worker --connect tcp://127.0.0.1:7413
              kapwa worker --connect tcp://10.0.0.5:7413 --threads 4 --models ./Models --overlay ours.tsv
              kapwa worker --connect tcp://10.0.0.5:7413 --key gpu-1.secret
            """)

    @Option(help: ArgumentHelp("The daemon's workers socket.", valueName: "endpoint"))
    var connect: String
    @Option(help: ArgumentHelp("Scoring threads.", valueName: "n"))
    var threads: Int = 1
    @Option(help: ArgumentHelp("Directory with the lexicons.", valueName: "dir"))
    var models: String?
    @Option(help: ArgumentHelp("A lexicon of the deployment's own; may be repeated.", valueName: "file"))
    var overlay: [String] = []

    @OptionGroup var keys: KeyOptions

    @Option(help: .hidden)
    var parent: Int32?

    func validate() throws {
        guard (1...64).contains(threads) else { throw ValidationError("--threads is \(threads); 1 to 64 are possible") }
    }

    func run() async throws {
        try await Failing.withOneLine {
            if let parent { OrphanGuard.endWith(parent) }
            // Before anything else: a signal must not end the process.
            let hangups = await UnixSignalsSequence(trapping: .sighup)
            let process = try WorkerProcess(
                endpoint: connect, threads: threads, models: models ?? ModelsDirectory.standard, overlays: overlay,
                key: keys.clientKey()
            ) { Failing.say("kapwa worker: \($0)") }
            Failing.say("kapwa worker: \(threads) threads score for \(connect)")
            let ending = Mutex(WorkerProcess.Ending.stopped)
            let scoring = ClosureService {
                await withGracefulShutdownHandler {
                    let end = await Threads.run { process.run() }
                    ending.withLock { $0 = end }
                } onGracefulShutdown: {
                    process.requestStop()
                }
            }
            let reloads = ClosureService {
                for await _ in hangups.cancelOnGracefulShutdown() { process.reload() }
            }
            let group = ServiceGroup(
                configuration: .init(
                    services: [scoring, reloads].map {
                        .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
                    },
                    gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: Logs.logger("kapwa.worker", level: "warning")))
            try await group.run()
            switch ending.withLock({ $0 }) {
            case .stopped: Failing.say("kapwa worker: \(process.textsScored) texts scored")
            case .refused(let reason): throw StartFailure(.unavailable, "the daemon refused: \(reason)")
            case .failed(let reason): throw StartFailure(.unavailable, reason)
            }
        }
    }
}
