/// The composition rules, by the names under which evidence and explanations show them.
public enum Rule: String, CaseIterable, Sendable {
    /// "hindi maganda", "not happy", "walang sira": the feeling behind a negator turns.
    case negation
    /// "sobrang", "napaka-", "very": the feeling beside it grows; "medyo", "slightly": it shrinks.
    case intensity
    /// CAPITALS, drawn-out and doubled words.
    case emphasis
    /// Praise and complaint on two sides of "pero", "kaso", "but".
    case contrast
    /// Praise or thanks beside a failure.
    case sarcasm
    /// "Salamat po" at the end of a request is manners, not relief.
    case manners
    /// `kuya`, `ate`, `mommy` as an address are not family.
    case honorific
    /// What somebody else said or did is not the writer's own feeling.
    case reported
    /// A laugh beside rough words between friends.
    case humour
    /// Swearing without a target is emphasis.
    case swearing
    /// An insult bound to "you".
    case aimed
    /// A phrase of hyperbole or about a device takes the alarm back.
    case harmless
    /// Despair beside words that alone would be small.
    case despair
    /// "Agad" in "nasira agad" is no haste: words of speed need a request beside them.
    case haste
    /// Trouble that sincere thanks show to be over.
    case resolved
    /// Trouble that lasts or comes again is strong frustration.
    case repetition
    /// Weak signs alone end below the strong bound.
    case bounded
    /// A row of a deployment's own file.
    case overlay
    /// What fitted rows add: words that labelled messages showed to lean one way.
    case learned

    var bit: UInt32 {
        switch self {
        case .negation: 1 << 0
        case .intensity: 1 << 1
        case .emphasis: 1 << 2
        case .contrast: 1 << 3
        case .sarcasm: 1 << 4
        case .manners: 1 << 5
        case .honorific: 1 << 6
        case .reported: 1 << 7
        case .humour: 1 << 8
        case .swearing: 1 << 9
        case .aimed: 1 << 10
        case .harmless: 1 << 11
        case .despair: 1 << 12
        case .haste: 1 << 13
        case .resolved: 1 << 14
        case .repetition: 1 << 15
        case .bounded: 1 << 16
        case .overlay: 1 << 17
        case .learned: 1 << 18
        }
    }
}

/// A set of ``Rule``s.
public struct Rules: OptionSet, Hashable, Sendable, BitwiseCopyable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    public init(_ rule: Rule) { rawValue = rule.bit }

    static var negation: Rules { Rules(.negation) }
    static var intensity: Rules { Rules(.intensity) }
    static var emphasis: Rules { Rules(.emphasis) }
    static var contrast: Rules { Rules(.contrast) }
    static var sarcasm: Rules { Rules(.sarcasm) }
    static var manners: Rules { Rules(.manners) }
    static var honorific: Rules { Rules(.honorific) }
    static var reported: Rules { Rules(.reported) }
    static var humour: Rules { Rules(.humour) }
    static var swearing: Rules { Rules(.swearing) }
    static var aimed: Rules { Rules(.aimed) }
    static var harmless: Rules { Rules(.harmless) }
    static var despair: Rules { Rules(.despair) }
    static var haste: Rules { Rules(.haste) }
    static var resolved: Rules { Rules(.resolved) }
    static var repetition: Rules { Rules(.repetition) }
    static var bounded: Rules { Rules(.bounded) }
    static var overlay: Rules { Rules(.overlay) }
    static var learned: Rules { Rules(.learned) }

    /// Their names in the order of ``Rule/allCases``.
    var names: [String] { Rule.allCases.filter { rawValue & $0.bit != 0 }.map(\.rawValue) }
}
