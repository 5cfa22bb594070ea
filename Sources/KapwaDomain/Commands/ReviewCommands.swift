/// A person corrects the scorer; ledger and affinity follow.
public struct ConversationRetag: Sendable, Hashable {
    public var conversation: ConversationID
    /// Tags that hold (`true`) or do not, each at most once, in the order of ``Tag``.
    public var tags: [TagCorrection]
    public var reason: String

    public init(conversation: ConversationID, tags: [TagCorrection], reason: String) {
        self.conversation = conversation
        self.tags = tags
        self.reason = reason
    }
}

/// Whether a tag holds, by a person's word.
public struct TagCorrection: Sendable, Hashable {
    public var tag: Tag
    public var holds: Bool

    public init(tag: Tag, holds: Bool) {
        self.tag = tag
        self.holds = holds
    }
}

/// Something has happened that many will write about.
public struct IncidentDeclare: Sendable, Hashable {
    public var topic: String
    /// What customers and agents are told.
    public var text: String?
    /// At most ``Limits/incidentMax`` ahead.
    public var until: Instant
    public var reason: String

    public init(topic: String, text: String? = nil, until: Instant, reason: String) {
        self.topic = topic
        self.text = text
        self.until = until
        self.reason = reason
    }
}

public struct IncidentEnd: Sendable, Hashable {
    public var topic: String

    public init(topic: String) { self.topic = topic }
}

/// A customer may be routed to an agent again.
public struct AffinityLift: Sendable, Hashable {
    public var customer: CustomerID
    public var agent: AgentID
    public var reason: String
    /// Whether the agent was asked and agreed; nothing is lifted otherwise.
    public var agreed: Bool

    public init(customer: CustomerID, agent: AgentID, reason: String, agreed: Bool) {
        self.customer = customer
        self.agent = agent
        self.reason = reason
        self.agreed = agreed
    }
}

/// What was promised to a customer is done.
public struct FollowupDone: Sendable, Hashable {
    public var conversation: ConversationID

    public init(conversation: ConversationID) { self.conversation = conversation }
}

/// What the customer said about the contact afterwards.
public struct FeedbackRecord: Sendable, Hashable {
    public var conversation: ConversationID
    /// 1–5.
    public var csat: Int?
    /// 0–10.
    public var nps: Int?
    /// Scored, then dropped.
    public var comment: String?
    /// What the scorer found in the comment; filled in between the socket and the router.
    public var assessment: Assessment?

    public init(
        conversation: ConversationID, csat: Int? = nil, nps: Int? = nil, comment: String? = nil,
        assessment: Assessment? = nil
    ) {
        self.conversation = conversation
        self.csat = csat
        self.nps = nps
        self.comment = comment
        self.assessment = assessment
    }
}
