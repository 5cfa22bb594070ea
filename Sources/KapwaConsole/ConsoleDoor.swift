public import KapwaDomain
import Synchronization

/// What whoever comes over HTTP has to show, and under which names the daemon may be asked for. Shared by the server
/// and by whoever reads the files again.
public final class ConsoleDoor: Sendable {
    private struct Secrets {
        var token: [UInt8]
        var certificate: ConsoleCertificate?
    }

    private let secrets: Mutex<Secrets>
    /// In lower case.
    let names: [String]
    private let onRefusal: @Sendable (HTTPRefusal, _ peer: String) -> Void

    /// - Parameters:
    ///   - token: What `/v1` is opened with, and elsewhere than on loopback everything but health.
    ///   - names: Host names besides those of the loopback, or the address itself.
    ///   - certificate: With one, TLS is spoken and nothing else.
    ///   - onRefusal: Told of everybody who was turned away, from any thread.
    public init(
        token: String, names: [String] = [], certificate: ConsoleCertificate? = nil,
        onRefusal: @escaping @Sendable (HTTPRefusal, _ peer: String) -> Void = { _, _ in }
    ) {
        precondition(!token.isEmpty, "an empty token would open to everybody")
        secrets = Mutex(Secrets(token: Array(token.utf8), certificate: certificate))
        self.names = names.map { $0.lowercased() }
        self.onRefusal = onRefusal
    }

    /// From now on this one opens.
    public func use(token: String) {
        precondition(!token.isEmpty, "an empty token would open to everybody")
        secrets.withLock { $0.token = Array(token.utf8) }
    }

    /// From now on connections get this one.
    public func use(certificate: ConsoleCertificate) { secrets.withLock { $0.certificate = certificate } }

    var certificate: ConsoleCertificate? { secrets.withLock { $0.certificate } }

    func refused(_ refusal: HTTPRefusal, _ peer: String) { onRefusal(refusal, peer) }

    /// What the token is worth that stands in an `Authorization` header; `nil` when it is right.
    func refusal(of authorization: String?) -> HTTPRefusal? {
        guard let authorization else { return .noToken }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return .noToken }
        let shown = Array(parts[1].utf8)
        return secrets.withLock { Self.isSame($0.token, shown) } ? nil : .wrongToken
    }

    /// Takes as long whatever is shown, so that nobody can find the token byte by byte.
    private static func isSame(_ token: [UInt8], _ shown: [UInt8]) -> Bool {
        var difference: UInt8 = token.count == shown.count ? 0 : 1
        for index in token.indices { difference |= token[index] ^ (index < shown.count ? shown[index] : 0) }
        return difference == 0
    }
}
