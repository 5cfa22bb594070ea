internal import KapwaDomain

/// One row of a lexicon as the scorer uses it.
struct Entry: Sendable {
    var weights = Weights.zero
    var roles: Roles = []
    /// Why urgency is hard; only an entry that says so lifts it there.
    var reason: Evidence.Reason?
    var safety: Safety?
    /// By how much an intensifier or diminisher changes its neighbour, in thousandths; 1000 changes nothing.
    var factor: Int32 = 1_000
    var languages: Languages = []
    /// Whether the row is one word.
    var isSingleWord = true
    /// The deployment's own file that the row came from, by its place among them; −1: one that comes with Kapwa.
    var overlay: Int16 = -1

    var isOverlay: Bool { overlay >= 0 }

    /// The kind and level of danger that a phrase names.
    struct Safety: Hashable, Sendable {
        var kind: SafetyFlag.Kind
        var level: SafetyFlag.Level
    }

    /// Whether this row is looked for apart from feelings, at every word, so that no longer phrase can hide it.
    var isAlert: Bool {
        safety != nil || roles.meets(.threat) || (!isSingleWord && (roles.meets(.alerts) || isAimed))
    }

    /// Whether the phrase names its target: an insult by itself.
    private var isAimed: Bool { roles.meets(.you) && roles.meets(.aimable) }
}

/// The languages that a word belongs to.
struct Languages: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    init(rawValue: UInt8) { self.rawValue = rawValue }

    static var tagalog: Languages { Languages(rawValue: 1) }
    static var english: Languages { Languages(rawValue: 2) }
    static var cebuano: Languages { Languages(rawValue: 4) }
    static var ilocano: Languages { Languages(rawValue: 8) }

    /// As a lexicon file names it; `any` (emoji, numbers, names) tells nothing about the language.
    init?(named name: String) {
        switch name {
        case "tl": self = .tagalog
        case "en": self = .english
        case "ceb": self = .cebuano
        case "ilo": self = .ilocano
        case "any": self = []
        default: return nil
        }
    }
}
