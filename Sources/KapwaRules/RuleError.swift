/// One thing that is wrong, or legal and unwise, in a file that a person wrote.
public struct RuleError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Severity: Hashable, Sendable {
        /// The file is refused as a whole.
        case error
        /// The file holds; somebody should look.
        case warning
    }

    public var severity: Severity
    /// The file's name as it was given to the reader.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1, counted in Unicode scalars.
    public var column: Int
    /// The keys that lead there, as `queues[2].target.chat`; empty for the file itself.
    public var path: String
    /// What is wrong.
    public var message: String
    /// What would be right.
    public var fix: String

    /// `rules.yaml:7:13: routing.mode: "enforced" is no mode; write observe or enforce`
    public var description: String {
        let place = path.isEmpty ? "" : "\(path): "
        let mark = severity == .warning ? "warning: " : ""
        return "\(file):\(line):\(column): \(mark)\(place)\(message); \(fix)"
    }
}

/// Everything that is wrong with a file, in the order of its lines; never empty.
public struct RuleErrors: Error, Hashable, Sendable, CustomStringConvertible {
    public let errors: [RuleError]
    /// How many more were found than a person will read in one go.
    public let more: Int

    /// One line per error.
    public var description: String {
        let lines = errors.map(\.description) + (more > 0 ? ["… and \(more) more"] : [])
        return lines.joined(separator: "\n")
    }
}
