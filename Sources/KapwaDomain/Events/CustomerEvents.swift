/// A customer is not routed to an agent for some time.
public struct AffinitySet: EventContent {
    /// Personal.
    public var customer: CustomerID?
    public var agent: AgentID = ""
    /// The contact that brought it about.
    public var conversation: ConversationID?
    public var episode = 1
    /// `threat`, `sexual`, `slur` or `insult`.
    public var kind = ""
    public var until = Instant(milliseconds: 0)

    public init() {}
}

public struct AffinityLifted: EventContent {
    /// Personal.
    public var customer: CustomerID?
    public var agent: AgentID = ""
    /// The contact that had brought it about.
    public var conversation: ConversationID?
    public var by: Person?
    /// A person's words, or `retagged`.
    public var reason: Reason?

    public init() {}
}

/// The customer said afterwards how it was.
public struct FeedbackRecorded: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    public var agent: AgentID?
    public var csat: Int?
    public var nps: Int?
    /// Of the comment, −1000…1000.
    public var polarity: Score?

    public init() {}
}

/// Somebody has to come back to the customer.
public struct FollowupOwed: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    /// `callback` or `safety`.
    public var reason: Reason?
    public var agent: AgentID?

    public init() {}
}

public struct FollowupClosed: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    public var by: Person?

    public init() {}
}

/// Something happened that many write about.
public struct IncidentDeclared: EventContent {
    public var topic = ""
    /// What customers and agents are told.
    public var text: String?
    public var until = Instant(milliseconds: 0)
    /// Skills that conversations of the topic need no longer while it lasts, by the playbook.
    public var drops: [String] = []
    public var by: Person?
    public var reason: Reason?

    public init() {}
}

public struct IncidentEnded: EventContent {
    public var topic = ""
    public var by: Person?
    /// `command` or `time`.
    public var reason: Reason?

    public init() {}
}
