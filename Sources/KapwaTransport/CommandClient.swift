import CZeroMQ
public import KapwaDomain

/// A middleware's side of the command socket, for the command line and for tests: one DEALER, pipelined.
/// Not Sendable: it belongs to who made it, and blocks.
public final class CommandClient {
    private let context: ZeroMQContext
    private let socket: Socket
    private let endpoint: Endpoint
    private let handshakes: HandshakeWatch

    /// Connects; whether anybody is there shows with the first message.
    ///
    /// - Parameter key: what is shown to a daemon that asks for one.
    public init(endpoint: String, key: ClientKey? = nil) throws(TransportError) {
        self.endpoint = try Endpoint(endpoint, binding: false)
        context = try ZeroMQContext()
        socket = try Socket(context, type: ZMQ_DEALER, linger: 1_000)
        // Without ZMQ_IMMEDIATE: with it, replies that have arrived but were not read yet are lost when the daemon
        // goes.
        try socket.set(ZMQ_RCVHWM, 0)
        if let key { try socket.show(key) }
        handshakes = try HandshakeWatch(socket, context: context, endpoint: self.endpoint, hasKey: key != nil)
        try socket.connect(self.endpoint)
    }

    deinit { close() }

    /// Closes the socket; what was sent may still leave for a second.
    public func close() {
        handshakes.close()
        socket.close()
        context.terminate()
    }

    /// Sends one message of these command frames; the header is put before them.
    /// It may wait for a daemon that is not there yet: that nobody is there shows when no reply comes.
    /// - Throws: `timedOut` when so much waits already that it could not be queued in time.
    public func send(_ commands: FrameList, timeout: Milliseconds = .seconds(5)) throws(TransportError) {
        var message = FrameList()
        message.reserve(frames: commands.count + 1, bytes: commands.bytes.count + Frames.commandHeader.count)
        message.append(Frames.commandHeader)
        message.append(commands, frames: 0..<commands.count)
        let deadline = MonotonicClock.now() + timeout
        while true {
            let code = socket.send(message)
            if code == 0 { return }
            guard code == EAGAIN else { throw code == ETERM ? .closed : .system(call: "zmq_send", code: code) }
            guard try handshakes.wait(socket, ZMQ_POLLOUT, until: deadline) else {
                throw .timedOut(endpoint: endpoint.text, milliseconds: Int(timeout))
            }
        }
    }

    /// The next reply's frames, without the header; `nil` when none came in time.
    public func receive(timeout: Milliseconds = .seconds(5)) throws(TransportError) -> FrameList? {
        let deadline = MonotonicClock.now() + timeout
        while true {
            switch socket.receive() {
            case .terminated: throw .closed
            case .nothing:
                guard try handshakes.wait(socket, ZMQ_POLLIN, until: deadline) else { return nil }
            case .frame(let more):
                guard let message = socket.receiveMessage(more: more), message.count >= 2,
                    message[0].elementsEqual(Frames.commandHeader)
                else { throw .notKapwa(endpoint: endpoint.text) }
                var reply = FrameList()
                reply.append(message, frames: 1..<message.count)
                return reply
            }
        }
    }

    /// Sends one message and waits for its reply.
    public func request(_ commands: FrameList, timeout: Milliseconds = .seconds(5)) throws(TransportError) -> FrameList
    {
        try send(commands, timeout: timeout)
        guard let reply = try receive(timeout: timeout) else {
            throw .timedOut(endpoint: endpoint.text, milliseconds: Int(timeout))
        }
        return reply
    }
}
