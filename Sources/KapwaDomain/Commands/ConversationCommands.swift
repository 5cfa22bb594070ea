/// A message of a conversation; the first one opens it.
public struct ConversationMessage: Sendable, Hashable {
    public var conversation: ConversationID
    public var from: Speaker
    /// May be empty: opened without words (a call, a picture).
    public var text: String
    public var agent: AgentID?
    /// Whether the reply carries tags and polarity.
    public var returnsTags: Bool
    public var language: Assessment.Language?
    /// Required when it opens a conversation.
    public var channel: Channel?
    public var customer: CustomerID?
    public var queue: QueueID?
    public var skills: Skills?
    public var priority: Int?
    public var preferredAgent: AgentID?
    public var topic: String?
    public var attributes: Attributes?
    /// A bot still talks: do not queue.
    public var hold: Bool
    /// What the scorer found; filled in between the socket and the router, for customers' messages only.
    public var assessment: Assessment?

    public init(
        conversation: ConversationID, from: Speaker, text: String, agent: AgentID? = nil, returnsTags: Bool = false,
        language: Assessment.Language? = nil, channel: Channel? = nil, customer: CustomerID? = nil,
        queue: QueueID? = nil, skills: Skills? = nil, priority: Int? = nil, preferredAgent: AgentID? = nil,
        topic: String? = nil, attributes: Attributes? = nil, hold: Bool = false, assessment: Assessment? = nil
    ) {
        self.conversation = conversation
        self.from = from
        self.text = text
        self.agent = agent
        self.returnsTags = returnsTags
        self.language = language
        self.channel = channel
        self.customer = customer
        self.queue = queue
        self.skills = skills
        self.priority = priority
        self.preferredAgent = preferredAgent
        self.topic = topic
        self.attributes = attributes
        self.hold = hold
        self.assessment = assessment
    }
}

/// Changes what is known of a conversation.
public struct ConversationUpdate: Sendable, Hashable {
    public var conversation: ConversationID
    public var customer: CustomerID?
    public var topic: String?
    public var queue: QueueID?
    public var skills: Skills?
    public var priority: Int?
    public var attributes: Attributes?

    public init(
        conversation: ConversationID, customer: CustomerID? = nil, topic: String? = nil, queue: QueueID? = nil,
        skills: Skills? = nil, priority: Int? = nil, attributes: Attributes? = nil
    ) {
        self.conversation = conversation
        self.customer = customer
        self.topic = topic
        self.queue = queue
        self.skills = skills
        self.priority = priority
        self.attributes = attributes
    }
}

/// Back to the queue with its original age.
public struct ConversationTransfer: Sendable, Hashable {
    public var conversation: ConversationID
    public var reason: String
    public var skills: Skills?
    public var queue: QueueID?
    /// Candidate alone for 60 s, then everyone.
    public var agent: AgentID?

    public init(
        conversation: ConversationID, reason: String, skills: Skills? = nil, queue: QueueID? = nil,
        agent: AgentID? = nil
    ) {
        self.conversation = conversation
        self.reason = reason
        self.skills = skills
        self.queue = queue
        self.agent = agent
    }
}

/// An assignment that Kapwa did not choose.
public struct ConversationAssign: Sendable, Hashable {
    /// Who chose.
    public enum Source: String, CaseIterable, Sendable { case external, fallback, supervisor }

    public var conversation: ConversationID
    public var agent: AgentID
    public var source: Source
    public var reason: String?
    /// With `supervisor`: each rule that is set aside, by name.
    public var overrides: [Override]

    public init(
        conversation: ConversationID, agent: AgentID, source: Source, reason: String? = nil, overrides: [Override] = []
    ) {
        self.conversation = conversation
        self.agent = agent
        self.source = source
        self.reason = reason
        self.overrides = overrides
    }
}

/// Ends an episode.
public struct ConversationClose: Sendable, Hashable {
    public var conversation: ConversationID
    public var outcome: Outcome

    public init(conversation: ConversationID, outcome: Outcome) {
        self.conversation = conversation
        self.outcome = outcome
    }
}

/// Accepts or declines an offer.
public struct OfferAnswer: Sendable, Hashable {
    public var offer: OfferID
    public var agent: AgentID
    public var reason: String?

    public init(offer: OfferID, agent: AgentID, reason: String? = nil) {
        self.offer = offer
        self.agent = agent
        self.reason = reason
    }
}

/// Somebody looks after the person in danger.
public struct SafetyAcknowledge: Sendable, Hashable {
    public var conversation: ConversationID

    public init(conversation: ConversationID) { self.conversation = conversation }
}
