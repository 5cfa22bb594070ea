import ArgumentParser
import Foundation
import Glibc
import KapwaDaemon
import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the daemon.",
        discussion: """
            Every option can also stand in the configuration file or as KAPWA_… in the environment; an option counts \
            before the environment, that before the file. When everything is ready, one JSON line on standard output \
            says where; logs go to standard error. SIGTERM and SIGINT stop it cleanly, SIGHUP reads rules, lexicons, \
            overlays and keys again.

            Examples:
              kapwa serve --data /var/lib/kapwa
              kapwa serve --data ./data --rules rules.yaml --http 127.0.0.1:8080
              kapwa serve --data ./data --commands 'tcp://127.0.0.1:*' --workers tcp://127.0.0.1:7413
              kapwa serve --data ./data --commands tcp://0.0.0.0:7411    once kapwa keys new has made keys
            """)

    @Option(help: ArgumentHelp("Directory of the journal; made when it is missing.", valueName: "dir"))
    var data: String?
    @Option(help: ArgumentHelp("Configuration file; deploy/kapwa.yaml documents every key.", valueName: "file"))
    var config: String?
    @Option(help: ArgumentHelp("Rules of the floor; without: one queue \"main\", no needs.", valueName: "file"))
    var rules: String?
    @Option(help: ArgumentHelp("Directory with the lexicons.", valueName: "dir"))
    var models: String?
    @Option(help: ArgumentHelp("A lexicon of the deployment's own; may be repeated.", valueName: "file"))
    var overlay: [String] = []
    @Option(help: ArgumentHelp("Where commands come in (tcp://127.0.0.1:7411).", valueName: "endpoint"))
    var commands: String?
    @Option(help: ArgumentHelp("Where events go out (tcp://127.0.0.1:7412).", valueName: "endpoint"))
    var events: String?
    @Option(help: ArgumentHelp("Where worker processes connect; without: threads here alone.", valueName: "endpoint"))
    var workers: String?
    @Option(help: ArgumentHelp("Metrics and health (127.0.0.1:7410).", valueName: "host:port"))
    var http: String?
    @Option(
        help: ArgumentHelp(
            "HTTP's certificate in PEM, the daemon's own first; elsewhere than on loopback needed.", valueName: "file"))
    var httpCertificate: String?
    @Option(help: ArgumentHelp("The key of HTTP's certificate in PEM, of mode 0600.", valueName: "file"))
    var httpKey: String?
    @Option(
        help: ArgumentHelp("When peers must show a key: auto, required or loopback_open (auto).", valueName: "when"))
    var keys: String?
    @Option(help: ArgumentHelp("Scoring threads in the daemon (2).", valueName: "n"))
    var scoringThreads: Int?
    @Option(help: ArgumentHelp("trace, debug, info, notice, warning, error or critical.", valueName: "level"))
    var logLevel: String?

    func run() async throws {
        try await Failing.withOneLine {
            let settings = try settings()
            let logger = Logs.logger("kapwa", level: settings.logLevel)
            Self.endQuietlyWhileStarting()
            Self.allowOpenFiles()
            let daemon = try Daemon(settings, logger: logger)
            try await Self.serve(daemon, logger: logger)
        }
    }

    /// Until the daemon itself listens to signals: there is nothing yet to read again, and a start can end anywhere.
    private static func endQuietlyWhileStarting() {
        for number in [SIGTERM, SIGINT] { signal(number) { _ in _exit(0) } }
        signal(SIGHUP, SIG_IGN)
    }

    /// As many files as the system lets it have open: each peer's connection is one, and a shell allows but 1,024.
    private static func allowOpenFiles() {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(files, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(files, &limit)
    }

    private func settings() throws(StartFailure) -> Settings {
        var options = Settings.Layer()
        options.data = data
        options.rules = rules
        options.models = models
        options.overlays = overlay.isEmpty ? nil : overlay
        options.commands = commands
        options.events = events
        options.workers = workers
        options.http = http
        options.httpCertificate = httpCertificate
        options.httpKey = httpKey
        options.keys = keys
        options.scoringThreads = scoringThreads
        options.logLevel = logLevel
        let environment = ProcessInfo.processInfo.environment
        var layers = [options, try Settings.Layer(environment: environment)]
        if let file = config ?? environment["KAPWA_CONFIG"] { layers.append(try Settings.Layer(file: file)) }
        return try Settings(layers, defaultModels: ModelsDirectory.standard)
    }

    /// Serves until a signal comes or the daemon cannot go on.
    private static func serve(_ daemon: Daemon, logger: Logger) async throws {
        // Before the ready line: a signal right after it must not end the process.
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        let manager = ServiceManager(
            environment: ProcessInfo.processInfo.environment, process: ProcessInfo.processInfo.processIdentifier,
            logger: logger)
        let failure = Mutex<StartFailure?>(nil)
        let core = ClosureService {
            await withGracefulShutdownHandler {
                let end = await Threads.run { daemon.join() }
                failure.withLock { $0 = end }
                manager?.stopping()
            } onGracefulShutdown: {
                manager?.stopping()
                daemon.stop()
            }
        }
        let console = ClosureService {
            try await daemon.serveConsole { address in
                print(daemon.readyLine(http: address))
                fflush(nil)
                manager?.ready { daemon.stall }
            }
        }
        let reloads = ClosureService {
            for await _ in hangups.cancelOnGracefulShutdown() {
                // Reading takes its time, and HTTP answers on these threads.
                await Threads.run { daemon.reload() }
            }
        }
        var services = ServiceGroupConfiguration(
            services: [core, console, reloads].map {
                .init(
                    service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup)
            }, gracefulShutdownSignals: [.sigterm, .sigint], logger: Logs.quiet(logger))
        services.maximumGracefulShutdownDuration = .seconds(10)
        try await ServiceGroup(configuration: services).run()
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}

/// A service that is one closure.
struct ClosureService: Service {
    let body: @Sendable () async throws -> Void

    init(_ body: @escaping @Sendable () async throws -> Void) { self.body = body }

    func run() async throws { try await body() }
}
