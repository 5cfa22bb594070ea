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
    /// Trouble that lasts or comes again is strong frustration.
    case repetition
    /// Weak signs alone end below the strong bound.
    case bounded
    /// A row of a deployment's own file.
    case overlay

    var bit: UInt32 { 1 << UInt32(Self.order[self] ?? 31) }

    private static let order: [Rule: Int] = {
        var order: [Rule: Int] = [:]
        for (position, rule) in allCases.enumerated() { order[rule] = position }
        return order
    }()
}

/// A set of ``Rule``s.
public struct Rules: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    public init(_ rule: Rule) { rawValue = rule.bit }

    static let negation = Rules(.negation)
    static let intensity = Rules(.intensity)
    static let emphasis = Rules(.emphasis)
    static let contrast = Rules(.contrast)
    static let sarcasm = Rules(.sarcasm)
    static let manners = Rules(.manners)
    static let honorific = Rules(.honorific)
    static let reported = Rules(.reported)
    static let humour = Rules(.humour)
    static let swearing = Rules(.swearing)
    static let aimed = Rules(.aimed)
    static let harmless = Rules(.harmless)
    static let despair = Rules(.despair)
    static let repetition = Rules(.repetition)
    static let bounded = Rules(.bounded)
    static let overlay = Rules(.overlay)

    /// Their names in the order of ``Rule/allCases``.
    var names: [String] { Rule.allCases.filter { rawValue & $0.bit != 0 }.map(\.rawValue) }
}
