import KapwaDomain
import KapwaRules

extension Router {
    static func unknown(_ id: ConversationID) -> Refusal {
        Refusal(
            .unknownConversation, "no conversation \"\(id)\" is known; a conversation.message with a channel opens one",
            field: "conversation")
    }

    static func closed(_ id: ConversationID, _ message: String) -> Refusal {
        Refusal(.wrongState, message, field: "conversation", state: ConversationPhase.closed.rawValue)
    }

    /// Takes in a message of whoever, as the table of the contract says for each state.
    mutating func receive(_ body: ConversationMessage, at now: Instant) throws(Refusal) -> Reply.Details {
        try checkReferences(body)
        if let slot = state.conversationSlots[body.conversation] {
            try receiveOnOpen(body, slot, at: now)
        } else if let closed = state.closed[body.conversation] {
            try receiveOnClosed(body, closed, at: now)
        } else {
            try open(body, after: nil, at: now)
        }
        guard body.returnsTags, let assessment = body.assessment else { return .none }
        return .assessment(assessment)
    }

    private func checkReferences(_ body: ConversationMessage) throws(Refusal) {
        if body.from == .agent, let agent = body.agent { _ = try requireAgent(agent) }
        if let queue = body.queue { try requireQueue(queue) }
    }

    func requireQueue(_ id: QueueID) throws(Refusal) {
        guard rules.place(ofQueue: id) == nil else { return }
        let known = rules.queues.prefix(10).map(\.id.rawValue).joined(separator: ", ")
        throw Refusal(.unknownQueue, "the rules name no queue \"\(id)\"; they name \(known)", field: "queue")
    }

    private mutating func receiveOnOpen(_ body: ConversationMessage, _ slot: Int, at now: Instant) throws(Refusal) {
        let isHeld = state.conversations[slot].phase == .open
        let inDanger = body.assessment?.safetyLevel == .explicit
        if isHeld && body.from == .customer && !body.hold && !inDanger {
            try checkRoom(for: placement(of: slot, queue: body.queue))
        }
        emitMessage(body, slot, at: now)
        switch state.conversations[slot].phase {
        case .open:
            guard body.from == .customer else { return }
            if !body.hold || state.conversations[slot].safety != nil { enqueue(slot, queue: body.queue, at: now) }
        case .queued, .offered:
            if body.from == .customer { rerank(slot, at: now) }
        case .assigned:
            receiveOnAssigned(body, slot, at: now)
        case .closed:
            preconditionFailure("a closed episode is not among the open ones")
        }
    }

    private mutating func receiveOnAssigned(_ body: ConversationMessage, _ slot: Int, at now: Instant) {
        let conversation = state.conversations[slot]
        guard let agent = conversation.agent else { return }
        settleUnits(agent, at: now)
        if conversation.isParked {
            if body.from == .customer { receiveOnParked(slot, body.assessment, at: now) }
            if body.from == .agent, body.agent == state.agents[agent].id { resume(slot, reason: "message", at: now) }
        } else if body.from == .customer {
            weighMessage(body, slot, at: now)
        }
        // What wakes beside a break that is overdue is handed over too.
        if state.agents[agent].currentBreak?.isOverdue ?? false { breakChecks.append(agent) }
    }

    private mutating func receiveOnClosed(
        _ body: ConversationMessage, _ closed: ClosedRecord, at now: Instant
    ) throws(Refusal) {
        guard body.from == .customer else {
            throw Self.closed(
                body.conversation, "the conversation is closed; only a message of the customer begins a new episode")
        }
        if Self.isOnlyThanks(body.assessment) && now - closed.closedAt <= .minutes(10) {
            return thank(body, closed, at: now)
        }
        let sinceClosing = now - closed.closedAt
        let carries: Continuation.Carries
        if closed.outcome == .abandoned && sinceClosing <= .seconds(60) {
            carries = .place
        } else {
            carries = sinceClosing <= .hours(24) ? .history : .nothing
        }
        try open(
            body,
            after: Continuation(
                episode: closed.episode, outcome: closed.outcome, closedAt: closed.closedAt, carries: carries), at: now)
    }

    /// Thanks and nothing else: no new work.
    private static func isOnlyThanks(_ found: Assessment?) -> Bool {
        guard let found, found.scored == .ok, found.safety.isEmpty else { return false }
        let strain = max(found.tags.hardness, found.tags.urgency, found.tags.threat)
        return found.tags.relief >= .holds && strain < .holds
    }

    private mutating func thank(_ body: ConversationMessage, _ closed: ClosedRecord, at now: Instant) {
        guard let found = body.assessment else { return }
        let mood = closed.mood.adding(found)
        emit(
            .conversationMessaged(
                .with {
                    $0.conversation = body.conversation
                    $0.episode = closed.episode
                    $0.from = .customer
                    $0.message = closed.messages + 1
                }), at: now)
        emit(
            .conversationTagged(
                .with {
                    $0.conversation = body.conversation
                    $0.episode = closed.episode
                    $0.message = closed.messages + 1
                    $0.assessment = found
                    $0.moodTags = mood.tags
                    $0.trend = mood.trend
                }), at: now)
    }

