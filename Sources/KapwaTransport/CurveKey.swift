import CZeroMQ

/// A secret key. What prints it does not show it.
public struct SecretKey: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// 40 characters of Z85. For files of mode 0600 and for sockets, and nowhere else.
    public let text: String

    /// - Parameter text: 40 characters of Z85; see ``CurveKey/isKey(_:)``.
    public init(_ text: String) { self.text = text }

    public var description: String { "(secret)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A pair of keys of CURVE.
public struct CurveKeyPair: Sendable, Hashable {
    /// 40 characters of Z85.
    public let publicKey: String
    public let secret: SecretKey

    /// A new pair.
    public static func generate() throws(TransportError) -> CurveKeyPair {
        // The library ends each with a zero.
        var publicKey = [CChar](repeating: 0, count: 41)
        var secret = [CChar](repeating: 0, count: 41)
        defer { erase(&secret) }
        guard zmq_curve_keypair(&publicKey, &secret) == 0 else {
            throw .system(call: "zmq_curve_keypair", code: zmq_errno())
        }
        return CurveKeyPair(publicKey: CurveKey.text(publicKey), secret: SecretKey(CurveKey.text(secret)))
    }

    /// The pair that a secret key belongs to; `nil` when it is none.
    public init?(secret: SecretKey) {
        guard CurveKey.isKey(secret.text) else { return nil }
        var publicKey = [CChar](repeating: 0, count: 41)
        guard zmq_curve_public(&publicKey, secret.text) == 0 else { return nil }
        self.init(publicKey: CurveKey.text(publicKey), secret: secret)
    }

    private init(publicKey: String, secret: SecretKey) {
        self.publicKey = publicKey
        self.secret = secret
    }

    private static func erase(_ bytes: inout [CChar]) {
        for index in bytes.indices { bytes[index] = 0 }
    }
}

/// What is known of any key, public or secret.
public enum CurveKey {
    /// The keys that libzmq's manual prints: their secrets are everybody's.
    private static let published: Set<String> = [
        "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID", "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs",
        "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7", "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6",
    ]

    /// Whether it is 40 characters of Z85.
    public static func isKey(_ text: String) -> Bool {
        guard text.utf8.count == 40, text.utf8.allSatisfy(alphabet.contains) else { return false }
        var bytes = [UInt8](repeating: 0, count: 32)
        return zmq_z85_decode(&bytes, text) != nil
    }

    private static let alphabet = Set(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#".utf8)

    /// Whether it stands in libzmq's manual, for everybody to use.
    public static func isPublished(_ text: String) -> Bool { published.contains(text) }

    static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// 32 bytes as 40 characters; `nil` when they are not 32.
    static func text(of bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.count == 32 else { return nil }
        var characters = [CChar](repeating: 0, count: 41)
        let isEncoded = bytes.withUnsafeBufferPointer { zmq_z85_encode(&characters, $0.baseAddress, 32) != nil }
        return isEncoded ? text(characters) : nil
    }
}

/// What a peer shows to a daemon that asks for a key.
public struct ClientKey: Sendable, Hashable {
    public var pair: CurveKeyPair
    /// The daemon's public key: whoever has another is not taken for it.
    public var server: String

    public init(pair: CurveKeyPair, server: String) {
        self.pair = pair
        self.server = server
    }
}
