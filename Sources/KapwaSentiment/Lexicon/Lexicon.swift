/// The rated words and phrases, loaded once and never changed: safe to share between threads.
public final class Lexicon: Sendable {
    let vocabulary: Vocabulary
    let words: [WordInfo]
    let aliasTargets: [Vocabulary.ID]
    /// Roles that a root hands down to its forms, by the root's number.
    let rootRoles: [Roles]
    let entries: [Entry]
    /// By entry: whether it came from a deployment's own file.
    let isOverlay: [Bool]
    /// Rated words and phrases; of overlapping ones the longest counts.
    let feelings: PhraseTrie
    /// Safety, threats, sexual remarks and what takes them back; looked for at every word.
    let alerts: PhraseTrie
    let fitted: FittedLayer
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

    init(_ builder: LexiconBuilder, hash: String) {
        vocabulary = builder.vocabulary
        words = builder.words
        aliasTargets = builder.aliasTargets
        rootRoles = (0..<Vocabulary.ID(builder.words.count)).map { builder.rootRoles[$0] ?? [] }
        entries = builder.entries
        isOverlay = builder.places.map(\.isOverlay)
        feelings = builder.feelings
        alerts = builder.alerts
        fitted = builder.fitted
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

        public init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// Checks and joins files; a row of an overlay replaces the row with the same term.
    ///
    /// - Throws: every fault of every file at once.
    public static func load(_ sources: [Source], overlays: [Source] = []) throws(LexiconError) -> Lexicon {
        var digest = ContentDigest()
        var builder = LexiconBuilder()
        for (layer, files) in [sources, overlays].enumerated() {
            for source in files {
                digest.add(source.name.utf8)
                digest.add(source.bytes)
                builder.add(LexiconTable(file: source.name, bytes: source.bytes), isOverlay: layer == 1)
            }
        }
        builder.build()
        guard builder.problems.isEmpty else { throw LexiconError(builder.problems) }
        return Lexicon(builder, hash: digest.hex)
    }
}
