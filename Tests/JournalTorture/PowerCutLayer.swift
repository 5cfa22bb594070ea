import Foundation
import GRDBSQLite
import KapwaSimulation
import Synchronization

/// The functions that SQLite calls instead of its own; they do the work and tell ``PowerCutDisk``.
enum PowerCutLayer {
    private typealias Open =
        @convention(c) (
            UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, UnsafeMutablePointer<sqlite3_file>?, Int32,
            UnsafeMutablePointer<Int32>?
        ) -> Int32
    private typealias Delete =
        @convention(c) (UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, Int32) -> Int32

    /// The functions that do the work, found before they were replaced.
    private static let genuine: (open: Open?, delete: Delete?) = {
        let base = sqlite3_vfs_find(nil)
        return (base?.pointee.xOpen, base?.pointee.xDelete)
    }()
    private static let methods = Mutex<sqlite3_io_methods?>(nil)
    private static let layer: Void = register()

    static func install() {
        _ = genuine.open
        layer
    }

    private static func register() {
        guard let base = sqlite3_vfs_find(nil) else { return }
        // Registered for the life of the process, like the layer that it stands in front of.
        let layer = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        layer.initialize(to: base.pointee)
        let name = "powercut".utf8CString
        let text = UnsafeMutableBufferPointer<CChar>.allocate(capacity: name.count)
        _ = text.initialize(from: name)
        layer.pointee.zName = UnsafePointer(text.baseAddress)
        layer.pointee.pNext = nil
        layer.pointee.xOpen = { PowerCutLayer.open($0, $1, $2, $3, $4) }
        layer.pointee.xDelete = { PowerCutLayer.delete($0, $1, $2) }
        sqlite3_vfs_register(layer, 1)
    }

    // MARK: Names

