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
    /// Whether what was sealed of it can no longer be read: such fields are blank, and are not told.
    public var isErased = false

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
        case agentShiftChanged(AgentShiftChanged)
        case agentReserved(AgentReserved)
        case agentRemoved(AgentRemoved)
        case agentStressed(AgentStressed)
        case conversationOpened(ConversationOpened)
        case conversationMessaged(ConversationMessaged)
        case conversationTagged(ConversationTagged)
        case conversationQueued(ConversationPlaced)
        case conversationRequeued(ConversationPlaced)
        case conversationRelaxed(ConversationPlaced)
        case conversationHeld(ConversationHeld)
        case conversationParked(ConversationParked)
        case conversationResumed(ConversationParked)
        case conversationUpdated(ConversationUpdated)
        case conversationRetagged(ConversationRetagged)
        case conversationUnroutable(ConversationUnroutable)
        case conversationAssigned(ConversationAssigned)
        case conversationClosed(ConversationClosed)
        case offerMade(OfferMade)
        case offerAdvised(OfferAdvised)
        case offerDeclined(OfferEnded)
        case offerExpired(OfferEnded)
        case offerWithdrawn(OfferEnded)
        case handoverOffered(HandoverOffered)
        case wrapupStarted(WrapupStarted)
        case wrapupEnded(WrapupEnded)
        case breakInvited(BreakInvited)
        case breakOwed(BreakChanged)
        case breakPlanned(BreakChanged)
        case breakStarted(BreakChanged)
        case breakPostponed(BreakChanged)
        case breakEnded(BreakChanged)
        case breakOverdue(BreakChanged)
        case breakFloorBroken(BreakFloorBroken)
        case talkSuggested(TalkSuggested)
        case safetyRaised(SafetyRaised)
        case safetyAcknowledged(SafetyAcknowledged)
        case affinitySet(AffinitySet)
        case affinityLifted(AffinityLifted)
        case feedbackRecorded(FeedbackRecorded)
        case followupOwed(FollowupOwed)
        case followupDone(FollowupClosed)
        case incidentDeclared(IncidentDeclared)
        case incidentEnded(IncidentEnded)
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
        case .agentShiftChanged: "agent.shift_changed"
        case .agentReserved: "agent.reserved"
        case .agentRemoved: "agent.removed"
        case .agentStressed: "agent.stressed"
        case .conversationOpened: "conversation.opened"
        case .conversationMessaged: "conversation.messaged"
        case .conversationTagged: "conversation.tagged"
        case .conversationQueued: "conversation.queued"
        case .conversationRequeued: "conversation.requeued"
        case .conversationRelaxed: "conversation.relaxed"
        case .conversationHeld: "conversation.held"
        case .conversationParked: "conversation.parked"
        case .conversationResumed: "conversation.resumed"
        case .conversationUpdated: "conversation.updated"
        case .conversationRetagged: "conversation.retagged"
        case .conversationUnroutable: "conversation.unroutable"
        case .conversationAssigned: "conversation.assigned"
        case .conversationClosed: "conversation.closed"
        case .offerMade: "offer.made"
        case .offerAdvised: "offer.advised"
        case .offerDeclined: "offer.declined"
        case .offerExpired: "offer.expired"
        case .offerWithdrawn: "offer.withdrawn"
        case .handoverOffered: "handover.offered"
        case .wrapupStarted: "wrapup.started"
        case .wrapupEnded: "wrapup.ended"
        case .breakInvited: "break.invited"
        case .breakOwed: "break.owed"
        case .breakPlanned: "break.planned"
        case .breakStarted: "break.started"
        case .breakPostponed: "break.postponed"
        case .breakEnded: "break.ended"
        case .breakOverdue: "break.overdue"
        case .breakFloorBroken: "break.floor_broken"
        case .talkSuggested: "talk.suggested"
        case .safetyRaised: "safety.raised"
        case .safetyAcknowledged: "safety.acknowledged"
        case .affinitySet: "affinity.set"
        case .affinityLifted: "affinity.lifted"
        case .feedbackRecorded: "feedback.recorded"
        case .followupOwed: "followup.owed"
        case .followupDone: "followup.done"
        case .incidentDeclared: "incident.declared"
        case .incidentEnded: "incident.ended"
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
        case .agentShiftChanged(let body): body.agent
        case .agentReserved(let body): body.agent
        case .agentRemoved(let body): body.agent
        case .agentStressed(let body): body.agent
        case .offerMade(let body): body.agent
        case .offerAdvised(let body): body.agent
        case .offerDeclined(let body), .offerExpired(let body), .offerWithdrawn(let body): body.agent
        case .wrapupStarted(let body): body.agent
        case .wrapupEnded(let body): body.agent
        case .breakInvited(let body): body.agent
        case .breakOwed(let body), .breakPlanned(let body), .breakStarted(let body), .breakPostponed(let body),
            .breakEnded(let body), .breakOverdue(let body):
            body.agent
        case .breakFloorBroken(let body): body.agent
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
        case .agentReserved(let body): body.conversation
        case .conversationQueued(let body), .conversationRequeued(let body), .conversationRelaxed(let body):
            body.conversation
        case .conversationHeld(let body): body.conversation
        case .conversationParked(let body), .conversationResumed(let body): body.conversation
        case .conversationRetagged(let body): body.conversation
        case .handoverOffered(let body): body.conversation
        case .affinitySet(let body): body.conversation
        case .feedbackRecorded(let body): body.conversation
        case .followupOwed(let body): body.conversation
        case .followupDone(let body): body.conversation
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

    /// The customer that the event itself names, where it does and need not speak of a conversation.
    public var namedCustomer: CustomerID? {
        switch self {
        case .affinitySet(let body): body.customer
        case .affinityLifted(let body): body.customer
        default: nil
        }
    }

    /// The agent to whose private topic a whole copy goes; `nil` for none.
    public var privateAgent: AgentID? {
        switch self {
        case .offerMade(let body): body.agent
        case .offerAdvised(let body): body.mode == .advise ? body.agent : nil
        case .agentStressed(let body): body.agent
        case .breakInvited(let body): body.agent
        case .handoverOffered(let body): body.agent
        default: nil
        }
    }

    /// Whether nobody but the agent it is about and the roles named for it may see the event.
    public var isPrivate: Bool {
        switch self {
        case .agentStressed, .breakInvited, .handoverOffered, .talkSuggested: true
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
