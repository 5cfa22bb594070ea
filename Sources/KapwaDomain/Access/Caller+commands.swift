extension Caller {
    /// Why it may not send the command; `nil` when it may, as far as the command alone tells.
    public func refusal(of command: Command) -> Refusal? {
        if let tenant, command.tenant != tenant { return Self.foreignTenant(described, tenant) }
        let kind = command.body.kind
        let extent = extent(of: kind)
        guard extent != .no else {
            let may = Permission.roles(for: kind).map(\.rawValue).joined(separator: ", ")
            return Refusal(
                .notPermitted, "\(described) may not send \(kind.rawValue); one of these roles may: \(may)",
                field: "type")
        }
        if let refusal = refusal(speakingFor: command.by) { return refusal }
        if let refusal = refusal(ofPartOf: command.body, by: command.by) { return refusal }
        if extent == .own, let refusal = refusal(ofForeign: command.body) { return refusal }
        for queue in command.body.namedQueues where !maySee(queue) {
            return Refusal(.notPermitted, "\(described) is bound to \(shownQueues), not to \(queue)", field: "queue")
        }
        return nil
    }

    /// What a key is told that names another tenant, whether there is one of that name or not.
    public func foreignTenant(_ tenant: TenantID) -> Refusal { Self.foreignTenant(described, tenant) }

    private static func foreignTenant(_ described: String, _ tenant: TenantID) -> Refusal {
        Refusal(.notPermitted, "\(described) belongs to tenant \(tenant) and may speak of no other", field: "tenant")
    }

    /// Nobody lends a person more than the key has itself. Middleware and supervisors may speak for agents, and words
    /// that are no role give nobody any right.
    private func refusal(speakingFor person: Person?) -> Refusal? {
        guard let person, let role = Role(rawValue: person.role), !has(role) else { return nil }
        if role == .agent && (has(.middleware) || has(.supervisor)) { return nil }
        return Refusal(
            .notPermitted,
            "\(described) may not speak for role \(role.rawValue); send it with a key of role \(role.rawValue)",
            field: "by.role")
    }

    /// What not everybody may say who may send the command.
    private func refusal(ofPartOf body: Command.Body, by person: Person?) -> Refusal? {
        switch body {
        case .conversationAssign(let body):
            let needed: Role = body.source == .supervisor ? .supervisor : .middleware
            guard !has(needed) else { return nil }
            return Refusal(
                .notPermitted, "\(described) may not assign as \(body.source.rawValue); role \(needed.rawValue) may",
                field: "as")
        case .breakEnd where !has(.middleware) && !has(.agent) && person?.role != Role.supervisor.rawValue:
            return Refusal(
                .notPermitted, "without by it would be the agent's own word; \(described) names who ends the break",
                field: "by")
        default: return nil
        }
    }

    /// An agent acts in the agent's own name.
    private func refusal(ofForeign body: Command.Body) -> Refusal? {
        guard let agent else { return nil }
        if case .conversationMessage(let body) = body, body.from != .agent {
            return Refusal(.notPermitted, "\(described) writes as agent \(agent), from agent", field: "from")
        }
        guard let named = body.actingAgent, named != agent else { return nil }
        return Refusal(.notPermitted, "\(described) acts for agent \(agent) alone", field: "agent")
    }

    /// Why it may not send the command, seeing where the conversation that it speaks of stands; `nil` when it may.
    ///
    /// - Parameter place: of ``Command/Body/subject``; `nil` when nobody knows the conversation.
    public func refusal(of command: Command, at place: Whereabouts?) -> Refusal? {
        guard isBound, command.body.subject != nil else { return nil }
        if case .conversationMessage(let body) = command.body, !(place?.isOpen ?? false) {
            guard !queues.isEmpty, body.queue == nil else { return nil }
            return Refusal(
                .notPermitted, "\(described) is bound to \(shownQueues); name one to open a conversation",
                field: "queue")
        }
        // What nobody knows is refused for that.
        guard let place else { return nil }
        if extent(of: command.body.kind) == .own, command.body.isOfHolder, place.agent != agent {
            return Refusal(
                .notPermitted, "\(described) does not have this conversation", field: "conversation")
        }
        guard queues.isEmpty || place.queue.map(maySee) ?? false else {
            return Refusal(
                .notPermitted, "\(described) is bound to \(shownQueues); the conversation is in none of them",
                field: "conversation")
        }
        return nil
    }

    func maySee(_ queue: QueueID) -> Bool { queues.isEmpty || queues.contains(queue) }

    private var shownQueues: String {
        let noun = queues.count == 1 ? "queue" : "queues"
        return "\(noun) \(queues.map(\.rawValue).joined(separator: ", "))"
    }
}

extension Command.Body {
    /// The agent in whose name it acts.
    var actingAgent: AgentID? {
        switch self {
        case .agentState(let body): return body.agent
        case .conversationMessage(let body): return body.from == .agent ? body.agent : nil
        case .offerAccept(let body), .offerDecline(let body): return body.agent
        case .wrapupDone(let body): return body.agent
        case .breakStart(let body): return body.agent
        case .breakEnd(let body): return body.agent
        case .breakPostpone(let body): return body.agent
        case .stressReport(let body): return body.agent
        default: return nil
        }
    }

    /// Queues that it names.
    var namedQueues: [QueueID] {
        switch self {
        case .conversationMessage(let body): [body.queue].compactMap { $0 }
        case .conversationUpdate(let body): [body.queue].compactMap { $0 }
        case .conversationTransfer(let body): [body.queue].compactMap { $0 }
        case .queueEstimate(let body):
            if case .queue(let queue) = body.subject { [queue] } else { [] }
        default: []
        }
    }

    /// What has to be looked up to know whose conversation it is about.
    public enum Subject: Sendable, Hashable {
        case conversation(ConversationID)
        case offer(OfferID)
    }

    /// The conversation that it speaks of.
    public var subject: Subject? {
        switch self {
        case .conversationMessage(let body): .conversation(body.conversation)
        case .conversationUpdate(let body): .conversation(body.conversation)
        case .conversationTransfer(let body): .conversation(body.conversation)
        case .conversationAssign(let body): .conversation(body.conversation)
        case .conversationClose(let body): .conversation(body.conversation)
        case .conversationRetag(let body): .conversation(body.conversation)
        case .safetyAcknowledge(let body): .conversation(body.conversation)
        case .followupDone(let body): .conversation(body.conversation)
        case .feedbackRecord(let body): .conversation(body.conversation)
        case .wrapupDone(let body): .conversation(body.conversation)
        case .stressReport(let body): body.conversation.map(Subject.conversation)
        case .offerAccept(let body), .offerDecline(let body): .offer(body.offer)
        case .queueEstimate(let body):
            if case .conversation(let conversation) = body.subject { .conversation(conversation) } else { nil }
        default: nil
        }
    }

    /// Whether of all agents only the one who has the conversation may; offers and wrap-up are the router's to judge.
    var isOfHolder: Bool {
        switch self {
        case .conversationMessage, .conversationTransfer, .conversationClose, .safetyAcknowledge: true
        default: false
        }
    }
}
