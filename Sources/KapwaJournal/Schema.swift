import GRDB

/// The tables of the journal, and how an older file comes up to date.
///
/// The key of an entry is its `position`: the tenant's number in the upper bits, the sequence in the lower 48. One
/// tree then holds everything in the order in which it is replayed, and appending touches its right edge alone.
enum Schema {
    /// `KAPW`, in the file's header: tells a journal from any other SQLite file.
    static let applicationID: Int32 = 0x4B41_5057
    /// Version of the schema that this code writes.
    static var version: Int { steps.count }
    /// The oldest that can be read as it is, without bringing it up to date.
    static let readable = 1

    private static let sequenceBits: Int64 = 48
    static let sequenceMax: Int64 = (1 << sequenceBits) - 1

    static func position(tenantNumber: Int64, sequence: Int64) -> Int64 {
        tenantNumber << sequenceBits | sequence
    }

    static func sequence(ofPosition position: Int64) -> Int64 { position & sequenceMax }

    /// Step `n` (from 0) turns version `n` into version `n + 1`. A released step is never changed.
    static let steps: [String] = [
        """
        CREATE TABLE tenant (
            number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
            head INTEGER NOT NULL, chain BLOB NOT NULL
        ) STRICT;
        CREATE TABLE type (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE subject (
            number INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, name TEXT NOT NULL, salt BLOB NOT NULL,
            UNIQUE (tenant, name)
        ) STRICT;
        CREATE TABLE entry (
            position INTEGER PRIMARY KEY, type INTEGER NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL,
            chain BLOB NOT NULL, subject INTEGER, personal_hash BLOB, public BLOB NOT NULL, personal BLOB
        ) STRICT;
        CREATE TABLE remembered (
            number INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, at INTEGER NOT NULL, sender TEXT NOT NULL,
            id TEXT NOT NULL, hash_high INTEGER NOT NULL, hash_low INTEGER NOT NULL, checksum INTEGER NOT NULL,
            reply BLOB NOT NULL
        ) STRICT;
        CREATE TABLE rules (hash TEXT PRIMARY KEY, text BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
        CREATE VIEW journal AS
            SELECT tenant.name AS tenant, position & 281474976710655 AS sequence, entry.at AS at_ms,
                type.name AS type, version, public, personal
            FROM entry JOIN tenant ON tenant.number = position >> 48 JOIN type ON type.number = entry.type;
        """,
        // Sealed parts: the tables of entries stay as they are, so that a file of version 1 reads as one of version 2.
        """
        CREATE TABLE day_key (
            tenant INTEGER NOT NULL, day INTEGER NOT NULL, key BLOB NOT NULL, PRIMARY KEY (tenant, day)
        ) STRICT, WITHOUT ROWID;
        DROP VIEW journal;
        CREATE VIEW journal AS
            SELECT tenant.name AS tenant, position & 281474976710655 AS sequence, entry.at AS at_ms,
                type.name AS type, version & 65535 AS version,
                CASE version >> 16 WHEN 0 THEN public ELSE substr(public, 1, (version >> 16) - 1) END AS public, personal
            FROM entry JOIN tenant ON tenant.number = position >> 48 JOIN type ON type.number = entry.type;
        """,
    ]

    /// Brings the file behind `database` to this code's version; each step is a transaction of its own.
    static func migrate(_ database: Database, path: String) throws(JournalError) {
        do {
            var version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            guard version <= Schema.version else {
                throw JournalError.newer(path: path, found: version, known: Schema.version)
            }
            while version < Schema.version {
                try database.inTransaction(.immediate) {
                    try database.execute(sql: steps[version])
                    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
                    try database.execute(sql: "PRAGMA user_version = \(version + 1)")
                    return .commit
                }
                version += 1
            }
        } catch {
            throw .wrapping(error, path: path, doing: "bringing the schema up to date")
        }
    }

    /// Refuses a file that is no journal or a later one's, before anything is written to it.
    ///
    /// - Parameter refusal: what to say of a file that is no journal.
    static func check(
        _ database: Database, path: String, refusal: (String) -> JournalError
    ) throws(JournalError) -> Int {
        let version: Int
        let application: Int32
        let tables: Int
        do {
            version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        } catch {
            let failure = JournalError.wrapping(error, path: path, doing: "reading its header")
            if case .corrupt(_, _, _, let what) = failure { throw refusal(what) }
            throw failure
        }
        if application != applicationID, application != 0 || tables > 0 {
            throw refusal("it is a SQLite file of some other program")
        }
        if version > Schema.version { throw .newer(path: path, found: version, known: Schema.version) }
        return version
    }
}
