import ArgumentParser
import Foundation
import Glibc
import KapwaDaemon
import Logging

/// Where the models are when nobody says: beside the program, or where a package puts them. The directory that one
/// happens to stand in comes last, so that an installed program never reads what lies around there.
enum ModelsDirectory {
    static var standard: String {
        // What the shell called it need not be a path.
        let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        var places: [URL] = []
        var directory = program.deletingLastPathComponent()
        // A build directory lies some levels below the package that has the models.
        for _ in 0..<5 {
            places.append(directory)
            places.append(directory.appending(path: "../share/kapwa"))
            directory.deleteLastPathComponent()
        }
        places.append(URL(filePath: "/usr/share/kapwa"))
        places.append(URL(filePath: FileManager.default.currentDirectoryPath))
        let found = places.map { $0.appending(path: "Models") }.first {
            FileManager.default.fileExists(atPath: $0.appending(path: "lexicons").path(percentEncoded: false))
        }
        return found?.standardizedFileURL.path(percentEncoded: false) ?? "/usr/share/kapwa/Models"
    }
}

/// How a command fails: one line on standard error and a code, never a stack trace.
enum Failing {
    /// A file with a hundred errors has said enough with ten.
    private static let linesMax = 10

    static func withOneLine(_ body: () async throws -> Void) async throws {
        do {
            try await body()
            try flushResults()
        } catch let failure as StartFailure {
            let lines = failure.description.split(separator: "\n")
            for line in lines.prefix(linesMax) { say("kapwa: \(line)") }
            if lines.count > linesMax { say("kapwa: and \(lines.count - linesMax) more like these") }
            throw ExitCode(failure.code.rawValue)
        } catch let error as CocoaError {
            // Of a file handle: its own words would be three lines of domains and codes.
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            let reason = cause.map { String(cString: strerror(CInt($0.code))) } ?? error.localizedDescription
            say("kapwa: \((error.userInfo[NSFilePathErrorKey] as? String).map { $0 + ": " } ?? "")\(reason)")
            throw ExitCode(StartFailure.Code.inputOutput.rawValue)
        }
    }

    /// What could not be written was not done, whatever else went well.
    private static func flushResults() throws(StartFailure) {
        guard fflush(nil) != 0 else { return }
        throw StartFailure(.inputOutput, "the results could not be written: \(String(cString: strerror(errno)))")
    }

    static func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}

/// Logs go to standard error, standard output belongs to results.
enum Logs {
    static func logger(_ label: String, level: String) -> Logger {
        var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: level) ?? .info
        return logger
    }

    static func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(.warning, logger.logLevel)
        return quiet
    }
}

/// Blocking work, off the threads that Swift's tasks share.
enum Threads {
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: body()) }
            thread.start()
        }
    }
}
