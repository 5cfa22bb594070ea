import GRDB
import GRDBSQLite
import KapwaDomain

/// What the writer keeps in memory, as it stands in the file.
struct WriterStart {
    var synchronousLevel = 0
    var names = Names()
    var remembered = RememberedIndex()
    /// Reads the index, where that takes long.
    var loader: RememberedLoader?
    var rememberedRange: Range<Int64> = 1..<1
    var rememberedOldest = Instant.distantFuture
    var idsSince: Instant
}

extension WriterConnection {
    /// Name of the row in `meta` that says from when on ids are remembered.
    static let idsSinceName = "ids_since_ms"

    /// Reads what the writer keeps in memory, and asserts that a commit waits for the disk.
    func load(now: Instant) throws(JournalError) -> WriterStart {
        try withDatabase { database throws(JournalError) in
            var start = WriterStart(idsSince: now)
            start.synchronousLevel = Int(try number(database, "PRAGMA synchronous") ?? -1)
            guard start.synchronousLevel == 2, try number(database, "PRAGMA query_only") == 0 else {
                throw .notWritable(path: path, why: "SQLite did not accept synchronous=FULL")
            }
            start.names = try names(database)
            let name = WriterConnection.idsSinceName
            if let since = try number(database, "SELECT value FROM meta WHERE name = '\(name)'") {
                start.idsSince = Instant(milliseconds: since)
            } else {
                let statement = try PreparedStatement(
                    database, "INSERT INTO meta (name, value) VALUES (?1, ?2)", path: path)
                statement.bind(name, at: 1)
                statement.bind(now.milliseconds, at: 2)
                try statement.run(doing: "noting the start")
            }
            try loadRemembered(database, into: &start)
            return start
        }
    }

    private func number(_ database: Database, _ sql: String) throws(JournalError) -> Int64? {
        let statement = try PreparedStatement(database, sql, path: path)
        guard try statement.step(doing: "opening") else { return nil }
        defer { statement.reset() }
        return statement.integer(0)
    }

    private func names(_ database: Database) throws(JournalError) -> Names {
        var names = Names()
        let tenants = try PreparedStatement(database, "SELECT number, name, head, chain FROM tenant", path: path)
        while try tenants.step(doing: "reading the tenants") {
            let tenant = TenantID(tenants.text(1))
            let head = tenants.integer(2)
            guard let chain = Digest(tenants.bytes(3)) else {
                throw .corrupt(path: path, tenant: tenant, sequence: head, what: "its last checksum is not 32 bytes")
            }
            names.tenants[tenant] = Names.Tenant(number: tenants.integer(0), head: head, chain: chain)
        }
        let types = try PreparedStatement(database, "SELECT number, name FROM type", path: path)
        while try types.step(doing: "reading the event types") { names.types[types.text(1)] = types.integer(0) }
        let last = try PreparedStatement(
            database, "SELECT max(position) FROM entry WHERE position BETWEEN ?1 AND ?2", path: path)
        for (tenant, state) in names.tenants {
            last.bind(Schema.position(tenantNumber: state.number, sequence: 0), at: 1)
            last.bind(Schema.position(tenantNumber: state.number, sequence: Schema.sequenceMax), at: 2)
            guard try last.step(doing: "finding the last entry") else { continue }
            let found = last.isNull(0) ? 0 : Schema.sequence(ofPosition: last.integer(0))
            last.reset()
            guard found == state.head else {
                throw .corrupt(
                    path: path, tenant: tenant, sequence: found,
                    what: "the last entry is \(found), but \(state.head) were appended")
            }
        }
        return names
    }

    private func loadRemembered(_ database: Database, into start: inout WriterStart) throws(JournalError) {
        let oldest = try number(database, "SELECT min(number) FROM remembered") ?? 0
        let newest = try number(database, "SELECT max(number) FROM remembered") ?? 0
        guard newest > 0 else { return }
        start.rememberedRange = oldest..<(newest + 1)
        if let at = try number(database, "SELECT at FROM remembered WHERE number = \(oldest)") {
            start.rememberedOldest = Instant(milliseconds: at)
        }
        if start.rememberedRange.count > Self.rememberedReadAtOnce {
            start.loader = RememberedLoader(path: path, numbers: start.rememberedRange)
        } else {
            start.remembered = try RememberedLoader.index(database, start.rememberedRange, path: path)
        }
    }

    /// More are read by another thread.
    private static let rememberedReadAtOnce = 20_000
}
