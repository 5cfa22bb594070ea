import CZeroMQ
import Glibc
import KapwaDomain

/// Watches the connections of one bound socket: who came, who went, and who sends a message without an end.
///
/// libzmq keeps the parts of a multipart message to itself until the last has come, without any limit, so that the
/// one who reads the socket never sees how it grows. The kernel does count what a connection has received: a
/// connection over which more came than a message may hold, without any message having been read, is cut.
final class ConnectionWatch {
    /// What became of a connection.
    enum Change {
        case opened(Int32)
        case ended(Int32)
        /// So many could not be taken in, because descriptors or memory ran out: libzmq tries again at once, for ever.
        case acceptsFailed(Int)
        case handshakeFailed(HandshakeFault)
    }

    /// What went wrong before a connection stood.
    enum HandshakeFault {
        /// One side speaks of keys and the other does not.
        case mechanism
        /// What was sealed with a key does not open: most likely it was meant for another daemon.
        case cryptographic
        /// The ``Gatekeeper`` said no.
        case refused
        case other
    }

    private struct Connection {
        /// The address at the other end, so that a reused descriptor is not taken for this connection.
        var peer: UInt64
        var received: UInt64
        /// Bytes handed to libzmq and, as far as was asked, not acknowledged yet.
        var unsent = 0
        var acknowledged: UInt64
        /// Bytes that came and were in no message that was read.
        var unread: Int = 0
        /// Bytes of messages that were read since the last check; 0: none was.
        var read: Int = 0
        var checkedAt: Milliseconds
    }

    /// What one call of ``changes(now:)`` gives at most, besides connections that could not be taken in.
    static let changesMax = 1_024

    private let watched: Socket
    let events: Socket
    private var connections: [Int32: Connection?] = [:]
    /// Which key a connection showed, as far as something came over it.
    private var keys: [Int32: String] = [:]
    /// Bytes that may come over one connection without a message among them.
    private let unfinishedBytesMax: Int

    init(
        _ watched: Socket, context: ZeroMQContext, name: String, unfinishedBytesMax: Int
    ) throws(TransportError) {
        self.watched = watched
        self.unfinishedBytesMax = unfinishedBytesMax
        let address = "inproc://\(name)"
        let mask =
            ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_ACCEPT_FAILED
            | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL
            | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH
        guard zmq_socket_monitor(watched.raw, address, mask) == 0 else {
            throw .system(call: "zmq_socket_monitor", code: zmq_errno())
        }
        events = try Socket(context, type: ZMQ_PAIR, linger: 0)
        // Without a mark: libzmq's own thread would wait for room, and every connection with it.
        try events.set(ZMQ_RCVHWM, 0)
        try events.connect(Endpoint(address, binding: false))
    }

    func close() {
        if let raw = watched.raw { zmq_socket_monitor(raw, nil, 0) }
        events.close()
    }

    /// Connections that are open now.
    var count: Int { connections.count }

    /// What has happened since the last call, as far as ``changesMax`` goes.
    func changes(now: Milliseconds) -> [Change] {
        var changes: [Change] = []
        var failed = 0
        while changes.count < Self.changesMax, failed < 65_536, case .frame(let more) = events.receive() {
            let frame = events.frame
            guard frame.count == 6 else {
                if more { events.skipRest() }
                continue
            }
            let event = Int32(frame.loadUnaligned(fromByteOffset: 0, as: UInt16.self))
            let value = frame.loadUnaligned(fromByteOffset: 2, as: Int32.self)
            if more { events.skipRest() }
            switch event {
            case ZMQ_EVENT_ACCEPTED:
                open(value, now: now)
                keys[value] = nil
                changes.append(.opened(value))
            case ZMQ_EVENT_DISCONNECTED:
                keys[value] = nil
                if connections.removeValue(forKey: value) != nil { changes.append(.ended(value)) }
            case ZMQ_EVENT_ACCEPT_FAILED: failed += 1
            default: changes.append(.handshakeFailed(Self.fault(event, value)))
            }
        }
        if failed > 0 { changes.append(.acceptsFailed(failed)) }
        return changes
    }

    private static func fault(_ event: Int32, _ value: Int32) -> HandshakeFault {
        switch (event, value) {
        case (ZMQ_EVENT_HANDSHAKE_FAILED_AUTH, _): .refused
        case (ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL, ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH): .mechanism
        case (ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL, ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC): .cryptographic
        default: .other
        }
    }

