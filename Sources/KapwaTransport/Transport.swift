import Dispatch
import Glibc
import Synchronization

/// The daemon's sockets: commands in and replies out, events out, texts to the workers and assessments back.
///
/// Everything happens on one thread of its own, `kapwa-wire`; the methods here may be called from any thread, hand
/// over and return (``start()`` and ``stop()`` wait).
public final class Transport: Sendable {
    private enum Phase {
        case fresh
        case running(pthread_t)
        case stopped
    }

    private let wire: Wire
    private let inbox: WireInbox
    private let published = CountersBox()
    private let name: String
    private let phase = Mutex(Phase.fresh)

    /// - Throws: `TransportError.libraryTooOld` before libzmq 4.3.3.
    public init(_ configuration: TransportConfiguration, delegate: any TransportDelegate) throws(TransportError) {
        inbox = WireInbox(wakeup: try Wakeup())
        name = "\(getpid())-\(Self.ordinal.add(1, ordering: .relaxed).newValue)"
        wire = try Wire(configuration, delegate: delegate, inbox: inbox, published: published, name: name)
    }

    deinit {
        // Whoever forgot to stop leaves a thread that ends by itself. Joining here could be joining oneself.
        switch phase.withLock({ $0 }) {
        case .fresh: wire.context.terminate()
        case .running: inbox.post { $0.isStopping = true }
        case .stopped: break
        }
    }

    /// Binds all sockets and begins to serve them.
    /// - Throws: the first endpoint that could not be bound; nothing is open then.
    public func start() throws(TransportError) -> BoundEndpoints {
        let opened = Handover<Result<BoundEndpoints, TransportError>>()
        let (wire, name) = (wire, name)
        let thread = try phase.withLock { phase throws(TransportError) in
            guard case .fresh = phase else { throw .closed }
            let thread = try NamedThread.start("kapwa-wire") { Self.run(wire, name: name, opened: opened) }
            phase = .running(thread)
            return thread
        }
        switch opened.wait() {
        case .success(let endpoints): return endpoints
        case .failure(let error):
            phase.withLock { $0 = .stopped }
            NamedThread.join(thread)
            throw error
        }
    }

    /// Stops reading, lets what was handed over leave for at most a second, closes every socket, and waits until the
    /// thread has ended. Again, or before ``start()``: does nothing. From a delegate's call: does not wait.
    public func stop() {
        inbox.post { $0.isStopping = true }
        guard !wire.executor.isOnThread else { return }
        phase.withLock { phase in
            switch phase {
            case .fresh: wire.context.terminate()
            case .running(let thread): NamedThread.join(thread)
            case .stopped: break
            }
            phase = .stopped
        }
    }

    /// Replies and events that are to leave. Those of one call leave in their order, and after those of earlier calls.
    public func send(_ batch: OutboundBatch) {
        guard !batch.isEmpty else { return }
        inbox.post { $0.outbound.append(batch) }
    }

    /// Texts to be scored; the delegate hears of the outcome once, whatever happens to the workers.
    public func score(request: UInt64, payloads: FrameList) {
        inbox.post { $0.scoring.append(.texts(request: request, payloads)) }
    }

    /// Texts of later calls of ``score(request:payloads:)`` go to workers with this lexicon alone. Those of earlier
    /// calls stay with the workers of before, which are sent away when they are through.
    public func use(lexicon: String) {
        inbox.post { $0.scoring.append(.lexicon(lexicon)) }
    }

    /// From now on these keys are let in. Whoever is connected with one that is gone, or stands for something else now,
    /// is cut off. Does nothing where no socket asks for keys.
    public func use(keyring: Keyring) { inbox.post { $0.keyring = keyring } }

    /// Leaves commands where they are, so that their senders are held up. Everything else goes on.
    public func pauseReading() { inbox.post { $0.isPaused = true } }

    public func resumeReading() { inbox.post { $0.isPaused = false } }

    /// As of the thread's last turn, at most 100 ms ago.
    public var counters: TransportCounters { published.get() }

    /// As of now: waits for the thread's next turn.
    public func countersNow() async -> TransportCounters { await wire.currentCounters() }

    /// Where worker threads of this process connect to.
    var localWorkers: (context: ZeroMQContext, endpoint: String) { (wire.context, wire.localWorkers) }

    private static let ordinal = Atomic(0)

    private static func run(_ wire: Wire, name: String, opened: Handover<Result<BoundEndpoints, TransportError>>) {
        wire.executor.adoptThread()
        let result = wire.assumeIsolated { wire in
            Result { () throws(TransportError) in try wire.open(name: name) }
        }
        opened.pass(result)
        var isRunning = (try? result.get()) != nil
        while isRunning {
            wire.executor.runJobs()
            isRunning = wire.assumeIsolated { $0.turn() }
        }
        wire.assumeIsolated { $0.close() }
        wire.executor.close()
        wire.context.terminate()
    }
}
