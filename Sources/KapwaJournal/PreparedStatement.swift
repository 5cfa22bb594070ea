import GRDB
import GRDBSQLite

/// A statement that is compiled once, and bound and stepped without intermediate values.
///
/// GRDB compiles it and ends its life; the values go straight to SQLite, which on the way of every event saves
/// GRDB's boxing of each into a `DatabaseValue`.
struct PreparedStatement {
    private let statement: Statement
    let path: String
    private var handle: OpaquePointer { statement.sqliteStatement }

    init(_ database: Database, _ sql: String, path: String) throws(JournalError) {
        do {
            statement = try database.cachedStatement(sql: sql)
        } catch {
            throw .wrapping(error, path: path, doing: "preparing a statement")
        }
        self.path = path
    }

    // MARK: Binding, columns from 1

    func bind(_ value: Int64, at column: Int32) { check(sqlite3_bind_int64(handle, column, value)) }

    func bindNull(at column: Int32) { check(sqlite3_bind_null(handle, column)) }

    func bind(_ text: String, at column: Int32) {
        // An empty text may have no address, and a null address would bind NULL.
        guard !text.isEmpty else { return check(sqlite3_bind_text(handle, column, "", 0, Self.copied)) }
        var text = text
        let code = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text(handle, column, $0.baseAddress, Int32($0.count), Self.copied)
            }
        }
        check(code)
    }

    /// Binds bytes that stay where they are until the statement is reset.
    func bind(borrowing bytes: UnsafeRawBufferPointer, at column: Int32) {
        guard let address = bytes.baseAddress, bytes.count > 0 else {
            return check(sqlite3_bind_zeroblob(handle, column, 0))
        }
        check(sqlite3_bind_blob64(handle, column, address, UInt64(bytes.count), nil))
    }

    func bind(_ digest: Digest, at column: Int32) {
        digest.withBytes { check(sqlite3_bind_blob64(handle, column, $0.baseAddress, UInt64($0.count), Self.copied)) }
    }

    func bind(_ salt: Salt, at column: Int32) {
        salt.withBytes { check(sqlite3_bind_blob64(handle, column, $0.baseAddress, UInt64($0.count), Self.copied)) }
    }

    // MARK: Running

    /// Takes one step. `true`: a row is there; `false`: at the end, and the statement was reset.
    func step(doing: String) throws(JournalError) -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        let failure = code == SQLITE_DONE ? nil : failed(code, doing: doing)
        sqlite3_reset(handle)
        if let failure { throw failure }
        return false
    }

    /// Runs a statement that gives no rows.
    func run(doing: String) throws(JournalError) {
        if try step(doing: doing) { reset() }
    }

    /// Ends a reading before its last row.
    func reset() { sqlite3_reset(handle) }

    private func failed(_ code: Int32, doing: String) -> JournalError {
        .sqlite(code, connection: sqlite3_db_handle(handle), path: path, doing: doing)
    }

    // MARK: Columns of the current row, from 0

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    /// The bytes of a text or blob, valid until the next step.
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
        let address = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(start: address, count: Int(sqlite3_column_bytes(handle, column)))
    }

    func array(_ column: Int32) -> [UInt8] { Array(bytes(column)) }

    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    /// Tells SQLite to copy what is bound before the call returns.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    private func check(_ code: Int32) {
        precondition(code == SQLITE_OK, "a column that the statement does not have, or a bind while it runs")
    }
}
