public import KapwaDomain

extension Router {
    /// Besides the state's invariants: after a batch nobody waits who could be served, unless a hold that is not over,
    /// a bar or a reservation keeps the pair apart.
    ///
    /// Walks all pairs without the index, so that the index is held against what it stands for.
    public func brokenInvariants(at now: Instant) -> [String] {
        var broken = state.brokenInvariants(at: now)
        for slot in state.owing {
            // Behind a break that binds nobody it waits for the end of that one.
            guard let owed = state.agents[slot].owedBreak, owed == state.agents[slot].currentBreak,
                !hasLiveContact(slot, at: now), mayBegin(slot, owed, at: now)
            else { continue }
            broken.append("\(state.agents[slot].id) owes a break, has nothing live and does not take it")
        }
        state.queued.forEach { entry in
            if let filed = state.conversations[entry.slot].filed?.group,
                filed != state.groupNow(entry.slot, queue: Int(filed.queue), at: now)
            {
                broken.append("\(state.conversations[entry.slot].id) is filed among others than those it is like")
            }
            guard !isClosed(entry.slot, at: now) else { return true }
            let ask = ask(entry.slot, at: now)
            for agent in state.agentOrder where ask.only == nil || ask.only == state.agents[agent].id {
                guard binds(agent), firstFailedTest(entry.slot, agent, at: now) == nil else { continue }
                let id = state.conversations[entry.slot].id
                if tier(ask, agent, at: now) <= 1 || ask.isHoldOver {
                    broken.append("\(id) waits though \(state.agents[agent].id) could be asked")
                } else if state.conversations[entry.slot].heldUntil == nil {
                    broken.append("\(id) waits for a softer agent than \(state.agents[agent].id) and is not held")
                }
            }
            return true
        }
        return broken
    }
}

extension RoutingState {
    /// A sentence for whatever the index of matching has wrong: it is built anew and compared, which takes a while.
    public func brokenIndex() -> [String] {
        var broken: [String] = []
        checkIndex(&broken)
        checkReservations(&broken)
        return broken
    }

    private func checkIndex(_ broken: inout [String]) {
        var rebuilt = self
        rebuilt.index = MatchingIndex()
        for slot in agentOrder { rebuilt.reindex(slot) }
        for slot in agentOrder {
            if index.fact(slot) != rebuilt.index.fact(slot) {
                broken.append("the index has not taken in what became of \(agents[slot].id)")
            }
            if index.members(of: agents[slot].team) != rebuilt.index.members(of: agents[slot].team) {
                broken.append("the index has other members of the team of \(agents[slot].id)")
            }
        }
        var filed = 0
        queued.forEach { entry in
            guard let place = conversations[entry.slot].filed, let needs = conversations[entry.slot].placement?.needs
            else {
                broken.append("\(conversations[entry.slot].id) waits and is not filed")
                return true
            }
            filed += 1
            let known = index.classes[place.number]
            let number = rebuilt.index.number(of: needs)
            let found = rebuilt.index.classes[number]
            let counts = [known.known, known.present, known.ready, known.passing, known.agents.count, known.kept.count]
            let right = [found.known, found.present, found.ready, found.passing, found.agents.count, found.kept.count]
            if known.needs != needs || counts != right {
                broken.append("\(conversations[entry.slot].id) is filed with \(counts) agents, not \(right)")
            }
            return true
        }
        let listed = index.classes.reduce(0) { $0 + $1.waiting }
        if listed != filed { broken.append("the index lists \(listed) waiting ones of \(filed)") }
    }

    private func checkReservations(_ broken: inout [String]) {
        var kept = 0
        for slot in agentOrder {
            guard let reservation = agents[slot].reservation else { continue }
            if conversations[reservation.slot].reservedAgent != slot
                || conversations[reservation.slot].phase != .queued
            {
                broken.append("\(agents[slot].id) is reserved for what does not wait")
            }
            if !conversations[reservation.slot].isReservationOver { kept += 1 }
        }
        var counted = 0
        for record in conversations where record.reservedAgent != nil && !record.isReservationOver { counted += 1 }
        if counted != kept { broken.append("\(kept) agents are reserved for \(counted) conversations") }
    }
}
