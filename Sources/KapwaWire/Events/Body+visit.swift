import KapwaDomain

extension Event.Body {
    /// A body of each type, to be filled: what the decoder and the list of types start from.
    static let blanks: [Event.Body] = [
        .agentUpdated(.blank),
        .agentStateChanged(.blank),
        .agentShiftChanged(.blank),
        .agentReserved(.blank),
        .agentRemoved(.blank),
        .agentStressed(.blank),
        .conversationOpened(.blank),
        .conversationMessaged(.blank),
        .conversationTagged(.blank),
        .conversationQueued(.blank),
        .conversationRequeued(.blank),
        .conversationRelaxed(.blank),
        .conversationHeld(.blank),
        .conversationParked(.blank),
        .conversationResumed(.blank),
        .conversationUpdated(.blank),
        .conversationRetagged(.blank),
        .conversationUnroutable(.blank),
        .conversationAssigned(.blank),
        .conversationClosed(.blank),
        .offerMade(.blank),
        .offerAdvised(.blank),
        .offerDeclined(.blank),
        .offerExpired(.blank),
        .offerWithdrawn(.blank),
        .handoverOffered(.blank),
        .wrapupStarted(.blank),
        .wrapupEnded(.blank),
        .breakInvited(.blank),
        .breakOwed(.blank),
        .breakPlanned(.blank),
        .breakStarted(.blank),
        .breakPostponed(.blank),
        .breakEnded(.blank),
        .breakOverdue(.blank),
        .breakFloorBroken(.blank),
        .talkSuggested(.blank),
        .safetyRaised(.blank),
        .safetyAcknowledged(.blank),
        .affinitySet(.blank),
        .affinityLifted(.blank),
        .feedbackRecorded(.blank),
        .followupOwed(.blank),
        .followupDone(.blank),
        .incidentDeclared(.blank),
        .incidentEnded(.blank),
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
        case .agentUpdated, .agentStateChanged, .agentShiftChanged, .agentReserved, .agentRemoved, .agentStressed,
            .wrapupStarted, .wrapupEnded, .handoverOffered, .talkSuggested:
            visitAgent(&visitor)
        case .breakInvited, .breakOwed, .breakPlanned, .breakStarted, .breakPostponed, .breakEnded, .breakOverdue,
            .breakFloorBroken:
            visitBreak(&visitor)
        case .conversationOpened, .conversationMessaged, .conversationTagged, .conversationUpdated,
            .conversationRetagged, .conversationAssigned, .conversationClosed, .safetyRaised, .safetyAcknowledged:
            visitConversation(&visitor)
        case .conversationQueued, .conversationRequeued, .conversationRelaxed, .conversationHeld, .conversationParked,
            .conversationResumed, .conversationUnroutable:
            visitWaiting(&visitor)
        case .affinitySet, .affinityLifted, .feedbackRecorded, .followupOwed, .followupDone, .incidentDeclared,
            .incidentEnded:
            visitCustomer(&visitor)
        default:
            visitOther(&visitor)
        }
    }
}
