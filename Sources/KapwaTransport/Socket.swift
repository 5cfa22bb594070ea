import CZeroMQ
import Glibc
import KapwaDomain

/// One libzmq socket. Not Sendable: it lives and is closed on the thread that made it.
final class Socket {
    /// What a receive without blocking brought.
    enum Arrival {
        /// A frame, now in ``frame``; whether more of the same message follow.
        case frame(more: Bool)
        case nothing
        /// The context is being terminated.
        case terminated
    }

    /// `nil` once closed.
    private(set) var raw: UnsafeMutableRawPointer?
    /// The last frame. Behind a pointer, because a copied `zmq_msg_t` would be freed twice.
    private let message: UnsafeMutablePointer<zmq_msg_t>

    init(_ context: ZeroMQContext, type: Int32, linger: Milliseconds) throws(TransportError) {
        raw = try context.makeSocket(type)
        message = .allocate(capacity: 1)
        zmq_msg_init(message)
        try set(ZMQ_LINGER, Int32(clamping: linger))
    }

    deinit {
        close()
        message.deallocate()
    }

    func close() {
        guard let raw = raw.take() else { return }
        zmq_msg_close(message)
        zmq_close(raw)
    }

    // MARK: Options

    func set(_ option: Int32, _ value: Int32) throws(TransportError) {
        var value = value
        try set(option, &value, MemoryLayout<Int32>.size)
    }

    /// An option of eight bytes (`ZMQ_MAXMSGSIZE`).
    func set(_ option: Int32, wide value: Int) throws(TransportError) {
        var value = Int64(value)
        try set(option, &value, MemoryLayout<Int64>.size)
    }

    func set(_ option: Int32, bytes: UnsafeRawBufferPointer) throws(TransportError) {
        try set(option, bytes.baseAddress, bytes.count)
    }

    func set(_ option: Int32, text: String) throws(TransportError) {
        var text = text
        let result = text.withUTF8 { bytes in
            Result { () throws(TransportError) in try set(option, bytes: UnsafeRawBufferPointer(bytes)) }
        }
        try result.get()
    }

    /// Asks every peer of what is bound from now on for a key.
    ///
    /// - Parameter domain: what the ``Gatekeeper`` hears as the name of the socket.
    func demandKeys(secret: SecretKey, domain: String) throws(TransportError) {
        try set(ZMQ_CURVE_SERVER, 1)
        try set(ZMQ_CURVE_SECRETKEY, text: secret.text)
        // Without a domain that is enforced any key would do.
        try set(ZMQ_ZAP_DOMAIN, text: domain)
        try set(Int32(KAPWA_ZAP_ENFORCE_DOMAIN), 1)
    }

    /// Shows this key to whatever is connected to from now on.
    func show(_ key: ClientKey) throws(TransportError) {
        try set(ZMQ_CURVE_SERVERKEY, text: key.server)
        try set(ZMQ_CURVE_PUBLICKEY, text: key.pair.publicKey)
        try set(ZMQ_CURVE_SECRETKEY, text: key.pair.secret.text)
    }

    private func set(_ option: Int32, _ value: UnsafeRawPointer?, _ size: Int) throws(TransportError) {
        guard let raw else { throw .closed }
        guard zmq_setsockopt(raw, option, value, size) == 0 else {
            throw .system(call: "zmq_setsockopt(\(option))", code: zmq_errno())
        }
    }

    // MARK: Endpoints

