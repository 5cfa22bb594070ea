import Glibc
public import KapwaDomain
import Synchronization

/// A worker: takes texts from a daemon, scores them, gives the assessments back. The same code runs as a thread of
/// the daemon and in a `kapwa worker` process; one client is one thread and one socket.
public final class WorkerClient: Sendable {
    /// Scores one text. `payload` is valid during the call; the assessment is appended to `output` (nothing: not
    /// scored). Made on the worker's own thread, so it may keep buffers of its own.
    public typealias Scorer = (_ payload: UnsafeRawBufferPointer, _ output: inout [UInt8]) -> Void

    /// Which daemon it works for.
    public enum Daemon: Sendable {
        /// The one of this process, over inproc.
        case here(Transport)
        /// One at this endpoint; it may come and go.
        case at(endpoint: String)
    }

    public struct Configuration: Sendable {
        public var daemon: Daemon
        /// Counts the workers of this process; its thread is `kapwa-score-N`.
        public var number: Int
        /// Workers of this process, for the daemon's log.
        public var threads: Int
        /// What the daemon must have too, or it refuses.
        public var version: String
        public var lexicon: String
        /// What is shown to a daemon elsewhere that asks for a key.
        public var key: ClientKey?
        public var heartbeatInterval: Milliseconds = 500
        /// A daemon that says nothing for this long is looked for anew.
        public var silenceMax: Milliseconds = .seconds(2)
        /// Between attempts; doubles from the least to the greatest.
        public var backoff: ClosedRange<Milliseconds> = 100...5_000

        public init(daemon: Daemon, number: Int = 1, threads: Int = 1, version: String, lexicon: String) {
            self.daemon = daemon
            self.number = number
            self.threads = threads
            self.version = version
            self.lexicon = lexicon
        }
    }

    /// How a worker ended.
    public enum Ending: Sendable, Hashable {
        /// By ``stop()``, or because the daemon of this process stopped.
        case stopped
        /// The daemon does not want it (another version, or too many workers).
        case refused(reason: String)
        /// The daemon scores by this lexicon, and it by another.
        case stale(lexicon: String)
        case failed(TransportError)
    }

    /// What it has done so far.
    public struct Counters: Sendable, Hashable {
        public var isReady = false
        public var textsScored: UInt64 = 0
        public var batches: UInt64 = 0
        /// How often it had to look for the daemon.
        public var connects: UInt64 = 0
        /// How often a daemon took it.
        public var welcomes: UInt64 = 0
    }

    private enum Phase {
        case fresh
        case running(pthread_t)
        case ended
    }

    private let configuration: Configuration
    private let makeScorer: @Sendable () -> Scorer
    private let wakeup: Wakeup
    private let isStopping = Atomic(false)
    private let phase = Mutex(Phase.fresh)
    private let ending = Mutex<Ending?>(nil)
    private let published = Mutex(Counters())

    /// - Parameter makeScorer: called once, on the worker's thread.
    public init(
        _ configuration: Configuration, makeScorer: @escaping @Sendable () -> Scorer
    ) throws(TransportError) {
        self.configuration = configuration
        self.makeScorer = makeScorer
        wakeup = try Wakeup()
    }

    public var counters: Counters { published.withLock { $0 } }

    /// Starts the thread. It looks for the daemon until it is stopped or refused, and keeps this object alive.
    public func start() throws(TransportError) {
        try phase.withLock { phase throws(TransportError) in
            guard case .fresh = phase else { throw .closed }
            let (configuration, wakeup, makeScorer) = (configuration, wakeup, makeScorer)
            let thread = try NamedThread.start("kapwa-score-\(configuration.number)") { [self] in
                var session = WorkerSession(configuration, wakeup: wakeup, scorer: makeScorer())
                let ending = session.run(
                    shouldStop: { self.isStopping.load(ordering: .acquiring) },
                    publish: { counters in self.published.withLock { $0 = counters } })
                self.ending.withLock { $0 = ending }
            }
            phase = .running(thread)
        }
    }

    /// Tells the thread to finish its batch, say goodbye and end. Does not wait.
    public func requestStop() {
        isStopping.store(true, ordering: .releasing)
        wakeup.signal()
    }

    /// Waits until the thread has ended, by ``requestStop()`` or by itself.
    @discardableResult
    public func join() -> Ending {
        phase.withLock { phase in
            if case .running(let thread) = phase { NamedThread.join(thread) }
            phase = .ended
        }
        return ending.withLock { $0 } ?? .stopped
    }

    /// ``requestStop()`` and ``join()``.
    @discardableResult
    public func stop() -> Ending {
        requestStop()
        return join()
    }
}
