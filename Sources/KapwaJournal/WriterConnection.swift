import GRDB
import GRDBSQLite
import KapwaDomain

/// The one connection that writes, with its statements.
final class WriterConnection {
    private let queue: DatabaseQueue
    let path: String
    private let handle: OpaquePointer
    private var statements: WriterStatements?
    /// Pages in the log after the last commit; SQLite's hook writes it.
    private let logPages: UnsafeMutablePointer<Int32>
    private let checkpointPages: Int32
    private var checkpointAt: Int32

    init(path: String, options: SQLiteJournal.Options) throws(JournalError) {
        var configuration = Configuration()
        configuration.label = "journal"
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = false
        let opened: (DatabaseQueue, OpaquePointer)
        do {
            try WriterConnection.checkFirst(path: path)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            guard let handle = queue.writeWithoutTransaction({ $0.sqliteConnection }) else {
                throw JournalError.notWritable(path: path, why: "the connection closed itself")
            }
            opened = (queue, handle)
        } catch {
            throw WriterConnection.openingFailed(error, path: path)
        }
        (queue, handle) = opened
        self.path = path
        checkpointPages = Int32(clamping: options.checkpointPages)
        checkpointAt = checkpointPages
        logPages = .allocate(capacity: 1)
        logPages.initialize(to: 0)
        try setUp(options)
    }

    deinit { logPages.deallocate() }

    /// Looks at a file that is already there read-only: GRDB writes as it opens, and a later Kapwa's journal must
    /// stay as it is.
    ///
    /// A power cut while the file was being made leaves a step half done that only a writer can take back; then there
    /// is nothing else in the file yet.
    private static func checkFirst(path: String) throws {
        do {
            try check(path: path, isReadOnly: true)
        } catch let error as JournalError {
            guard case .io(let code, _) = error, code & 0xFF == SQLITE_READONLY else { throw error }
            try check(path: path, isReadOnly: false)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
            try check(path: path, isReadOnly: false)
        }
    }

    private static func check(path: String, isReadOnly: Bool) throws {
        var configuration = Configuration()
        configuration.readonly = isReadOnly
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let result = queue.writeWithoutTransaction { database in
            Result { () throws(JournalError) in
                try Schema.check(database, path: path) { .notWritable(path: path, why: $0) }
            }
        }
        try queue.close()
        _ = try result.get()
    }

    private static func openingFailed(_ error: any Error, path: String) -> JournalError {
        if let error = error as? DatabaseError, error.resultCode == .SQLITE_NOTADB {
            return .corrupt(
                path: path, tenant: nil, sequence: nil, what: "it is no SQLite file, or its first bytes are damaged")
        }
        let failure = JournalError.wrapping(error, path: path, doing: "opening")
        guard case .io(let code, let message) = failure,
            [SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH].contains(code & 0xFF)
        else { return failure }
        return .notWritable(path: path, why: message)
    }

    private func setUp(_ options: SQLiteJournal.Options) throws(JournalError) {
        try withDatabase { database throws(JournalError) in
            do {
                // GRDB's set-up of the log leaves NORMAL, with which a power cut loses the last commits.
                try database.execute(sql: "PRAGMA synchronous = \(options.synchronous.rawValue)")
                try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
                try database.execute(sql: "PRAGMA mmap_size = 0")
                try database.execute(sql: "PRAGMA secure_delete = ON")
                try database.execute(sql: "PRAGMA cache_size = -16384")
                if let pagesMax = options.pagesMax {
                    _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(pagesMax)")
                }
            } catch {
                throw WriterConnection.openingFailed(error, path: path)
            }
            try Schema.migrate(database, path: path)
            statements = try WriterStatements(database, path: path)
        }
        sqlite3_wal_hook(
            handle,
            { context, _, _, pages in
                context?.assumingMemoryBound(to: Int32.self).pointee = pages
                return SQLITE_OK
            }, logPages)
    }

    func withDatabase<Value>(
        _ body: (Database) throws(JournalError) -> Value
    ) throws(JournalError) -> Value {
        try queue.writeWithoutTransaction { database in
            Result { () throws(JournalError) in try body(database) }
        }.get()
    }

    /// Gives `body` the statements, on the connection's own queue.
    func access<Value>(
        _ body: (WriterStatements) throws(JournalError) -> Value
    ) throws(JournalError) -> Value {
        try withDatabase { _ throws(JournalError) in
            guard let statements else { throw .io(code: SQLITE_MISUSE, message: "\(path) is closed; using it") }
            return try body(statements)
        }
    }

