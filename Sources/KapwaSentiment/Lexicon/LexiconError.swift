/// Everything that is wrong with a set of lexicon files, so that one look mends them all.
public struct LexiconError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One fault: where it is, what it is, and what to do.
    public struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// The file's name, without its folder; of an overlay the path as it was given.
        public var file: String
        /// Counted from 1; 0 when the fault is the whole file's.
        public var line: Int
        /// What is wrong.
        public var what: String
        /// What would be right.
        public var remedy: String

        public init(file: String, line: Int, what: String, remedy: String) {
            self.file = file
            self.line = line
            self.what = what
            self.remedy = remedy
        }

        public var description: String {
            let place = line > 0 ? "\(file):\(line)" : file
            return "\(place): \(what); \(remedy)"
        }
    }

    /// In the order of the files and lines. Never empty.
    public let problems: [Problem]

    init(_ problems: [Problem]) { self.problems = problems }

    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
