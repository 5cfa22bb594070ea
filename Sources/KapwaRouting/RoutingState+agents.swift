import DequeModule
import KapwaDomain

extension RoutingState {
    mutating func applyAgentUpdated(_ body: AgentUpdated, _ event: Event) {
        let slot = agentSlots[body.agent] ?? addAgent(body.agent, at: event.at)
        agents[slot].name = body.name
        agents[slot].skills = body.skills
        agents[slot].capacity = body.capacity
        agents[slot].team = body.team
        agents[slot].attributes = body.attributes
        recount(slot)
        freshAgents.append(slot)
    }

    private mutating func addAgent(_ id: AgentID, at now: Instant) -> Int {
        var record = AgentRecord(id: id)
        record.presenceSince = now
        record.unreadySince = now
        record.ledger.set(0, at: now)
        if let before = takeDeparted(id) { bringBack(before, to: &record, at: now) }
        let slot: Int
        if let free = freeAgentSlots.popLast() {
            agents[free] = record
            slot = free
        } else {
            agents.append(record)
            slot = agents.count - 1
        }
        agentSlots[id] = slot
        agentOrder.insert(slot, at: orderIndex(of: id))
        followRestoredBreaks(slot, at: now)
        return slot
    }

    /// Where an id stands or would stand among the agents.
    func orderIndex(of id: AgentID) -> Int { agentOrder.sortedPlace(after: { agents[$0].id < id }) }

    mutating func applyAgentRemoved(_ body: AgentRemoved) {
        guard let slot = agentSlots.removeValue(forKey: body.agent) else {
            preconditionFailure("an agent who is removed exists")
        }
        precondition(
            agents[slot].contacts.isEmpty && agents[slot].offers.isEmpty && agents[slot].wrapups.isEmpty,
            "an agent who is removed carries nothing")
        let single = [
            agents[slot].leaseTimer, agents[slot].checkTimer, agents[slot].landingTimer, agents[slot].planTimer,
        ].compactMap { $0 }
        for timer in agents[slot].graceTimers + agents[slot].breakTimers + single { timers.cancel(timer) }
        agentOrder.remove(at: orderIndex(of: body.agent))
        index.update(slot, nil)
        forgetReservation(ofAgent: slot)
        rememberDeparted(slot)
        uncount(slot)
        agents[slot] = AgentRecord(id: "")
        freeAgentSlots.append(slot)
    }

    mutating func applyAgentStateChanged(_ body: AgentStateChanged, _ event: Event) {
        let slot = requireAgent(body.agent)
        agents[slot].presence = body.state
        agents[slot].presenceSince = event.at
        agents[slot].isLeased = body.leaseUntil != nil
        agents[slot].leaseUntil = body.leaseUntil
        agents[slot].isBackFromBreak = body.reason?.text == "break_over" && body.reason?.isFree == false
        if let until = body.leaseUntil { renewLease(slot, until: until) }
        if body.state == .ready && body.was != .ready {
            agents[slot].idleSince = event.at
            agents[slot].strikes = []
        }
        followReadiness(slot, body, at: event.at)
        recount(slot)
        for timer in agents[slot].graceTimers { timers.cancel(timer) }
        agents[slot].graceTimers =
            body.state == .offline
            ? [Channel.chat, .email].map {
                timers.set(.offlineGrace(body.agent, $0), due: event.at + Self.offlineGrace($0))
            } : []
        freshAgents.append(slot)
        paceChanged(slot, at: event.at)
    }

    /// How long contacts stay with an agent who went offline.
    static func offlineGrace(_ channel: Channel) -> Milliseconds {
        switch channel.family {
        case .voice: 0
        case .email: .hours(8)
        default: .seconds(30)
        }
    }

    mutating func applyAgentStressed(_ body: AgentStressed, _ event: Event) {
        let slot = requireAgent(body.agent)
        agents[slot].ledger.set(body.ledger, at: event.at)
        guard let conversation = body.conversation else { return }
        let isReport = body.reason?.text == "report"
        if isReport { rememberReport(slot, at: event.at) }
        if let slotOfConversation = conversationSlots[conversation], conversations[slotOfConversation].agent == slot,
            conversations[slotOfConversation].phase == .assigned,
            conversations[slotOfConversation].episode == body.episode
        {
            conversations[slotOfConversation].contact.booked = body.contactPoints
            if isReport { conversations[slotOfConversation].contact.wasReported = true }
        } else if let index = agents[slot].endedContacts.lastIndex(where: {
            $0.conversation == conversation && $0.episode == body.episode
        }) {
            agents[slot].endedContacts[index].booked = body.contactPoints
            if isReport { agents[slot].endedContacts[index].wasReported = true }
        }
    }

    mutating func applyWrapupStarted(_ body: WrapupStarted, _ event: Event) {
        let slot = requireAgent(body.agent)
        let timer = timers.set(.wrapup(body.agent, body.conversation, episode: body.episode), due: body.deadline)
        freshAgents.append(slot)
        agents[slot].wrapups.append(
            AgentRecord.Wrapup(
                conversation: body.conversation, episode: body.episode, units: body.units, deadline: body.deadline,
                exclusive: body.exclusive, timer: timer))
        agents[slot].load += body.units
    }

    mutating func applyWrapupEnded(_ body: WrapupEnded, _ event: Event) {
        let slot = requireAgent(body.agent)
        guard
            let index = agents[slot].wrapups.firstIndex(where: {
                $0.conversation == body.conversation && $0.episode == body.episode
            })
        else { preconditionFailure("a wrap-up that ends was started") }
        let wrapup = agents[slot].wrapups.remove(at: index)
        if let timer = wrapup.timer { timers.cancel(timer) }
        agents[slot].load -= wrapup.units
        freshAgents.append(slot)
    }

    func requireAgent(_ id: AgentID) -> Int {
        guard let slot = agentSlots[id] else { preconditionFailure("an event speaks of an agent who exists") }
        return slot
    }

    /// Re-anchors the ledger and the time worked when what the agent is doing changed.
    mutating func paceChanged(_ slot: Int, at now: Instant) {
        let pace = agents[slot].pace
        agents[slot].ledger.change(to: pace, at: now)
        agents[slot].worked.set(working: pace == .working, at: now)
    }
}
