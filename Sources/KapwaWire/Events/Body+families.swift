import KapwaDomain

// One function a family of events, so that none is longer than a screen.
extension Event.Body {
    mutating func visitAgent<V: FieldVisitor>(_ visitor: inout V) {
        switch self {
        case .agentUpdated(var body):
            body.visit(&visitor)
            self = .agentUpdated(body)
        case .agentStateChanged(var body):
            body.visit(&visitor)
            self = .agentStateChanged(body)
        case .agentShiftChanged(var body):
            body.visit(&visitor)
            self = .agentShiftChanged(body)
        case .agentReserved(var body):
            body.visit(&visitor)
            self = .agentReserved(body)
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
        case .handoverOffered(var body):
            body.visit(&visitor)
            self = .handoverOffered(body)
        case .talkSuggested(var body):
            body.visit(&visitor)
            self = .talkSuggested(body)
        default: preconditionFailure("\(type) belongs to another family of events")
        }
    }

    mutating func visitBreak<V: FieldVisitor>(_ visitor: inout V) {
        switch self {
        case .breakInvited(var body):
            body.visit(&visitor)
            self = .breakInvited(body)
        case .breakOwed(var body):
            body.visit(&visitor)
            self = .breakOwed(body)
        case .breakPlanned(var body):
            body.visit(&visitor)
            self = .breakPlanned(body)
        case .breakStarted(var body):
            body.visit(&visitor)
            self = .breakStarted(body)
        case .breakPostponed(var body):
            body.visit(&visitor)
            self = .breakPostponed(body)
        case .breakEnded(var body):
            body.visit(&visitor)
            self = .breakEnded(body)
        case .breakOverdue(var body):
            body.visit(&visitor)
            self = .breakOverdue(body)
        case .breakFloorBroken(var body):
            body.visit(&visitor)
            self = .breakFloorBroken(body)
        default: preconditionFailure("\(type) belongs to another family of events")
        }
    }

    mutating func visitConversation<V: FieldVisitor>(_ visitor: inout V) {
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
        case .conversationUpdated(var body):
            body.visit(&visitor)
            self = .conversationUpdated(body)
        case .conversationRetagged(var body):
            body.visit(&visitor)
            self = .conversationRetagged(body)
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

    mutating func visitWaiting<V: FieldVisitor>(_ visitor: inout V) {
        switch self {
        case .conversationQueued(var body):
            body.visit(&visitor)
            self = .conversationQueued(body)
        case .conversationRequeued(var body):
            body.visit(&visitor)
            self = .conversationRequeued(body)
        case .conversationRelaxed(var body):
            body.visit(&visitor)
            self = .conversationRelaxed(body)
        case .conversationHeld(var body):
            body.visit(&visitor)
            self = .conversationHeld(body)
        case .conversationParked(var body):
            body.visit(&visitor)
            self = .conversationParked(body)
        case .conversationResumed(var body):
            body.visit(&visitor)
            self = .conversationResumed(body)
        case .conversationUnroutable(var body):
            body.visit(&visitor)
            self = .conversationUnroutable(body)
        default: preconditionFailure("\(type) belongs to another family of events")
        }
    }

    mutating func visitCustomer<V: FieldVisitor>(_ visitor: inout V) {
        switch self {
        case .affinitySet(var body):
            body.visit(&visitor)
            self = .affinitySet(body)
        case .affinityLifted(var body):
            body.visit(&visitor)
            self = .affinityLifted(body)
        case .feedbackRecorded(var body):
            body.visit(&visitor)
            self = .feedbackRecorded(body)
        case .followupOwed(var body):
            body.visit(&visitor)
            self = .followupOwed(body)
        case .followupDone(var body):
            body.visit(&visitor)
            self = .followupDone(body)
        case .incidentDeclared(var body):
            body.visit(&visitor)
            self = .incidentDeclared(body)
        case .incidentEnded(var body):
            body.visit(&visitor)
            self = .incidentEnded(body)
        default: preconditionFailure("\(type) belongs to another family of events")
        }
    }

    mutating func visitOther<V: FieldVisitor>(_ visitor: inout V) {
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
