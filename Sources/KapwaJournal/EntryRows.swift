import GRDB
import KapwaDomain

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
    private let tenant: TenantRow

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
    var publicPart: UnsafeRawBufferPointer { rows.bytes(5) }
    var personalPart: UnsafeRawBufferPointer? { rows.isNull(6) ? nil : rows.bytes(6) }
    var chain: Digest? { Digest(rows.bytes(7)) }
    var hasPersonalHash: Bool { !rows.isNull(8) }
    /// `nil`: none, or stored with a wrong length.
    var personalHash: Digest? { Digest(rows.bytes(8)) }
    var partBytes: Int { rows.bytes(5).count + rows.bytes(6).count }

    func facts(type: String) -> EntryFacts {
        EntryFacts(
            tenant: tenant.tenant, sequence: sequence, at: Instant(milliseconds: rows.integer(3)), type: type,
            version: Int(rows.integer(2)))
    }

    func entry(type: String, subject: String?) -> JournalEntry {
        JournalEntry(
            tenant: tenant.tenant, sequence: sequence, at: Instant(milliseconds: rows.integer(3)), type: type,
            version: Int(rows.integer(2)), publicPart: rows.array(5),
            personalPart: rows.isNull(6) ? nil : rows.array(6), subject: subject)
    }
}
