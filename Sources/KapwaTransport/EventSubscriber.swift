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

    /// Connects and subscribes to every topic that starts with one of these (an empty one: to all).
    public init(endpoint: String, topics: [String]) throws(TransportError) {
        let endpoint = try Endpoint(endpoint, binding: false)
        context = try ZeroMQContext()
        socket = try Socket(context, type: ZMQ_SUB, linger: 0)
        try socket.set(ZMQ_RCVHWM, Int32(clamping: Limits.eventsPerSubscriberMax))
        for topic in topics {
            var topic = topic
            let result = topic.withUTF8 { bytes in
                Result { () throws(TransportError) in
                    try socket.set(ZMQ_SUBSCRIBE, bytes: UnsafeRawBufferPointer(bytes))
                }
            }
            try result.get()
        }
        // A daemon that vanished without a word is noticed, and the connection made anew.
        try socket.set(ZMQ_HEARTBEAT_IVL, 2_000)
        try socket.set(ZMQ_HEARTBEAT_TIMEOUT, 6_000)
        try socket.connect(endpoint)
    }

    deinit { close() }

    public func close() {
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
                guard socket.wait(ZMQ_POLLIN, until: deadline) else { return nil }
            case .frame(let more):
                guard let message = socket.receiveMessage(more: more), message.count == 2 else { continue }
                return Event(topic: Array(message[0]), body: Array(message[1]))
            }
        }
    }
}
