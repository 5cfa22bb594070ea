import CZeroMQ
import KapwaDomain

/// What a worker's thread does: finds the daemon, says READY, scores what comes, begins anew when it is lost.
struct WorkerSession {
    /// How one connection ended.
    private enum End {
        case lost
        case over(WorkerClient.Ending)
    }

    private let configuration: WorkerClient.Configuration
    private let wakeup: Wakeup
    private let scorer: WorkerClient.Scorer
    private var counters = WorkerClient.Counters()
    private var heardAt: Milliseconds = 0
    private var saidAt: Milliseconds = 0
    private var isIntroduced = false
    private var handshakes: HandshakeWatch?

    init(_ configuration: WorkerClient.Configuration, wakeup: Wakeup, scorer: @escaping WorkerClient.Scorer) {
        self.configuration = configuration
        self.wakeup = wakeup
        self.scorer = scorer
    }

    mutating func run(
        shouldStop: () -> Bool, publish: (WorkerClient.Counters) -> Void
    ) -> WorkerClient.Ending {
        var own: ZeroMQContext?
        // After the socket is closed: the daemon's context is the daemon's to end.
        defer { own?.terminate() }
        do {
            let context: ZeroMQContext
            let endpoint: Endpoint
            switch configuration.daemon {
            case .here(let transport):
                context = transport.localWorkers.context
                endpoint = try Endpoint(transport.localWorkers.endpoint, binding: false)
            case .at(let text):
                endpoint = try Endpoint(text, binding: false)
                context = try ZeroMQContext()
                own = context
            }
            var pause = configuration.backoff.lowerBound
            while !shouldStop() {
                let socket = try open(context, endpoint)
                defer { hangUp(socket) }
                let end = serve(socket, shouldStop: shouldStop, publish: publish)
                let wasReady = counters.isReady
                counters.isReady = false
                publish(counters)
                if case .over(let ending) = end { return ending }
                if wasReady { pause = configuration.backoff.lowerBound }
                hangUp(socket)
                wait(nil, events: 0, milliseconds: pause)
                pause = min(pause * 2, configuration.backoff.upperBound)
            }
            return .stopped
        } catch TransportError.closed {
            return .stopped
        } catch {
            return .failed(error)
        }
    }

    private mutating func open(_ context: ZeroMQContext, _ endpoint: Endpoint) throws(TransportError) -> Socket {
        let socket = try Socket(context, type: ZMQ_DEALER, linger: 200)
        do {
            // What is meant for a daemon that has gone must not reach the next one.
            try socket.set(ZMQ_IMMEDIATE, 1)
            try socket.set(ZMQ_MAXMSGSIZE, wide: Limits.frameBytesMax)
            try socket.set(ZMQ_HANDSHAKE_IVL, 3_000)
            if case .at = configuration.daemon {
                if let key = configuration.key { try socket.show(key) }
                handshakes = try HandshakeWatch(
                    socket, context: context, endpoint: endpoint, hasKey: configuration.key != nil)
            }
            try socket.connect(endpoint)
        } catch {
            hangUp(socket)
            throw error
        }
        counters.connects += 1
        heardAt = MonotonicClock.now()
        isIntroduced = false
        return socket
    }

    private mutating func hangUp(_ socket: Socket) {
        handshakes?.close()
        handshakes = nil
        socket.close()
    }

    /// Serves one connection until it is lost or the worker is to end.
    private mutating func serve(
        _ socket: Socket, shouldStop: () -> Bool, publish: (WorkerClient.Counters) -> Void
    ) -> End {
        while true {
            // Writable is of interest only until READY has left.
            let events = ZMQ_POLLIN | (isIntroduced ? 0 : ZMQ_POLLOUT)
            wait(socket, events: Int16(events), milliseconds: configuration.heartbeatInterval / 2)
            if shouldStop() {
                if isIntroduced { _ = say(.bye, socket) }
                return .over(.stopped)
            }
            if !isIntroduced {
                let greeting = WorkerGreeting(
                    version: configuration.version, lexicon: configuration.lexicon, threads: configuration.threads)
                isIntroduced = say(.ready(greeting), socket)
            }
            if let end = listen(socket, shouldStop: shouldStop, publish: publish) { return end }
            // What is wrong with the key does not mend by itself.
            if !counters.isReady, let failure = handshakes?.failure() { return .over(.failed(failure)) }
            let now = MonotonicClock.now()
            if now - heardAt > configuration.silenceMax { return .lost }
            if isIntroduced, now - saidAt >= configuration.heartbeatInterval, !say(.heartbeat, socket) { return .lost }
        }
    }

    /// Takes everything that has arrived.
    private mutating func listen(
        _ socket: Socket, shouldStop: () -> Bool, publish: (WorkerClient.Counters) -> Void
    ) -> End? {
        while !shouldStop() {
            switch socket.receive() {
            case .nothing: return nil
            case .terminated: return .over(.stopped)
            case .frame(let more):
                heardAt = MonotonicClock.now()
                guard let message = socket.receiveMessage(more: more).flatMap(WorkerMessage.init) else { continue }
                switch message {
                case .refused(let reason): return .over(.refused(reason: reason))
                case .stale(let lexicon): return .over(.stale(lexicon: lexicon))
                default: noteWelcome(publish)
                }
                if case .batch(let id, let texts) = message {
                    guard score(id, texts, socket) else { return .lost }
                    publish(counters)
                }
            }
        }
        return nil
    }

    /// The daemon talks to it as to one of its own.
    private mutating func noteWelcome(_ publish: (WorkerClient.Counters) -> Void) {
        guard !counters.isReady else { return }
        counters.isReady = true
        counters.welcomes += 1
        publish(counters)
    }

    /// Scores a batch and sends what came out. False when the daemon is no longer there to take it.
    private mutating func score(_ id: UInt64, _ texts: FrameList, _ socket: Socket) -> Bool {
        var assessments = FrameList()
        texts.bytes.withUnsafeBytes { bytes in
            for index in 0..<texts.count {
                let text = UnsafeRawBufferPointer(rebasing: bytes[texts.range(index)])
                assessments.append { output in scorer(text, &output) }
                if MonotonicClock.now() - saidAt >= configuration.heartbeatInterval { _ = say(.heartbeat, socket) }
            }
        }
        counters.batches += 1
        counters.textsScored += UInt64(texts.count)
        return say(.scores(id, assessments: assessments), socket)
    }

    private mutating func say(_ message: WorkerMessage, _ socket: Socket) -> Bool {
        saidAt = MonotonicClock.now()
        return socket.send(message.frames) == 0
    }

    /// Waits for the socket, for a wish to stop, or for the time.
    private func wait(_ socket: Socket?, events: Int16, milliseconds: Milliseconds) {
        var items = [zmq_pollitem_t](repeating: zmq_pollitem_t(), count: 2)
        items[0].fd = wakeup.descriptor
        items[0].events = Int16(ZMQ_POLLIN)
        items[1].socket = socket?.raw
        items[1].events = events
        _ = zmq_poll(&items, socket == nil ? 1 : 2, Int(milliseconds))
    }
}
