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
    func groupNow(_ slot: Int, at now: Instant) -> WaitingGroup {
        let isSafety = conversations[slot].placement?.safety ?? false
        let hold: WaitingGroup.Hold =
            conversations[slot].heldUntil.map { $0 > now ? .running : .over } ?? .never
        return WaitingGroup(
            queue: conversations[slot].placement?.queue ?? "",
            units: UInt16(clamping: conversations[slot].units), isHard: !isSafety && conversations[slot].peaks.isHard,
            isSafety: isSafety, hold: hold, isReserved: isReservedFor(slot),
            isLate: targetAt(slot).map { $0 <= now } ?? true)
    }

    /// Files a conversation that has just been queued.
    mutating func file(_ slot: Int, at now: Instant) {
        guard let key = rankKey(slot), let placement = conversations[slot].placement else {
            preconditionFailure("a queued conversation has a placement")
        }
        let isOnly = conversations[slot].onlyUntil.map { $0 > now } ?? false
        let place = FiledPlace(
            number: index.number(of: placement.needs), group: groupNow(slot, at: now),
            only: isOnly ? conversations[slot].onlyAgent : nil)
        conversations[slot].filed = place
        index.file(slot, key, place)
    }

    mutating func unfile(_ slot: Int) {
        guard let place = conversations[slot].filed, let key = rankKey(slot) else {
            preconditionFailure("a queued conversation is filed")
        }
        index.unfile(slot, key, place)
        conversations[slot].filed = nil
    }

    /// Files a queued conversation again when it has become hard or late, was held or reserved for, or is open to
    /// everyone.
    mutating func refile(_ slot: Int, at now: Instant) {
        guard conversations[slot].phase == .queued, let place = conversations[slot].filed else { return }
        let isOnly = conversations[slot].onlyUntil.map { $0 > now } ?? false
        guard place.group != groupNow(slot, at: now) || (place.only != nil) != isOnly else { return }
        unfile(slot)
        file(slot, at: now)
    }

    /// Takes in the agents that an event gave news of, and those that it only burdened.
    mutating func reindexTouched(freshBefore: Int) {
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
}
