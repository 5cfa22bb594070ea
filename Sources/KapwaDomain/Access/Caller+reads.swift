/// In which form somebody gets an event.
public enum EventForm: Sendable, Hashable {
    case hidden
    /// As everybody on the socket sees it.
    case open
    /// Whole, but for what a colleague carries: the agent's own.
    case own
    case full
}

extension Caller {
    /// How it reads an event back.
    public func form(of body: Event.Body) -> EventForm {
        if has(.auditor) { return .full }
        if case .talkSuggested = body { return has(.wellbeing) ? .full : .hidden }
        // On this machine whoever needs no key was given everybody's topics.
        if key == nil { return .full }
        if has(.wellbeing), case .agentStressed = body { return .full }
        if let agent = body.privateAgent, agents.contains(agent) { return .own }
        if let agent { return form(of: body, for: agent) }
        return body.isPrivate ? .hidden : .open
    }

    /// An agent reads what is about the agent, and what concerns the whole floor.
    private func form(of body: Event.Body, for agent: AgentID) -> EventForm {
        if let other = body.topicAgent { return other == agent ? .own : .hidden }
        return body.namedAgent == agent || body.isOfFloor ? .open : .hidden
    }

    /// Whether rows of breaks say what a break for care is for: to an agent, whose rows are the agent's own, and to
    /// whoever reads every event whole.
    public var seesBreaksWhole: Bool { key == nil || has(.auditor) || has(.agent) }

    /// Whether it is told who a customer is: those who act on it, and whoever answers for everything.
    private var knowsCustomers: Bool {
        key == nil || has(.middleware) || has(.supervisor) || has(.auditor) || has(.agent)
    }

    /// The same rows without saying who the customers are.
    private static func nameless(_ rows: StateRows) -> StateRows {
        guard case .conversations(var conversations) = rows.rows else { return rows }
        for index in conversations.indices { conversations[index].customer = nil }
        var nameless = rows
        nameless.rows = .conversations(conversations)
        return nameless
    }

    /// The rows of `state.read` that it may see.
    ///
    /// - Parameter place: where a conversation stands.
    public func visible(_ rows: StateRows, place: (ConversationID) -> Whereabouts?) -> StateRows {
        let rows = knowsCustomers ? rows : Self.nameless(rows)
        guard isBound else { return rows }
        func isMine(_ other: AgentID?) -> Bool { agent.map { $0 == other } ?? true }
        func isHere(_ conversation: ConversationID) -> Bool {
            queues.isEmpty || place(conversation)?.queue.map(maySee) ?? false
        }
        var visible = rows
        switch rows.rows {
        case .agents(let rows): visible.rows = .agents(rows.filter { isMine($0.agent) })
        case .conversations(let rows):
            visible.rows = .conversations(rows.filter { isMine($0.agent) && isHere($0.conversation) })
        case .offers(let rows): visible.rows = .offers(rows.filter { isMine($0.agent) && isHere($0.conversation) })
        case .breaks(let rows): visible.rows = .breaks(rows.filter { isMine($0.agent) })
        case .queues(let rows): visible.rows = .queues(rows.filter { maySee($0.queue) })
        case .followups(let rows):
            visible.rows = .followups(rows.filter { isMine($0.agent) && isHere($0.conversation) })
        case .incidents: break
        }
        return visible
    }
}

extension Event.Body {
    /// An agent whom it names though it does not stand in the agent's topic.
    var namedAgent: AgentID? {
        switch self {
        case .conversationMessaged(let body): return body.agent
        case .conversationAssigned(let body): return body.agent
        case .conversationClosed(let body): return body.agent
        case .conversationParked(let body), .conversationResumed(let body): return body.agent
        case .handoverOffered(let body): return body.agent
        case .affinitySet(let body): return body.agent
        case .affinityLifted(let body): return body.agent
        case .feedbackRecorded(let body): return body.agent
        case .followupOwed(let body): return body.agent
        default: return nil
        }
    }

    /// Whether it is about nobody in particular.
    public var isOfFloor: Bool {
        switch self {
        case .incidentDeclared, .incidentEnded, .rulesChanged, .modeChanged, .clockGap, .daemonStarted: true
        default: false
        }
    }
}
