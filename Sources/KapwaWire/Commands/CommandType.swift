/// The commands of the contract by their name on the wire.
enum CommandType: String, CaseIterable {
    case agentUpsert = "agent.upsert"
    case agentState = "agent.state"
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
    case breakGrant = "break.grant"
    case stressReport = "stress.report"
    case safetyAcknowledge = "safety.acknowledge"
    case stateRead = "state.read"
    case eventsRead = "events.read"
    case ping

    static let byName: [String: CommandType] = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    /// For the message to whoever asks for another.
    static let known = allCases.map(\.rawValue).joined(separator: ", ")

    /// In the contract, but not carried out by this version.
    static let later: Set<String> = [
        "affinity.lift", "agent.shift", "break.postpone", "conversation.retag", "feedback.record", "followup.done",
        "incident.declare", "incident.end", "queue.estimate",
    ]
}
