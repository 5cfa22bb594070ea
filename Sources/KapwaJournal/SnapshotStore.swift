import Foundation
import Glibc
public import KapwaDomain

/// The snapshots of a data directory: a file each, readable by its owner alone, in a directory beside the journal.
///
/// A file has its name only once all of it is on disk. They hold what customers said of themselves, as the journal does.
public struct SnapshotStore: Sendable {
    /// Name of the directory of snapshots.
    public static let directoryName = "snapshots"
    private static let suffix = ".snapshot"
    private static let unfinishedSuffix = ".unfinished"
    private static let digits = 20
    /// Bytes written before the disk is waited for: much at once would hold up the journal's own syncs.
    private static let bytesPerSync = 8 * 1_024 * 1_024

    /// Path of the directory of snapshots.
    public let path: String

    /// - Parameter directory: the journal's data directory.
    public init(directory: String) { path = DataDirectory(path: directory).file(Self.directoryName) }

    /// The snapshots of a tenant, newest first.
    public func files(of tenant: TenantID) -> [SnapshotFile] {
        files().filter { $0.tenant == tenant }
    }

    /// All snapshots, by tenant and newest first.
    public func files() -> [SnapshotFile] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.compactMap(file).sorted {
            $0.tenant != $1.tenant ? $0.tenant < $1.tenant : $0.sequence > $1.sequence
        }
    }

    private func file(_ name: String) -> SnapshotFile? {
        guard name.hasSuffix(Self.suffix) else { return nil }
        let stem = name.dropLast(Self.suffix.count)
        let number = stem.suffix(Self.digits)
        let tenant = stem.dropLast(Self.digits + 1)
        guard number.utf8.count == Self.digits, let sequence = Int64(number), !tenant.isEmpty else { return nil }
        return SnapshotFile(
            path: DataDirectory(path: path).file(name), tenant: TenantID(String(tenant)), sequence: sequence)
    }

    /// Reads a snapshot and holds it against its checksum and its name.
    public func read(_ file: SnapshotFile) throws(JournalError) -> Snapshot {
        let snapshot = try Snapshot(file: Self.contents(file.path), path: file.path)
        guard snapshot.tenant == file.tenant, snapshot.sequence == file.sequence else {
            throw .corrupt(
                path: file.path, tenant: snapshot.tenant, sequence: snapshot.sequence, what: "it has another's name")
        }
        return snapshot
    }

    /// Writes a snapshot; on disk, under its name, when it returns.
    @discardableResult
    public func write(_ snapshot: Snapshot) throws(JournalError) -> SnapshotFile {
        let place = DataDirectory(path: path)
        try place.make()
        let number = String(snapshot.sequence)
        let zeros = String(repeating: "0", count: max(0, Self.digits - number.utf8.count))
        let name = "\(snapshot.tenant)-\(zeros)\(number)\(Self.suffix)"
        let unfinished = place.file("\(snapshot.tenant)\(Self.unfinishedSuffix)")
        do throws(JournalError) {
            try Self.write(snapshot, to: unfinished)
            guard rename(unfinished, place.file(name)) == 0 else { throw Self.failure("naming", unfinished) }
            try place.synchronize()
        } catch {
            unlink(unfinished)
            throw error
        }
        return SnapshotFile(path: place.file(name), tenant: snapshot.tenant, sequence: snapshot.sequence)
    }

    /// Removes snapshots for good.
    public func remove(_ files: [SnapshotFile]) throws(JournalError) {
        for file in files where unlink(file.path) != 0 && errno != ENOENT { throw Self.failure("removing", file.path) }
        guard FileManager.default.fileExists(atPath: path) else { return }
        try DataDirectory(path: path).synchronize()
    }

    // MARK: Bytes

    private static func write(_ snapshot: Snapshot, to path: String) throws(JournalError) {
        unlink(path)
        let descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("making", path) }
        defer { Glibc.close(descriptor) }
        let lead = snapshot.lead
        var sum = RunningChecksum()
        for part in [lead[...], snapshot.state] {
            let result = part.withUnsafeBytes { bytes in
                sum.add(bytes)
                return Result { () throws(JournalError) in try write(bytes, to: descriptor, path) }
            }
            try result.get()
        }
        let digest = sum.finish()
        let result = digest.withBytes { bytes in
            Result { () throws(JournalError) in try write(bytes, to: descriptor, path) }
        }
        try result.get()
        guard fsync(descriptor) == 0 else { throw failure("syncing", path) }
    }

    private static func write(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String
    ) throws(JournalError) {
        var done = 0
        var synced = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = Glibc.write(descriptor, rest.baseAddress, min(rest.count, bytesPerSync))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("writing", path) }
            done += count
            guard done - synced >= bytesPerSync else { continue }
            guard fdatasync(descriptor) == 0 else { throw failure("syncing", path) }
            synced = done
        }
    }

    private static func contents(_ path: String) throws(JournalError) -> [UInt8] {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .notReadable(path: path, why: String(cString: strerror(errno))) }
        defer { Glibc.close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .notReadable(path: path, why: String(cString: strerror(errno)))
        }
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let read = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                if read < 0, errno == EINTR { continue }
                if read < 0 { code = errno }
                guard read > 0 else { return }
                count += read
            }
        }
        guard code == 0 else { throw .notReadable(path: path, why: String(cString: strerror(code))) }
        return bytes
    }

    private static func failure(_ doing: String, _ path: String) -> JournalError {
        if errno == ENOSPC || errno == EDQUOT { return .full(path: path) }
        return .io(code: 0, message: "\(doing) the snapshot \(path) failed: \(String(cString: strerror(errno)))")
    }
}
