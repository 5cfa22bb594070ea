/// The agent as it is from now on.
public struct AgentUpdated: EventContent {
    public var agent: AgentID = ""
    /// Personal.
    public var name: String?
    public var skills = Skills.none
    public var capacity = 100
    public var team: TeamID?
    /// Personal.
    public var attributes = Attributes.none

    public init() {}
}

/// What an agent's presence amounts to once breaks are looked at.
public enum EffectivePresence: String, CaseIterable, Sendable {
    case ready, away, offline
    case breakOwed = "break_owed"
    case onBreak = "on_break"
}

/// Presence changed.
public struct AgentStateChanged: EventContent {
    public var agent: AgentID = ""
    public var state: Presence = .offline
    public var was: Presence = .offline
    /// `lost`, `no_answer`, `break_over`, `restart`, or the sender's words.
    public var reason: Reason?
    public var effective: EffectivePresence = .offline
    /// When the lease runs out, where there is one.
    public var leaseUntil: Instant?
    /// With `ready` after a break or a long absence: until then the agent lands softly, with half the capacity.
    public var landingUntil: Instant?

    public init() {}
}

/// When the agent works from now on.
public struct AgentShiftChanged: EventContent {
    public var agent: AgentID = ""
    public var startsAt = Instant(milliseconds: 0)
    public var endsAt = Instant(milliseconds: 0)
    public var mealAt: Instant?
    public var zone: String?

    public init() {}
}

/// An agent takes nothing else until a conversation that needs all of them fits.
///
/// Ends by itself: at ``until``, or when the conversation no longer waits.
public struct AgentReserved: EventContent {
    public var agent: AgentID = ""
    public var conversation: ConversationID = ""
    public var episode = 1
    /// What the conversation will take.
    public var units = 0
    public var until = Instant(milliseconds: 0)

    public init() {}
}

public struct AgentRemoved: EventContent {
    public var agent: AgentID = ""
    public var reason: Reason?

    public init() {}
}

/// Stress was booked, or given back. Private to the agent and to role `wellbeing`.
public struct AgentStressed: EventContent {
    public var agent: AgentID = ""
    public var conversation: ConversationID?
    public var episode: Int?
    /// Milli-contacts added by this event; negative when relief gives some back.
    public var points: Int = 0
    /// Milli-contacts that the contact has booked so far, this event included.
    public var contactPoints: Int = 0
    /// The ledger after this event, milli-contacts.
    public var ledger: Int = 0
    /// `contact`, `relief`, `report`, `disposition` or `retag`.
    public var reason: Reason?

    public init() {}
}

/// After-contact work begins: it holds the contact's units until done or its limit.
public struct WrapupStarted: EventContent {
    public var agent: AgentID = ""
    public var conversation: ConversationID = ""
    public var episode = 1
    public var units = 0
    public var deadline = Instant(milliseconds: 0)
    /// Whether the agent gets no offer meanwhile.
    public var exclusive = false

    public init() {}
}

public struct WrapupEnded: EventContent {
    public var agent: AgentID = ""
    public var conversation: ConversationID = ""
    public var episode = 1
    /// `done`, `limit`, `offline` or `removed`.
    public var reason: Reason?
    /// The agent's code for what it was about.
    public var disposition: String?
    /// The agent's word that it was hard.
    public var hard: Bool?

    public init() {}
}

/// A short pause is offered; the agent takes it with `break.start` or lets it be.
public struct BreakInvited: EventContent {
    public var agent: AgentID = ""
    /// `insult` or `stagger`.
    public var reason: Reason?
    public var minutes = 0
    public var until = Instant(milliseconds: 0)

    public init() {}
}

/// Live chats remain at a break's latest start: another agent could take this one.
public struct HandoverOffered: EventContent {
    public var agent: AgentID = ""
    public var conversation: ConversationID = ""
    public var episode = 1
    /// When it is handed over without being asked.
    public var until = Instant(milliseconds: 0)

    public init() {}
}

/// The lead should offer the agent a talk: it has been hard more often than breaks can mend.
public struct TalkSuggested: EventContent {
    public var agent: AgentID = ""
    /// Reports of this shift.
    public var reports = 0

    public init() {}
}

/// A break starts though too few are left for a skill or a team: the deadline wins, the supervisor knows.
public struct BreakFloorBroken: EventContent {
    public var breakID: BreakID = ""
    public var agent: AgentID = ""
    public var skill: SkillID?
    public var team: TeamID?
    /// Ready agents that the rules ask for, and that are left.
    public var least = 0
    public var left = 0

    public init() {}
}

/// A step in the life of a break: planned, owed, started, postponed, overdue, ended.
public struct BreakChanged: EventContent {
    public var breakID: BreakID = ""
    public var agent: AgentID = ""
    public var kind: BreakKind = .stress
    public var reason: BreakReason = .care
    /// False in mode `observe`: the break excludes nobody.
    public var enforced = true
    public var minutes = 0
    /// Does not begin by itself before this: with `planned` and `postponed`, and with `owed` what a supervisor cut.
    public var earliest: Instant?
    public var startBy = Instant(milliseconds: 0)
    public var paid = true
    /// Before so many minutes nobody ends it; absent: the agent ends it at any time.
    public var minimumMinutes: Int?
    /// With `started`: when it is over.
    public var endsAt: Instant?
    /// With `started`: how long after `start_by`, 0 when in time.
    public var lateMilliseconds: Milliseconds?
    /// Why it was late: `live_contact`, `restart` or, for a planned one, `floor`.
    public var lateCause: Reason?
    /// With `ended`: how long it lasted.
    public var takenMilliseconds: Milliseconds?
    /// With `ended`, where the agent is ready at once: until then the agent lands softly, with half the capacity.
    public var landingUntil: Instant?
    /// With `ended`: whether at least its minutes were taken.
    public var completed: Bool?
    /// Follows a contact after which it must not be cut: threat, slur, sexual harassment, safety.
    public var immediate = false
    /// What a break for care follows: `ledger`, `threat`, `insult`, `slur`, `sexual`, `safety`, `cut` or, taken when
    /// invited, `stagger`.
    public var because: String?
    /// Who asked for it, granted or ended it: `agent`, `timer`, or a person's role.
    public var by: String?
    /// That person's words.
    public var note: Reason?

    public init() {}
}
