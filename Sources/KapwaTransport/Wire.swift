import CZeroMQ
import Glibc
import KapwaDomain
import Synchronization

/// The owner of every socket of the daemon. Its executor is one thread, so the compiler keeps the sockets on it.
///
/// A turn is: wait for anything, take what other threads want, then give each socket a bounded share. Nothing in a
/// turn blocks except the wait.
actor Wire {
    nonisolated let executor: WireExecutor
    nonisolated let context: ZeroMQContext
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    let configuration: TransportConfiguration
    let delegate: any TransportDelegate
    let inbox: WireInbox
    let published: CountersBox
    let localWorkers: String

    var sockets: Sockets?
    var peers: PeerTable
    var pool: WorkerPool
    var counters = TransportCounters()
    var now = MonotonicClock.now()
    var keyring: Keyring
    /// The sockets on which peers must show a key.
    let keyedSockets: Set<SocketName>
    var subscriptions = SubscriptionTable()
    /// Whether libzmq and the transport agree on whose the next subscription is; see ``readSubscriptions()``.
    var isFeedAligned = true
    /// Of each worker that had to show one.
    var workerKeys: [RoutingID: String] = [:]
    /// Peers not let in that the log may still be told of in this second.
    var noticesLeft = Limits.authNoticesPerSecondMax
    private var tickAt: Milliseconds = 0
    private var heartbeatAt: Milliseconds = 0
    private var sweepAt: Milliseconds = 0

    /// The sockets and what belongs to each.
    struct Sockets {
        let commands: Socket
        let events: Socket
        let workers: Socket
        let commandWatch: ConnectionWatch
        let eventWatch: ConnectionWatch
        let workerWatch: ConnectionWatch
        let gatekeeper: Gatekeeper?
        /// Which peer a connection of the command socket belongs to.
        var peersOfConnection: [Int32: [Int]] = [:]
    }

    init(
        _ configuration: TransportConfiguration, delegate: any TransportDelegate, inbox: WireInbox,
        published: CountersBox, name: String
    ) throws(TransportError) {
        self.configuration = configuration
        self.delegate = delegate
        self.inbox = inbox
        self.published = published
        localWorkers = "inproc://kapwa-workers-\(name)"
        executor = WireExecutor(wakeup: inbox.wakeup)
        context = try ZeroMQContext()
        peers = PeerTable(peersMax: configuration.peersMax)
        pool = WorkerPool(configuration.scoring)
        keyring = configuration.authentication?.keyring ?? Keyring()
        keyedSockets = configuration.authentication?.sockets ?? []
    }

    /// One round. False when the transport is to stop.
    func turn() -> Bool {
        guard let sockets else { return false }
        let paused = counters.readingPaused
        poll(sockets, paused: paused)
        now = MonotonicClock.now()
        inbox.wakeup.clear()
        let wishes = inbox.take()
        counters.readingPaused = wishes.isPaused
        if let keyring = wishes.keyring { adopt(keyring) }
        for batch in wishes.outbound { send(batch) }
        guard !wishes.isStopping else { return false }
        for wish in wishes.scoring {
            switch wish {
            case .texts(let request, let payloads): pool.submit(request, texts: payloads, now: now)
            case .lexicon(let lexicon): pool.change(lexicon: lexicon, now: now)
            }
        }
        followConnections()
        admitPeers()
        readWorkers()
        let isDrained = wishes.isPaused ? false : readCommands()
        readSubscriptions()
        keepTime(commandsDrained: isDrained)
        performPoolActions()
        publishCounters()
        return true
    }

    private func poll(_ sockets: Sockets, paused: Bool) {
        let readable = Int16(ZMQ_POLLIN)
        var items = [zmq_pollitem_t](repeating: zmq_pollitem_t(), count: 8)
        items[0].fd = inbox.wakeup.descriptor
        items[1].socket = sockets.workers.raw
        items[2].socket = sockets.events.raw
        items[3].socket = sockets.commandWatch.events.raw
        items[4].socket = sockets.eventWatch.events.raw
        items[5].socket = sockets.workerWatch.events.raw
        // Without a handler its place is a second look at the bell.
        if let gatekeeper = sockets.gatekeeper {
            items[6].socket = gatekeeper.socket.raw
        } else {
            items[6].fd = inbox.wakeup.descriptor
        }
        items[7].socket = sockets.commands.raw
        for index in items.indices { items[index].events = readable }
        // −1 is a signal: there is nothing to read then, and the turn goes on.
        _ = zmq_poll(&items, Int32(paused ? 7 : 8), 100)
    }

    /// What is due by the clock and not by a message.
    private func keepTime(commandsDrained: Bool) {
        guard let sockets else { return }
        if now >= tickAt {
            tickAt = now + 100
            pool.tick(now: now)
            pruneWorkerKeys()
            let paused = counters.readingPaused
            if commandsDrained || paused { cut(sockets.commandWatch, "commands", paused: paused) }
            cut(sockets.eventWatch, "events", paused: false)
            cut(sockets.workerWatch, "workers", paused: false)
        }
        if now >= heartbeatAt {
            heartbeatAt = now + 1_000
            noticesLeft = Limits.authNoticesPerSecondMax
            var batch = OutboundBatch()
            configuration.heartbeat(&batch)
            send(batch)
        }
        if now >= sweepAt {
            sweepAt = now + min(10_000, configuration.peerIdleMax)
            peers.sweep(now: now, idleMax: configuration.peerIdleMax)
        }
    }

    private func cut(_ watch: ConnectionWatch, _ name: String, paused: Bool) {
        let count = watch.cutUnfinished(now: now, paused: paused)
        guard count > 0 else { return }
        counters.connectionsCut += UInt64(count)
        delegate.noticed(.connectionsCut(socket: name, count: count))
    }

    func currentCounters() -> TransportCounters {
        publishCounters()
        return counters
    }

    private func publishCounters() {
        counters.peers = peers.count
        counters.workersReady = pool.workers.count
        counters.workersRefused = pool.tally.refused
        counters.workersVanished = pool.tally.vanished
        counters.workerMessagesRejected = pool.tally.rejected
        counters.scoringBatches = pool.tally.batches
        counters.scoringBatchesMoved = pool.tally.moved
        counters.textsScored = pool.tally.scored
        counters.textsUnscored = pool.tally.unscored
        published.set(counters)
    }
}

/// The counters as they were at the end of the last turn, for any thread.
final class CountersBox: Sendable {
    private let counters = Mutex(TransportCounters())

    func set(_ counters: TransportCounters) { self.counters.withLock { $0 = counters } }
    func get() -> TransportCounters { counters.withLock { $0 } }
}
