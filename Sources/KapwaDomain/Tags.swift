/// What a message tells about the person who wrote it. The axes are separate on purpose: a grieving family,
/// an angry customer and an abuser must never look alike to the router.
public enum Tag: String, CaseIterable, Sendable {
    case frustration, urgency, family, distress, relief
    /// Aimed at the agent; an insult of somebody else scores 0.
    case abuse
    case threat
}

/// One score per ``Tag``, each 0…1000; a tag holds at 500.
public struct Tags: Hashable, Sendable {
    public var frustration: Score = 0
    public var urgency: Score = 0
    public var family: Score = 0
    public var distress: Score = 0
    public var relief: Score = 0
    public var abuse: Score = 0
    public var threat: Score = 0

    public init() {}

    public subscript(tag: Tag) -> Score {
        get {
            switch tag {
            case .frustration: frustration
            case .urgency: urgency
            case .family: family
            case .distress: distress
            case .relief: relief
            case .abuse: abuse
            case .threat: threat
            }
        }
        set {
            switch tag {
            case .frustration: frustration = newValue
            case .urgency: urgency = newValue
            case .family: family = newValue
            case .distress: distress = newValue
            case .relief: relief = newValue
            case .abuse: abuse = newValue
            case .threat: threat = newValue
            }
        }
    }

    /// How hard the contact is to carry: the greatest of frustration, distress and abuse. Drives units and stress.
    public var hardness: Score { max(frustration, distress, abuse) }

    /// Whether this makes a contact *hard*: frustration or distress ≥ 700, abuse or threat ≥ 500.
    public var isHard: Bool {
        frustration >= .strong || distress >= .strong || abuse >= .holds || threat >= .holds
    }
}

/// Abuse found in a message: its kind, and at whom it is aimed.
public struct Abuse: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable { case insult, slur, sexual }
    public enum Target: String, CaseIterable, Sendable { case agent, other }

    public var kind: Kind
    public var target: Target

    public init(kind: Kind, target: Target) {
        self.kind = kind
        self.target = target
    }
}

/// A sign that somebody is in danger. Recall first: a false alarm costs a look, a miss may cost a life.
public struct SafetyFlag: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable, BitwiseCopyable {
        case selfHarm = "self_harm"
        case violence, medical, child
    }
    public enum Level: String, CaseIterable, Sendable, Comparable, BitwiseCopyable {
        case possible, explicit
        public static func < (left: Self, right: Self) -> Bool { left == .possible && right == .explicit }
    }

    public var kind: Kind
    public var level: Level
    /// The words that say so, as they came.
    public var text: String
    /// Span in Unicode scalars of the text as it came; `end` exclusive.
    public var start: Int
    public var end: Int

    public init(kind: Kind, level: Level, text: String, start: Int, end: Int) {
        self.kind = kind
        self.level = level
        self.text = text
        self.start = start
        self.end = end
    }
}

/// One reason for a score: which words counted for which tag, and how much.
public struct Evidence: Hashable, Sendable {
    /// A harm, a loss or a missed event that lifts urgency to hard.
    public enum Reason: String, CaseIterable, Sendable, BitwiseCopyable {
        case health, safety, stranded, disconnected, money, deadline, missing, child
    }

    /// The tag's name, or `polarity`.
    public var tag: String
    /// The words as they came.
    public var text: String
    /// Span in Unicode scalars of the text as it came; `end` exclusive.
    public var start: Int
    public var end: Int
    public var weight: Score
    public var reason: Reason?
    /// Names of the composition rules that changed the entry's weight, in the order in which they fired.
    public var rules: [String]
    /// The deployment's own lexicon that the row came from; `nil` when it came with Kapwa.
    public var source: String?

    public init(
        tag: String, text: String, start: Int, end: Int, weight: Score, reason: Reason? = nil, rules: [String] = [],
        source: String? = nil
    ) {
        self.tag = tag
        self.text = text
        self.start = start
        self.end = end
        self.weight = weight
        self.reason = reason
        self.rules = rules
        self.source = source
    }
}