    // MARK: Opening

    private mutating func open(
        _ body: ConversationMessage, after: Continuation?, at now: Instant
    ) throws(Refusal) {
        let before = state.closed[body.conversation]
        guard let channel = body.channel ?? before?.channel else {
            throw Refusal(
                .missingField,
                "the first message of a conversation needs a channel: chat, voice, email, social, sms"
                    + " or callback", field: "channel")
        }
        guard state.conversationSlots.count < Limits.conversationsMax else {
            throw Refusal(
                .overloaded, "\(Limits.conversationsMax) conversations are open, the most there can be",
                retryAfter: Limits.retryAfter.upperBound)
        }
        let opened = self.opened(body, channel, before, after, at: now)
        let stays = after?.carries == .place
        let danger = [body.assessment?.safetyLevel, stays ? before?.safety : nil].compactMap { $0 }.max()
        let queues = body.from == .customer && (!body.hold || danger != nil)
        if queues { try checkRoom(forOpening: opened, body.assessment, danger: danger) }
        emit(.conversationOpened(opened), at: now)
        guard let slot = state.conversationSlots[body.conversation] else {
            preconditionFailure("an opened conversation is there")
        }
        emitMessage(body, slot, at: now)
        raiseCarriedSafety(slot, at: now)
        if queues {
            enqueue(slot, queue: body.queue ?? (stays ? before?.placement?.queue : nil), at: now)
        } else if body.from == .agent, let id = body.agent, let agent = state.agentSlots[id] {
            emitAssigned(slot, agent, source: .agent, at: now)
        }
    }

    private func opened(
        _ body: ConversationMessage, _ channel: Channel, _ before: ClosedRecord?, _ after: Continuation?,
        at now: Instant
    ) -> ConversationOpened {
        .with {
            $0.conversation = body.conversation
            $0.episode = (after?.episode ?? 0) + 1
            $0.after = after
            $0.channel = channel
            $0.queue = body.queue ?? (after?.carries == .place ? before?.requestedQueue : nil)
            $0.topic = body.topic ?? (after?.carries == .nothing ? nil : before?.topic)
            $0.customer = body.customer ?? before?.customer
            $0.priority = body.priority ?? (after?.carries == .place ? before?.priority : nil) ?? 0
            $0.skills = body.skills ?? (after?.carries == .place ? before?.skills : nil) ?? .none
            $0.preferredAgent = body.preferredAgent
            $0.attributes = body.attributes ?? (after?.carries == .nothing ? nil : before?.attributes) ?? .none
            $0.since = after?.carries == .place ? before?.since ?? now : now
            $0.openUntil = now + .hours(24)
        }
    }

    // MARK: Every message

    /// `conversation.messaged`, and for the customer's words `conversation.tagged` and what they make necessary.
    private mutating func emitMessage(_ body: ConversationMessage, _ slot: Int, at now: Instant) {
        let episode = state.conversations[slot].episode
        let number = state.conversations[slot].messages + 1
        let flaggedBefore = state.conversations[slot].safety
        emit(
            .conversationMessaged(
                .with {
                    $0.conversation = body.conversation
                    $0.episode = episode
                    $0.from = body.from
                    $0.message = number
                    $0.agent = body.agent
                    if state.conversations[slot].phase == .assigned {
                        $0.idleUntil = now + rules.offers.maxIdle[state.conversations[slot].channel]
                    }
                }), at: now)
        guard body.from == .customer, let found = body.assessment, !body.text.isEmpty else { return }
        let mood = state.conversations[slot].mood.adding(found)
        emit(
            .conversationTagged(
                .with {
                    $0.conversation = body.conversation
                    $0.episode = episode
                    $0.message = number
                    $0.assessment = found
                    $0.moodTags = mood.tags
                    $0.trend = mood.trend
                }), at: now)
        guard let level = found.safetyLevel, flaggedBefore.map({ level > $0 }) ?? true,
            let flag = found.safety.first(where: { $0.level == level })
        else { return }
        raiseSafety(slot, flag.kind, level, round: 1, at: now)
    }

    /// A message of the customer to an agent: stress is booked, abuse has consequences.
    private mutating func weighMessage(_ body: ConversationMessage, _ slot: Int, at now: Instant) {
        if let found = body.assessment, !body.text.isEmpty {
            keepApart(slot, after: found, at: now)
            // The graver reason first, so that a break is owed once and not lengthened at once.
            weighAbuse(slot, found, at: now)
        }
        // The time that a hard contact takes counts without words as well.
        bookContact(slot, at: now)
    }
}
