import GRDBSQLite
import JournalTorture
import Synchronization

/// SQLite's own file layer, on a disk that fails when told to: in armed directories the n-th write or sync answers
/// with an error. Files elsewhere are untouched.
enum FaultyDisk {
    /// Which call fails, and how.
    struct Plan {
        /// The call that fails, counted from 1.
        var call: Int
        /// What it answers for a write; a sync answers with `syncCode`, or works when that is `nil`.
        var writeCode: Int32
        var syncCode: Int32?
        /// Whether later calls fail too, until the directory is disarmed.
        var isLasting: Bool
        /// A write that fails has written the first half of its bytes.
        var isShort = false
        /// Opening files is what fails and is counted, instead of writing and syncing.
        var isOfOpening = false
        var calls = 0
        var failures = 0
    }

    private struct State {
        var plans: [String: Plan] = [:]
        /// Armed directory of each open file, by the file's address.
        var directories: [UInt: String] = [:]
    }

    private typealias Open =
        @convention(c) (
            UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, UnsafeMutablePointer<sqlite3_file>?, Int32,
            UnsafeMutablePointer<Int32>?
        ) -> Int32

    private static let state = Mutex(State())

    /// The functions that do the work, found before they were replaced.
    private static let genuineOpen: Open? = sqlite3_vfs_find(nil).flatMap { $0.pointee.xOpen }
    private static let genuineMethods = Mutex<sqlite3_io_methods?>(nil)
    private static let layer: Void = install()

    static func arm(_ directory: String, _ plan: Plan) {
        // Always before this layer, so that the two stand in one order whichever test comes first.
        PowerCutDisk.install()
        _ = genuineOpen
        layer
        state.withLock { $0.plans[directory] = plan }
    }

    /// Ends the faults of a directory; says how many calls there were, and how many failed.
    @discardableResult
    static func disarm(_ directory: String) -> (calls: Int, failures: Int) {
        state.withLock {
            let plan = $0.plans.removeValue(forKey: directory)
            return (plan?.calls ?? 0, plan?.failures ?? 0)
        }
    }

    private static func install() {
        guard let base = sqlite3_vfs_find(nil) else { return }
        // Registered for the life of the process, like the layer that it stands in front of.
        let layer = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        layer.initialize(to: base.pointee)
        let name = "faulty".utf8CString
        let text = UnsafeMutableBufferPointer<CChar>.allocate(capacity: name.count)
        _ = text.initialize(from: name)
        layer.pointee.zName = UnsafePointer(text.baseAddress)
        layer.pointee.pNext = nil
        layer.pointee.xOpen = { FaultyDisk.open($0, $1, $2, $3, $4) }
        sqlite3_vfs_register(layer, 1)
    }

    private static func open(
        _ layer: UnsafeMutablePointer<sqlite3_vfs>?, _ name: UnsafePointer<CChar>?,
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32, _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let genuineOpen, let file else { return SQLITE_ERROR }
        let path = name.map { String(cString: $0) } ?? ""
        if refusesToOpen(path) {
            file.pointee.pMethods = nil
            return SQLITE_CANTOPEN
        }
        let code = genuineOpen(layer, name, file, flags, outFlags)
        let isArmed = state.withLock { state in
            let directory = state.plans.keys.first { path.hasPrefix($0 + "/") }
            state.directories[UInt(bitPattern: file)] = directory
            return directory != nil
        }
        if code == SQLITE_OK, isArmed, let methods = file.pointee.pMethods {
            file.pointee.pMethods = replaced(methods)
        }
        return code
    }

    private static func refusesToOpen(_ path: String) -> Bool {
        state.withLock { state in
            guard let directory = state.plans.keys.first(where: { path.hasPrefix($0 + "/") }),
                var plan = state.plans[directory], plan.isOfOpening
            else { return false }
            defer { state.plans[directory] = plan }
            plan.calls += 1
            guard plan.calls == plan.call || plan.isLasting && plan.calls > plan.call else { return false }
            plan.failures += 1
            return true
        }
    }

    /// The file's functions with writing and syncing replaced. Allocated for good: SQLite keeps the address.
    private static func replaced(_ methods: UnsafePointer<sqlite3_io_methods>) -> UnsafePointer<sqlite3_io_methods> {
        let table = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        table.initialize(to: methods.pointee)
        genuineMethods.withLock { $0 = methods.pointee }
        table.pointee.xWrite = { file, bytes, count, offset in
            let write = FaultyDisk.genuineMethods.withLock { $0?.xWrite }
            if let code = FaultyDisk.verdict(file, isSync: false) {
                if FaultyDisk.writesHalf(file) { _ = write?(file, bytes, count / 2, offset) }
                return code
            }
            return write?(file, bytes, count, offset) ?? SQLITE_ERROR
        }
        table.pointee.xSync = { file, flags in
            if let code = FaultyDisk.verdict(file, isSync: true) { return code }
            let sync = FaultyDisk.genuineMethods.withLock { $0?.xSync }
            return sync?(file, flags) ?? SQLITE_ERROR
        }
        return UnsafePointer(table)
    }

    private static func writesHalf(_ file: UnsafeMutablePointer<sqlite3_file>?) -> Bool {
        state.withLock { state in
            state.directories[UInt(bitPattern: file)].flatMap { state.plans[$0] }?.isShort ?? false
        }
    }

    private static func verdict(_ file: UnsafeMutablePointer<sqlite3_file>?, isSync: Bool) -> Int32? {
        state.withLock { state in
            guard let directory = state.directories[UInt(bitPattern: file)], var plan = state.plans[directory],
                !plan.isOfOpening
            else { return nil }
            defer { state.plans[directory] = plan }
            plan.calls += 1
            guard plan.calls == plan.call || plan.isLasting && plan.calls > plan.call else { return nil }
            guard let code = isSync ? plan.syncCode : plan.writeCode else { return nil }
            plan.failures += 1
            return code
        }
    }
}
