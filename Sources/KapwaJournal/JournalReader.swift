import Foundation
import GRDB
import GRDBSQLite
public import KapwaDomain
import Synchronization

/// Reads the journal of a data directory, whether a daemon is at work on it or not.
///
/// Read-only connections of its own, so it never waits for the writer nor the writer for it. Each call sees what was
/// committed when it began.
public final class JournalReader: JournalReading {
    /// Path of the SQLite file.
    public let path: String
    private let pool: DatabasePool
    private let types = Mutex<[Int64: String]>([:])

    /// - Throws: ``JournalError/notReadable(path:why:)``, ``JournalError/newer(path:found:known:)``.
    public init(directory: String) throws(JournalError) {
        let path = DataDirectory(path: directory).file(SQLiteJournal.fileName)
        guard FileManager.default.fileExists(atPath: path) else {
            throw .notReadable(path: path, why: "there is none")
        }
        var configuration = Configuration()
        configuration.label = "journal reader"
        configuration.readonly = true
        configuration.maximumReaderCount = Limits.journalReadersMax
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA mmap_size = 0") }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
        } catch {
            throw .notReadable(path: path, why: "\(error)")
        }
        self.path = path
        let version = try read("opening") { database throws(JournalError) in
            try Schema.check(database, path: path) { .notReadable(path: path, why: $0) }
        }
        guard version >= Schema.readable else {
            throw .notReadable(path: path, why: "its version is \(version); a daemon brings it to \(Schema.version)")
        }
    }

    /// Runs `body` in a read transaction.
    func read<Value>(
        _ doing: String, _ body: (Database) throws(JournalError) -> Value
    ) throws(JournalError) -> Value {
        let result: Result<Value, JournalError>
        do {
            result = try pool.read { database in Result { () throws(JournalError) in try body(database) } }
        } catch {
            throw .wrapping(error, path: path, doing: doing)
        }
        return try result.get()
    }

    public func tenants() throws(JournalError) -> [TenantID] {
        try read("reading the tenants") { database throws(JournalError) in
            let rows = try PreparedStatement(database, "SELECT name FROM tenant ORDER BY name", path: path)
            var tenants: [TenantID] = []
            while try rows.step(doing: "reading the tenants") { tenants.append(TenantID(rows.text(0))) }
            return tenants
        }
    }

    public func head(_ tenant: TenantID) throws(JournalError) -> Int64 {
        try read("reading the head") { database throws(JournalError) in
            try TenantRow(tenant, database, path: path)?.head ?? 0
        }
    }

    public func chain(_ tenant: TenantID, at sequence: Int64) throws(JournalError) -> String? {
        try read("reading a checksum") { database throws(JournalError) in
            try TenantRow(tenant, database, path: path)?.link(at: sequence, database, path: path)?.hexadecimal
        }
    }

    public func first(_ tenant: TenantID) throws(JournalError) -> Int64 {
        try read("finding the first entry") { database throws(JournalError) in
            try TenantRow(tenant, database, path: path)?.first(database, path: path) ?? 1
        }
    }

    public func replayStart(_ tenant: TenantID) throws(JournalError) -> Int64 {
        try read("finding where a replay can begin") { database throws(JournalError) in
            guard let row = try TenantRow(tenant, database, path: path) else { return 0 }
            return max(
                try row.first(database, path: path) - 1, try row.keysErased(database, path: path))
        }
    }

    public func oldestKey(_ tenant: TenantID) throws(JournalError) -> JournalDay? {
        try read("looking for keys") { database throws(JournalError) in
            guard let row = try TenantRow(tenant, database, path: path) else { return nil }
            let rows = try PreparedStatement(database, "SELECT min(day) FROM day_key WHERE tenant = ?1", path: path)
            rows.bind(row.number, at: 1)
            guard try rows.step(doing: "looking for keys") else { return nil }
            defer { rows.reset() }
            return rows.isNull(0) ? nil : JournalDay(number: rows.integer(0))
        }
    }

    public func lastEntry(_ tenant: TenantID, before: Instant) throws(JournalError) -> Int64 {
        try read("looking for an instant") { database throws(JournalError) in
            guard let row = try TenantRow(tenant, database, path: path) else { return 0 }
            // Entries do not go back in time.
            var low = try row.first(database, path: path)
            var high = row.head + 1
            let rows = try PreparedStatement(database, "SELECT at FROM entry WHERE position = ?1", path: path)
            while low < high {
                let middle = (low + high) / 2
                rows.bind(Schema.position(tenantNumber: row.number, sequence: middle), at: 1)
                guard try rows.step(doing: "looking for an instant") else {
                    throw .corrupt(path: path, tenant: tenant, sequence: middle, what: "missing")
                }
                if rows.integer(0) < before.milliseconds { low = middle + 1 } else { high = middle }
                rows.reset()
            }
            return low - 1
        }
    }

    /// Whether it knows a customer of any tenant by a name that a ``CustomerKey`` gave.
    public func namesCustomers() throws(JournalError) -> Bool {
        try read("looking for customers") { database throws(JournalError) in
            let rows = try PreparedStatement(
                database, "SELECT 1 FROM subject WHERE name >= ?1 AND name < ?2 LIMIT 1", path: path)
            rows.bind("customer:\(CustomerKey.prefix)", at: 1)
            rows.bind("customer:\(CustomerKey.prefix)g", at: 2)
            defer { rows.reset() }
            return try rows.step(doing: "looking for customers")
        }
    }

    public func unusedSubjects(_ tenant: TenantID) throws(JournalError) -> UnusedSubjects {
        var unused = UnusedSubjects()
        var after: Int64 = 0
        // Those that come later are none of these.
        var numbers = try read("reading the subjects") { database throws(JournalError) in
            var numbers: Set<Int64> = []
            guard let row = try TenantRow(tenant, database, path: path) else { return numbers }
            unused.upTo = row.head
            let rows = try PreparedStatement(database, "SELECT number FROM subject WHERE tenant = ?1", path: path)
            rows.bind(row.number, at: 1)
            while try rows.step(doing: "reading the subjects") { numbers.insert(rows.integer(0)) }
            return numbers
        }
        while after < unused.upTo, !numbers.isEmpty {
            // Not in one transaction: a long one would keep the log of a daemon at work from starting over.
            try read("looking for subjects") { database throws(JournalError) in
                guard let row = try TenantRow(tenant, database, path: path) else { return after = unused.upTo }
                let rows = try PreparedStatement(
                    database,
                    "SELECT position, subject FROM entry WHERE position > ?1 AND position <= ?2 ORDER BY position LIMIT ?3",
                    path: path)
                rows.bind(Schema.position(tenantNumber: row.number, sequence: after), at: 1)
                rows.bind(Schema.position(tenantNumber: row.number, sequence: unused.upTo), at: 2)
                rows.bind(16_384, at: 3)
                var isAtEnd = true
                while try rows.step(doing: "looking for subjects") {
                    isAtEnd = false
                    after = Schema.sequence(ofPosition: rows.integer(0))
                    if !rows.isNull(1) { numbers.remove(rows.integer(1)) }
                }
                if isAtEnd { after = unused.upTo }
            }
        }
        unused.numbers = numbers.sorted()
        return unused
    }

    public func rules(hash: String) throws(JournalError) -> [UInt8]? {
        try read("reading a rules text") { database throws(JournalError) in
            let rows = try PreparedStatement(database, "SELECT text FROM rules WHERE hash = ?1", path: path)
            rows.bind(hash, at: 1)
            guard try rows.step(doing: "reading a rules text") else { return nil }
            // The statement is kept for the next caller, who binds it anew.
            defer { rows.reset() }
            return rows.array(0)
        }
    }

    public func events(
        tenant: TenantID, after: Int64, limit: Int, types: Set<String>?, maxBytes: Int
    ) throws(JournalError) -> JournalPage {
        try read("reading entries") { database throws(JournalError) in
            guard let row = try TenantRow(tenant, database, path: path) else {
                return JournalPage(next: max(0, after), head: 0, first: 1)
            }
            var page = JournalPage(next: max(0, after), head: row.head, first: try row.first(database, path: path))
            page.next = max(page.next, page.first - 1)
            let rows = try EntryRows(database, tenant: row, path: path)
            rows.seek(after: page.next, limit: Limits.eventsExaminedPerReadMax)
            defer { rows.end() }
            var bytes = 0
            var names = NameCache(self)
            var keys = DayKeys(database, tenant: row, path: path)
            while page.entries.count < limit, try rows.next() {
                let type = try names.type(rows.typeNumber, database)
                if types?.contains(type) ?? true {
                    bytes += rows.partBytes
                    if bytes > maxBytes, !page.entries.isEmpty { break }
                    page.entries.append(
                        try rows.entry(type: type, subject: try names.subject(rows, database), keys: &keys))
                }
                page.next = rows.sequence
            }
            return page
        }
    }

    public func replay(tenant: TenantID, from: Int64, _ body: (JournalEntry) throws -> Void) throws {
        var after = max(from - 1, try first(tenant) - 1)
        var isAtEnd = false
        while !isAtEnd {
            // Not in one transaction: a long one would keep the log of a daemon at work from starting over.
            // What is done with the entries can take its time, too: it has them when the reading is over.
            let entries = try read("replaying") { database throws(JournalError) in
                try self.chunk(tenant: tenant, after: after, database)
            }
            for entry in entries { try body(entry) }
            after += Int64(entries.count)
            isAtEnd = entries.count < Self.entriesAtOnce
        }
    }

    /// What one reading of ``replay(tenant:from:_:)`` has in memory.
    private static let entriesAtOnce = 2_048

    /// The next entries; fewer than asked for at the end.
    private func chunk(
        tenant: TenantID, after: Int64, _ database: Database
    ) throws(JournalError) -> [JournalEntry] {
        guard let row = try TenantRow(tenant, database, path: path) else { return [] }
        let rows = try EntryRows(database, tenant: row, path: path)
        rows.seek(after: after, limit: Self.entriesAtOnce)
        defer { rows.end() }
        var names = NameCache(self)
        var keys = DayKeys(database, tenant: row, path: path)
        var entries: [JournalEntry] = []
        while try rows.next() {
            let expected = after + Int64(entries.count) + 1
            guard rows.sequence == expected else {
                throw .corrupt(
                    path: path, tenant: tenant, sequence: expected,
                    what: "missing: the next entry is \(rows.sequence), unless older ones were deleted just now")
            }
            entries.append(
                try rows.entry(
                    type: try names.type(rows.typeNumber, database), subject: try names.subject(rows, database),
                    keys: &keys))
        }
        return entries
    }

    /// Name of an event type; read from the file once for each.
    fileprivate func type(_ number: Int64, _ database: Database) throws(JournalError) -> String {
        if let known = types.withLock({ $0[number] }) { return known }
        let rows = try PreparedStatement(database, "SELECT name FROM type WHERE number = ?1", path: path)
        rows.bind(number, at: 1)
        guard try rows.step(doing: "reading an event type") else {
            throw .corrupt(path: path, tenant: nil, sequence: nil, what: "there is no event type \(number)")
        }
        let name = rows.text(0)
        rows.reset()
        types.withLock { $0[number] = name }
        return name
    }
}