    /// Ends a transaction that failed, if SQLite has not done so itself.
    func rollBack() {
        if sqlite3_get_autocommit(handle) == 0 { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
    }

    // MARK: The write-ahead log

    var isCheckpointDue: Bool { logPages.pointee >= checkpointAt }

    /// Moves the log into the main file as far as readers allow, without waiting for them; only when readers have
    /// kept it from starting over for very long does it wait, and then briefly.
    func checkpoint() throws(JournalError) {
        let pages = logPages.pointee
        let isOverlong = pages >= 16 * checkpointPages
        var logged: Int32 = 0
        var moved: Int32 = 0
        sqlite3_busy_timeout(handle, 50)
        let code = sqlite3_wal_checkpoint_v2(
            handle, nil, isOverlong ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE, &logged, &moved)
        sqlite3_busy_timeout(handle, 5_000)
        checkpointAt = code == SQLITE_OK && moved == logged ? checkpointPages : pages + checkpointPages
        if code != SQLITE_OK, code & 0xFF != SQLITE_BUSY {
            throw .sqlite(code, connection: handle, path: path, doing: "moving the log into the main file")
        }
    }

    /// Moves the whole log into the main file and cuts it to nothing, unless a reader keeps it from doing so.
    ///
    /// - Returns: whether it is empty.
    @discardableResult
    func emptyLog(waiting milliseconds: Int32 = 5_000) throws(JournalError) -> Bool {
        sqlite3_busy_timeout(handle, milliseconds)
        let code = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        sqlite3_busy_timeout(handle, 5_000)
        if code != SQLITE_OK, code & 0xFF != SQLITE_BUSY {
            throw .sqlite(code, connection: handle, path: path, doing: "emptying the log")
        }
        return code == SQLITE_OK
    }

    /// Empties the log into the main file and closes.
    func close() throws(JournalError) {
        var failure: JournalError?
        do throws(JournalError) { try emptyLog() } catch { failure = error }
        statements = nil
        do {
            try queue.close()
        } catch {
            failure = failure ?? .wrapping(error, path: path, doing: "closing")
        }
        if let failure, !failure.leavesWriterUsable { throw failure }
    }

    /// Leaves the connection open until the process ends, which it must do now: closing would move the log into the
    /// main file, and after a failed sync nobody knows whether what reads back from the log is what was written.
    func abandon() {
        _ = Unmanaged.passRetained(queue)
    }
}

/// The writer's statements, compiled once.
struct WriterStatements {
    let begin, commit: PreparedStatement
    let insertEntry, insertTenant, updateTenant, insertType: PreparedStatement
    let selectSubject, insertSubject: PreparedStatement
    let insertRemembered, deleteRemembered, oldestRemembered, selectRemembered: PreparedStatement
    let setMeta, insertRules, selectRules: PreparedStatement
    let erasePersonal, eraseSubject: PreparedStatement
    let selectFirst, selectChain, deleteEntries, selectSubjectsSince: PreparedStatement
    let selectMeta, eraseType: PreparedStatement
    let selectKey, insertKey, eraseKeys: PreparedStatement

    init(_ database: Database, path: String) throws(JournalError) {
        func prepare(_ sql: String) throws(JournalError) -> PreparedStatement {
            try PreparedStatement(database, sql, path: path)
        }
        begin = try prepare("BEGIN IMMEDIATE")
        commit = try prepare("COMMIT")
        insertEntry = try prepare(
            """
            INSERT INTO entry (position, type, version, at, chain, subject, personal_hash, public, personal)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """)
        insertTenant = try prepare("INSERT INTO tenant (number, name, head, chain) VALUES (?1, ?2, ?3, ?4)")
        updateTenant = try prepare("UPDATE tenant SET head = ?2, chain = ?3 WHERE number = ?1")
        insertType = try prepare("INSERT INTO type (number, name) VALUES (?1, ?2)")
        selectSubject = try prepare("SELECT number, salt FROM subject WHERE tenant = ?1 AND name = ?2")
        insertSubject = try prepare(
            "INSERT INTO subject (tenant, name, salt) VALUES (?1, ?2, ?3) RETURNING number")
        insertRemembered = try prepare(
            """
            INSERT INTO remembered (number, tenant, at, sender, id, hash_high, hash_low, checksum, reply)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """)
        deleteRemembered = try prepare("DELETE FROM remembered WHERE number BETWEEN ?1 AND ?2")
        oldestRemembered = try prepare(
            "SELECT number, at, tenant, sender, id FROM remembered ORDER BY number LIMIT ?1")
        selectRemembered = try prepare(
            """
            SELECT tenant, sender, id, hash_high, hash_low, checksum, reply, at FROM remembered WHERE number = ?1
            """)
        setMeta = try prepare("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)")
        insertRules = try prepare("INSERT OR IGNORE INTO rules (hash, text) VALUES (?1, ?2)")
        selectRules = try prepare("SELECT text FROM rules WHERE hash = ?1")
        erasePersonal = try prepare(
            """
            UPDATE entry SET personal = NULL, subject = NULL
            WHERE position BETWEEN ?2 AND ?3 AND subject = ?1 RETURNING position
            """)
        eraseSubject = try prepare("DELETE FROM subject WHERE number = ?1")
        selectFirst = try prepare("SELECT min(position) FROM entry WHERE position BETWEEN ?1 AND ?2")
        selectChain = try prepare("SELECT chain FROM entry WHERE position = ?1")
        selectMeta = try prepare("SELECT value FROM meta WHERE name = ?1")
        eraseType = try prepare(
            """
            UPDATE entry SET personal = NULL, subject = NULL
            WHERE position BETWEEN ?1 AND ?2 AND type = ?3 AND personal IS NOT NULL
            """)
        selectKey = try prepare("SELECT key FROM day_key WHERE tenant = ?1 AND day = ?2")
        insertKey = try prepare("INSERT INTO day_key (tenant, day, key) VALUES (?1, ?2, ?3)")
        eraseKeys = try prepare("DELETE FROM day_key WHERE tenant = ?1 AND day < ?2 RETURNING day")
        deleteEntries = try prepare("DELETE FROM entry WHERE position BETWEEN ?1 AND ?2")
        selectSubjectsSince = try prepare(
            "SELECT DISTINCT subject FROM entry WHERE position > ?1 AND position <= ?2 AND subject IS NOT NULL")
    }
}
