import Foundation
import KapwaDomain

/// A snapshot as a file: two lines of text, the state's bytes, and the SHA-256 of all that in 32 bytes.
extension Snapshot {
    static let title = "kapwa snapshot 1\n"
    private static let titleStart = "kapwa snapshot "

    private struct Header: Codable {
        var tenant: String
        var seq: Int64
        var chain: String
        var rules: String
        var madeAt: Int64
        var form: Int
        var bytes: Int

        enum CodingKeys: String, CodingKey {
            case tenant, seq, chain, rules
            case madeAt = "made_at_ms"
            case form, bytes
        }
    }

    /// What comes before the state.
    var lead: [UInt8] {
        let header = Header(
            tenant: tenant.rawValue, seq: sequence, chain: chain, rules: rules, madeAt: madeAt.milliseconds,
            form: form, bytes: state.count)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let text = (try? encoder.encode(header)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        return Array((Self.title + text + "\n").utf8)
    }

    /// Reads a file's bytes.
    init(file bytes: [UInt8], path: String) throws(JournalError) {
        func damage(_ what: String) -> JournalError {
            .corrupt(path: path, tenant: nil, sequence: nil, what: what)
        }
        let title = Array(Self.title.utf8)
        guard bytes.starts(with: title) else {
            guard bytes.starts(with: Self.titleStart.utf8) else { throw damage("it is no snapshot") }
            let number = bytes.dropFirst(Self.titleStart.utf8.count).prefix { $0 != UInt8(ascii: "\n") }
            let found = Int(String(decoding: number.prefix(9), as: UTF8.self)) ?? 0
            guard found > 1 else { throw damage("it is no snapshot") }
            throw .newer(path: path, found: found, known: 1)
        }
        let end = bytes.count - Digest.byteCount
        guard end >= title.count else { throw damage("it is cut off") }
        let (sum, written) = bytes.withUnsafeBytes { all in
            (
                Checksum.sha256(UnsafeRawBufferPointer(rebasing: all[..<end])),
                Digest(UnsafeRawBufferPointer(rebasing: all[end...]))
            )
        }
        guard sum == written else { throw damage("its checksum does not fit") }
        let rest = bytes[title.count..<end]
        guard let line = rest.firstIndex(of: UInt8(ascii: "\n")),
            let header = try? JSONDecoder().decode(Header.self, from: Data(rest[..<line])),
            header.bytes == end - line - 1
        else { throw damage("its header cannot be read") }
        self.init(
            tenant: TenantID(header.tenant), sequence: header.seq, chain: header.chain, rules: header.rules,
            madeAt: Instant(milliseconds: header.madeAt), form: header.form, state: bytes[(line + 1)..<end])
    }
}
