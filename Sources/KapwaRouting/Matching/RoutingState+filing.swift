import KapwaDomain

/// Keeps the index of matching in step with the records.
extension RoutingState {
    /// Takes in what became of an agent. Events do this for every agent with news; what changes without an event, or
    /// leaves an agent with less room, says so here.
    mutating func reindex(_ slot: Int) {
        let record = agents[slot]
        guard agentSlots[record.id] == slot else { return index.update(slot, nil) }
        index.update(
            slot,
            MatchingIndex.Facts(
                id: record.id, team: record.team, skills: record.skills, standing: standing(slot), load: record.load,
                capacity: record.capacity, isKept: isKept(slot)))
    }

    private func standing(_ slot: Int) -> MatchingIndex.Standing {
        switch agents[slot].presence {
        case .offline: return .offline
        case .away: return .away
        case .ready: break
        }
        if agents[slot].owesBreak { return .breakOwed }
        if agents[slot].isOnBreak { return .onBreak }
        return agents[slot].isExcludedByWrapup ? .wrapUp : .passing
    }

    /// Where a queued conversation belongs in the index.
    ///
    /// - Parameter queue: number of the queue in which it waits.
    func groupNow(_ slot: Int, queue: Int, at now: Instant) -> WaitingGroup {
        let isSafety = conversations[slot].placement?.safety ?? false
        let hold: WaitingGroup.Hold =
            conversations[slot].heldUntil.map { $0 > now ? .running : .over } ?? .never
        return WaitingGroup(
            queue: UInt32(queue), units: UInt16(clamping: conversations[slot].units),
            isHard: !isSafety && conversations[slot].peaks.isHard, isSafety: isSafety, hold: hold,
            isReserved: isReservedFor(slot), isLate: targetAt(slot).map { $0 <= now } ?? true)
    }

    /// Files a conversation that has just been queued.
    mutating func file(_ slot: Int, queue: Int, at now: Instant) {
        guard let key = rankKey(slot), let needs = conversations[slot].placement?.needs else {
            preconditionFailure("a queued conversation has a placement")
        }
        let only = onlyAgentNow(slot, at: now)
        let place = FiledPlace(number: index.number(of: needs), group: groupNow(slot, queue: queue, at: now))
        conversations[slot].filed = place
        conversations[slot].filedOnlyFor = only
        index.file(slot, key, place, only: only)
    }

    mutating func unfile(_ slot: Int) {
        guard let place = conversations[slot].filed, let key = rankKey(slot) else {
            preconditionFailure("a queued conversation is filed")
        }
        index.unfile(slot, key, place, only: conversations[slot].filedOnlyFor)
        conversations[slot].filed = nil
        conversations[slot].filedOnlyFor = nil
    }

    /// Files a queued conversation again when it has become hard or late, was held or reserved for, or is open to
    /// everyone.
    mutating func refile(_ slot: Int, at now: Instant) {
        guard conversations[slot].phase == .queued, let place = conversations[slot].filed else { return }
        let queue = Int(place.group.queue)
        guard
            place.group != groupNow(slot, queue: queue, at: now)
                || conversations[slot].filedOnlyFor != onlyAgentNow(slot, at: now)
        else { return }
        unfile(slot)
        file(slot, queue: queue, at: now)
    }

    /// The one agent who may have a conversation for now.
    private func onlyAgentNow(_ slot: Int, at now: Instant) -> AgentID? {
        guard let until = conversations[slot].onlyUntil, until > now else { return nil }
        return conversations[slot].onlyAgent
    }

    /// Takes in the agents that an event gave news of, and those that it only burdened.
    mutating func reindexTouched(freshBefore: Int) {
        if freshBefore < freshAgents.count || !touchedAgents.isEmpty { freshenTransferredApart() }
        var place = min(freshBefore, freshAgents.count)
        while place < freshAgents.count {
            reindex(freshAgents[place])
            place += 1
        }
        while let slot = touchedAgents.popLast() { reindex(slot) }
        guard !index.lonely.isEmpty else { return }
        let lonely = index.takeLonely()
        transferred.removeAll { conversations[$0].phase != .queued || conversations[$0].transferredFrom == nil }
        freshConversations.append(
            contentsOf: transferred.filter { lonely.contains(conversations[$0].filed?.number ?? -1) })
    }

    /// Has what was transferred, and is kept apart from somebody, looked at again: the last one whom it could wait for
    /// may be gone, or the next one whom it must not meet.
    mutating func freshenTransferredApart() {
        guard !aversionIndex.isEmpty, !transferred.isEmpty else { return }
        for slot in transferred where conversations[slot].phase == .queued {
            let customer = conversations[slot].customer
            if aversionIndex[.conversation(conversations[slot].id)] != nil
                || customer.map({ aversionIndex[.customer($0)] != nil }) ?? false
            {
                freshConversations.append(slot)
            }
        }
    }
}
