import CZeroMQ
import KapwaDomain

/// Answers libzmq's question whether the owner of a key may connect (ZAP, RFC 27). One of the sockets of the
/// transport's thread; a handshake waits for its answer, and fails when it is not there.
final class Gatekeeper {
    /// Somebody was not let in.
    struct Rejection {
        let socket: SocketName
        let address: String
        let failure: AuthFailure
    }

    let socket: Socket

    /// To be made before any other socket is bound.
    init(_ context: ZeroMQContext) throws(TransportError) {
        socket = try Socket(context, type: ZMQ_REP, linger: 0)
        do {
            // Only this process can reach it; a bound keeps nobody waiting, since each handshake asks once.
            try socket.set(ZMQ_RCVHWM, 0)
            try socket.set(ZMQ_SNDHWM, 0)
            _ = try socket.bind(Endpoint("inproc://zeromq.zap.01", binding: true))
        } catch {
            socket.close()
            throw error
        }
    }

    func close() { socket.close() }

    /// Answers what was asked, at most one turn's share.
    func answer(by keyring: Keyring) -> [Rejection] {
        var rejections: [Rejection] = []
        var read = 0
        while read < Limits.messagesPerTurnMax, case .frame(let more) = socket.receive() {
            read += 1
            // Unanswered, it could be asked nothing more.
            let request = socket.receiveMessage(more: more) ?? FrameList()
            if let rejection = answer(request, keyring) { rejections.append(rejection) }
        }
        return rejections
    }

    private func answer(_ request: FrameList, _ keyring: Keyring) -> Rejection? {
        func text(_ index: Int) -> String {
            index < request.count ? String(decoding: request[index], as: UTF8.self) : ""
        }
        let name = text(1)
        // Version, request, domain, address, identity, mechanism, and the key.
        guard text(0) == "1.0", request.count == 7, text(5) == "CURVE", let asked = SocketName(rawValue: text(2)),
            let key = CurveKey.text(of: request[6])
        else {
            reply(name, "500", "not a request that is understood here", user: "")
            return nil
        }
        guard let failure = keyring.fault(of: key, on: asked) else {
            // The key itself, not its name: a name may be given to another key later.
            reply(name, "200", "OK", user: key)
            return nil
        }
        reply(name, "400", "no access", user: "")
        return Rejection(socket: asked, address: text(3), failure: failure)
    }

    private func reply(_ request: String, _ status: String, _ words: String, user: String) {
        // Nothing to be done about a handshake that has gone meanwhile.
        _ = socket.send(FrameList(["1.0", request, status, words, user, ""].map(\.utf8)))
    }
}
