import KapwaDomain
import KapwaRules

extension Router {
    func requireConversation(_ id: ConversationID, closedMessage: String) throws(Refusal) -> Int {
        if let slot = state.conversationSlots[id] { return slot }
        throw state.closed[id] == nil ? Self.unknown(id) : Self.closed(id, closedMessage)
    }

    mutating func update(_ body: ConversationUpdate, at now: Instant) throws(Refusal) {
        let slot = try requireConversation(
            body.conversation, closedMessage: "the conversation is closed; what is over is not changed")
        if let queue = body.queue { try requireQueue(queue) }
        let conversation = state.conversations[slot]
        var changed = conversation
        changed.customer = body.customer ?? conversation.customer
        changed.topic = body.topic ?? conversation.topic
        changed.priority = body.priority ?? conversation.priority
        changed.skills = body.skills ?? conversation.skills
        changed.attributes = body.attributes ?? conversation.attributes
        let isPlaced = conversation.phase == .queued || conversation.phase == .offered
        let queue = body.queue ?? (body.topic == nil && body.attributes == nil ? conversation.placement?.queue : nil)
        var placement: Placement?
        if isPlaced, let before = conversation.placement {
            let next = positioned(self.placement(changed, in: chooseQueue(changed, named: queue)), slot)
            if next.queue != before.queue { try checkRoom(for: next) }
            if isAnotherPlace(next, than: before, slot) { placement = next }
        }
        emit(
            .conversationUpdated(
                .with {
                    $0.conversation = body.conversation
                    $0.episode = conversation.episode
                    $0.customer = body.customer
                    $0.topic = body.topic
                    $0.priority = body.priority
                    $0.skills = body.skills
                    $0.attributes = body.attributes
                    $0.requestedQueue = body.queue
                    $0.placement = placement
                }), at: now)
        withdrawIfUnfit(slot, at: now)
        // Whoever nobody could serve here is told so now, as at queueing.
        if conversation.phase == .queued, let placement,
            placement.queue != conversation.placement?.queue || placement.needs != conversation.placement?.needs
        {
            sayIfUnroutable(slot, at: now)
        }
    }

    /// An open offer whose agent no longer meets the needs does not stand.
    private mutating func withdrawIfUnfit(_ slot: Int, at now: Instant) {
        let conversation = state.conversations[slot]
        guard let offer = conversation.offer, let agent = conversation.agent, let placement = conversation.placement,
            state.agents[agent].skills.firstUnmet(of: placement.needs) != nil
        else { return }
        withdraw(offer, reason: .word("no_longer_fits"), at: now)
    }

    mutating func transfer(_ body: ConversationTransfer, at now: Instant) throws(Refusal) {
        let slot = try requireConversation(
            body.conversation,
            closedMessage: "the conversation is closed; a message of the customer begins a new episode")
        if let queue = body.queue { try requireQueue(queue) }
        if let agent = body.agent { _ = try requireAgent(agent) }
        let conversation = state.conversations[slot]
        let has = conversation.phase == .assigned ? conversation.agent.map { state.agents[$0].id } : nil
        // Named by name it may go back to the agent who gives it away.
        let from = has == body.agent ? nil : has
        if let skills = body.skills {
            emit(
                .conversationUpdated(
                    .with {
                        $0.conversation = body.conversation
                        $0.episode = conversation.episode
                        $0.skills = skills
                    }), at: now)
        }
        if let offer = conversation.offer { withdraw(offer, reason: .word("transfer"), requeues: false, at: now) }
        requeue(
            slot, reason: .word("transfer"), note: .free(body.reason), queue: body.queue, onlyAgent: body.agent,
            transferredFrom: from, at: now)
    }

    mutating func close(_ body: ConversationClose, at now: Instant) throws(Refusal) {
        let slot = try requireConversation(body.conversation, closedMessage: "the conversation is already closed")
        closeEpisode(slot, outcome: body.outcome, reason: nil, at: now)
    }

    /// Ends an episode: the offer withdrawn, the contact settled, the break or the wrap-up begun.
    mutating func closeEpisode(_ slot: Int, outcome: Outcome, reason: Reason?, at now: Instant) {
        if let offer = state.conversations[slot].offer {
            withdraw(offer, reason: .word("closed"), requeues: false, at: now)
        }
        settleContact(slot, at: now)
        let conversation = state.conversations[slot]
        let agent = conversation.phase == .assigned ? conversation.agent : nil
        emit(
            .conversationClosed(
                .with {
                    $0.conversation = conversation.id
                    $0.episode = conversation.episode
                    $0.outcome = outcome
                    $0.agent = agent.map { state.agents[$0].id }
                    $0.waitedMilliseconds = (agent == nil ? now : conversation.assignedAt) - conversation.since
                    $0.handledMilliseconds = agent == nil ? 0 : now - conversation.assignedAt
                    $0.reason = reason
                }), at: now)
        oweFollowup(conversation, agent, outcome, at: now)
        guard let agent else { return }
        leaveContact(agent, wasSafety: conversation.wasDangerForAgent, at: now)
        startWrapup(agent, conversation, at: now)
    }

    /// A wrap-up that meets a break waits until after: its time runs from the break's end.
    private mutating func startWrapup(_ agent: Int, _ conversation: ConversationRecord, at now: Instant) {
        let queue = conversation.placement.flatMap { rules.queue($0.queue) } ?? rules.queues[0]
        let breakEnds = state.agents[agent].isOnBreak ? state.agents[agent].currentBreak?.endsAt ?? now : now
        emit(
            .wrapupStarted(
                .with {
                    $0.agent = state.agents[agent].id
                    $0.conversation = conversation.id
                    $0.episode = conversation.episode
                    $0.units = conversation.units
                    $0.deadline = max(now, breakEnds) + queue.wrapupLimit[conversation.channel]
                    $0.exclusive = queue.exclusive || conversation.channel.family == .voice
                }), at: now)
    }

    // MARK: Rules

    /// Conversations whose queue is gone, or asks for other skills or targets, are filed again.
    mutating func refileAfterRulesChange(at now: Instant) {
        for slot in state.queuedSlots { rerank(slot, at: now) }
        freshenEverything()
    }
}
