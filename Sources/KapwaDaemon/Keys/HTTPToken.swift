import Foundation
import Glibc
import KapwaDomain

/// What opens `/v1` over HTTP: one word in a file of the data directory that its owner alone can read, made at the first
/// start. It is never printed; programs that need it are shown the file.
enum HTTPToken {
    static func path(data: String) -> String {
        URL(filePath: data).appending(path: "http.token").path(percentEncoded: false)
    }

    /// The token of a data directory that is there; made if there is none.
    static func load(data: String) throws(StartFailure) -> String {
        let path = path(data: data)
        if !FileManager.default.fileExists(atPath: path) {
            do throws(StartFailure) {
                try OwnFile.publish(path, Array((make() + "\n").utf8), owner: OwnFile.Owner(of: data), replacing: false)
            } catch {
                // Somebody else made one at the same time: theirs it is.
                guard FileManager.default.fileExists(atPath: path) else { throw error }
            }
        }
        return try read(path)
    }

    private static func read(_ path: String) throws(StartFailure) -> String {
        let (bytes, status) = try OwnFile.read(path, what: "the HTTP token", most: Limits.httpTokenBytes.upperBound + 2)
        guard status.st_mode & 0o077 == 0 else {
            throw StartFailure(
                .configuration,
                "others than its owner can read the HTTP token \(path); remove it, and the next start makes another")
        }
        let token = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard Limits.httpTokenBytes.contains(token.utf8.count),
            token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw StartFailure(
                .badData,
                "\(path) has no token: \(Limits.httpTokenBytes.lowerBound) to \(Limits.httpTokenBytes.upperBound) "
                    + "printable characters without spaces; remove it, and the next start makes one")
        }
        return token
    }

    /// 256 bits of the system's randomness, in letters that need no quotes anywhere.
    private static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return Data(bytes).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }
}
