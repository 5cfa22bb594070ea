import CZeroMQ
public import KapwaDomain

/// A subscriber to the event socket, for the command line and for tests. What it misses it has to read back: events
/// on the socket are hints. Not Sendable: it belongs to who made it, and blocks.
public final class EventSubscriber {
    /// One event as it was published.
    public struct Event: Sendable, Hashable {
        public let topic: [UInt8]
        public let body: [UInt8]
    }

    private let context: ZeroMQContext
    private let socket: Socket
    private let handshakes: HandshakeWatch

    /// Connects and subscribes to every topic that starts with one of these (an empty one: to all).
    ///
    /// - Parameter key: what is shown to a daemon that asks for one.
    public init(endpoint text: String, topics: [String], key: ClientKey? = nil) throws(TransportError) {
        let endpoint = try Endpoint(text, binding: false)
        context = try ZeroMQContext()
        socket = try Socket(context, type: ZMQ_SUB, linger: 0)
        try socket.set(ZMQ_RCVHWM, Int32(clamping: Limits.eventsPerSubscriberMax))
        for topic in topics { try socket.set(ZMQ_SUBSCRIBE, text: topic) }
        // A daemon that vanished without a word is noticed, and the connection made anew.
        try socket.set(ZMQ_HEARTBEAT_IVL, 2_000)
        try socket.set(ZMQ_HEARTBEAT_TIMEOUT, 6_000)
        if let key { try socket.show(key) }
        handshakes = try HandshakeWatch(socket, context: context, endpoint: endpoint, hasKey: key != nil)
        try socket.connect(endpoint)
    }

    deinit { close() }

    public func close() {
        handshakes.close()
        socket.close()
        context.terminate()
    }

    /// The next event; `nil` when none came in time.
    public func receive(timeout: Milliseconds) throws(TransportError) -> Event? {
        let deadline = MonotonicClock.now() + timeout
        while true {
            switch socket.receive() {
            case .terminated: throw .closed
            case .nothing:
                guard try handshakes.wait(socket, ZMQ_POLLIN, until: deadline) else { return nil }
            case .frame(let more):
                guard let message = socket.receiveMessage(more: more), message.count == 2 else { continue }
                return Event(topic: Array(message[0]), body: Array(message[1]))
            }
        }
    }
}
