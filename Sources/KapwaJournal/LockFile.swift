import Foundation
import Glibc

/// Keeps a second daemon out of a data directory for as long as the process lives.
///
/// `flock` and not a file that merely exists: the kernel gives it free however the process ends.
struct LockFile: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock and writes the process id into the file.
    init(path: String) throws(JournalError) {
        let descriptor = Glibc.open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .notWritable(path: path, why: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            let holder = LockFile.holder(descriptor)
            Glibc.close(descriptor)
            if reason == EWOULDBLOCK { throw .locked(path: path, pid: holder) }
            throw .notWritable(path: path, why: String(cString: strerror(reason)))
        }
        // The number only helps whoever reads the message of a second daemon: a full disk must not stop the first.
        let text = Array("\(getpid())\n".utf8)
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
        self.descriptor = descriptor
    }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        return Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    deinit { Glibc.close(descriptor) }
}
