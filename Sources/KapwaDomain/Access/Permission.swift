/// Who may send which command: the one table, from which every check and the documentation are made.
public enum Permission {
    /// How far a role's right to a command goes.
    public enum Extent: String, CaseIterable, Sendable {
        case no
        /// In the agent's own name, about the agent's own contacts.
        case own
        case yes
    }

    /// How far keys of a role may send commands of a kind.
    public static func extent(of kind: Command.Kind, for role: Role) -> Extent {
        let row = row(kind)
        if row.may.contains(role) { return .yes }
        return row.isAgents && role == .agent ? .own : .no
    }

    /// Whose keys may send it at all, in the order of ``Role``.
    public static func roles(for kind: Command.Kind) -> [Role] {
        Role.allCases.filter { extent(of: kind, for: $0) != .no }
    }

    /// The roles that may, and whether agents may for themselves.
    private struct Row {
        var may: [Role]
        var isAgents = false
    }

    private static let onlookers: [Role] = [.middleware, .observer, .supervisor, .wellbeing, .auditor]

    private static func row(_ kind: Command.Kind) -> Row {
        switch kind {
        case .ping: Row(may: onlookers + [.agent])
        case .stateRead, .eventsRead: Row(may: onlookers, isAgents: true)
        case .queueEstimate: Row(may: onlookers)
        case .agentUpsert, .agentShift, .agentRemove, .conversationUpdate, .feedbackRecord: Row(may: [.middleware])
        case .agentState, .conversationMessage, .conversationClose, .offerAccept, .offerDecline, .wrapupDone,
            .breakStart, .breakPostpone, .stressReport:
            Row(may: [.middleware], isAgents: true)
        case .conversationTransfer, .breakEnd, .safetyAcknowledge:
            Row(may: [.middleware, .supervisor], isAgents: true)
        case .conversationAssign, .followupDone: Row(may: [.middleware, .supervisor])
        case .breakGrant, .conversationRetag, .incidentDeclare, .incidentEnd, .affinityLift: Row(may: [.supervisor])
        }
    }
}
