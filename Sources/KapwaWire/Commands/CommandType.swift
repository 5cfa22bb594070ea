/// The commands of the contract by their name on the wire.
enum CommandType: String, CaseIterable {
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

    static let byName: [String: CommandType] = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    /// For the message to whoever asks for another.
    static let known = allCases.map(\.rawValue).joined(separator: ", ")
}
