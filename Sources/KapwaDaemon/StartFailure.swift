import Glibc
public import KapwaJournal
public import KapwaTransport

/// Why a program ends before it began: one line, and a code that scripts can tell apart (`docs/errors.md`).
public struct StartFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// After `sysexits.h`, where it has a word for it.
    public enum Code: Int32, Sendable {
        case failed = 1
        case usage = 64
        case badData = 65
        case noInput = 66
        case unavailable = 69
        case cannotCreate = 73
        case inputOutput = 74
        case locked = 75
        case newer = 76
        case configuration = 78
    }

    public let code: Code
    public let description: String

    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

extension StartFailure {
    public init(_ error: JournalError) {
        let code: Code
        switch error {
        case .locked: code = .locked
        case .newer: code = .newer
        case .corrupt, .gap: code = .badData
        case .notWritable, .full: code = .cannotCreate
        case .notReadable: code = .noInput
        case .io: code = .inputOutput
        }
        self.init(code, error.description)
    }

    public init(_ error: TransportError) {
        switch error {
        case .unsupportedScheme, .badEndpoint: self.init(.configuration, "\(error)")
        default: self.init(.unavailable, "\(error)")
        }
    }
}

/// Reads whole files with errors that say what is missing.
enum FileReading {
    static func bytes(_ path: String, what: String, most: Int) throws(StartFailure) -> [UInt8] {
        try bytesAndStatus(path, what: what, most: most).bytes
    }

    /// A file and what the system says of it, of one opening: what is read is what was looked at.
    static func bytesAndStatus(
        _ path: String, what: String, most: Int
    ) throws(StartFailure) -> (bytes: [UInt8], status: stat) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, what) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path, what) }
        guard status.st_size <= most else { throw tooLong(path, what, "\(status.st_size) bytes long", most) }
        // To its end, not by its length: a pipe has none, and a file may grow meanwhile.
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 * 1_024)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path, what) }
            if count == 0 { return (bytes, status) }
            bytes += piece[..<count]
            guard bytes.count <= most else { throw tooLong(path, what, "longer", most) }
        }
    }

    private static func tooLong(_ path: String, _ what: String, _ length: String, _ most: Int) -> StartFailure {
        StartFailure(.badData, "\(what) \(path) is \(length); \(most) are the most")
    }

    private static func unreadable(_ path: String, _ what: String) -> StartFailure {
        let reason =
            switch errno {
            case ENOENT: "there is no such file"
            case EACCES: "permission denied"
            default: String(cString: strerror(errno))
            }
        return StartFailure(.noInput, "\(what) \(path) cannot be read: \(reason)")
    }
}
