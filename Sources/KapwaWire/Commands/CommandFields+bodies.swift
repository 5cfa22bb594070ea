import KapwaDomain

/// What `return` may ask for.
private enum Returned: String, WireWord { case tags }

extension CommandFields {
    /// The fields of one type. Fields that are added later are asked for last, so that hashes stay as they are.
    mutating func body(_ type: Command.Kind, by person: Person?) -> Command.Body {
        switch type {
        case .agentUpsert: .agentUpsert(agentUpsert())
        case .agentState: .agentState(agentState())
        case .agentShift: .agentShift(agentShift())
        case .agentRemove:
            .agentRemove(AgentRemove(agent: required("agent", AgentID.self), reason: requiredText("reason")))
        case .conversationMessage: .conversationMessage(conversationMessage())
        case .conversationUpdate: .conversationUpdate(conversationUpdate())
        case .conversationTransfer: .conversationTransfer(conversationTransfer())
        case .conversationAssign: .conversationAssign(conversationAssign(person))
        case .conversationClose:
            .conversationClose(
                ConversationClose(
                    conversation: required("conversation", ConversationID.self),
                    outcome: required("outcome", Outcome.resolved)))
        case .offerAccept: .offerAccept(offerAnswer())
        case .offerDecline: .offerDecline(offerAnswer())
        case .wrapupDone: .wrapupDone(wrapupDone())
        case .breakStart: .breakStart(breakStart())
        case .breakEnd: .breakEnd(breakEnd(person))
        case .breakPostpone: .breakPostpone(breakPostpone())
        case .breakGrant: .breakGrant(breakGrant(person))
        case .stressReport:
            .stressReport(
                StressReport(
                    agent: required("agent", AgentID.self),
                    conversation: identifier("conversation", of: ConversationID.self)))
        case .conversationRetag: .conversationRetag(conversationRetag(person))
        case .safetyAcknowledge: .safetyAcknowledge(safetyAcknowledge(person))
        case .incidentDeclare: .incidentDeclare(incidentDeclare(person))
        case .incidentEnd: .incidentEnd(incidentEnd(person))
        case .affinityLift: .affinityLift(affinityLift(person))
        case .followupDone:
            .followupDone(FollowupDone(conversation: required("conversation", ConversationID.self)))
        case .feedbackRecord: .feedbackRecord(feedbackRecord())
        case .queueEstimate: .queueEstimate(queueEstimate())
        case .stateRead: .stateRead(stateRead())
        case .eventsRead: .eventsRead(eventsRead())
        case .ping: .ping
        }
    }

