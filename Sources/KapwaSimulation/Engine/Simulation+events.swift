import KapwaDomain
import KapwaRules

/// What people do when the daemon says something.
extension Simulation {
    func react(to event: Event) {
        switch event.body {
        case .offerMade(let body):
            record.offerMade()
            consider(body)
        case .offerDeclined(let body), .offerExpired(let body), .offerWithdrawn(let body):
            let contact = Self.number(in: body.conversation.rawValue)
            contacts[contact].offeredTo = -1
            if case .offerExpired = event.body { record.offerExpired() }
        case .conversationQueued(let body), .conversationRequeued(let body):
            requeued(Self.number(in: body.conversation.rawValue), event)
        case .conversationAssigned(let body): assigned(body)
        case .conversationClosed(let body): closed(body)
        case .wrapupStarted(let body): wrapUp(body)
        case .agentStateChanged(let body): presenceChanged(body)
        case .agentStressed(let body):
            record.stressed(Self.number(in: body.agent.rawValue), ledger: body.ledger)
        case .breakInvited(let body): invited(body)
        case .breakOwed(let body): breakOwed(body)
        case .breakPlanned(let body): record.planned(body)
        case .breakStarted(let body): breakStarted(body)
        case .breakEnded(let body): breakEnded(body)
        case .breakOverdue: record.overdue()
        case .breakFloorBroken: record.floorBroken()
        default: reactFurther(to: event)
        }
    }

    // MARK: Conversations

    private func requeued(_ contact: Int, _ event: Event) {
        if contacts[contact].phase == .talking {
            interrupt(contact)
            let agent = Int(contacts[contact].agent)
            leaves(contact, agent)
            agents[agent].contacts.removeAll { $0 == Int32(contact) }
            record.talkEnds(agent, at: now)
            contacts[contact].agent = -1
        }
        guard contacts[contact].phase != .waiting else { return }
        if contacts[contact].phase == .over {
            unfinished += 1
            contacts[contact].began = now
            contacts[contact].isEpisodeCounted = false
        }
        contacts[contact].phase = .waiting
        contacts[contact].generation += 1
        wait(contact)
    }

    private func assigned(_ body: ConversationAssigned) {
        let contact = Self.number(in: body.conversation.rawValue)
        let agent = Self.number(in: body.agent.rawValue)
        if contacts[contact].phase == .talking {
            interrupt(contact)
            let before = Int(contacts[contact].agent)
            leaves(contact, before)
            agents[before].contacts.removeAll { $0 == Int32(contact) }
            record.talkEnds(before, at: now)
        }
        if contacts[contact].phase == .over { unfinished += 1 }
        contacts[contact].offer = 0
        contacts[contact].offeredTo = -1
        contacts[contact].lastWord = now
        agents[agent].contacts.append(Int32(contact))
        record.talkBegins(agent, at: now)
        if !contacts[contact].isEpisodeCounted {
            contacts[contact].isEpisodeCounted = true
            record.answered(
                wait: now - contacts[contact].began, target: target(body, contact), hard: contacts[contact].wasHard,
                matches: matches(body, agent), at: contacts[contact].began)
        }
        beginTalk(contact, with: agent)
    }

    private func target(_ body: ConversationAssigned, _ contact: Int) -> Milliseconds {
        let queue = body.queue.flatMap { rules.queue($0) } ?? rules.queues[0]
        return queue.target[world.contacts[contact].errand.channel]
    }

    /// Whether the agent meets the queue's needs as they stood before they were relaxed.
    private func matches(_ body: ConversationAssigned, _ agent: Int) -> Bool {
        guard let queue = body.queue.flatMap({ rules.queue($0) }) else { return true }
        return world.agents[agent].skills.firstUnmet(of: queue.needs) == nil
    }

