import Foundation
import Glibc
import KapwaDomain
public import KapwaTransport

/// A file with a secret key in it: the daemon's own, and what the owner of a key is given. Nobody but its owner may
/// read it, and nothing of it is ever printed.
public enum SecretFile {
    private struct Content: Codable {
        var key: String?
        var role: String?
        var tenant: String?
        var `public`: String
        var secret: String
        var server: String?
    }

    /// What whoever holds a key's file can show.
    public struct Held: Sendable {
        public var name: String
        public var pair: CurveKeyPair
        /// The public key of the daemon that it was made for.
        public var server: String?
    }

    /// The file of a key that was just made.
    static func text(of record: KeyRecord, _ pair: CurveKeyPair, server: String) throws(StartFailure) -> [UInt8] {
        try text(
            Content(
                key: record.name.rawValue, role: record.role.rawValue, tenant: record.tenant?.rawValue,
                public: pair.publicKey, secret: pair.secret.text, server: server))
    }

    /// The daemon's own.
    static func text(of pair: CurveKeyPair) throws(StartFailure) -> [UInt8] {
        try text(Content(public: pair.publicKey, secret: pair.secret.text))
    }

    private static func text(_ content: Content) throws(StartFailure) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(content) else {
            throw StartFailure(.failed, "a key could not be written as JSON")
        }
        return Array(data) + [0x0A]
    }

    /// Reads such a file.
    public static func read(_ path: String) throws(StartFailure) -> Held {
        let (bytes, status) = try OwnFile.read(path, what: "the key file", most: Limits.keyFileBytesMax)
        guard status.st_mode & 0o077 == 0 else {
            throw StartFailure(
                .configuration, "others than its owner can read the secret key \(path); chmod 600 it, or make another")
        }
        guard let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)),
            let pair = CurveKeyPair(secret: SecretKey(content.secret)), pair.publicKey == content.public
        else { throw StartFailure(.badData, "\(path) is no file of a secret key; kapwa keys new makes one") }
        guard !CurveKey.isPublished(pair.publicKey) else {
            throw StartFailure(.badData, "\(path) has a key that libzmq's manual prints; make one of your own")
        }
        return Held(name: content.key ?? "", pair: pair, server: content.server)
    }
}
