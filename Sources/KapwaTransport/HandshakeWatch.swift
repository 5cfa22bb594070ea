import CZeroMQ
import KapwaDomain
import Synchronization

/// Hears why a peer's handshakes fail, so that whoever shows the wrong key is told so instead of waiting in vain.
final class HandshakeWatch {
    private let watched: Socket
    private let events: Socket
    private let endpoint: Endpoint
    private let hasKey: Bool
    /// When the other side was asked what it speaks. Each question is a refused connection to it, and takes time.
    private var askedAt: Milliseconds?
    private static let ordinal = Atomic(0)

    /// - Parameter watched: a socket that is not connected yet.
    init(_ watched: Socket, context: ZeroMQContext, endpoint: Endpoint, hasKey: Bool) throws(TransportError) {
        self.watched = watched
        self.endpoint = endpoint
        self.hasKey = hasKey
        // A name of its own: one that was closed a moment ago may still hold its.
        let address = "inproc://handshakes-\(Self.ordinal.add(1, ordering: .relaxed).newValue)"
        let mask =
            ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL
            | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
        guard zmq_socket_monitor(watched.raw, address, mask) == 0 else {
            throw .system(call: "zmq_socket_monitor", code: zmq_errno())
        }
        events = try Socket(context, type: ZMQ_PAIR, linger: 0)
        try events.set(ZMQ_RCVHWM, 0)
        try events.connect(Endpoint(address, binding: false))
    }

    func close() {
        if let raw = watched.raw { zmq_socket_monitor(raw, nil, 0) }
        events.close()
    }

    /// Waits until the socket can be read or written. False when time is up.
    /// - Throws: when a handshake failed in a way that trying again does not mend.
    func wait(_ socket: Socket, _ readiness: Int32, until deadline: Milliseconds) throws(TransportError) -> Bool {
        while let raw = socket.raw, let watching = events.raw {
            let left = deadline - MonotonicClock.now()
            guard left > 0 else { return false }
            var items = [zmq_pollitem_t](repeating: zmq_pollitem_t(), count: 2)
            items[0].socket = raw
            items[0].events = Int16(readiness)
            items[1].socket = watching
            items[1].events = Int16(ZMQ_POLLIN)
            let ready = zmq_poll(&items, 2, Int(left))
            // Of a terminated context the next receive or send tells.
            if ready < 0 && zmq_errno() == ETERM { return true }
            if items[0].revents != 0 { return true }
            if let failure = failure() { throw failure }
        }
        return false
    }

    /// What the handshakes say that failed since the last look, if it is the key. May ask the other side, at most once a
    /// second, and wait for its answer as long as ``Greeting`` does.
    func failure() -> TransportError? {
        var failure: TransportError?
        var isHungUp = false
        while case .frame(let more) = events.receive() {
            let frame = events.frame
            let event = frame.count == 6 ? Int32(frame.loadUnaligned(fromByteOffset: 0, as: UInt16.self)) : 0
            let value = frame.count == 6 ? frame.loadUnaligned(fromByteOffset: 2, as: Int32.self) : 0
            if more { events.skipRest() }
            switch (event, value) {
            case (ZMQ_EVENT_HANDSHAKE_FAILED_AUTH, _): failure = .keyRefused(endpoint: endpoint.text)
            case (ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL, ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH): failure = mismatch
            case (ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, _): isHungUp = true
            default: break
            }
        }
        // The other side, seeing the mismatch first, hangs up without a word.
        if failure == nil, isHungUp, speaksOtherwise() { failure = mismatch }
        return failure
    }

    private var mismatch: TransportError {
        hasKey ? .keyUnwanted(endpoint: endpoint.text) : .keyNeeded(endpoint: endpoint.text)
    }

    private func speaksOtherwise() -> Bool {
        let now = MonotonicClock.now()
        if let askedAt, now - askedAt < .seconds(1) { return false }
        askedAt = now
        return Greeting.mechanism(at: endpoint) == (hasKey ? .open : .curve)
    }
}
