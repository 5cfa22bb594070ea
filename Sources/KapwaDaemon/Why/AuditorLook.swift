import Foundation
import Glibc
public import KapwaDomain
import KapwaWire

/// Keeps who looked at what an agent had to carry: one line a look, on disk before a figure is shown.
///
/// Beside the journal and not in it, because the journal has one writer, which is the daemon.
public enum AuditorLook {
    public static let fileName = "looks.jsonl"

    /// - Throws: ``StartFailure`` when it cannot be kept; then nothing may be shown.
    ///
    /// - Parameter key: the name of the key that was shown; `nil` where none is asked for.
    public static func keep(
        by name: String, key: KeyName? = nil, what: String, tenant: String, in directory: String
    ) throws(StartFailure) {
        guard name.utf8.count <= Limits.labelBytesMax else {
            throw StartFailure(.usage, "the auditor's name is longer than \(Limits.labelBytesMax) bytes")
        }
        let path = URL(filePath: directory).appending(path: fileName).path(percentEncoded: false)
        var line = ByteWriter(capacity: 256)
        line.raw("{")
        line.key("at")
        line.instant(DaemonClock.wall())
        line.text("by", name)
        if let key { line.text("key", key.rawValue) }
        line.text("tenant", tenant)
        line.text("what", what)
        line.raw("}\n")
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        try prepare(descriptor, path, in: directory)
        // One write: lines of two looks at once do not mix.
        let written = line.bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard written == line.count, fsync(descriptor) == 0 else { throw failure(path) }
    }

    /// A file that is new belongs to the directory's owner, and is there after a power cut.
    private static func prepare(_ descriptor: CInt, _ path: String, in directory: String) throws(StartFailure) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path) }
        guard status.st_size == 0 else { return }
        if geteuid() == 0, let owner = OwnFile.Owner(of: directory) {
            guard fchown(descriptor, owner.user, owner.group) == 0 else { throw failure(path) }
        }
        try OwnFile.synchronizeDirectory(of: path)
    }

    private static func failure(_ path: String) -> StartFailure {
        StartFailure(
            .cannotCreate,
            "the look cannot be kept in \(path), so nothing is shown: \(String(cString: strerror(errno)))")
    }
}
