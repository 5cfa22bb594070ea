internal import Crypto
import KapwaDomain

/// The checksum chain of a tenant: each link covers its entry and, through the link before, all earlier ones.
///
/// `link(n) = H(link(n-1) ‖ H(public ‖ H(salt ‖ personal)) ‖ sequence ‖ at ‖ version ‖ tenant ‖ type)`.
/// H is SHA-256, numbers are big-endian in eight bytes, each of the two names is led by its length in eight bytes.
/// Where there is no personal part its hash is 32 zero bytes, and so is the link before the first. The personal part
/// enters by its hash alone, which is kept beside it: erasing the part and its salt leaves every link verifiable.
enum Chain {
    /// Hash of a personal part under its subject's salt.
    static func personalHash(salt: Salt, personal: UnsafeRawBufferPointer) -> Digest {
        var hasher = SHA256()
        salt.withBytes { hasher.update(bufferPointer: $0) }
        hasher.update(bufferPointer: personal)
        return Digest(hasher.finalize())
    }

    /// The link of one entry.
    static func link(
        after previous: Digest, publicPart: UnsafeRawBufferPointer, personalHash: Digest, facts: EntryFacts
    ) -> Digest {
        var content = SHA256()
        content.update(bufferPointer: publicPart)
        personalHash.withBytes { content.update(bufferPointer: $0) }
        let contentHash = Digest(content.finalize())

        var hasher = SHA256()
        previous.withBytes { hasher.update(bufferPointer: $0) }
        contentHash.withBytes { hasher.update(bufferPointer: $0) }
        let type = facts.type.utf8
        let tenant = facts.tenant.rawValue.utf8
        let numbers: (Int64, Int64, Int64) = (
            facts.sequence.bigEndian, facts.at.milliseconds.bigEndian, Int64(facts.version).bigEndian
        )
        withUnsafeBytes(of: numbers) { hasher.update(bufferPointer: $0) }
        for name in [tenant, type] {
            withUnsafeBytes(of: Int64(name.count).bigEndian) { hasher.update(bufferPointer: $0) }
            name.withContiguousStorageIfAvailable { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
                ?? hasher.update(data: Array(name))
        }
        return Digest(hasher.finalize())
    }
}

/// What the chain covers of an entry besides its two parts.
struct EntryFacts {
    var tenant: TenantID
    var sequence: Int64
    var at: Instant
    var type: String
    var version: Int
}

extension JournalEntry {
    var facts: EntryFacts {
        EntryFacts(tenant: tenant, sequence: sequence, at: at, type: type, version: version)
    }
}

extension RememberedReply {
    /// Notices damage to a remembered reply, over which no chain runs.
    var checksum: Int64 {
        var hasher = SHA256()
        withUnsafeBytes(of: (hash.0.bigEndian, hash.1.bigEndian, at.milliseconds.bigEndian)) {
            hasher.update(bufferPointer: $0)
        }
        for text in [tenant.rawValue, sender, id.rawValue] {
            withUnsafeBytes(of: Int64(text.utf8.count).bigEndian) { hasher.update(bufferPointer: $0) }
            var text = text
            text.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        }
        reply.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        return Digest(hasher.finalize()).leading
    }
}
