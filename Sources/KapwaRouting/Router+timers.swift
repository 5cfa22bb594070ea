import KapwaDomain

extension Router {
    /// Lets one timer happen, if what it was set for still stands.
    mutating func fire(_ timer: RoutingTimer, at now: Instant) {
        switch timer.subject {
        case .conversation(let id, let episode): endPhase(id, episode, timer, at: now)
        case .offer(let id): expireOffer(id, timer, at: now)
        case .wrapup(let agent, let conversation, let episode):
            endWrapup(agent, conversation, episode, timer, at: now)
        case .lease(let id): loseLease(id, timer, at: now)
        case .offlineGrace(let id, let channel): requeueAfterGrace(id, channel, at: now)
        case .breakCheck(let id):
            forgetBreakCheck(id)
            checkOwedBreak(id, at: now)
        case .breakDue(let agent, let id): noteDue(agent, id, at: now)
        case .breakOverdue(let agent, let id): noteOverdue(agent, id, at: now)
        case .planned(let agent): checkPlannedBreaks(agent, at: now)
        case .slide: placeSliding(at: now)
        case .parked(let id, let episode): endParking(id, episode, at: now)
        case .breakEnd(let agent, let id): endBreakInTime(agent, id, timer, at: now)
        case .landingEnd(let id): endLanding(id, timer, at: now)
        case .step(let id, let episode): endStep(id, episode, timer, at: now)
        case .silence(let id, let episode): noteSilence(id, episode, at: now)
        case .safetyRound(let id, let episode): raiseSafetyAgain(id, episode, at: now)
        case .incident(let topic): endIncidentInTime(topic, timer, at: now)
        case .affinityEnd(let id):
            if let slot = state.agentSlots[id] { freshenAgent(slot) }
        case .queueOpens(let id): openQueue(id, at: now)
        case .barEnd(let id):
            guard let slot = state.conversationSlots[id] else { return }
            adjust { $0.watchBars(slot, at: now) }
            if state.conversations[slot].phase == .queued { freshen(slot, at: now) }
        case .onlyUntil(let id), .holdEnd(let id), .target(let id):
            if let slot = state.conversationSlots[id], state.conversations[slot].phase == .queued {
                freshen(slot, at: now)
            }
        case .reservationEnd(let id): endReservation(of: id, timer)
        }
    }

    private mutating func endPhase(_ id: ConversationID, _ episode: Int, _ timer: RoutingTimer, at now: Instant) {
        guard let slot = state.conversationSlots[id], state.conversations[slot].episode == episode,
            state.conversations[slot].deadline == timer.due
        else { return }
        let reason: String
        switch state.conversations[slot].phase {
        case .open: reason = "max_open"
        case .queued, .offered: reason = "max_wait"
        case .assigned: reason = "max_idle"
        case .closed: return
        }
        closeEpisode(slot, outcome: .abandoned, reason: .word(reason), at: now)
    }

    private mutating func endWrapup(
        _ agent: AgentID, _ conversation: ConversationID, _ episode: Int, _ timer: RoutingTimer, at now: Instant
    ) {
        guard let slot = state.agentSlots[agent],
            let wrapup = state.agents[slot].wrapups.first(where: {
                $0.conversation == conversation && $0.episode == episode
            }), wrapup.deadline == timer.due
        else { return }
        emit(
            .wrapupEnded(
                .with {
                    $0.agent = agent
                    $0.conversation = conversation
                    $0.episode = episode
                    $0.reason = .word("limit")
                }), at: now)
    }

    private mutating func loseLease(_ id: AgentID, _ timer: RoutingTimer, at now: Instant) {
        guard let slot = state.agentSlots[id], state.agents[slot].leaseUntil == timer.due,
            state.agents[slot].presence != .offline
        else { return }
        changePresence(slot, to: .offline, reason: .word("lost"), leaseUntil: nil, at: now)
    }

    private mutating func requeueAfterGrace(_ id: AgentID, _ channel: Channel, at now: Instant) {
        guard let slot = state.agentSlots[id], state.agents[slot].presence == .offline,
            now - state.agents[slot].presenceSince >= RoutingState.offlineGrace(channel)
        else { return }
        for conversation in state.agents[slot].contacts
        where state.conversations[conversation].channel.family == channel.family {
            requeue(conversation, reason: .word("agent_lost"), at: now)
        }
        checkOwedBreak(id, at: now)
    }
}
