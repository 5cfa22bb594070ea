/// What the lexicons say of one word of the vocabulary: one line of the processor's cache.
struct WordInfo: Sendable {
    /// The letters by which it is found, as in ``WordKey``.
    var head: UInt64 = 0
    var tail: UInt64 = 0
    /// Roles of the word's own row; of its root's row when it has none.
    var roles: Roles = []
    /// The root that this word is a form of, or itself when it is one; −1 when none is known.
    var root: Vocabulary.ID = -1
    /// Numbers of the fitted adjustments for the word as written and for its root, −1 when none.
    var fitted: Int32 = -1
    var fittedRoot: Int32 = -1
    /// Where phrases that begin with the word, or with its root, go on.
    var feeling = PhraseStart.none
    var feelingRoot = PhraseStart.none
    var alert = PhraseStart.none
    var alertRoot = PhraseStart.none
    /// The bits of the word, and of its root or again of the word, in ``Tables/Phrases/Node/filter``.
    var wordBit: UInt8 = 0
    var rootBit: UInt8 = 0
    /// Where the word's bytes stand in ``Vocabulary/bytes``.
    var start: UInt32 = 0
    var length: UInt16 = 0
    var languages: Languages = []
    var flags: Flags = []

    struct Flags: OptionSet {
        let rawValue: UInt8
        /// A row of its own stands by hand, so that the root's does not count.
        static var hasOwnRow: Flags { Flags(rawValue: 1) }
        /// Was declared a root (`sira~`).
        static var root: Flags { Flags(rawValue: 2) }
        /// Is only a spelling of other words, see ``Tables/Words/spelled(_:)``.
        static var spelling: Flags { Flags(rawValue: 4) }
    }
}
