import Foundation
import GRDBSQLite
import KapwaSimulation
import Synchronization

/// SQLite's own file layer on a disk whose power goes at a chosen operation.
///
/// In armed directories it notes what is not synced yet. At the chosen write, sync, truncation or removal it keeps what
/// such a disk could show afterwards; from then on every operation there fails. Files elsewhere are untouched. SQLite's
/// shared index (`-shm`) is memory and goes with the power.
public enum PowerCutDisk {
    struct Disk {
        var files: [String: DiskFile] = [:]
        var random: SeededGenerator
        var operations = 0
        let cutAt: Int
        /// Names and bytes of what the cut left; `nil` as long as there is power.
        var remains: [String: [UInt8]]?
    }

    struct Handle {
        var directory: String
        var path: String
        /// SQLite syncs the directory with the first sync of a log or a rollback journal that it has opened.
        var owesDirectorySync: Bool
    }

    struct State {
        var disks: [String: Disk] = [:]
        /// Open files of armed directories, by their address.
        var handles: [UInt: Handle] = [:]
    }

    static let state = Mutex(State())

    /// Stands in front of SQLite's file layer from now on; a second call does nothing.
    public static func install() { PowerCutLayer.install() }

    /// From now on the disk under `directory` keeps apart what is synced; its power goes at operation `cutAt`.
    public static func arm(_ directory: String, cutAt: Int, seed: UInt64) {
        PowerCutLayer.install()
        var disk = Disk(random: SeededGenerator(seed: seed), cutAt: cutAt)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] {
            disk.files["\(directory)/\(name)"] = DiskFile(existed: true)
        }
        state.withLock { $0.disks[directory] = disk }
    }

    /// Ends the watch over a directory; the power goes now unless it has gone before.
    ///
    /// - Returns: what the disk shows afterwards, by file name, and how many operations there were.
    public static func disarm(_ directory: String) -> (remains: [String: [UInt8]], operations: Int) {
        state.withLock { state in
            guard var disk = state.disks.removeValue(forKey: directory) else { return ([:], 0) }
            state.handles = state.handles.filter { $0.value.directory != directory }
            if disk.remains == nil { disk.cut() }
            return (disk.remains ?? [:], disk.operations)
        }
    }
}

extension PowerCutDisk.Disk {
    /// Counts an operation; false when the power is gone, before it or with it.
    mutating func hasPower() -> Bool {
        guard remains == nil else { return false }
        operations += 1
        if operations == cutAt { cut() }
        return remains == nil
    }

    mutating func cut() {
        var left: [String: [UInt8]] = [:]
        for path in files.keys.sorted() {
            let now = FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
            if let bytes = files[path]?.afterCut(now, &random) { left[(path as NSString).lastPathComponent] = bytes }
        }
        remains = left
    }

    mutating func syncNames() {
        for path in files.keys { files[path]?.syncName() }
    }
}
