/// How the customer talks to the contact centre.
public enum Channel: String, CaseIterable, Sendable {
    case chat, voice, email, social, sms, callback

    /// The channel whose numbers count where a rule does not name this one:
    /// social as chat, sms as email, callback as voice.
    public var family: Channel {
        switch self {
        case .chat, .social: .chat
        case .email, .sms: .email
        case .voice, .callback: .voice
        }
    }

    /// Units of capacity that a contact takes before its hardness is looked at.
    public var baseUnits: Int {
        switch self {
        case .voice, .callback: 100
        case .chat, .social: 25
        case .email, .sms: 15
        }
    }
}

/// Who wrote a message.
public enum Speaker: String, CaseIterable, Sendable {
    case customer, agent, bot, system
}

/// Whether an agent takes work. A break is a thing of its own and no presence.
public enum Presence: String, CaseIterable, Sendable {
    case ready, away, offline
}

/// How a conversation ended.
public enum Outcome: String, CaseIterable, Sendable {
    case resolved, abandoned, selfService = "self_service", spam, callback, endedAbuse = "ended_abuse"
}

/// Where an episode of a conversation is. Each is in exactly one of these.
public enum ConversationPhase: String, CaseIterable, Sendable {
    case open, queued, offered, assigned, closed
}

/// Whether Kapwa decides or only says what it would decide.
public enum Mode: String, CaseIterable, Sendable {
    /// Another router decides; what would be done is said in public events.
    case observe
    /// As `observe`, said to the agent too.
    case advise
    case enforce

    /// Whether what Kapwa decides holds.
    public var binds: Bool { self == .enforce }
}

/// Why an agent has a conversation: through an offer, by writing first, or by somebody else's decision.
public enum AssignmentSource: String, CaseIterable, Sendable {
    case offer, agent, external, fallback, supervisor
}

/// A rule that a named supervisor may set aside for one assignment. A break never can be.
public enum Override: String, CaseIterable, Sendable {
    case skill, capacity
    case streakCap = "streak_cap"
    case softLanding = "soft_landing"
    case declinedBefore = "declined_before"
    case negativeAffinity = "negative_affinity"

    /// Whether it tells how an agent fares, which is the agent's own to know: had hard contacts in a row, is just back.
    public var isCare: Bool { self == .streakCap || self == .softLanding }

    /// The names of rules as everybody may read them: what tells how an agent fares is the one word `care`, once.
    public static func publicNames(_ names: [String]) -> [String] {
        var known = false
        return names.compactMap { name in
            guard Override(rawValue: name)?.isCare ?? false else { return name }
            defer { known = true }
            return known ? nil : "care"
        }
    }
}
