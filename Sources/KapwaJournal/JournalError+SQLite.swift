import GRDB
import GRDBSQLite
import Glibc

extension JournalError {
    /// What a failed SQLite call means for the journal.
    ///
    /// - Parameter doing: what was going on, for the message (`committing`).
    static func sqlite(_ code: Int32, connection: OpaquePointer?, path: String, doing: String) -> JournalError {
        let cause = connection.map { sqlite3_system_errno($0) } ?? 0
        let text = connection.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
        switch code & 0xFF {
        case SQLITE_FULL:
            return .full(path: path)
        case SQLITE_IOERR where cause == ENOSPC && !isSync(code):
            // The log or its index could not grow. Not so a failed sync: what that left on the disk is unknown.
            return .full(path: path)
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            return .corrupt(path: path, tenant: nil, sequence: nil, what: "\(text), seen while \(doing)")
        default:
            let system = cause == 0 ? "" : ", \(String(cString: strerror(cause)))"
            return .io(code: code, message: "\(doing) in \(path) failed: \(text)\(system)")
        }
    }

    /// The same for an error that came through GRDB.
    static func wrapping(_ error: any Error, path: String, doing: String) -> JournalError {
        if let known = error as? JournalError { return known }
        guard let failure = error as? DatabaseError else {
            return .io(code: SQLITE_ERROR, message: "\(doing) in \(path) failed: \(error)")
        }
        let code = failure.extendedResultCode.rawValue
        switch code & 0xFF {
        case SQLITE_FULL: return .full(path: path)
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            let text = failure.message ?? "\(failure.resultCode)"
            return .corrupt(path: path, tenant: nil, sequence: nil, what: "\(text), seen while \(doing)")
        default:
            return .io(code: code, message: "\(doing) in \(path) failed: \(failure.message ?? "\(failure)")")
        }
    }

    private static func isSync(_ code: Int32) -> Bool {
        // SQLITE_IOERR_FSYNC, _DIR_FSYNC, _CLOSE: macros that do not reach Swift.
        [4, 5, 16].contains(code >> 8)
    }

    /// Whether the journal may go on being written after this error: nothing of the batch reached the disk.
    var leavesWriterUsable: Bool {
        switch self {
        case .full, .gap: true
        default: false
        }
    }
}
