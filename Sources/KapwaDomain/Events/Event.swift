/// A fact that was decided. Once committed it never changes; state is the fold of events.
public struct Event: Sendable, Hashable {
    /// Position in the tenant's journal, from 1, without gaps.
    public var sequence: Int64
    /// Sequence of the last event with the same topic, 0 for the first.
    public var previous: Int64
    public var tenant: TenantID
    public var at: Instant
    public var cause: Cause
    public var body: Body

    public init(sequence: Int64, previous: Int64, tenant: TenantID, at: Instant, cause: Cause, body: Body) {
        self.sequence = sequence
        self.previous = previous
        self.tenant = tenant
        self.at = at
        self.cause = cause
        self.body = body
    }

    /// What brought the event about.
    public enum Cause: Sendable, Hashable {
        case command(CommandID)
        case timer, match, rules, restart
    }

    /// One case per event type of the contract.
    public enum Body: Sendable, Hashable {
        case agentUpdated(AgentUpdated)
        case agentStateChanged(AgentStateChanged)
        case agentRemoved(AgentRemoved)
        case agentStressed(AgentStressed)
        case conversationOpened(ConversationOpened)
        case conversationMessaged(ConversationMessaged)
        case conversationTagged(ConversationTagged)
        case conversationQueued(ConversationPlaced)
        case conversationRequeued(ConversationPlaced)
        case conversationUpdated(ConversationUpdated)
        case conversationUnroutable(ConversationUnroutable)
        case conversationAssigned(ConversationAssigned)
        case conversationClosed(ConversationClosed)
        case offerMade(OfferMade)
        case offerAdvised(OfferAdvised)
        case offerDeclined(OfferEnded)
        case offerExpired(OfferEnded)
        case offerWithdrawn(OfferEnded)
        case wrapupStarted(WrapupStarted)
        case wrapupEnded(WrapupEnded)
        case breakInvited(BreakInvited)
        case breakOwed(BreakChanged)
        case breakStarted(BreakChanged)
        case breakEnded(BreakChanged)
        case breakOverdue(BreakChanged)
        case safetyRaised(SafetyRaised)
        case safetyAcknowledged(SafetyAcknowledged)
        case rulesChanged(RulesChanged)
        case modeChanged(ModeChanged)
        case deliverySuspect(DeliverySuspect)
        case clockGap(ClockGap)
        case daemonStarted(DaemonStarted)
    }
}

extension Event.Body {
    /// The event's name on the wire and in its topic.
    public var type: String {
        switch self {
        case .agentUpdated: "agent.updated"
        case .agentStateChanged: "agent.state_changed"
        case .agentRemoved: "agent.removed"
        case .agentStressed: "agent.stressed"
        case .conversationOpened: "conversation.opened"
        case .conversationMessaged: "conversation.messaged"
        case .conversationTagged: "conversation.tagged"
        case .conversationQueued: "conversation.queued"
        case .conversationRequeued: "conversation.requeued"
        case .conversationUpdated: "conversation.updated"
        case .conversationUnroutable: "conversation.unroutable"
        case .conversationAssigned: "conversation.assigned"
        case .conversationClosed: "conversation.closed"
        case .offerMade: "offer.made"
        case .offerAdvised: "offer.advised"
        case .offerDeclined: "offer.declined"
        case .offerExpired: "offer.expired"
        case .offerWithdrawn: "offer.withdrawn"
        case .wrapupStarted: "wrapup.started"
        case .wrapupEnded: "wrapup.ended"
        case .breakInvited: "break.invited"
        case .breakOwed: "break.owed"
        case .breakStarted: "break.started"
        case .breakEnded: "break.ended"
        case .breakOverdue: "break.overdue"
        case .safetyRaised: "safety.raised"
        case .safetyAcknowledged: "safety.acknowledged"
        case .rulesChanged: "rules.changed"
        case .modeChanged: "mode.changed"
        case .deliverySuspect: "delivery.suspect"
        case .clockGap: "clock.gap"
        case .daemonStarted: "daemon.started"
        }
    }

    /// The agent in whose topic the event stands; `nil` for events whose topic is their type alone.
    public var topicAgent: AgentID? {
        switch self {
        case .agentUpdated(let body): body.agent
        case .agentStateChanged(let body): body.agent
        case .agentRemoved(let body): body.agent
        case .agentStressed(let body): body.agent
        case .offerMade(let body): body.agent
        case .offerAdvised(let body): body.agent
        case .offerDeclined(let body), .offerExpired(let body), .offerWithdrawn(let body): body.agent
        case .wrapupStarted(let body): body.agent
        case .wrapupEnded(let body): body.agent
        case .breakInvited(let body): body.agent
        case .breakOwed(let body), .breakStarted(let body), .breakEnded(let body), .breakOverdue(let body): body.agent
        default: nil
        }
    }

    /// The conversation that the event is about, where there is one.
    public var conversation: ConversationID? {
        switch self {
        case .agentStressed(let body): body.conversation
        case .conversationOpened(let body): body.conversation
        case .conversationMessaged(let body): body.conversation
        case .conversationTagged(let body): body.conversation
        case .conversationQueued(let body), .conversationRequeued(let body): body.conversation
        case .conversationUpdated(let body): body.conversation
        case .conversationUnroutable(let body): body.conversation
        case .conversationAssigned(let body): body.conversation
        case .conversationClosed(let body): body.conversation
        case .offerMade(let body): body.conversation
        case .offerAdvised(let body): body.conversation
        case .offerDeclined(let body), .offerExpired(let body), .offerWithdrawn(let body): body.conversation
        case .wrapupStarted(let body): body.conversation
        case .wrapupEnded(let body): body.conversation
        case .safetyRaised(let body): body.conversation
        case .safetyAcknowledged(let body): body.conversation
        default: nil
        }
    }

    /// Whether the event goes to the agent's private topic alone and never to a public one.
    public var isPrivate: Bool {
        switch self {
        case .agentStressed, .breakInvited: true
        default: false
        }
    }
}

/// Something that an event carries: made empty, then filled.
public protocol EventContent: Sendable, Hashable {
    init()
}

extension EventContent {
    /// Makes one and fills it in place.
    public static func with(_ fill: (inout Self) -> Void) -> Self {
        var content = Self()
        fill(&content)
        return content
    }
}

/// Why something happened: one of Kapwa's own words, or a person's free text, which is personal.
public struct Reason: Sendable, Hashable {
    public var text: String
    /// A person's words: kept apart so that they can be forgotten.
    public var isFree: Bool

    public static func word(_ text: String) -> Reason { Reason(text: text, isFree: false) }
    public static func free(_ text: String) -> Reason { Reason(text: text, isFree: true) }

    public init(text: String, isFree: Bool) {
        self.text = text
        self.isFree = isFree
    }
}
