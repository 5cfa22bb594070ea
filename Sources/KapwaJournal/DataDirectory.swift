import Foundation
import Glibc

/// The directory of a daemon's data, made for its owner's eyes alone.
struct DataDirectory {
    let path: String

    func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }

    /// Makes the directory unless it is there.
    func make() throws(JournalError) {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) {
            guard isDirectory.boolValue else { throw .notWritable(path: path, why: "it is a file, no directory") }
            return
        }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .notWritable(path: path, why: error.localizedDescription)
        }
        try synchronize(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    /// Makes an empty file for SQLite, whose own would be readable by all, and makes its name last over a power cut.
    func prepare(file: String) throws(JournalError) {
        // Not opened when it is there: closing it again would drop the locks of readers in this process.
        let descriptor = Glibc.open(file, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor < 0, errno == EEXIST { return }
        guard descriptor >= 0 else { throw .notWritable(path: file, why: String(cString: strerror(errno))) }
        Glibc.close(descriptor)
        try synchronize()
    }

    /// Makes the names of its files last over a power cut.
    func synchronize() throws(JournalError) { try synchronize(path) }

    /// Waits until a file's content is on disk.
    func synchronize(file: String) throws(JournalError) {
        let descriptor = Glibc.open(file, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw .notWritable(path: file, why: String(cString: strerror(errno))) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw .io(code: 0, message: "syncing \(file) failed: \(String(cString: strerror(errno)))")
        }
    }

    private func synchronize(_ directory: String) throws(JournalError) {
        let descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .notWritable(path: directory, why: String(cString: strerror(errno))) }
        defer { Glibc.close(descriptor) }
        // Some file systems cannot sync a directory; they answer EINVAL and there is nothing better to do.
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw .notWritable(path: directory, why: String(cString: strerror(errno)))
        }
    }
}
