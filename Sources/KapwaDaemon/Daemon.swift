import KapwaConsole
import KapwaDomain
import KapwaMetrics
import KapwaRules
import KapwaSentiment
public import KapwaTransport
import KapwaWire
public import Logging
import Synchronization

/// A daemon from the lexicon to the bound sockets and back: everything is opened in order, and closed in reverse.
public final class Daemon: Sendable {
    private let settings: Settings
    private let logger: Logger
    private let mailbox = Mailbox()
    private let intake: Intake
    private let metrics: FloorMetrics
    private let transport: Transport
    private let reads: ReadDesk
    private let readThread: WorkerThread
    private let router: RouterThread
    private let crew: ScoringCrew?
    private let console: DaemonConsole
    private let isStopped = Mutex(false)
    /// Of the rules read last.
    private let rulesHash: Mutex<String>
    /// Where the sockets are.
    public let endpoints: BoundEndpoints

    /// Opens and replays everything, and serves the sockets when it returns.
    ///
    /// - Throws: the first thing that is wrong, as one line; nothing is left open then.
    public init(_ settings: Settings, logger: Logger) throws(StartFailure) {
        self.settings = settings
        self.logger = logger
        let lexicon = try Loading.lexicon(settings)
        let change = try Loading.rules(settings, by: "start", logger: logger)
        _ = try Self.consoleAddress(settings)
        rulesHash = Mutex(change.rules.hash)
        let metrics = FloorMetrics(version: KapwaVersion.current)
        metrics.setQueues(change.rules)
        metrics.set.rulesReloaded(successfully: true, at: DaemonClock.wall())
        self.metrics = metrics
        let router = RouterThread(settings, lexicon: lexicon, change: change, logger: logger)
        self.router = router
        let opened = try router.open()
        let board = StatusBoard()
        for (tenant, head) in opened.heads { board.set(head: head, of: tenant) }
        let intake = Intake(
            mailbox: mailbox, clock: opened.clock, tenants: Set(settings.tenants), metrics: metrics, logger: logger)
        self.intake = intake
        var started: Transport?
        do throws(TransportError) {
            let transport = try Transport(
                Self.configuration(settings, lexicon, board, opened.clock), delegate: intake)
            intake.connect(transport)
            endpoints = try transport.start()
            started = transport
            self.transport = transport
            if settings.scoringThreads > 0 {
                let crew = try ScoringCrew(
                    for: .here(transport), threads: settings.scoringThreads, version: KapwaVersion.current,
                    lexicon: lexicon)
                try crew.start()
                self.crew = crew
            } else {
                crew = nil
            }
        } catch {
            started?.stop()
            router.serve(nil)
            _ = router.join()
            throw StartFailure(error)
        }
        let transport = transport
        let reads = ReadDesk(reader: opened.reader, logger: logger) { transport.send($0) }
        self.reads = reads
        readThread = WorkerThread(name: "kapwa-reads") { reads.run() }
        console = DaemonConsole(metrics: metrics, board: board, version: KapwaVersion.current, rules: change.rules) {
            transport.counters
        }
        router.serve(
            Pipeline.Surroundings(
                mailbox: mailbox, clock: opened.clock, transport: transport, reads: reads, metrics: metrics,
                board: board, logger: logger))
    }

    private static func configuration(
        _ settings: Settings, _ lexicon: Lexicon, _ board: StatusBoard, _ clock: DaemonClock
    ) -> TransportConfiguration {
        var configuration = TransportConfiguration()
        configuration.commands = settings.commands
        configuration.events = settings.events
        configuration.workers = settings.workers.map { [$0] } ?? []
        configuration.scoring = ScoringSettings(version: KapwaVersion.current, lexicon: lexicon.hash)
        let tenants = settings.tenants
        configuration.heartbeat = { batch in
            for tenant in tenants {
                var body = ByteWriter()
                Topic.heartbeatBody(tenant: tenant, sequence: board.head(tenant), now: clock.now, into: &body)
                batch.publish(topic: Topic.heartbeat(tenant: tenant).utf8, body: body.bytes)
            }
        }
        return configuration
    }