    private static func open(
        _ layer: UnsafeMutablePointer<sqlite3_vfs>?, _ name: UnsafePointer<CChar>?,
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32, _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let open = genuine.open, let file else { return SQLITE_ERROR }
        let path = name.map { String(cString: $0) } ?? ""
        let key = UInt(bitPattern: file)
        guard let directory = armedDirectory(of: path) else {
            PowerCutDisk.state.withLock { $0.handles[key] = nil }
            return open(layer, name, file, flags, outFlags)
        }
        let existed = FileManager.default.fileExists(atPath: path)
        guard isPowered(directory) else { return SQLITE_CANTOPEN }
        let code = open(layer, name, file, flags, outFlags)
        guard code == SQLITE_OK, let table = file.pointee.pMethods else { return code }
        file.pointee.pMethods = replaced(table)
        PowerCutDisk.state.withLock { state in
            state.handles[key] = PowerCutDisk.Handle(
                directory: directory, path: path,
                owesDirectorySync: flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL) != 0
                    && flags & SQLITE_OPEN_CREATE != 0)
            var disk = state.disks[directory]
            var entry = disk?.files[path] ?? DiskFile(existed: existed)
            if !entry.isThere { entry.make() }
            disk?.files[path] = entry
            state.disks[directory] = disk
        }
        return code
    }

    private static func delete(
        _ layer: UnsafeMutablePointer<sqlite3_vfs>?, _ name: UnsafePointer<CChar>?, _ syncsDirectory: Int32
    ) -> Int32 {
        guard let delete = genuine.delete, let name else { return SQLITE_ERROR }
        let path = String(cString: name)
        guard let directory = armedDirectory(of: path) else { return delete(layer, name, syncsDirectory) }
        guard isPowered(directory) else { return SQLITE_IOERR }
        let bytes = FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
        PowerCutDisk.state.withLock { state in
            var disk = state.disks[directory]
            disk?.files[path]?.remove(holding: bytes)
            if syncsDirectory != 0 { disk?.syncNames() }
            state.disks[directory] = disk
        }
        return delete(layer, name, syncsDirectory)
    }

    private static func armedDirectory(of path: String) -> String? {
        guard !path.hasSuffix("-shm") else { return nil }
        return PowerCutDisk.state.withLock { state in state.disks.keys.first { path.hasPrefix($0 + "/") } }
    }

    private static func isPowered(_ directory: String) -> Bool {
        PowerCutDisk.state.withLock { $0.disks[directory]?.hasPower() ?? true }
    }

    // MARK: Contents

    /// The file's functions with those that change it replaced. Allocated for good: SQLite keeps the address.
    private static func replaced(_ table: UnsafePointer<sqlite3_io_methods>) -> UnsafePointer<sqlite3_io_methods> {
        let copy = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        copy.initialize(to: table.pointee)
        methods.withLock { $0 = table.pointee }
        copy.pointee.xWrite = { PowerCutLayer.write($0, $1, $2, $3) }
        copy.pointee.xTruncate = { PowerCutLayer.truncate($0, $1) }
        copy.pointee.xSync = { file, _ in PowerCutLayer.sync(file) }
        return UnsafePointer(copy)
    }

    private static func write(
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ bytes: UnsafeRawPointer?, _ count: Int32, _ offset: Int64
    ) -> Int32 {
        changing(file, from: offset, to: offset + Int64(count), isWrite: true) { genuine in
            genuine.xWrite(file, bytes, count, offset)
        }
    }

    private static func truncate(_ file: UnsafeMutablePointer<sqlite3_file>?, _ size: Int64) -> Int32 {
        let end = methods.withLock { $0 }.map { length(file, $0) } ?? size
        return changing(file, from: size, to: max(size, end), isWrite: false) { genuine in
            genuine.xTruncate(file, size)
        }
    }

    /// Syncs nothing in truth: what a sync means is decided here.
    private static func sync(_ file: UnsafeMutablePointer<sqlite3_file>?) -> Int32 {
        PowerCutDisk.state.withLock { state in
            let key = UInt(bitPattern: file)
            guard let handle = state.handles[key], var disk = state.disks[handle.directory] else { return SQLITE_OK }
            state.disks[handle.directory] = nil
            defer { state.disks[handle.directory] = disk }
            guard disk.hasPower() else { return SQLITE_IOERR }
            disk.files[handle.path]?.change { $0.sync() }
            if handle.owesDirectorySync {
                disk.syncNames()
                state.handles[key]?.owesDirectorySync = false
            }
            return SQLITE_OK
        }
    }

    /// Does `body`, notes the sectors between the offsets as they were and as they became, then counts the operation: a
    /// cut in the midst of a write may keep any part of it.
    private static func changing(
        _ file: UnsafeMutablePointer<sqlite3_file>?, from: Int64, to: Int64, isWrite: Bool,
        _ body: (sqlite3_io_methods) -> Int32
    ) -> Int32 {
        guard let genuine = methods.withLock({ $0 }) else { return SQLITE_IOERR }
        let key = UInt(bitPattern: file)
        let handle = PowerCutDisk.state.withLock { state in
            state.handles[key].flatMap { state.disks[$0.directory]?.remains == nil ? $0 : nil }
        }
        guard let handle else { return SQLITE_IOERR }
        let sectors = (from / DiskFile.sectorBytes)..<((to + DiskFile.sectorBytes - 1) / DiskFile.sectorBytes)
        let lengthBefore = length(file, genuine)
        let before = sectors.map { sector(file, $0, genuine) }
        let code = body(genuine)
        guard code == SQLITE_OK else { return code }
        let after = sectors.map { sector(file, $0, genuine) }
        let lengthAfter = length(file, genuine)
        return PowerCutDisk.state.withLock { state in
            guard var disk = state.disks[handle.directory] else { return SQLITE_OK }
            state.disks[handle.directory] = nil
            defer { state.disks[handle.directory] = disk }
            disk.files[handle.path]?.change { life in
                for (place, number) in sectors.enumerated() {
                    life.note(sector: number, before: before[place], after: isWrite ? after[place] : nil)
                }
                if lengthBefore != lengthAfter { life.note(lengthBefore: lengthBefore, after: lengthAfter) }
            }
            return disk.hasPower() ? SQLITE_OK : SQLITE_IOERR
        }
    }

    private static func length(_ file: UnsafeMutablePointer<sqlite3_file>?, _ genuine: sqlite3_io_methods) -> Int64 {
        var size: Int64 = 0
        _ = genuine.xFileSize(file, &size)
        return size
    }

    /// A sector as it reads now; zeros beyond the end.
    private static func sector(
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ number: Int64, _ genuine: sqlite3_io_methods
    ) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(DiskFile.sectorBytes))
        // Reading less than was asked for fills up with zeros and says so.
        _ = genuine.xRead(file, &bytes, Int32(DiskFile.sectorBytes), number * DiskFile.sectorBytes)
        return bytes
    }
}
