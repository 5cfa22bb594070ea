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
    /// The bits of its word and root in ``Tables/Phrases/Node/filter``.
    var steps: UInt64 = 0
    /// What was learned of the word as written and of its root: numbers of fitted adjustments, −1 when none.
    var fitted: Int32 = -1
    var fittedRoot: Int32 = -1
    /// Where phrases that begin here go on.
    var feeling = PhraseStart.none
    var feelingRoot = PhraseStart.none
    var alert = PhraseStart.none
    var alertRoot = PhraseStart.none

    @inline(__always)
    mutating func take(_ info: WordInfo) {
        root = info.root
        roles = info.roles
        languages = info.languages
        fitted = info.fitted
        fittedRoot = info.fittedRoot
        feeling = info.feeling
        feelingRoot = info.feelingRoot
        alert = info.alert
        alertRoot = info.alertRoot
        steps = 1 << UInt64(info.wordBit) | 1 << UInt64(info.rootBit)
        flags.insert(.known)
    }

    struct Flags: OptionSet {
        let rawValue: UInt16
        static var capitals: Flags { Flags(rawValue: 1) }
        static var elongated: Flags { Flags(rawValue: 2) }
        /// `galing galing`, `mali2`, `sira-sira`.
        static var doubled: Flags { Flags(rawValue: 4) }
        static var superlative: Flags { Flags(rawValue: 8) }
        static var quoted: Flags { Flags(rawValue: 16) }
        static var number: Flags { Flags(rawValue: 32) }
        static var emoji: Flags { Flags(rawValue: 64) }
        static var mention: Flags { Flags(rawValue: 128) }
        static var known: Flags { Flags(rawValue: 256) }
        /// A comma or a similar pause follows.
        static var pauses: Flags { Flags(rawValue: 512) }
        /// Covered by a phrase, so that it no longer acts by itself.
        static var covered: Flags { Flags(rawValue: 1_024) }
        /// The linker `-ng` was cut: what follows belongs to it.
        static var linked: Flags { Flags(rawValue: 2_048) }
        /// Part of a denied complaint ("hindi naman ako galit"): what was learned of the words does not apply.
        static var denied: Flags { Flags(rawValue: 4_096) }
    }
}

/// A match of an entry and what the rules made of it.
struct Hit {
    var entry: Int32
    var first: Int32
    /// Exclusive.
    var end: Int32
    var weights: Weights
    /// The entry's roles.
    var roles: Roles
    var rules: Rules = []
    /// Taken back by a rule: counts for nothing, raises nothing.
    var isCancelled = false
}
