public import KapwaDomain

/// The sockets that peers come to, by the name that stands in messages and figures.
public enum SocketName: String, CaseIterable, Sendable {
    case commands, events, workers
}

/// Who is let in: public keys, and whom each stands for.
public struct Keyring: Sendable, Hashable {
    /// By public key.
    public var callers: [String: Caller]
    /// Public keys that were good once.
    public var revoked: Set<String>

    public init(callers: [String: Caller] = [:], revoked: Set<String> = []) {
        self.callers = callers
        self.revoked = revoked
    }

    /// Why the owner of a public key is not let in; `nil` lets it in.
    func fault(of key: String, on socket: SocketName) -> AuthFailure? {
        guard let caller = callers[key], !CurveKey.isPublished(key) else {
            return revoked.contains(key) ? .revokedKey : .unknownKey
        }
        return caller.has(.worker) == (socket == .workers) ? nil : .wrongSocket
    }

    /// Keys whose owners may no longer do what they could, or another thing.
    func changed(to next: Keyring) -> Set<String> {
        Set(callers.filter { next.callers[$0.key] != $0.value }.keys)
    }
}

/// How peers show who they are.
public struct Authentication: Sendable {
    /// The daemon's own.
    public var secret: SecretKey
    /// The sockets on which a key is asked for.
    public var sockets: Set<SocketName>
    public var keyring: Keyring

    public init(secret: SecretKey, sockets: Set<SocketName>, keyring: Keyring) {
        self.secret = secret
        self.sockets = sockets
        self.keyring = keyring
    }
}
