import KapwaDomain

extension Router {
    mutating func retag(_ body: ConversationRetag, by: Person?, at now: Instant) throws(Refusal) {
        throw Refusal(.unavailable, "retagging comes next")
    }

    mutating func declareIncident(_ body: IncidentDeclare, by: Person?, at now: Instant) throws(Refusal) {
        throw Refusal(.unavailable, "incidents come next")
    }

    mutating func endIncident(_ body: IncidentEnd, by: Person?, at now: Instant) throws(Refusal) {
        throw Refusal(.unavailable, "incidents come next")
    }

    mutating func liftAffinity(_ body: AffinityLift, by: Person?, at now: Instant) throws(Refusal) {
        throw Refusal(.unavailable, "affinity comes next")
    }

    mutating func closeFollowup(_ body: FollowupDone, by: Person?, at now: Instant) throws(Refusal) {
        throw Refusal(.unavailable, "follow-ups come next")
    }

    mutating func recordFeedback(_ body: FeedbackRecord, at now: Instant) throws(Refusal) {
        throw Refusal(.unavailable, "feedback comes next")
    }

    mutating func estimate(_ body: QueueEstimate, at now: Instant) throws(Refusal) -> Reply.Details {
        throw Refusal(.unavailable, "estimates come next")
    }
}