    private func closed(_ body: ConversationClosed) {
        let contact = Self.number(in: body.conversation.rawValue)
        guard contacts[contact].phase != .over else { return }
        let agent = Int(contacts[contact].agent)
        if contacts[contact].phase == .talking, agent >= 0 {
            leaves(contact, agent)
            agents[agent].contacts.removeAll { $0 == Int32(contact) }
            record.talkEnds(agent, at: now)
            afterContact(agent, contact)
            mayComment(contact)
        } else if !contacts[contact].isEpisodeCounted {
            contacts[contact].isEpisodeCounted = true
            record.abandoned(
                wait: now - contacts[contact].began,
                target: rules.queues[0].target[world.contacts[contact].errand.channel],
                hard: contacts[contact].wasHard, at: contacts[contact].began)
        }
        contacts[contact].phase = .over
        contacts[contact].generation += 1
        contacts[contact].agent = -1
        contacts[contact].offeredTo = -1
        unfinished -= 1
    }

    private func wrapUp(_ body: WrapupStarted) {
        let contact = Self.number(in: body.conversation.rawValue)
        let agent = Self.number(in: body.agent.rawValue)
        agenda.enter(
            .wrapupDone(agent: Int32(agent), contact: Int32(contact)), at: now + world.contacts[contact].wrapup)
    }

    // MARK: Agents

    private func presenceChanged(_ body: AgentStateChanged) {
        let agent = Self.number(in: body.agent.rawValue)
        agents[agent].rest(until: now)
        agents[agent].presence = body.state
        guard agents[agent].isOnDuty, agents[agent].isConnected, body.state != .ready, isWithinDuty(agent) else {
            return
        }
        switch body.reason?.text {
        case "no_answer", "break_over", "lost": returnToDesk(agent)
        default: break
        }
    }

    private func invited(_ body: BreakInvited) {
        let agent = Self.number(in: body.agent.rawValue)
        record.invited()
        agents[agent].invitedUntil = body.until
        guard agents[agent].generator.isLucky(600) else { return }
        agenda.enter(.takeInvitation(agent: Int32(agent)), at: now + agents[agent].generator.seconds(5...120))
    }

    private func breakOwed(_ body: BreakChanged) {
        let agent = Self.number(in: body.agent.rawValue)
        record.owed(body, agent: agent, at: now)
        mayPostpone(body, agent)
    }

    /// Until when a contact that somebody has was live, as the day has gone so far.
    private func liveUntil(_ contact: Int) -> Instant {
        switch world.contacts[contact].errand.channel.family {
        case .voice: now
        case .email: Instant(milliseconds: 0)
        default: min(now, contacts[contact].lastWord + .minutes(3))
        }
    }

    private func leaves(_ contact: Int, _ agent: Int) {
        agents[agent].wasLiveUntil = max(agents[agent].wasLiveUntil, liveUntil(contact))
    }

    private func breakStarted(_ body: BreakChanged) {
        let agent = Self.number(in: body.agent.rawValue)
        agents[agent].rest(until: now)
        // A break that binds nobody is a line in a report: the agent works on.
        guard body.enforced || body.reason != .care else { return }
        agents[agent].isOnBreak = true
        agents[agent].isOnCareBreak = body.kind == .stress
        if body.kind == .meal { agents[agent].hadMeal = true }
        let live = agents[agent].contacts.map { liveUntil(Int($0)) }.max() ?? agents[agent].wasLiveUntil
        record.started(
            body, agent: agent, at: now, agents: agents,
            held: DayRecord.Held(live: max(live, agents[agent].wasLiveUntil), own: agents[agent].ownUntil))
    }

    private func breakEnded(_ body: BreakChanged) {
        let agent = Self.number(in: body.agent.rawValue)
        agents[agent].rest(until: now)
        agents[agent].isOnBreak = false
        agents[agent].isOnCareBreak = false
        agents[agent].ownUntil = now
        record.ended(body, agent: agent, at: now)
        if agents[agent].isOnDuty, agents[agent].presence != .ready { returnToDesk(agent) }
    }
}