/// Names that one call has met, so that neighbours with the same cost nothing.
struct NameCache {
    private let reader: JournalReader
    private var types: [String?] = []
    private var subjectNumber: Int64 = -1
    private var subject: String?

    init(_ reader: JournalReader) { self.reader = reader }

    mutating func type(_ number: Int64, _ database: Database) throws(JournalError) -> String {
        let index = Int(clamping: number)
        if types.indices.contains(index), let known = types[index] { return known }
        let name = try reader.type(number, database)
        // Numbers are given from 1 without gaps; a far larger one is damage and not worth a place.
        if (0...4_096).contains(index) {
            while types.count <= index { types.append(nil) }
            types[index] = name
        }
        return name
    }

    /// Name of the subject of the current row; `""` stands for none.
    mutating func subject(_ rows: EntryRows, _ database: Database) throws(JournalError) -> String? {
        guard let number = rows.subjectNumber else { return nil }
        if number == subjectNumber { return subject }
        let lookup = try PreparedStatement(database, "SELECT name FROM subject WHERE number = ?1", path: reader.path)
        lookup.bind(number, at: 1)
        subjectNumber = number
        subject = nil
        if try lookup.step(doing: "reading a subject") {
            let name = lookup.text(0)
            subject = name.isEmpty ? nil : name
            lookup.reset()
        }
        return subject
    }
}
