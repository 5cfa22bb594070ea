import Foundation
import GRDB
import Glibc
import KapwaDomain

/// A copy of a journal and its snapshots in a directory of its own; and the way back.
///
/// A directory has its name only once all of it is on disk and was verified: what is cut off half-way is left beside it
/// as `NAME.unfinished`, and goes with the next attempt.
public struct JournalBackup {
    /// What is being done, for those who wait.
    public enum Step: Sendable {
        case copying(done: Int, of: Int)
        case verifying(done: Int, of: Int)
    }

    /// What a copy has in it.
    public struct Report: Sendable {
        public var path: String
        public var verified: JournalVerifier.Report
        public var bytes: Int
        public var snapshots: Int
    }

    private static let unfinished = ".unfinished"
    private static let pagesPerStep: CInt = 4_096

    private let progress: (Step) -> Void

    public init(progress: @escaping (Step) -> Void = { _ in }) { self.progress = progress }

    /// Copies the journal of a data directory as it is when this begins, whether a daemon is at work on it or not.
    ///
    /// - Parameter target: a directory that is not there yet, or is empty.
    public func make(of directory: String, to target: String) throws(JournalError) -> Report {
        let reader = try JournalReader(directory: directory)
        let place = try begin(target)
        // Before the journal: what a snapshot stands for must be in the copy.
        let snapshots = try copySnapshots(from: directory, to: place.path)
        try copyKey(from: directory, to: place)
        try copyDatabase(reader, to: place)
        return try finish(place, as: target, snapshots)
    }

    /// Lays a backup out as the data directory of a daemon that is to start on it.
    ///
    /// - Parameter directory: not there yet, or empty.
    public func restore(_ backup: String, to directory: String) throws(JournalError) -> Report {
        let source = DataDirectory(path: backup).file(SQLiteJournal.fileName)
        guard FileManager.default.fileExists(atPath: source) else {
            throw .notReadable(path: source, why: "there is none; name the directory of a backup")
        }
        try Self.refuseServed(directory)
        let place = try begin(directory)
        let snapshots = try copySnapshots(from: backup, to: place.path)
        try copyKey(from: backup, to: place)
        for suffix in ["", "-wal"] {
            try copyFile(source + suffix, to: place.file(SQLiteJournal.fileName) + suffix, isNeeded: suffix.isEmpty)
        }
        return try finish(place, as: directory, snapshots)
    }

    // MARK: Steps

    /// A daemon that serves the directory is named, not only that the directory is not empty.
    private static func refuseServed(_ directory: String) throws(JournalError) {
        let path = DataDirectory(path: directory).file(SQLiteJournal.lockName)
        guard FileManager.default.fileExists(atPath: path) else { return }
        _ = try LockFile(path: path)
    }

    private func begin(_ target: String) throws(JournalError) -> DataDirectory {
        if let content = try? FileManager.default.contentsOfDirectory(atPath: target) {
            guard content.isEmpty else {
                throw .notWritable(path: target, why: "it is not empty; nothing there is overwritten")
            }
        } else if FileManager.default.fileExists(atPath: target) {
            throw .notWritable(path: target, why: "it is a file, no directory")
        }
        let path = Self.name(target) + Self.unfinished
        if FileManager.default.fileExists(atPath: path) {
            do {
                try FileManager.default.removeItem(atPath: path)
            } catch {
                throw .notWritable(path: path, why: error.localizedDescription)
            }
        }
        let place = DataDirectory(path: path)
        try place.make()
        return place
    }

