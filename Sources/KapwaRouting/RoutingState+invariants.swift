public import KapwaDomain

extension RoutingState {
    /// Walks the whole state and returns a sentence per broken invariant; empty when all hold.
    ///
    /// For tests and simulation: the cheap parts are asserted with every event.
    public func brokenInvariants(at now: Instant) -> [String] {
        var broken: [String] = []
        checkPhases(&broken)
        for slot in agentOrder { checkAgent(slot, &broken, at: now) }
        checkTeams(&broken)
        let held = agentOrder.reduce(0) { $0 + agents[$1].offers.count }
        if held != offers.count { broken.append("\(offers.count) offers are open and agents have \(held)") }
        return broken
    }

    /// Counts the teams anew.
    private func checkTeams(_ broken: inout [String]) {
        var counts: [TeamID?: TeamCounts] = [:]
        for slot in agentOrder {
            let counted = counted(slot)
            counts[counted.team, default: TeamCounts()].add(counted, 1)
        }
        for slot in agentOrder {
            let team = agents[slot].team
            if (teams[team] ?? TeamCounts()) != (counts[team] ?? TeamCounts()) {
                broken.append("the team of \(agents[slot].id) is not counted as what it is")
            }
        }
    }

    private func checkPhases(_ broken: inout [String]) {
        var counts = PhaseCounts()
        for conversation in conversations where conversationSlots[conversation.id] != nil {
            counts[conversation.phase] += 1
            if conversation.phase == .offered && conversation.offer == nil {
                broken.append("\(conversation.id) is offered without an offer")
            }
            if conversation.phase == .assigned && conversation.agent == nil {
                broken.append("\(conversation.id) is assigned to nobody")
            }
            if conversation.parkedTimer != nil && !conversation.isParked {
                broken.append("\(conversation.id) is watched as parked, and is not")
            }
            if conversation.silenceTimer != nil && conversation.phase != .assigned {
                broken.append("\(conversation.id) is watched for silence, and nobody has it")
            }
            if conversation.phase == .queued && conversation.agent != nil {
                broken.append("\(conversation.id) is queued and somebody has it")
            }
        }
        let counted = [phaseCounts.open, phaseCounts.queued, phaseCounts.offered, phaseCounts.assigned]
        if counted != [counts.open, counts.queued, counts.offered, counts.assigned] {
            broken.append("phases are counted \(counted) and are \(counts)")
        }
        if phaseCounts.opened != Int64(counted.reduce(0, +)) + phaseCounts.closed {
            broken.append("\(phaseCounts.opened) opened is not the sum over states \(counted) + \(phaseCounts.closed)")
        }
        if queued.count != counts.queued { broken.append("the list of waiting ones is not the queued ones") }
    }

    private func checkAgent(_ slot: Int, _ broken: inout [String], at now: Instant) {
        let agent = agents[slot]
        let contacts = agent.contacts.reduce(0) { $0 + conversations[$1].units }
        let offered = agent.offers.reduce(0) { $0 + (offers[$1]?.units ?? 0) }
        let wrapups = agent.wrapups.reduce(0) { $0 + $1.units }
        if agent.load != contacts + offered + wrapups {
            broken.append("\(agent.id) is counted with load \(agent.load) and has \(contacts + offered + wrapups)")
        }
        if (agent.owesBreak || agent.isOnBreak) && !agent.offers.isEmpty {
            broken.append("\(agent.id) owes or takes a break and has an open offer")
        }
        if agent.presence != .ready && !agent.offers.isEmpty {
            broken.append("\(agent.id) is \(agent.presence) and has an open offer")
        }
        checkBreaks(slot, &broken, at: now)
        let freed = agent.contacts.reduce(0) { $0 + max(0, unitsNow($1) - conversations[$1].units) }
        if freed > Self.freedBySilenceMax { broken.append("silent chats of \(agent.id) give back \(freed) units") }
        for contact in agent.contacts where conversations[contact].agent != slot {
            broken.append("\(agent.id) has \(conversations[contact].id), which is somebody else's")
        }
    }
}

extension RoutingState {
    /// No break starts while a contact is live, and none is late for any cause but a live contact: a restart makes good
    /// at once what passed meanwhile.
    private func checkBreaks(_ slot: Int, _ broken: inout [String], at now: Instant) {
        let agent = agents[slot]
        let hasLive = agent.contacts.contains { conversations[$0].isLive(at: now) }
        if let owed = agent.owedBreak, owed == agent.currentBreak, !hasLive, now >= owed.startBy {
            broken.append("\(agent.id) owes a break that is late, and nothing live keeps it")
        }
        if agent.currentBreak == nil && !agent.nextBreaks.isEmpty {
            broken.append("\(agent.id) owes a break behind none")
        }
        if let end = agent.currentBreak?.endsAt, end <= now {
            broken.append("\(agent.id) is on a break that is over")
        }
        for planned in agent.plannedBreaks where planned.startBy <= now {
            broken.append("\(agent.id) has a planned break, \(planned.id), whose window is over")
        }
        for contact in agent.contacts where conversations[contact].isParked && agent.presence == .ready {
            if !agent.isOnBreak && !agent.owesBreak {
                broken.append("\(conversations[contact].id) is parked though \(agent.id) is back")
            }
        }
        if agent.counted != counted(slot) || owing.contains(slot) != agent.owesBreak {
            broken.append("\(agent.id) is counted in its team as what it is not")
        }
    }
}