    mutating func requirePerson(_ person: Person?, _ why: String) {
        if person == nil && !has("by") { missing("by", #"{"role":…,"name":…}: "# + why) }
    }

    // MARK: Agents

    private mutating func agentUpsert() -> AgentUpsert {
        AgentUpsert(
            agent: required("agent", AgentID.self), skills: skills("skills"), name: text("name"),
            capacity: integer("capacity", in: Limits.capacities), team: identifier("team", of: TeamID.self),
            attributes: attributes("attributes"))
    }

    private mutating func agentState() -> AgentState {
        AgentState(
            agent: required("agent", AgentID.self), state: required("state", Presence.offline), reason: text("reason"),
            leaseSeconds: integer("ttl_s", in: Limits.leaseSeconds))
    }

    private mutating func wrapupDone() -> WrapupDone {
        WrapupDone(
            agent: required("agent", AgentID.self), conversation: required("conversation", ConversationID.self),
            disposition: text("disposition"), hard: boolean("hard"))
    }

    private mutating func breakStart() -> BreakStart {
        BreakStart(
            agent: required("agent", AgentID.self), kind: word("kind", of: BreakKind.self),
            minutes: integer("minutes", in: Limits.breakMinutes), reason: text("reason"))
    }

    private mutating func breakEnd(_ person: Person?) -> BreakEnd {
        let end = BreakEnd(agent: required("agent", AgentID.self), reason: text("reason"))
        if person != nil && !has("reason") {
            missing("reason", "a string of at most \(Limits.labelBytesMax) bytes when somebody else ends a break")
        }
        return end
    }

    private mutating func breakGrant(_ person: Person?) -> BreakGrant {
        requirePerson(person, "a break is given by a person")
        return BreakGrant(
            agent: required("agent", AgentID.self), minutes: integer("minutes", in: Limits.breakMinutes),
            reason: requiredText("reason"))
    }

    // MARK: Conversations

    private mutating func conversationMessage() -> ConversationMessage {
        var message = ConversationMessage(
            conversation: required("conversation", ConversationID.self), from: required("from", Speaker.customer),
            text: requiredText("text", limit: Limits.textBytesMax, orEmpty: true))
        message.agent = identifier("agent", of: AgentID.self)
        if message.from == .agent && !has("agent") { missing("agent", "the agent who wrote it, as from is agent") }
        message.returnsTags = !words("return", of: Returned.self).isEmpty
        message.language = word("language", of: Assessment.Language.self)
        message.channel = word("channel", of: Channel.self)
        message.customer = identifier("customer", of: CustomerID.self)
        message.queue = identifier("queue", of: QueueID.self)
        message.skills = skills("skills")
        message.priority = integer("priority", in: Limits.priorities)
        message.preferredAgent = identifier("prefer_agent", of: AgentID.self)
        message.topic = text("topic")
        message.attributes = attributes("attributes")
        message.hold = flag("hold")
        return message
    }

    private mutating func conversationUpdate() -> ConversationUpdate {
        let changeable: [StaticString] = ["customer", "topic", "queue", "skills", "priority", "attributes"]
        if !changeable.contains(where: { has($0) }) {
            let names = changeable.map { "\($0)" }.joined(separator: ", ")
            refuse(Refusal(.missingField, "nothing to change; at least one of \(names) must be there"))
        }
        return ConversationUpdate(
            conversation: required("conversation", ConversationID.self),
            customer: identifier("customer", of: CustomerID.self), topic: text("topic"),
            queue: identifier("queue", of: QueueID.self), skills: skills("skills"),
            priority: integer("priority", in: Limits.priorities), attributes: attributes("attributes"))
    }

    private mutating func conversationTransfer() -> ConversationTransfer {
        ConversationTransfer(
            conversation: required("conversation", ConversationID.self), reason: requiredText("reason"),
            skills: skills("skills"), queue: identifier("queue", of: QueueID.self),
            agent: identifier("agent", of: AgentID.self))
    }

    private mutating func conversationAssign(_ person: Person?) -> ConversationAssign {
        var assign = ConversationAssign(
            conversation: required("conversation", ConversationID.self), agent: required("agent", AgentID.self),
            source: required("as", ConversationAssign.Source.external))
        assign.reason = text("reason")
        refuseBreaks()
        assign.overrides = words("override", of: Override.self)
        if assign.source == .supervisor {
            requirePerson(person, "a supervisor assigns by name")
            if !has("reason") {
                missing("reason", "a string of at most \(Limits.labelBytesMax) bytes when a supervisor assigns")
            }
        } else if !assign.overrides.isEmpty {
            refuse(
                .invalidField, "override",
                "is for as supervisor alone; what an external or fallback assignment breaks is in the reply")
        }
        return assign
    }

    /// Says of breaks that they are no rule like the others.
    private mutating func refuseBreaks() {
        guard let json = value("override"), json.isArray else { return }
        for (index, child) in json.children.enumerated() {
            guard let name = child.string, name == "break_owed" || name == "on_break" else { continue }
            refuse(
                .invalidField, "override[\(index)]",
                "is \(name), which nobody can set aside; it must be \(Override.expectation)")
        }
    }

    private mutating func offerAnswer() -> OfferAnswer {
        OfferAnswer(
            offer: required("offer", OfferID.self), agent: required("agent", AgentID.self), reason: text("reason"))
    }

    private mutating func safetyAcknowledge(_ person: Person?) -> SafetyAcknowledge {
        requirePerson(person, "somebody must look after it")
        return SafetyAcknowledge(conversation: required("conversation", ConversationID.self))
    }

    // MARK: Reads

    /// The one row is asked for as `row`: `id` is the command's own.
    private mutating func stateRead() -> StateRead {
        StateRead(
            what: required("what", StateRead.What.agents), id: identifier("row", of: CommandID.self)?.rawValue,
            after: identifier("after", of: CommandID.self)?.rawValue,
            limit: integer("limit", in: 1...Limits.rowsPerReadMax))
    }

    private mutating func eventsRead() -> EventsRead {
        if !has("after") { missing("after", "the sequence number after which to read, 0 for all") }
        return EventsRead(
            after: integer("after", in: 0...Int64.max) ?? 0, limit: integer("limit", in: 1...Limits.eventsPerReadMax),
            types: eventTypes("types"), wait: integer("wait_ms", in: 0...Limits.readWaitMax))
    }

    private mutating func eventTypes(_ key: StaticString) -> [String]? {
        guard let json = value(key) else { return nil }
        guard json.isArray else {
            invalid(key, json, "an array of event types")
            return nil
        }
        guard json.children.count <= Limits.listsMax else {
            refuse(.tooLarge, "\(key)", "names \(json.children.count) types; at most \(Limits.listsMax) are allowed")
            return nil
        }
        var types: [String] = []
        for (index, child) in json.children.enumerated() {
            guard let utf8 = child.utf8, EventTypes.all.contains(String(decoding: utf8, as: UTF8.self)) else {
                let found = child.utf8 == nil ? child.kind : "unknown"
                refuse(.invalidField, "\(key)[\(index)]", "is \(found); it must be one of \(EventTypes.names)")
                return nil
            }
            types.append(String(decoding: utf8, as: UTF8.self))
            hash(key, utf8)
        }
        return types
    }
}
