/// A command as the router takes it: what is asked, by whom, and when it happened at the sender.
public struct Command: Sendable, Hashable {
    /// Chosen by the sender; unique per tenant and sender.
    public var id: CommandID
    public var tenant: TenantID
    /// The name of the sender's key; without keys what it calls itself in `source`.
    public var sender: String
    /// When it happened at the sender. Stored, decides nothing.
    public var at: Instant?
    /// The person behind the command, where there is one.
    public var by: Person?
    public var body: Body

    public init(
        id: CommandID, tenant: TenantID = "main", sender: String = "", at: Instant? = nil, by: Person? = nil, body: Body
    ) {
        self.id = id
        self.tenant = tenant
        self.sender = sender
        self.at = at
        self.by = by
        self.body = body
    }

    /// The types of the contract by their name on the wire.
    public enum Kind: String, CaseIterable, Sendable {
        case agentUpsert = "agent.upsert"
        case agentState = "agent.state"
        case agentShift = "agent.shift"
        case agentRemove = "agent.remove"
        case conversationMessage = "conversation.message"
        case conversationUpdate = "conversation.update"
        case conversationTransfer = "conversation.transfer"
        case conversationAssign = "conversation.assign"
        case conversationClose = "conversation.close"
        case offerAccept = "offer.accept"
        case offerDecline = "offer.decline"
        case wrapupDone = "wrapup.done"
        case breakStart = "break.start"
        case breakEnd = "break.end"
        case breakPostpone = "break.postpone"
        case breakGrant = "break.grant"
        case stressReport = "stress.report"
        case conversationRetag = "conversation.retag"
        case safetyAcknowledge = "safety.acknowledge"
        case incidentDeclare = "incident.declare"
        case incidentEnd = "incident.end"
        case affinityLift = "affinity.lift"
        case followupDone = "followup.done"
        case feedbackRecord = "feedback.record"
        case queueEstimate = "queue.estimate"
        case stateRead = "state.read"
        case eventsRead = "events.read"
        case ping
    }

    /// What is asked, one case per ``Kind``.
    public enum Body: Sendable, Hashable {
        case agentUpsert(AgentUpsert)
        case agentState(AgentState)
        case agentShift(AgentShift)
        case agentRemove(AgentRemove)
        case conversationMessage(ConversationMessage)
        case conversationUpdate(ConversationUpdate)
        case conversationTransfer(ConversationTransfer)
        case conversationAssign(ConversationAssign)
        case conversationClose(ConversationClose)
        case offerAccept(OfferAnswer)
        case offerDecline(OfferAnswer)
        case wrapupDone(WrapupDone)
        case breakStart(BreakStart)
        case breakEnd(BreakEnd)
        case breakPostpone(BreakPostpone)
        case breakGrant(BreakGrant)
        case stressReport(StressReport)
        case conversationRetag(ConversationRetag)
        case safetyAcknowledge(SafetyAcknowledge)
        case incidentDeclare(IncidentDeclare)
        case incidentEnd(IncidentEnd)
        case affinityLift(AffinityLift)
        case followupDone(FollowupDone)
        case feedbackRecord(FeedbackRecord)
        case queueEstimate(QueueEstimate)
        case stateRead(StateRead)
        case eventsRead(EventsRead)
        case ping

        /// Which type it is of.
        public var kind: Kind {
            switch self {
            case .agentUpsert: .agentUpsert
            case .agentState: .agentState
            case .agentShift: .agentShift
            case .agentRemove: .agentRemove
            case .conversationMessage: .conversationMessage
            case .conversationUpdate: .conversationUpdate
            case .conversationTransfer: .conversationTransfer
            case .conversationAssign: .conversationAssign
            case .conversationClose: .conversationClose
            case .offerAccept: .offerAccept
            case .offerDecline: .offerDecline
            case .wrapupDone: .wrapupDone
            case .breakStart: .breakStart
            case .breakEnd: .breakEnd
            case .breakPostpone: .breakPostpone
            case .breakGrant: .breakGrant
            case .stressReport: .stressReport
            case .conversationRetag: .conversationRetag
            case .safetyAcknowledge: .safetyAcknowledge
            case .incidentDeclare: .incidentDeclare
            case .incidentEnd: .incidentEnd
            case .affinityLift: .affinityLift
            case .followupDone: .followupDone
            case .feedbackRecord: .feedbackRecord
            case .queueEstimate: .queueEstimate
            case .stateRead: .stateRead
            case .eventsRead: .eventsRead
            case .ping: .ping
            }
        }

        /// The command's name on the wire.
        public var type: String { kind.rawValue }

        /// Whether it changes nothing and is therefore not remembered.
        public var isRead: Bool {
            switch self {
            case .stateRead, .eventsRead, .queueEstimate, .ping: true
            default: false
            }
        }
    }
}

/// A person who stands behind a command.
public struct Person: Sendable, Hashable {
    /// For example `supervisor`.
    public var role: String
    public var name: String

    public init(role: String, name: String) {
        self.role = role
        self.name = name
    }
}
