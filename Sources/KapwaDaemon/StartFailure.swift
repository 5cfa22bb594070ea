import Foundation
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
        do {
            let data = try Data(contentsOf: URL(filePath: path))
            guard data.count <= most else {
                throw StartFailure(.badData, "\(what) \(path) is \(data.count) bytes long; \(most) are the most")
            }
            return Array(data)
        } catch let failure as StartFailure {
            throw failure
        } catch {
            throw StartFailure(.noInput, "\(what) \(path) cannot be read: \(reason(error))")
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile: "there is no such file"
        case .fileReadNoPermission: "permission denied"
        default: error.localizedDescription
        }
    }
}