    private static func consoleAddress(_ settings: Settings) throws(StartFailure) -> ConsoleAddress {
        do {
            return try ConsoleAddress(parsing: settings.http)
        } catch {
            throw StartFailure(.configuration, error.description)
        }
    }

    /// Reads the rules again. A file with an error changes nothing and says what is wrong with it.
    public func reload() {
        do throws(StartFailure) {
            let change = try Loading.rules(settings, by: "reload", logger: logger)
            mailbox.post(.change(change))
            console.setModes(change.rules)
            metrics.set.rulesReloaded(successfully: true, at: DaemonClock.wall())
            tell(change.rules)
        } catch {
            metrics.set.rulesReloaded(successfully: false, at: DaemonClock.wall())
            let lines = error.description.split(separator: "\n")
            for line in lines.prefix(Self.errorsLoggedMax) { logger.error("rules not changed: \(line)") }
            if lines.count > Self.errorsLoggedMax {
                logger.error("rules not changed: and \(lines.count - Self.errorsLoggedMax) more like these")
            }
        }
    }

    /// A file with a hundred errors has said enough with ten.
    private static let errorsLoggedMax = 10

    /// Says what a reload read.
    private func tell(_ rules: RuleSet) {
        let before = rulesHash.withLock { hash in
            defer { hash = rules.hash }
            return hash
        }
        guard let file = settings.rules else {
            logger.notice("there is no rules file to read again; the built-in rules stay, name one with --rules")
            return
        }
        logger.notice(
            before == rules.hash ? "rules unchanged" : "rules read again",
            metadata: [
                "file": "\(file)", "hash": "\(rules.hash)",
                "queues": "\(rules.queues.map(\.id.rawValue).joined(separator: ", "))",
                "routing": "\(rules.routingMode)", "breaks": "\(rules.breaksMode)",
            ])
    }

    /// Stops reading; what came in is scored, decided, committed and answered, then the router ends. Does not wait.
    public func stop() {
        let isFirst = isStopped.withLock { isStopped in
            defer { isStopped = true }
            return !isStopped
        }
        guard isFirst else { return }
        intake.end()
    }

    /// Waits until the router has ended, by ``stop()`` or because it could not go on; closes the rest.
    ///
    /// - Returns: why it could not go on.
    public func join() -> StartFailure? {
        let failure = router.join()
        reads.stop()
        readThread.join()
        crew?.stop()
        transport.stop()
        return failure.map { StartFailure($0) }
    }

    /// Serves HTTP until the task is cancelled or the service group stops it.
    ///
    /// - Parameter onListening: told once where it listens.
    public func serveConsole(onListening: @escaping @Sendable (_ address: String) -> Void) async throws {
        let server = Console(address: try Self.consoleAddress(settings), source: console, logger: logger) {
            onListening($0.description)
        }
        do {
            try await server.run()
        } catch let error as ConsoleError {
            throw StartFailure(.unavailable, error.description)
        }
    }

    /// The first line on standard output: where everything is.
    public func readyLine(http: String) -> String {
        var line = ByteWriter()
        line.raw("{\"ready\":true,\"commands\":")
        line.string(endpoints.commands)
        line.raw(",\"events\":")
        line.string(endpoints.events)
        line.raw(",\"workers\":")
        if let workers = endpoints.workers.first { line.string(workers) } else { line.raw("null") }
        line.raw(",\"http\":")
        line.string(http)
        line.raw(",\"version\":")
        line.string(KapwaVersion.current)
        line.raw(",\"mode\":")
        line.string(console.status.routing.rawValue)
        line.raw("}")
        return String(decoding: line.bytes, as: UTF8.self)
    }
}
