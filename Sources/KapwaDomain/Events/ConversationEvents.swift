/// What an episode takes over from the one before.
public struct Continuation: Sendable, Hashable {
    public enum Carries: String, CaseIterable, Sendable {
        /// Back within 60 s of giving up: age, points and step stay.
        case place
        /// Within 24 h: tags, last agent and history.
        case history
        /// Later: only the fact.
        case nothing
    }

    public var episode: Int
    public var outcome: Outcome
    public var closedAt: Instant
    public var carries: Carries

    public init(episode: Int, outcome: Outcome, closedAt: Instant, carries: Carries) {
        self.episode = episode
        self.outcome = outcome
        self.closedAt = closedAt
        self.carries = carries
    }
}

/// An episode begins.
public struct ConversationOpened: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    public var after: Continuation?
    public var channel: Channel = .chat
    public var queue: QueueID?
    /// Personal.
    public var topic: String?
    /// Personal.
    public var customer: CustomerID?
    public var priority = 0
    /// What the sender asked for, before the queue's needs.
    public var skills = Skills.none
    public var preferredAgent: AgentID?
    /// Personal.
    public var attributes = Attributes.none
    /// From when on it is counted as waiting.
    public var since = Instant(milliseconds: 0)
    /// When it is closed as abandoned if nobody ends the bot's part.
    public var openUntil: Instant?

    public init() {}
}

/// A message came, of whoever.
public struct ConversationMessaged: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    public var from: Speaker = .customer
    /// Its number within the episode, from 1.
    public var message = 1
    public var agent: AgentID?
    /// When the assignment ends for lack of any message, for an assigned conversation.
    public var idleUntil: Instant?

    public init() {}
}

/// A customer's message was scored.
public struct ConversationTagged: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    /// The number of the message.
    public var message = 1
    /// Its evidence and the texts of its safety flags are personal.
    public var assessment = Assessment()
    public var moodTags = Tags()
    public var trend: Mood.Trend = .steady

    public init() {}
}

/// Where a conversation stands in a queue.
public struct Placement: Sendable, Hashable {
    public var queue: QueueID = ""
    /// The step in force, from 0.
    public var step = 0
    /// When the step in force ends by itself; absent for the last, which never does.
    public var stepEnds: Instant?
    /// The needs in force.
    public var needs = Skills.none
    /// Smaller first.
    public var rank: Int64 = 0
    /// Minutes of head start that are part of the rank, 0…240.
    public var points = 0
    public var targetMilliseconds: Milliseconds = 0
    /// From 1, within the queue.
    public var position = 1
    public var expectedWaitMilliseconds: Milliseconds?
    /// Units that it will take of an agent's capacity.
    public var units = 0
    /// Whether an explicit safety flag put it first.
    public var safety = false

    public init() {}
}

/// Entered a queue, for the first time or again, or another step of it.
public struct ConversationPlaced: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    public var placement = Placement()
    /// `requeued`: `declined`, `expired`, `withdrawn`, `transfer`, `agent_lost`, `removed`, `restart` …; free words
    /// of a transfer stand in ``note``.
    ///
    /// `queued`: `closed` when the queue opens only at ``until``. `relaxed`: `step`.
    public var reason: Reason?
    /// A person's words for it.
    public var note: Reason?
    /// When the queue opens, or when the step in force ends; absent when it never does.
    public var until: Instant?
    /// When it is given up as abandoned.
    public var waitUntil = Instant(milliseconds: 0)
    /// Alone a candidate until ``onlyUntil``.
    public var onlyAgent: AgentID?
    public var onlyUntil: Instant?
    /// Not back to this agent while another, not offline, meets the step.
    public var transferredFrom: AgentID?

    public init() {}
}

/// What is known of it changed, or its place in the queue did. Absent: unchanged.
public struct ConversationUpdated: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    /// Personal.
    public var customer: CustomerID?
    /// Personal.
    public var topic: String?
    public var priority: Int?
    public var skills: Skills?
    /// Personal.
    public var attributes: Attributes?
    /// The queue that was asked for.
    public var requestedQueue: QueueID?
    /// Where it stands now, if it is queued or offered.
    public var placement: Placement?
    /// Its units at the agent who has it, if its mood changed them.
    public var units: Int?

    public init() {}
}

/// Only agents whom it should not burden could take it now: it waits a little for another.
public struct ConversationHeld: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    public var queue: QueueID = ""
    public var step = 0
    public var position = 1
    /// The soft test that the best agent fails: `declined_before`, `streak_cap` or `soft_landing`.
    public var reason: Reason?
    public var until = Instant(milliseconds: 0)

    public init() {}
}

/// Its agent is on a break and nobody is writing: it waits for the agent, or goes on with the agent.
public struct ConversationParked: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    public var agent: AgentID = ""
    /// `break` or, with `resumed`, `break_over` (the agent is back) or `message` (the agent wrote).
    public var reason: Reason?
    /// With `parked`: when the agent is expected back.
    public var until: Instant?

    public init() {}
}

/// A person corrected what the scorer found.
public struct ConversationRetagged: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    /// What the peaks of the episode are from now on.
    public var tags = Tags()
    /// The tags that were corrected, in the order of ``Tag``.
    public var corrected: [String] = []
    /// Where it stands now, if it is queued or offered.
    public var placement: Placement?
    /// Its units at the agent who has it, if they changed.
    public var units: Int?
    public var by: Person?
    public var reason: Reason?

    public init() {}
}

/// No agent of any presence could meet the last step.
public struct ConversationUnroutable: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    public var queue: QueueID = ""
    public var needs = Skills.none

    public init() {}
}

/// An agent has it.
public struct ConversationAssigned: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    public var agent: AgentID = ""
    public var offer: OfferID?
    /// The queue in which it waited; absent when it never did.
    public var queue: QueueID?
    public var source: AssignmentSource = .offer
    public var units = 0
    /// The agent's load without this contact.
    public var load = 0
    /// Admitted capacity at this moment.
    public var capacity = 0
    public var waitedMilliseconds: Milliseconds = 0
    public var idleUntil = Instant(milliseconds: 0)
    /// Rules that a supervisor set aside.
    public var overrides: [Override] = []
    /// Hard tests that an external or fallback assignment broke.
    public var violations: [String] = []
    /// Where breaks do not bind: what they would have prevented, `break_owed` or `on_break`.
    public var prevented: String?
    /// With `supervisor`: what Kapwa would have decided, and how the pair stood.
    public var decision: Decision?
    /// The role of the person behind it.
    public var by: String?
    public var note: Reason?

    public init() {}
}

public struct ConversationClosed: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    public var outcome: Outcome = .resolved
    public var agent: AgentID?
    public var waitedMilliseconds: Milliseconds = 0
    public var handledMilliseconds: Milliseconds = 0
    /// `max_wait`, `max_idle` or `max_open`; absent when a command ended it.
    public var reason: Reason?

    public init() {}
}

/// A lead must look at it.
public struct SafetyRaised: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    public var kind: SafetyFlag.Kind = .medical
    public var level: SafetyFlag.Level = .explicit
    /// Who is told.
    public var to: String = "lead"
    /// From 1; grows while nobody acknowledges.
    public var round = 1
    /// When the next round begins if nobody acknowledges; absent when none does.
    public var until: Instant?

    public init() {}
}

public struct SafetyAcknowledged: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    public var by: Person?

    public init() {}
}