    /// Binds and returns the address that was taken.
    func bind(_ endpoint: Endpoint) throws(TransportError) -> String {
        guard let raw else { throw .closed }
        if endpoint.isVersion6 { try set(ZMQ_IPV6, 1) }
        guard zmq_bind(raw, endpoint.address) == 0 else {
            throw .of(zmq_errno(), call: "zmq_bind", endpoint: endpoint.text)
        }
        var address = [CChar](repeating: 0, count: 512)
        var size = address.count
        guard zmq_getsockopt(raw, ZMQ_LAST_ENDPOINT, &address, &size) == 0 else {
            throw .system(call: "zmq_getsockopt(LAST_ENDPOINT)", code: zmq_errno())
        }
        if endpoint.scheme == .ipc {
            // The socket's file takes the umask's mode; who may connect is the owner's and the group's business.
            chmod(String(endpoint.address.dropFirst("ipc://".count)), 0o660)
        }
        return String(decoding: address.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    func connect(_ endpoint: Endpoint) throws(TransportError) {
        guard let raw else { throw .closed }
        if endpoint.isVersion6 { try set(ZMQ_IPV6, 1) }
        guard zmq_connect(raw, endpoint.address) == 0 else {
            throw .of(zmq_errno(), call: "zmq_connect", endpoint: endpoint.text)
        }
    }

    // MARK: Frames

    /// The bytes of the last frame; valid until the next receive.
    var frame: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: zmq_msg_data(message), count: zmq_msg_size(message))
    }

    /// The descriptor of the connection that the last frame came over; −1 when there is none.
    var frameConnection: Int32 { zmq_msg_get(message, ZMQ_SRCFD) }

    /// The public key of the peer whose frame was received last, if it had to show one.
    var frameKey: String? { zmq_msg_gets(message, "User-Id").map { String(cString: $0) } }

    func receive() -> Arrival {
        guard let raw else { return .terminated }
        while true {
            if zmq_msg_recv(message, raw, ZMQ_DONTWAIT) >= 0 { return .frame(more: zmq_msg_more(message) != 0) }
            let code = zmq_errno()
            if code == EINTR { continue }
            return code == ETERM || code == ENOTSOCK ? .terminated : .nothing
        }
    }

    /// Drops what is left of a message that was not read to its end.
    func skipRest() {
        while case .frame(more: true) = receive() {}
    }

    /// The message whose first frame was just received; `nil` when it is longer than any of ours.
    func receiveMessage(more: Bool) -> FrameList? {
        var frames = FrameList()
        frames.append(frame)
        return more ? receiveRest(behind: frames) : frames
    }

    /// The rest of a message behind `frames`; `nil` when it is longer than any of ours.
    func receiveRest(behind frames: FrameList = FrameList()) -> FrameList? {
        var frames = frames
        var isTooLong = false
        while case .frame(let more) = receive() {
            isTooLong =
                isTooLong || frames.count > Limits.framesPerMessageMax + 3
                || frames.bytes.count + frame.count > Limits.messageBytesMax * 2
            if isTooLong { frames.removeAll() } else { frames.append(frame) }
            if !more { break }
        }
        return isTooLong ? nil : frames
    }

    /// Waits until the socket can be read (`ZMQ_POLLIN`) or written (`ZMQ_POLLOUT`). False when time is up.
    func wait(_ events: Int32, until deadline: Milliseconds) -> Bool {
        while let raw {
            let left = deadline - MonotonicClock.now()
            guard left > 0 else { return false }
            var item = zmq_pollitem_t(socket: raw, fd: 0, events: Int16(events), revents: 0)
            let ready = zmq_poll(&item, 1, Int(left))
            // Of a terminated context the next receive or send tells.
            if ready > 0 || (ready < 0 && zmq_errno() == ETERM) { return true }
        }
        return false
    }

    /// Sends one frame without blocking. 0, or the errno: `EAGAIN` when the queue is full, `EHOSTUNREACH` when a
    /// ROUTER knows no such peer.
    func send(_ frame: UnsafeRawBufferPointer, more: Bool) -> Int32 {
        guard let raw else { return ETERM }
        while true {
            if zmq_send(raw, frame.baseAddress, frame.count, ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)) >= 0 { return 0 }
            let code = zmq_errno()
            if code != EINTR { return code }
        }
    }

    func send(_ frame: [UInt8], more: Bool) -> Int32 {
        frame.withUnsafeBytes { send($0, more: more) }
    }

    /// Sends one message, all frames or none. 0, or the errno of the first frame.
    func send(_ frames: FrameList) -> Int32 {
        frames.bytes.withUnsafeBytes { bytes in
            for index in 0..<frames.count {
                let more = index + 1 < frames.count
                let code = send(UnsafeRawBufferPointer(rebasing: bytes[frames.range(index)]), more: more)
                if code != 0 { return code }
            }
            return 0
        }
    }
}
