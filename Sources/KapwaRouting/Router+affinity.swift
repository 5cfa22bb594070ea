import KapwaDomain
import KapwaRules

extension Router {
    /// Keeps a customer and an agent apart after a threat, sexual harassment, a slur, or insults in three messages.
    mutating func keepApart(_ slot: Int, after found: Assessment, at now: Instant) {
        let isAbuse = found.tags.abuse >= .holds
        let kind: String
        if found.tags.threat >= .holds {
            kind = "threat"
        } else if isAbuse, let abuse = found.abuse, abuse.kind != .insult {
            kind = abuse.kind.rawValue
        } else if isAbuse, state.conversations[slot].contact.insults >= 3 {
            kind = Abuse.Kind.insult.rawValue
        } else {
            return
        }
        guard let agent = state.conversations[slot].agent.map({ state.agents[$0].id }) else { return }
        let conversation = state.conversations[slot]
        setAffinity(conversation.id, conversation.episode, conversation.customer, agent, kind, at: now)
    }

    /// An agent goes on with a conversation in which a threat stands that nobody had read: what follows a threat
    /// follows now.
    mutating func readThreat(_ conversation: ConversationRecord, _ agent: Int, at now: Instant) {
        setAffinity(
            conversation.id, conversation.episode, conversation.customer, state.agents[agent].id, "threat", at: now)
        oweCareBreak(agent, minutes: policy(agent).graveMinutes, immediate: true, because: "threat", at: now)
    }

    /// Once per contact.
    mutating func setAffinity(
        _ conversation: ConversationID, _ episode: Int, _ customer: CustomerID?, _ agent: AgentID, _ kind: String,
        at now: Instant
    ) {
        let isSet = state.aversions(.conversation(conversation), at: now).contains {
            $0.agent == agent && $0.episode == episode
        }
        guard !isSet else { return }
        emit(
            .affinitySet(
                .with {
                    $0.customer = customer
                    $0.agent = agent
                    $0.conversation = conversation
                    $0.episode = episode
                    $0.kind = kind
                    $0.until = now + Aversion.lasts
                }), at: now)
    }

    /// A supervisor lifts it, after the agent was asked.
    mutating func liftAffinity(_ body: AffinityLift, by: Person?, at now: Instant) throws(Refusal) {
        guard body.agreed else {
            throw Refusal(
                .invalidField, "agreed is false; nothing is lifted before the agent was asked and said yes",
                field: "agreed")
        }
        try Self.requireSupervisor(by, to: "lift what keeps a customer and an agent apart")
        _ = try requireAgent(body.agent)
        let found = state.aversions(.customer(body.customer), at: now).filter { $0.agent == body.agent }
        guard !found.isEmpty else {
            throw Refusal(
                .wrongState, "nothing keeps customer \"\(body.customer)\" and agent \"\(body.agent)\" apart",
                field: "customer", state: "none")
        }
        lift(found, by: by, reason: .free(body.reason), at: now)
    }

    /// One event for each conversation that had brought it about.
    mutating func lift(_ aversions: [Aversion], by: Person?, reason: Reason, at now: Instant) {
        var said: [ConversationID] = []
        for aversion in aversions where !said.contains(aversion.conversation) {
            said.append(aversion.conversation)
            emit(
                .affinityLifted(
                    .with {
                        $0.customer = aversion.customer
                        $0.agent = aversion.agent
                        $0.conversation = aversion.conversation
                        $0.by = by
                        $0.reason = reason
                    }), at: now)
        }
    }
}
