import KapwaDomain

extension Event.Body {
    /// A body of each type, to be filled: what the decoder and the list of types start from.
    static let blanks: [Event.Body] = [
        .agentUpdated(.blank),
        .agentStateChanged(.blank),
        .agentRemoved(.blank),
        .agentStressed(.blank),
        .conversationOpened(.blank),
        .conversationMessaged(.blank),
        .conversationTagged(.blank),
        .conversationQueued(.blank),
        .conversationRequeued(.blank),
        .conversationUpdated(.blank),
        .conversationUnroutable(.blank),
        .conversationAssigned(.blank),
        .conversationClosed(.blank),
        .offerMade(.blank),
        .offerAdvised(.blank),
        .offerDeclined(.blank),
        .offerExpired(.blank),
        .offerWithdrawn(.blank),
        .wrapupStarted(.blank),
        .wrapupEnded(.blank),
        .breakInvited(.blank),
        .breakOwed(.blank),
        .breakStarted(.blank),
        .breakEnded(.blank),
        .breakOverdue(.blank),
        .safetyRaised(.blank),
        .safetyAcknowledged(.blank),
        .rulesChanged(.blank),
        .modeChanged(.blank),
        .deliverySuspect(.blank),
        .clockGap(.blank),
        .daemonStarted(.blank),
    ]

    /// The blank body of each type by the type's name on the wire.
    static let blanksByType: [String: Event.Body] = Dictionary(
        uniqueKeysWithValues: blanks.map { ($0.type, $0) })

    /// Goes over the fields of whichever body it is.
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        switch self {
        case .agentUpdated, .agentStateChanged, .agentRemoved, .agentStressed, .wrapupStarted, .wrapupEnded,
            .breakInvited, .breakOwed, .breakStarted, .breakEnded, .breakOverdue:
            visitAgent(&visitor)
        case .conversationOpened, .conversationMessaged, .conversationTagged, .conversationQueued,
            .conversationRequeued, .conversationUpdated, .conversationUnroutable, .conversationAssigned,
            .conversationClosed, .safetyRaised, .safetyAcknowledged:
            visitConversation(&visitor)
        default:
            visitOther(&visitor)
        }
    }

    private mutating func visitAgent<V: FieldVisitor>(_ visitor: inout V) {
        switch self {
        case .agentUpdated(var body):
            body.visit(&visitor)
            self = .agentUpdated(body)
        case .agentStateChanged(var body):
            body.visit(&visitor)
            self = .agentStateChanged(body)
        case .agentRemoved(var body):
            body.visit(&visitor)
            self = .agentRemoved(body)
        case .agentStressed(var body):
            body.visit(&visitor)
            self = .agentStressed(body)
        case .wrapupStarted(var body):
            body.visit(&visitor)
            self = .wrapupStarted(body)
        case .wrapupEnded(var body):
            body.visit(&visitor)
            self = .wrapupEnded(body)
        case .breakInvited(var body):
            body.visit(&visitor)
            self = .breakInvited(body)
        case .breakOwed(var body):
            body.visit(&visitor)
            self = .breakOwed(body)
        case .breakStarted(var body):
            body.visit(&visitor)
            self = .breakStarted(body)
        case .breakEnded(var body):
            body.visit(&visitor)
            self = .breakEnded(body)
        case .breakOverdue(var body):
            body.visit(&visitor)
            self = .breakOverdue(body)
        default: preconditionFailure("\(type) belongs to another family of events")
        }
    }

    private mutating func visitConversation<V: FieldVisitor>(_ visitor: inout V) {
        switch self {
        case .conversationOpened(var body):
            body.visit(&visitor)
            self = .conversationOpened(body)
        case .conversationMessaged(var body):
            body.visit(&visitor)
            self = .conversationMessaged(body)
        case .conversationTagged(var body):
            body.visit(&visitor)
            self = .conversationTagged(body)
        case .conversationQueued(var body):
            body.visit(&visitor)
            self = .conversationQueued(body)
        case .conversationRequeued(var body):
            body.visit(&visitor)
            self = .conversationRequeued(body)
        case .conversationUpdated(var body):
            body.visit(&visitor)
            self = .conversationUpdated(body)
        case .conversationUnroutable(var body):
            body.visit(&visitor)
            self = .conversationUnroutable(body)
        case .conversationAssigned(var body):
            body.visit(&visitor)
            self = .conversationAssigned(body)
        case .conversationClosed(var body):
            body.visit(&visitor)
            self = .conversationClosed(body)
        case .safetyRaised(var body):
            body.visit(&visitor)
            self = .safetyRaised(body)
        case .safetyAcknowledged(var body):
            body.visit(&visitor)
            self = .safetyAcknowledged(body)
        default: preconditionFailure("\(type) belongs to another family of events")
        }
    }

    private mutating func visitOther<V: FieldVisitor>(_ visitor: inout V) {
        switch self {
        case .offerMade(var body):
            body.visit(&visitor)
            self = .offerMade(body)
        case .offerAdvised(var body):
            body.visit(&visitor)
            self = .offerAdvised(body)
        case .offerDeclined(var body):
            body.visit(&visitor)
            self = .offerDeclined(body)
        case .offerExpired(var body):
            body.visit(&visitor)
            self = .offerExpired(body)
        case .offerWithdrawn(var body):
            body.visit(&visitor)
            self = .offerWithdrawn(body)
        case .rulesChanged(var body):
            body.visit(&visitor)
            self = .rulesChanged(body)
        case .modeChanged(var body):
            body.visit(&visitor)
            self = .modeChanged(body)
        case .deliverySuspect(var body):
            body.visit(&visitor)
            self = .deliverySuspect(body)
        case .clockGap(var body):
            body.visit(&visitor)
            self = .clockGap(body)
        case .daemonStarted(var body):
            body.visit(&visitor)
            self = .daemonStarted(body)
        default: preconditionFailure("\(type) belongs to another family of events")
        }
    }
}