    /// Something came over a connection whose peer showed this key.
    func note(key: String?, of descriptor: Int32) {
        guard let key, connections[descriptor] != nil else { return }
        keys[descriptor] = key
    }

    /// Ends one connection; its peer may come again.
    func cut(_ descriptor: Int32) -> Bool {
        guard descriptor >= 0, connections[descriptor] != nil else { return false }
        Self.reset(descriptor)
        connections[descriptor] = .some(nil)
        return true
    }

    /// Ends every connection that is not known to be of a key that holds: whoever still may comes again.
    /// - Returns: how many.
    func cutAll(except isGood: (String) -> Bool) -> Int {
        let others = connections.keys.filter { !(keys[$0].map(isGood) ?? false) }
        for descriptor in others { _ = cut(descriptor) }
        return others.count
    }

    /// A whole message was read that came over this connection: so many bytes with libzmq's own before each frame.
    func heard(_ descriptor: Int32, bytes: Int) {
        guard descriptor >= 0 else { return }
        connections[descriptor]??.read += bytes
    }

    /// So many bytes were handed to libzmq for this connection.
    /// - Returns: false when the other side leaves too much unread; its connection was cut then.
    func handed(_ descriptor: Int32, bytes: Int) -> Bool {
        guard descriptor >= 0, var connection = connections[descriptor] ?? nil else { return true }
        connection.unsent += bytes
        // Only asks the kernel when there may be too much: it was all acknowledged long ago, as a rule.
        if connection.unsent > Limits.unreadBytesPerPeerMax {
            var state = kapwa_connection_t()
            guard kapwa_connection(descriptor, &state) == 0, state.peer == connection.peer else {
                connections[descriptor] = .some(nil)
                return true
            }
            connection.unsent = max(0, connection.unsent - Int(clamping: state.acknowledged &- connection.acknowledged))
            connection.acknowledged = state.acknowledged
            guard connection.unsent <= Limits.unreadBytesPerPeerMax else {
                Self.reset(descriptor)
                connections[descriptor] = .some(nil)
                return false
            }
        }
        connections[descriptor] = connection
        return true
    }

    /// Cuts the connections over which too much came without a message. To be called when the socket has just been
    /// read empty; otherwise (`paused`) whole messages may wait as well, and the bound is far higher.
    /// - Returns: how many were cut.
    func cutUnfinished(now: Milliseconds, paused: Bool) -> Int {
        var cut = 0
        for descriptor in Array(connections.keys) {
            guard var connection = connections[descriptor] ?? nil else { continue }
            var state = kapwa_connection_t()
            guard kapwa_connection(descriptor, &state) == 0, state.peer == connection.peer else {
                // Ended; the event that says so is on its way.
                connections[descriptor] = .some(nil)
                continue
            }
            let news = Int(clamping: state.received &- connection.received)
            // Heartbeats are no messages, and an idle connection may live for months: 64 bytes a second are free.
            let free = Int(clamping: (now - connection.checkedAt) * 64 / 1_000)
            connection.unread = max(0, connection.unread + news - connection.read - free)
            // What came before a message that was read is not waiting any more, whatever the sums say.
            if connection.read > 0 { connection.unread = min(connection.unread, news) }
            connection.read = 0
            connection.received = state.received
            connection.checkedAt = now
            connections[descriptor] = connection
            let bound = paused ? unfinishedBytesMax * 4 : unfinishedBytesMax
            guard connection.unread > bound else { continue }
            Self.reset(descriptor)
            connections[descriptor] = .some(nil)
            cut += 1
        }
        return cut
    }

    /// Ends a connection that libzmq owns: it sees an end of file and closes, and the other side gets a reset at once
    /// instead of waiting for room in a window that nobody reads any more.
    private static func reset(_ descriptor: Int32) {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    private func open(_ descriptor: Int32, now: Milliseconds) {
        var state = kapwa_connection_t()
        guard kapwa_connection(descriptor, &state) == 0 else {
            // Not TCP: the kernel counts nothing, and the file's mode says who may connect.
            connections[descriptor] = .some(nil)
            return
        }
        connections[descriptor] = Connection(
            peer: state.peer, received: state.received, acknowledged: state.acknowledged, checkedAt: now)
    }
}
