import Foundation
import KapwaDaemon

/// Reads lines as bytes, without a string for each.
struct LineReader {
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var start = 0
    /// Up to where there is no line end.
    private var searched = 0
    private var isAtEnd = false

    init(_ handle: FileHandle) { self.handle = handle }

    /// Opens a file of lines; a directory is none.
    ///
    /// - Parameter expected: what the file should be, for the message.
    static func open(_ file: String, expected: String) throws(StartFailure) -> FileHandle {
        var isDirectory: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory)
        guard !isDirectory.boolValue, let handle = FileHandle(forReadingAtPath: file) else {
            throw StartFailure(.noInput, "\(file) cannot be read; name \(expected)")
        }
        return handle
    }

    /// The next line without its end; `nil` after the last.
    mutating func next() -> [UInt8]? {
        while true {
            if let newline = buffer[max(start, searched)...].firstIndex(of: UInt8(ascii: "\n")) {
                return take(upTo: newline)
            }
            searched = buffer.count
            if isAtEnd { return start < buffer.count ? take(upTo: buffer.count) : nil }
            fill()
        }
    }

    private mutating func take(upTo end: Int) -> [UInt8] {
        var line = Array(buffer[start..<end])
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        start = min(end + 1, buffer.count)
        searched = start
        return line
    }

    private mutating func fill() {
        buffer.removeSubrange(..<min(start, buffer.count))
        start = 0
        searched = buffer.count
        let more = handle.availableData
        if more.isEmpty { isAtEnd = true } else { buffer.append(contentsOf: more) }
    }
}
