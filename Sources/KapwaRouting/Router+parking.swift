import KapwaDomain
import KapwaRules

extension Router {
    // MARK: Parking

    /// A break begins: what its agent still has, none of it live, waits for the agent.
    mutating func parkContacts(_ slot: Int, at now: Instant) {
        let until = state.agents[slot].currentBreak?.endsAt
        for contact in state.agents[slot].contacts { emitParked(contact, slot, until: until, at: now) }
    }

    private mutating func emitParked(_ contact: Int, _ slot: Int, until: Instant?, at now: Instant) {
        emit(
            .conversationParked(
                .with {
                    $0.conversation = state.conversations[contact].id
                    $0.episode = state.conversations[contact].episode
                    $0.agent = state.agents[slot].id
                    $0.reason = .word("break")
                    $0.until = until
                }), at: now)
    }

    /// The agent is back, unless the next break begins at once: what was parked goes on.
    mutating func resumeParked(_ slot: Int, at now: Instant) {
        guard state.agents[slot].contacts.contains(where: { state.conversations[$0].isParked }) else { return }
        checkOwedBreak(state.agents[slot].id, at: now)
        guard !state.agents[slot].isOnBreak else { return }
        for contact in state.agents[slot].contacts where state.conversations[contact].isParked {
            resume(contact, reason: "break_over", at: now)
        }
    }

    /// Its agent goes on with a conversation, and reads what came meanwhile.
    mutating func resume(_ contact: Int, reason: String, at now: Instant) {
        let conversation = state.conversations[contact]
        guard let agent = conversation.agent else { return }
        emit(
            .conversationResumed(
                .with {
                    $0.conversation = conversation.id
                    $0.episode = conversation.episode
                    $0.agent = state.agents[agent].id
                    $0.reason = .word(reason)
                }), at: now)
        if conversation.wasThreateningWhileWaiting { readThreat(conversation, agent, at: now) }
        bookContact(contact, at: now)
    }

    /// A customer writes to an agent who is on a break: in need, goes to somebody else at once, with the old rank.
    mutating func receiveOnParked(_ slot: Int, _ found: Assessment?, at now: Instant) {
        guard let found, found.tags.urgency >= .strong || found.safetyLevel != nil else { return }
        requeue(slot, reason: .word("parked"), at: now)
    }

    /// The customer wrote and the agent did not come back in time.
    mutating func endParking(_ id: ConversationID, _ episode: Int, at now: Instant) {
        guard let slot = state.conversationSlots[id], state.conversations[slot].episode == episode,
            state.conversations[slot].isParked
        else { return }
        requeue(slot, reason: .word("parked"), at: now)
    }

    // MARK: Hand-over

    /// At the latest start of a break another agent could take each chat that is still live.
    mutating func offerHandovers(_ slot: Int, _ owed: AgentBreak, at now: Instant) {
        for contact in liveChats(slot, at: now) {
            emit(
                .handoverOffered(
                    .with {
                        $0.agent = state.agents[slot].id
                        $0.conversation = state.conversations[contact].id
                        $0.episode = state.conversations[contact].episode
                        $0.until = owed.startBy + RoutingState.overdueAfter
                    }), at: now)
        }
    }

    /// An overdue break waits for no chat: each live one goes back to the queue.
    mutating func handOverLiveChats(_ slot: Int, at now: Instant) {
        let id = state.agents[slot].id
        while state.agentSlots[id] == slot, let chat = liveChats(slot, at: now).first {
            requeue(chat, reason: .word("handover"), at: now)
        }
    }

    private func liveChats(_ slot: Int, at now: Instant) -> [Int] {
        state.agents[slot].contacts.filter {
            state.conversations[$0].channel.family == .chat && state.conversations[$0].isLive(at: now)
        }
    }
}
