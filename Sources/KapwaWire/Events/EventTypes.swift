import KapwaDomain

/// The contract's event types.
enum EventTypes {
    /// In the contract, but not yet brought about by this version: a filter may name them already.
    static let later: Set<String> = [
        "affinity.lifted", "affinity.set", "agent.reserved", "break.floor_broken", "break.planned", "break.postponed",
        "conversation.held", "conversation.parked", "conversation.relaxed", "conversation.resumed",
        "conversation.retagged", "feedback.recorded", "followup.done", "followup.owed", "handover.offered",
        "incident.declared", "incident.ended", "talk.suggested",
    ]

    static let all = later.union(Event.Body.blanksByType.keys)

    /// For the message to whoever asks for another.
    static let names = all.sorted().joined(separator: ", ")
}
