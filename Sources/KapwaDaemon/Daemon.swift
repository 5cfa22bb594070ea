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
    let settings: Settings
    let logger: Logger
    private let mailbox = Mailbox()
    let intake: Intake
    let metrics: FloorMetrics
    let transport: Transport
    private let reads: ReadDesk
    private let readThread: WorkerThread
    private let router: RouterThread
    /// Where some socket asks for keys.
    let keyWatch: KeyWatch?
    private let keyThread: WorkerThread?
    private let snapshots: SnapshotKeeper
    private let snapshotThread: WorkerThread
    private let board: StatusBoard
    let console: DaemonConsole
    /// What whoever comes over HTTP has to show.
    let httpDoor: ConsoleDoor
    private let isStopped = Mutex(false)
    /// What was read last, and who scores by it.
    let reading: Mutex<Reading>
    /// Where the sockets are.
    public let endpoints: BoundEndpoints

    /// Opens and replays everything, and serves the sockets when it returns.
    ///
    /// - Throws: the first thing that is wrong, as one line; nothing is left open then.
    public init(_ settings: Settings, logger: Logger) throws(StartFailure) {
        self.settings = settings
        self.logger = logger
        let change = try Loading.change(settings, by: "start", logger: logger)
        let lexicon = change.lexicon
        _ = try Self.consoleAddress(settings)
        _ = try HTTPDoor.certificate(settings)
        let doors = try Doors(settings, logger: logger)
        let metrics = FloorMetrics(version: KapwaVersion.current)
        metrics.setQueues(change.rules)
        metrics.set.rulesReloaded(successfully: true, at: DaemonClock.wall())
        self.metrics = metrics
        let router = RouterThread(settings, change: change, logger: logger)
        self.router = router
        let opened = try router.open()
        do throws(StartFailure) {
            // Only now there is a data directory, and nobody else has it.
            httpDoor = try HTTPDoor.open(settings, metrics: metrics.set, logger: logger)
        } catch {
            router.serve(nil)
            _ = router.join()
            throw error
        }
        let board = StatusBoard()
        self.board = board
        for (tenant, head) in opened.heads { board.set(head: head, of: tenant) }
        let intake = Intake(
            mailbox: mailbox, clock: opened.clock, tenants: Set(settings.tenants), customers: opened.customers,
            metrics: metrics, logger: logger)
        self.intake = intake
        var started: Transport?
        do throws(TransportError) {
            let transport = try Transport(
                Self.configuration(settings, lexicon, board, opened.clock, doors), delegate: intake)
            intake.connect(transport)
            endpoints = try transport.start()
            started = transport
            self.transport = transport
            let crew = try Self.crew(settings, transport, lexicon)
            try crew?.start()
            reading = Mutex(Reading(rulesHash: change.rules.hash, lexicon: lexicon, crew: crew))
        } catch {
            started?.stop()
            router.serve(nil)
            _ = router.join()
            throw StartFailure(error)
        }
        let transport = transport
        let keyWatch = doors.authentication.map {
            KeyWatch(
                doors.directory, fingerprint: doors.fingerprint, keyring: $0.keyring, settings, logger: logger
            ) { transport.use(keyring: $0) }
        }
        self.keyWatch = keyWatch
        keyThread = keyWatch.map { watch in WorkerThread(name: "kapwa-keys") { watch.run() } }
        let reads = ReadDesk(
            reader: opened.reader, logger: logger,
            keepLook: { by, what, tenant throws(StartFailure) in
                try AuditorLook.keep(
                    by: by.rawValue, key: by, what: what, tenant: tenant.rawValue, in: settings.data)
            }, send: { transport.send($0) })
        self.reads = reads
        readThread = WorkerThread(name: "kapwa-reads") { reads.run() }
        let mailbox = mailbox
        let snapshots = SnapshotKeeper(
            settings.snapshots, covered: opened.covered, taker: opened.taker, head: { board.head($0) },
            keep: settings.keep, keepEvidence: settings.keepEvidence,
            keepSensitive: settings.keepSensitive, order: { mailbox.post(.upkeep($0)) },
            logger: logger
        ) { metrics.note($0) }
        self.snapshots = snapshots
        snapshotThread = WorkerThread(name: "kapwa-snapshots") { snapshots.run() }
        let whyDesk = WhyDesk(
            reader: opened.reader, snapshots: opened.taker.store, tenants: settings.tenants, logger: logger)
        console = DaemonConsole(
            metrics: metrics, board: board, version: KapwaVersion.current, change: change, whyDesk: whyDesk,
            keys: { keyWatch?.count ?? 0 }, counters: { transport.counters })
        router.serve(
            Pipeline.Surroundings(
                mailbox: mailbox, clock: opened.clock, transport: transport, reads: reads, metrics: metrics,
                board: board, logger: logger, keepsWords: settings.retainsText))
    }

    private static func configuration(
        _ settings: Settings, _ lexicon: Lexicon, _ board: StatusBoard, _ clock: DaemonClock, _ doors: Doors
    ) -> TransportConfiguration {
        var configuration = TransportConfiguration()
        configuration.commands = settings.commands
        configuration.events = settings.events
        configuration.workers = settings.workers.map { [$0] } ?? []
        configuration.authentication = doors.authentication
        configuration.permittedTopics = { topic, caller in Topic.permitted(topic, to: caller) }
        configuration.scoring = ScoringSettings(version: KapwaVersion.current, lexicon: lexicon.hash)
        let tenants = settings.tenants
        configuration.heartbeat = { batch in
            board.socketsBeat(at: DaemonClock.nanosecondsSinceBoot())
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

    /// What does not get on, in words; `nil` while commits and both loops do.
    public var stall: String? { board.progress().stall }

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
        keyWatch?.stop()
        keyThread?.join()
        reads.stop()
        readThread.join()
        // Nothing is appended any more: the last one covers all.
        snapshots.stop()
        snapshotThread.join()
        reading.withLock { $0.crew }?.stop()
        transport.stop()
        return failure.map { StartFailure($0) }
    }

    /// Serves HTTP until the task is cancelled or the service group stops it.
    ///
    /// - Parameter onListening: told once where it listens.
    public func serveConsole(onListening: @escaping @Sendable (_ address: String) -> Void) async throws {
        let scheme = settings.httpCertificate == nil ? "" : "https://"
        let server = Console(
            address: try Self.consoleAddress(settings), source: console, door: httpDoor, logger: logger
        ) { onListening(scheme + $0.description) }
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
