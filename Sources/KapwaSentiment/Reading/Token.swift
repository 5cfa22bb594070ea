/// A word of a message as the lexicon knows it.
struct Token {
    var byteStart: Int32
    var byteEnd: Int32
    var scalarStart: Int32
    var scalarEnd: Int32
    /// The word as read, spellings resolved; −1 when the lexicons do not know it.
    var word: Vocabulary.ID = -1
    /// The root that it is a form of; −1 when none is known.
    var root: Vocabulary.ID = -1
    var roles: Roles = []
    var languages: Languages = []
    var flags: Flags = []
    /// Counted from 0; a full stop, question mark, exclamation mark or new line begins the next.
    var clause: Int32 = 0
    var startsFeeling = false
    var startsAlert = false

    struct Flags: OptionSet {
        let rawValue: UInt16
        static let capitals = Flags(rawValue: 1)
        static let elongated = Flags(rawValue: 2)
        /// `galing galing`, `mali2`, `sira-sira`.
        static let doubled = Flags(rawValue: 4)
        static let superlative = Flags(rawValue: 8)
        static let quoted = Flags(rawValue: 16)
        static let number = Flags(rawValue: 32)
        static let emoji = Flags(rawValue: 64)
        static let mention = Flags(rawValue: 128)
        static let known = Flags(rawValue: 256)
        /// A comma or a similar pause follows.
        static let pauses = Flags(rawValue: 512)
        /// Covered by a phrase, so that it no longer acts by itself.
        static let covered = Flags(rawValue: 1_024)
        /// The linker `-ng` was cut: what follows belongs to it.
        static let linked = Flags(rawValue: 2_048)
        /// Part of a denied complaint ("hindi naman ako galit"): what was learned of the words does not apply.
        static let denied = Flags(rawValue: 4_096)
    }
}

/// A match of an entry and what the rules made of it.
struct Hit {
    var entry: Int32
    var first: Int32
    /// Exclusive.
    var end: Int32
    var weights: Weights
    var rules: Rules = []
    /// Taken back by a rule: counts for nothing, raises nothing.
    var isCancelled = false
}
