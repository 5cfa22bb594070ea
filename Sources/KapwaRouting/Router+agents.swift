import KapwaDomain

extension Router {
    func requireAgent(_ id: AgentID, field: String = "agent") throws(Refusal) -> Int {
        guard let slot = state.agentSlots[id] else {
            throw Refusal(
                .unknownAgent, "no agent \"\(id)\" is known; create the agent first with agent.upsert", field: field)
        }
        return slot
    }

    mutating func upsert(_ body: AgentUpsert, at now: Instant) throws(Refusal) {
        let known = state.agentSlots[body.agent].map { state.agents[$0] }
        guard let skills = body.skills ?? known?.skills else {
            throw Refusal(
                .missingField, "a new agent needs skills, for example {\"english\": 3}; {} is right for none",
                field: "skills")
        }
        if known == nil && state.agentOrder.count >= Limits.agentsMax {
            throw Refusal(.overloaded, "\(Limits.agentsMax) agents are the most", field: "agent", retryAfter: 30_000)
        }
        let next = AgentUpdated.with {
            $0.agent = body.agent
            $0.name = body.name ?? known?.name
            $0.skills = skills
            $0.capacity = body.capacity ?? known?.capacity ?? 100
            $0.team = body.team ?? known?.team
            $0.attributes = body.attributes ?? known?.attributes ?? .none
        }
        if let known, next == Self.updated(known) { return }
        emit(.agentUpdated(next), at: now)
        // One who comes back may still owe a break.
        if known == nil, let slot = state.agentSlots[body.agent] {
            if let running = state.agents[slot].currentBreak, running.endsAt.map({ $0 <= now }) ?? false {
                emitBreakEnded(slot, running, by: "timer", note: nil, at: now)
            }
            breakChecks.append(slot)
        }
        if let known, known.team != next.team {
            useRoom(known.team)
            useRoom(next.team)
        }
        withdrawOffersThatNoLongerFit(state.agentSlots[body.agent] ?? 0, at: now)
    }

    private static func updated(_ record: AgentRecord) -> AgentUpdated {
        .with {
            $0.agent = record.id
            $0.name = record.name
            $0.skills = record.skills
            $0.capacity = record.capacity
            $0.team = record.team
            $0.attributes = record.attributes
        }
    }

    private mutating func withdrawOffersThatNoLongerFit(_ slot: Int, at now: Instant) {
        // In a team whose routing binds nobody there are no offers.
        guard binds(slot) else {
            for id in state.agents[slot].offers { withdraw(id, reason: .word("mode"), at: now) }
            return
        }
        for id in state.agents[slot].offers {
            guard let offer = state.offers[id],
                let placement = state.conversations[offer.conversation].placement
            else { continue }
            let agent = state.agents[slot]
            let othersLoad = agent.load - offer.units
            let admitted = agent.admittedCapacity(for: offer.units, at: now, carried: othersLoad)
            let fits = agent.skills.firstUnmet(of: placement.needs) == nil && agent.load <= admitted
            if !fits { withdraw(id, reason: .word("no_longer_fits"), at: now) }
        }
    }

    mutating func setState(_ body: AgentState, at now: Instant) throws(Refusal) -> Reply.Details {
        let slot = try requireAgent(body.agent)
        // An agent who is not there has nothing to renew.
        let leaseUntil = body.state == .offline ? nil : body.leaseSeconds.map { now + .seconds(Int64($0)) }
        let agent = state.agents[slot]
        if agent.presence == body.state && agent.isLeased == (leaseUntil != nil)
            && !(agent.isBackFromBreak && body.state == .away)
        {
            if let leaseUntil { renewLease(slot, until: leaseUntil) }
            return .presence(agent.effective)
        }
        changePresence(slot, to: body.state, reason: body.reason.map(Reason.free), leaseUntil: leaseUntil, at: now)
        return .presence(state.agents[slot].effective)
    }

    /// Changes presence with all that follows: offers withdrawn, contacts requeued, an owed break looked at.
    mutating func changePresence(
        _ slot: Int, to presence: Presence, reason: Reason?, leaseUntil: Instant?, at now: Instant
    ) {
        let agent = state.agents[slot]
        var after = agent
        after.presence = presence
        emit(
            .agentStateChanged(
                .with {
                    $0.agent = agent.id
                    $0.state = presence
                    $0.was = agent.presence
                    $0.reason = reason
                    $0.effective = after.effective
                    $0.leaseUntil = presence == .offline ? nil : leaseUntil
                    $0.landingUntil = presence == .ready ? landingAfterReturn(slot, at: now) : nil
                }), at: now)
        // Who is here decides how many of a team may rest at once, and who takes what was planned.
        if (agent.presence == .offline) != (presence == .offline) {
            useRoom(agent.team)
            if presence != .offline { checkPlannedBreaks(agent.id, at: now) }
        }
        guard presence != .ready else { return resumeParked(slot, at: now) }
        for offer in state.agents[slot].offers {
            withdraw(offer, reason: .word(presence == .away ? "away" : "offline"), at: now)
        }
        guard presence == .offline else { return }
        for conversation in state.agents[slot].contacts
        where state.conversations[conversation].channel.family == .voice {
            requeue(conversation, reason: .word("agent_lost"), at: now)
        }
        checkOwedBreak(agent.id, at: now)
    }

    mutating func remove(_ body: AgentRemove, at now: Instant) throws(Refusal) {
        let slot = try requireAgent(body.agent)
        let team = state.agents[slot].team
        for offer in state.agents[slot].offers { withdraw(offer, reason: .word("removed"), at: now) }
        for conversation in state.agents[slot].contacts {
            requeue(conversation, reason: .word("removed"), at: now)
        }
        for wrapup in state.agents[slot].wrapups {
            emit(
                .wrapupEnded(
                    .with {
                        $0.agent = body.agent
                        $0.conversation = wrapup.conversation
                        $0.episode = wrapup.episode
                        $0.reason = .word("removed")
                    }), at: now)
        }
        emit(
            .agentRemoved(
                .with {
                    $0.agent = body.agent
                    $0.reason = .free(body.reason)
                }), at: now)
        useRoom(team)
    }

    mutating func finishWrapup(_ body: WrapupDone, at now: Instant) throws(Refusal) {
        let slot = try requireAgent(body.agent)
        guard let wrapup = state.agents[slot].wrapups.last(where: { $0.conversation == body.conversation }) else {
            let known = state.conversationSlots[body.conversation] != nil || state.closed[body.conversation] != nil
            if !known { throw Self.unknown(body.conversation) }
            throw Refusal(
                .wrongState, "agent \"\(body.agent)\" has no wrap-up of conversation \"\(body.conversation)\"",
                field: "conversation", state: "no_wrapup")
        }
        emit(
            .wrapupEnded(
                .with {
                    $0.agent = body.agent
                    $0.conversation = body.conversation
                    $0.episode = wrapup.episode
                    $0.reason = .word("done")
                    $0.disposition = body.disposition
                    $0.hard = body.hard
                }), at: now)
        if let ended = state.agents[slot].endedContacts.last(where: {
            $0.conversation == body.conversation && $0.episode == wrapup.episode
        }) {
            bookDisposition(slot, ended, body, at: now)
        }
    }
}
