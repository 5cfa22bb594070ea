import GRDB
import KapwaDomain

/// Where a journal begins whose oldest entries were deleted: the chain verifies from here.
struct Anchor {
    /// Of the last entry that is not kept; 0 when all are.
    var sequence: Int64 = 0
    var chain = Digest.zero

    /// Name of its row in `meta`.
    static func name(tenantNumber: Int64) -> String { "anchor:\(tenantNumber)" }

    init() {}

    /// `nil`: these bytes are none.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 8 + Digest.byteCount,
            let chain = Digest(UnsafeRawBufferPointer(rebasing: bytes[8...]))
        else { return nil }
        sequence = Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
        self.chain = chain
    }

    init(sequence: Int64, chain: Digest) {
        self.sequence = sequence
        self.chain = chain
    }

    var bytes: [UInt8] {
        withUnsafeBytes(of: sequence.bigEndian) { Array($0) } + chain.withBytes { Array($0) }
    }
}

/// A tenant as the file has it.
struct TenantRow {
    let tenant: TenantID
    let number: Int64
    let head: Int64
    /// `nil`: stored with a wrong length.
    let chain: Digest?

    /// `nil` when the tenant is not in the file.
    init?(_ tenant: TenantID, _ database: Database, path: String) throws(JournalError) {
        let rows = try PreparedStatement(
            database, "SELECT number, head, chain FROM tenant WHERE name = ?1", path: path)
        rows.bind(tenant.rawValue, at: 1)
        guard try rows.step(doing: "reading a tenant") else { return nil }
        defer { rows.reset() }
        self.tenant = tenant
        number = rows.integer(0)
        head = rows.integer(1)
        chain = Digest(rows.bytes(2))
    }

    /// The chain at an entry, the last one that is no longer kept included; `nil` when it is not there.
    func link(at sequence: Int64, _ database: Database, path: String) throws(JournalError) -> Digest? {
        let rows = try PreparedStatement(database, "SELECT chain FROM entry WHERE position = ?1", path: path)
        rows.bind(Schema.position(tenantNumber: number, sequence: min(max(0, sequence), Schema.sequenceMax)), at: 1)
        guard try rows.step(doing: "reading a checksum") else {
            let anchor = try anchor(database, path: path)
            return anchor.sequence > 0 && anchor.sequence == sequence ? anchor.chain : nil
        }
        defer { rows.reset() }
        return Digest(rows.bytes(0))
    }

    /// Where its chain begins.
    func anchor(_ database: Database, path: String) throws(JournalError) -> Anchor {
        let rows = try PreparedStatement(database, "SELECT value FROM meta WHERE name = ?1", path: path)
        rows.bind(Anchor.name(tenantNumber: number), at: 1)
        guard try rows.step(doing: "reading where the journal begins") else { return Anchor() }
        defer { rows.reset() }
        guard let anchor = Anchor(rows.bytes(0)), anchor.sequence <= head else {
            throw .corrupt(path: path, tenant: tenant, sequence: nil, what: "what says where it begins is unreadable")
        }
        return anchor
    }

    /// Sequence of the last entry whose day's key was erased; 0 when none was.
    func keysErased(_ database: Database, path: String) throws(JournalError) -> Int64 {
        let rows = try PreparedStatement(database, "SELECT value FROM meta WHERE name = ?1", path: path)
        rows.bind(ErasedKeys.name(tenantNumber: number), at: 1)
        guard try rows.step(doing: "reading up to where keys were erased") else { return 0 }
        defer { rows.reset() }
        let sequence = rows.integer(0)
        guard (1...max(1, head)).contains(sequence) else {
            throw .corrupt(
                path: path, tenant: tenant, sequence: nil, what: "up to where keys were erased is unreadable")
        }
        return sequence
    }

    /// Sequence of the first entry that is kept.
    func first(_ database: Database, path: String) throws(JournalError) -> Int64 {
        let rows = try PreparedStatement(
            database, "SELECT min(position) FROM entry WHERE position BETWEEN ?1 AND ?2", path: path)
        rows.bind(Schema.position(tenantNumber: number, sequence: 0), at: 1)
        rows.bind(Schema.position(tenantNumber: number, sequence: Schema.sequenceMax), at: 2)
        guard try rows.step(doing: "finding the first entry") else { return 1 }
        defer { rows.reset() }
        return rows.isNull(0) ? 1 : Schema.sequence(ofPosition: rows.integer(0))
    }
}

/// The entries of a tenant in order, one at a time.
struct EntryRows {
    private let rows: PreparedStatement
    let tenant: TenantRow

    init(_ database: Database, tenant: TenantRow, path: String) throws(JournalError) {
        self.tenant = tenant
        rows = try PreparedStatement(
            database,
            """
            SELECT position, type, version, at, subject, public, personal, chain, personal_hash FROM entry
            WHERE position > ?1 AND position <= ?2 ORDER BY position LIMIT ?3
            """, path: path)
    }

    func seek(after sequence: Int64, limit: Int) {
        let start = min(max(0, sequence), Schema.sequenceMax)
        rows.bind(Schema.position(tenantNumber: tenant.number, sequence: start), at: 1)
        rows.bind(Schema.position(tenantNumber: tenant.number, sequence: Schema.sequenceMax), at: 2)
        rows.bind(Int64(limit), at: 3)
    }

    func next() throws(JournalError) -> Bool { try rows.step(doing: "reading entries") }

    func end() { rows.reset() }

    var sequence: Int64 { Schema.sequence(ofPosition: rows.integer(0)) }
    var typeNumber: Int64 { rows.integer(1) }
    var subjectNumber: Int64? { rows.isNull(4) ? nil : rows.integer(4) }
    var at: Instant { Instant(milliseconds: rows.integer(3)) }
    /// The public part, and what is sealed behind it.
    var storedPart: UnsafeRawBufferPointer { rows.bytes(5) }
    var storedVersion: Int64 { rows.integer(2) }
    var personalPart: UnsafeRawBufferPointer? { rows.isNull(6) ? nil : rows.bytes(6) }
    var chain: Digest? { Digest(rows.bytes(7)) }
    var hasPersonalHash: Bool { !rows.isNull(8) }
    /// `nil`: none, or stored with a wrong length.
    var personalHash: Digest? { Digest(rows.bytes(8)) }
    var partBytes: Int { rows.bytes(5).count + rows.bytes(6).count }

    func facts(type: String) -> EntryFacts {
        EntryFacts(
            tenant: tenant.tenant, sequence: sequence, at: at, type: type, version: Int(storedVersion))
    }

    func entry(type: String, subject: String?, keys: inout DayKeys) throws(JournalError) -> JournalEntry {
        let sealed = try keys.open(self)
        return JournalEntry(
            tenant: tenant.tenant, sequence: sequence, at: at, type: type,
            version: StoredPart.version(storedVersion),
            publicPart: Array(storedPart.prefix(StoredPart.openCount(storedVersion) ?? .max)),
            personalPart: rows.isNull(6) ? nil : rows.array(6), subject: subject, sealedPart: sealed)
    }
}
