/// Creates an agent (as offline) or changes one: an absent field keeps what is there, a present one replaces it.
public struct AgentUpsert: Sendable, Hashable {
    public var agent: AgentID
    /// Required the first time; replaced as a whole.
    public var skills: Skills?
    public var name: String?
    /// 1–1000 units, 100 when never said.
    public var capacity: Int?
    public var team: TeamID?
    public var attributes: Attributes?

    public init(
        agent: AgentID, skills: Skills? = nil, name: String? = nil, capacity: Int? = nil, team: TeamID? = nil,
        attributes: Attributes? = nil
    ) {
        self.agent = agent
        self.skills = skills
        self.name = name
        self.capacity = capacity
        self.team = team
        self.attributes = attributes
    }
}

/// Presence only: it neither starts nor ends a break.
public struct AgentState: Sendable, Hashable {
    public var agent: AgentID
    public var state: Presence
    public var reason: String?
    /// A lease in seconds, 10–3,600; when it runs out the agent is offline with reason `lost`.
    public var leaseSeconds: Int?

    public init(agent: AgentID, state: Presence, reason: String? = nil, leaseSeconds: Int? = nil) {
        self.agent = agent
        self.state = state
        self.reason = reason
        self.leaseSeconds = leaseSeconds
    }
}

/// When an agent works: what labour presets count their breaks from.
public struct AgentShift: Sendable, Hashable {
    public var agent: AgentID
    public var startsAt: Instant
    /// After ``startsAt``, at most ``Limits/shiftMax`` later.
    public var endsAt: Instant
    /// When the meal is meant to begin, within the shift; the preset chooses when absent.
    public var mealAt: Instant?
    /// The agent's time zone by its IANA name, for people who read the plan. It decides nothing.
    public var zone: String?

    public init(agent: AgentID, startsAt: Instant, endsAt: Instant, mealAt: Instant? = nil, zone: String? = nil) {
        self.agent = agent
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.mealAt = mealAt
        self.zone = zone
    }
}

/// As offline, with no waiting times, and gone.
public struct AgentRemove: Sendable, Hashable {
    public var agent: AgentID
    public var reason: String

    public init(agent: AgentID, reason: String) {
        self.agent = agent
        self.reason = reason
    }
}

/// The agent's own break: starts it, or owes it while live contacts last.
public struct BreakStart: Sendable, Hashable {
    public var agent: AgentID
    public var kind: BreakKind?
    public var minutes: Int?
    public var reason: String?

    public init(agent: AgentID, kind: BreakKind? = nil, minutes: Int? = nil, reason: String? = nil) {
        self.agent = agent
        self.kind = kind
        self.minutes = minutes
        self.reason = reason
    }
}

/// Ends a break: the agent, or a supervisor who says why.
public struct BreakEnd: Sendable, Hashable {
    public var agent: AgentID
    public var reason: String?

    public init(agent: AgentID, reason: String? = nil) {
        self.agent = agent
        self.reason = reason
    }
}

/// Moves an owed or planned break once, inside its window.
public struct BreakPostpone: Sendable, Hashable {
    public var agent: AgentID
    /// Which, when several are planned; the next one when absent.
    public var kind: BreakKind?
    /// By how much its latest start moves; as far as the rules allow when absent.
    public var minutes: Int?
    public var reason: String?

    public init(agent: AgentID, kind: BreakKind? = nil, minutes: Int? = nil, reason: String? = nil) {
        self.agent = agent
        self.kind = kind
        self.minutes = minutes
        self.reason = reason
    }
}

/// A supervisor gives a break.
public struct BreakGrant: Sendable, Hashable {
    public var agent: AgentID
    public var minutes: Int?
    public var reason: String

    public init(agent: AgentID, minutes: Int? = nil, reason: String) {
        self.agent = agent
        self.minutes = minutes
        self.reason = reason
    }
}

/// "That was hard": always believed, once per contact.
public struct StressReport: Sendable, Hashable {
    public var agent: AgentID
    public var conversation: ConversationID?

    public init(agent: AgentID, conversation: ConversationID? = nil) {
        self.agent = agent
        self.conversation = conversation
    }
}

/// Ends wrap-up where the rules allow.
public struct WrapupDone: Sendable, Hashable {
    public var agent: AgentID
    public var conversation: ConversationID
    public var disposition: String?
    /// The agent's word that it was hard, for a contact without words to read.
    public var hard: Bool?

    public init(agent: AgentID, conversation: ConversationID, disposition: String? = nil, hard: Bool? = nil) {
        self.agent = agent
        self.conversation = conversation
        self.disposition = disposition
        self.hard = hard
    }
}
