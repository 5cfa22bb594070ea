internal import Dispatch

/// The rated words and phrases, loaded once and never changed: safe to share between threads.
public final class Lexicon: Sendable {
    let tables: Tables
    /// The word that stands for any number, and for any `@name`, in fitted terms.
    let numberWord: Vocabulary.ID
    let mentionWord: Vocabulary.ID
    /// `for`, `sa`: what thanks are given for. `mga`: several are meant.
    let gratitudeLinks: Set<Vocabulary.ID>
    let pluralMarks: Set<Vocabulary.ID>

    /// Digest of the files' bytes and names, 32 hexadecimal digits: tells one lexicon from another.
    public let hash: String
    /// Rows that carry a rating, a role or a spelling.
    public let count: Int
    /// Names of the deployment's own files, in the order in which they were read.
    public let overlays: [String]

    init(_ builder: LexiconBuilder, overlays: [String], hash: String) {
        self.overlays = overlays
        tables = Tables(builder)
        numberWord = builder.numberWord
        mentionWord = builder.mentionWord
        count = builder.rows
        let words = builder.vocabulary
        gratitudeLinks = Set(["for", "sa"].map { words.find($0.utf8) }.filter { $0 >= 0 })
        pluralMarks = Set(["mga"].map { words.find($0.utf8) }.filter { $0 >= 0 })
        self.hash = hash
    }

    /// A file in memory.
    public struct Source: Sendable {
        public var name: String
        public var bytes: [UInt8]
        /// What faults call it; the name where nothing else is said.
        public var path: String

        public init(name: String, bytes: [UInt8], path: String? = nil) {
            self.name = name
            self.bytes = bytes
            self.path = path ?? name
        }
    }

    /// Checks and joins files; a row of an overlay replaces the row with the same term.
    ///
    /// - Parameter current: returned as it is when it was made of the same files.
    /// - Throws: every fault of every file at once.
    public static func load(
        _ sources: [Source], overlays: [Source] = [], current: Lexicon? = nil
    ) throws(LexiconError) -> Lexicon {
        var digest = ContentDigest()
        for source in sources { digest.add(source) }
        digest.add("overlays".utf8)
        for source in overlays { digest.add(source) }
        if let current, current.hash == digest.hex { return current }
        var builder = LexiconBuilder()
        for (place, table) in tables(of: sources + overlays).enumerated() {
            builder.add(table, overlay: Int16(clamping: max(-1, place - sources.count)))
        }
        builder.build()
        guard builder.problems.isEmpty else { throw LexiconError(builder.problems) }
        return Lexicon(builder, overlays: overlays.map(\.name), hash: digest.hex)
    }

    /// The files as rows, read on all cores.
    private static func tables(of files: [Source]) -> [LexiconTable] {
        [LexiconTable](unsafeUninitializedCapacity: files.count) { memory, count in
            // `unsafe` because the compiler cannot see that each call writes the place of its own file alone, once, and
            // that all have ended before the list is used.
            nonisolated(unsafe) let places = memory
            DispatchQueue.concurrentPerform(iterations: files.count) { index in
                let table = LexiconTable(file: files[index].path, bytes: files[index].bytes)
                places.initializeElement(at: index, to: table)
            }
            count = files.count
        }
    }
}
