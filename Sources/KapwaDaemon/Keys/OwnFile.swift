import Foundation
import Glibc

/// Files for their owner's eyes alone: written whole, and on disk before anybody counts on them.
enum OwnFile {
    /// Writes a new file of mode 0600; never over one that is there.
    ///
    /// - Parameter owner: who is to own it when it is root who writes.
    static func create(_ path: String, _ bytes: [UInt8], owner: Owner? = nil) throws(StartFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            guard errno != EEXIST else {
                throw StartFailure(.cannotCreate, "\(path) is there already; it is not written over")
            }
            throw failure(path)
        }
        defer { close(descriptor) }
        if let owner, geteuid() == 0 { _ = fchown(descriptor, owner.user, owner.group) }
        let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard written == bytes.count, fsync(descriptor) == 0 else {
            let problem = failure(path)
            unlink(path)
            throw problem
        }
        try synchronizeDirectory(of: path)
    }

    /// The same under a name that no reader looks at until it is whole.
    static func publish(_ path: String, _ bytes: [UInt8], owner: Owner?, replacing: Bool) throws(StartFailure) {
        let url = URL(filePath: path)
        let draft = url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).\(getpid())")
            .path(percentEncoded: false)
        unlink(draft)
        try create(draft, bytes, owner: owner)
        defer { unlink(draft) }
        guard (replacing ? rename(draft, path) : link(draft, path)) == 0 else {
            guard errno != EEXIST else {
                throw StartFailure(.cannotCreate, "\(path) is there already; it is not written over")
            }
            throw failure(path)
        }
        try synchronizeDirectory(of: path)
    }

    struct Owner {
        var user: uid_t
        var group: gid_t

        /// Of a file or directory that is there.
        init?(of path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            (user, group) = (status.st_uid, status.st_gid)
        }

        /// Goes on as the owner of a directory where it is root who works on it: what root leaves there the daemon, which
        /// is somebody else, could not read.
        static func become(of directory: String) throws(StartFailure) {
            guard geteuid() == 0, let owner = Owner(of: directory), owner.user != 0 else { return }
            guard setegid(owner.group) == 0, seteuid(owner.user) == 0 else { throw OwnFile.failure(directory) }
        }
    }

    /// A whole file, and what the system says of it.
    static func read(_ path: String, what: String, most: Int) throws(StartFailure) -> (bytes: [UInt8], status: stat) {
        try FileReading.bytesAndStatus(path, what: what, most: most)
    }

    /// - Throws: where what was done to a file's name may not survive a power cut.
    static func synchronizeDirectory(of path: String) throws(StartFailure) {
        let directory = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(directory) }
        defer { close(descriptor) }
        // Some file systems cannot sync a directory; they answer EINVAL and there is nothing better to do.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure(directory) }
    }

    static func failure(_ path: String) -> StartFailure {
        StartFailure(.cannotCreate, "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
