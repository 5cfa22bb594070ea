/// What a command is answered with.
public struct Reply: Sendable, Hashable {
    public var id: CommandID?
    public var result: Result<Accepted, Refusal>

    public init(id: CommandID?, result: Result<Accepted, Refusal>) {
        self.id = id
        self.result = result
    }

    /// Carried out: `seq` of the last of its own events and what the type adds.
    public struct Accepted: Sendable, Hashable {
        /// 0 when the command had no effect.
        public var sequence: Int64
        public var details: Details

        public init(sequence: Int64, details: Details = .none) {
            self.sequence = sequence
            self.details = details
        }
    }

    /// What a reply carries besides `seq`.
    public enum Details: Sendable, Hashable {
        case none
        /// `agent.state`: what the presence amounts to.
        case presence(EffectivePresence)
        /// `conversation.message` with `return: ["tags"]`.
        case assessment(Assessment)
        /// `conversation.assign`: what it broke.
        case violations([String])
        /// `break.start`, `break.grant`: which break, and whether it runs or is owed.
        case breakState(BreakID, running: Bool)
        /// `queue.estimate`: from 1; `nil` waits when nothing is known yet or nobody could serve.
        case estimate(position: Int, p50: Milliseconds?, p90: Milliseconds?)
        case pong(version: String, now: Instant, idsSince: Instant, mode: Mode)
        case rows(StateRows)
    }
}

/// Rows of `state.read`, true at `sequence`.
public struct StateRows: Sendable, Hashable {
    public enum Rows: Sendable, Hashable {
        case agents([AgentRow])
        case conversations([ConversationRow])
        case offers([OfferRow])
        case breaks([BreakRow])
        case queues([QueueRow])
        case followups([FollowupRow])
        case incidents([IncidentRow])
    }

    public var rows: Rows
    /// The id to pass as `after` for the next rows; `nil` at the end.
    public var next: String?
    /// Sequence of the last event that the rows include.
    public var sequence: Int64

    public init(rows: Rows, next: String?, sequence: Int64) {
        self.rows = rows
        self.next = next
        self.sequence = sequence
    }
}

public struct AgentRow: EventContent {
    public var agent: AgentID = ""
    public var name: String?
    public var state: Presence = .offline
    public var effective: EffectivePresence = .offline
    public var skills = Skills.none
    public var capacity = 100
    public var load = 0
    public var team: TeamID?
    public var attributes = Attributes.none
    /// Conversations that the agent has, in the order in which they came.
    public var conversations: [ConversationID] = []
    public var offers: [OfferID] = []
    public var wrapups: [ConversationID] = []
    public var leaseUntil: Instant?
    public var shift: ShiftRow?

    public init() {}
}

/// When an agent works, as far as it was said.
public struct ShiftRow: EventContent {
    public var startsAt = Instant(milliseconds: 0)
    public var endsAt = Instant(milliseconds: 0)
    public var mealAt: Instant?

    public init() {}
}

public struct ConversationRow: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    public var state: ConversationPhase = .open
    public var channel: Channel = .chat
    public var customer: CustomerID?
    public var topic: String?
    public var priority = 0
    public var openedAt = Instant(milliseconds: 0)
    /// `true` while its agent is on a break and it waits for the agent.
    public var isParked: Bool?
    /// Where it stands, if it is queued or offered.
    public var placement: Placement?
    public var agent: AgentID?
    public var offer: OfferID?
    public var messages = 0
    public var moodTags = Tags()
    public var trend: Mood.Trend = .steady
    public var safety: SafetyFlag.Level?
    public var outcome: Outcome?

    public init() {}
}

public struct OfferRow: EventContent {
    public var offer: OfferID = ""
    public var conversation: ConversationID = ""
    public var agent: AgentID = ""
    public var units = 0
    public var madeAt = Instant(milliseconds: 0)
    public var expiresAt = Instant(milliseconds: 0)

    public init() {}
}

public struct BreakRow: EventContent {
    public var breakID: BreakID = ""
    public var agent: AgentID = ""
    public var kind: BreakKind = .stress
    public var reason: BreakReason = .care
    public var state: BreakStage = .owed
    public var enforced = true
    public var minutes = 0
    /// Does not begin by itself before this.
    public var earliest: Instant?
    public var startBy = Instant(milliseconds: 0)
    public var startedAt: Instant?
    public var endsAt: Instant?
    public var paid = true

    public init() {}
}

public struct QueueRow: EventContent {
    public var queue: QueueID = ""
    public var waiting = 0
    public var offered = 0
    public var targetMilliseconds: Milliseconds = 0
    public var longestWaitMilliseconds: Milliseconds = 0
    public var needs = Skills.none

    public init() {}
}

/// Somebody has to come back to a customer.
public struct FollowupRow: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    /// `callback` or `safety`.
    public var reason = ""
    /// The agent who had it at the end.
    public var agent: AgentID?
    public var owedAt = Instant(milliseconds: 0)

    public init() {}
}

/// Something happened that many write about, and it is not over.
public struct IncidentRow: EventContent {
    public var topic = ""
    public var text: String?
    public var declaredAt = Instant(milliseconds: 0)
    public var until = Instant(milliseconds: 0)
    /// Skills that conversations of the topic need no longer.
    public var drops: [String] = []

    public init() {}
}