    private static func name(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    private func copySnapshots(from: String, to: String) throws(JournalError) -> Int {
        let target = SnapshotStore(directory: to)
        let source = SnapshotStore(directory: from)
        var count = 0
        for file in source.files() {
            // One that cannot be read is of no use in a copy either.
            guard let snapshot = try? source.read(file) else { continue }
            try target.write(snapshot)
            count += 1
        }
        return count
    }

    private func copyDatabase(_ reader: JournalReader, to place: DataDirectory) throws(JournalError) {
        let path = place.file(SQLiteJournal.fileName)
        try place.prepare(file: path)
        var configuration = Configuration()
        configuration.label = "backup"
        let result: Result<Void, JournalError>
        do {
            let copy = try DatabaseQueue(path: path, configuration: configuration)
            result = copy.writeWithoutTransaction { target in
                Result { () throws(JournalError) in try reader.copy(to: target, Self.pagesPerStep, progress) }
            }
            try copy.close()
        } catch {
            throw .wrapping(error, path: path, doing: "copying the journal")
        }
        try result.get()
        try place.synchronize(file: path)
    }

    /// Without it a daemon that starts on the copy would not know its customers again.
    private func copyKey(from directory: String, to place: DataDirectory) throws(JournalError) {
        try copyFile(
            DataDirectory(path: directory).file(CustomerKey.fileName), to: place.file(CustomerKey.fileName),
            isNeeded: false)
    }

    private func copyFile(_ source: String, to target: String, isNeeded: Bool) throws(JournalError) {
        guard isNeeded || FileManager.default.fileExists(atPath: source) else { return }
        guard let input = FileHandle(forReadingAtPath: source) else {
            throw .notReadable(path: source, why: "it cannot be opened")
        }
        let place = DataDirectory(path: (target as NSString).deletingLastPathComponent)
        try place.prepare(file: target)
        guard let output = FileHandle(forWritingAtPath: target) else {
            throw .notWritable(path: target, why: "it cannot be opened")
        }
        do {
            let size = Int(try input.seekToEnd())
            try input.seek(toOffset: 0)
            var done = 0
            while let bytes = try input.read(upToCount: 4 * 1_024 * 1_024), !bytes.isEmpty {
                try output.write(contentsOf: bytes)
                done += bytes.count
                progress(.copying(done: done, of: size))
            }
            try output.synchronize()
            try output.close()
            try input.close()
        } catch {
            throw Self.writing(error, target)
        }
    }

    private static func writing(_ error: any Error, _ path: String) -> JournalError {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
        if cause.domain == NSPOSIXErrorDomain, cause.code == Int(ENOSPC) { return .full(path: path) }
        return .io(code: 0, message: "copying to \(path) failed: \(error.localizedDescription)")
    }

    /// Of a journal that no replay can begin at its first event a copy without a snapshot is none to start on.
    private static func requireBase(in directory: String) throws(JournalError) {
        let reader = try JournalReader(directory: directory)
        let snapshots = SnapshotStore(directory: directory)
        for tenant in try reader.tenants() {
            let start = try reader.replayStart(tenant)
            guard start == 0 || snapshots.files(of: tenant).contains(where: { $0.sequence >= start }) else {
                throw .corrupt(
                    path: directory, tenant: tenant, sequence: start,
                    what: "no snapshot that can be read says what was true then, and earlier events are no longer "
                        + "kept; take the copy again, or another one")
            }
        }
    }

    private func finish(
        _ place: DataDirectory, as target: String, _ snapshots: Int
    ) throws(JournalError) -> Report {
        let report = try JournalVerifier(directory: place.path).verify { progress(.verifying(done: $0, of: $1)) }
        if let fault = report.fault {
            throw .corrupt(
                path: place.path, tenant: fault.tenant, sequence: fault.sequence, what: fault.what)
        }
        try Self.requireBase(in: place.path)
        // What reading alone left beside the file.
        for suffix in ["-shm", "-wal"] {
            let path = place.file(SQLiteJournal.fileName) + suffix
            let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
            if suffix == "-shm" || size == 0 { unlink(path) }
        }
        try place.synchronize()
        let path = Self.name(target)
        guard rename(place.path, path) == 0 else {
            throw .notWritable(path: path, why: String(cString: strerror(errno)))
        }
        try DataDirectory(path: URL(fileURLWithPath: path).deletingLastPathComponent().path).synchronize()
        let file = DataDirectory(path: path).file(SQLiteJournal.fileName)
        let bytes = try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
        return Report(path: path, verified: report, bytes: bytes ?? 0, snapshots: snapshots)
    }
}

extension JournalReader {
    /// Copies the file page by page, as it is when this begins.
    func copy(
        to target: Database, _ pagesPerStep: CInt, _ progress: (JournalBackup.Step) -> Void
    ) throws(JournalError) {
        try read("copying the journal") { source throws(JournalError) in
            do {
                // From here on later commits are not seen, and do not begin the copy anew.
                _ = try Int.fetchOne(source, sql: "SELECT count(*) FROM tenant")
                try withoutActuallyEscaping(progress) { progress in
                    try source.backup(to: target, pagesPerStep: pagesPerStep) { step in
                        progress(.copying(done: step.completedPageCount, of: step.totalPageCount))
                    }
                }
            } catch {
                throw .wrapping(error, path: path, doing: "copying the journal")
            }
        }
    }
}
