import KapwaDomain
import KapwaRules

extension Router {
    /// Keeps agents for what is past its target and fails only on capacity, so that smaller contacts do not fill the
    /// room that it waits for.
    ///
    /// - Parameter slots: conversations with news, the end of their target among it.
    /// - Parameter agents: agents with news: what heads a group that they have no room for is looked at.
    /// - Returns: whether somebody is free for others because another is kept in place.
    mutating func reserve(_ slots: [Int], _ agents: [Int], at now: Instant) -> Bool {
        var choice = RankedChoice(most: Int.max)
        for slot in slots where state.conversations[slot].phase == .queued {
            if let key = state.rankKey(slot) { choice.add(key, slot) }
        }
        for agent in agents where binds(agent) {
            if state.isReserved(agent, except: -1, at: now) {
                // What this agent cannot serve any more, somebody else is kept for.
                if let kept = state.agents[agent].reservation?.slot, !staysKept(agent, for: kept),
                    let key = state.rankKey(kept)
                {
                    choice.add(key, kept)
                }
            } else if firstFailedTestOfAgent(agent) == nil {
                addHeads(agent, &choice, at: now)
            }
        }
        choice.order()
        var isAnybodyFree = false
        for slot in choice.slots where reserveIfDue(slot, at: now) { isAnybodyFree = true }
        return isAnybodyFree
    }

    private func addHeads(_ agent: Int, _ choice: inout RankedChoice, at now: Instant) {
        for number in state.index.numbers(metBy: agent) {
            for place in state.index.classes[number].groups.indices {
                let group = state.index.classes[number].groups[place].group
                let units = Int(group.units)
                guard group.isLate,
                    // Whoever is kept for it may have gone away: somebody else is kept in place then.
                    group.isSafety
                        || mayReserve(queue: Int(group.queue), number, replacing: group.isReserved ? 1 : 0),
                    state.agents[agent].load + units > admittedCapacity(agent, for: units, at: now),
                    !isClosed(group, at: now)
                else { continue }
                var looked = 0
                state.index.classes[number].groups[place].list.forEach { entry in
                    looked += 1
                    choice.add(entry.key, entry.slot)
                    return looked < Self.headsLookedAt
                }
            }
        }
    }

    /// How many of the least loaded are looked at whom something other than their load keeps from it.
    private static let leastLoadedMax = 256

    /// Of each group; those behind come up when these are kept somebody for, or by their own target's end.
    private static let headsLookedAt = 4

    /// - Returns: whether whoever was kept for it before is free.
    private mutating func reserveIfDue(_ slot: Int, at now: Instant) -> Bool {
        guard state.conversations[slot].phase == .queued, state.targetAt(slot).map({ $0 <= now }) ?? true,
            !isClosed(slot, at: now), mayReserve(slot)
        else { return false }
        let before = state.isReservedFor(slot) ? state.conversations[slot].reservedAgent : nil
        if let before, staysKept(before, for: slot) { return false }
        let ask = ask(slot, at: now)
        // Somebody passes who is kept from it by a hold: that is no want of room.
        guard !somebodyPasses(ask, at: now), let agent = leastLoaded(ask, at: now) else { return false }
        emit(
            .agentReserved(
                .with {
                    $0.agent = state.agents[agent].id
                    $0.conversation = state.conversations[slot].id
                    $0.episode = state.conversations[slot].episode
                    $0.units = ask.units
                    $0.until = now + Limits.reservationMax
                }), at: now)
        return before != nil
    }

    /// Whether it still makes sense to keep an agent for a conversation.
    private func staysKept(_ agent: Int, for slot: Int) -> Bool {
        guard firstFailedTestOfAgent(agent) == nil, let needs = state.conversations[slot].placement?.needs else {
            return false
        }
        return state.agents[agent].skills.firstUnmet(of: needs) == nil
    }

    private func somebodyPasses(_ ask: Ask, at now: Instant) -> Bool {
        var passes = false
        let only = ask.only.map { state.agentSlots[$0] ?? -1 }
        state.index.classes[number(ofWaiting: ask.slot)].forEachWithRoom(for: ask.units) { agent in
            guard !passes, only == nil || only == agent, binds(agent) else { return }
            passes = firstFailedTest(ask, agent, at: now) == nil
        }
        return passes
    }

    /// At most a fifth of a queue's ready agents who meet the needs, but always one; danger knows no such limit.
    private func mayReserve(_ slot: Int) -> Bool {
        guard let place = state.conversations[slot].filed else { return false }
        // Whoever is kept in place of another makes it no more, but fewer may be ready than when that one was.
        let kept = place.group.isReserved ? state.conversations[slot].reservedAgent : nil
        let queue = Int(place.group.queue)
        // Of another queue, before it was moved here, does not make room for one of this queue.
        let own = kept.map { state.agents[$0].reservation?.queue == queue ? 1 : 0 } ?? 0
        return place.group.isSafety || mayReserve(queue: queue, place.number, replacing: own)
    }

    private func mayReserve(queue: Int, _ number: Int, replacing own: Int = 0) -> Bool {
        let most = max(1, state.index.classes[number].ready * Limits.reservedShareMax / 1_000)
        return state.queues[queue].reserved - own < most
    }

    /// Of the agents who fail only on capacity the least loaded, of equal ones who is known longest.
    private func leastLoaded(_ ask: Ask, at now: Instant) -> Int? {
        let number = number(ofWaiting: ask.slot)
        var best: (load: Int, slot: Int)?
        let only = ask.only.map { state.agentSlots[$0] ?? -1 }
        var looked = 0
        func consider(_ load: Int, _ slot: Int) -> Bool {
            looked += 1
            guard looked <= Self.leastLoadedMax else { return false }
            guard best.map({ (load, slot) < ($0.load, $0.slot) }) ?? true else { return false }
            if (only == nil || only == slot) && binds(slot) && failsOnlyCapacity(ask, slot, at: now) {
                best = (load, slot)
                return false
            }
            return true
        }
        // Whoever is kept already stands elsewhere: a floor full of reservations costs no walk.
        state.index.classes[number].agents.forEachWithoutRoom(for: ask.units, consider)
        // Who lands has room by the index and none by half the capacity.
        state.index.classes[number].agents.forEachWithRoom(for: ask.units) { slot in
            _ = consider(state.agents[slot].load, slot)
        }
        if ask.isSafety && best == nil {
            // Danger does not wait until nobody is kept for something less.
            state.index.classes[number].kept.forEachWithoutRoom(for: ask.units, consider)
        }
        return best?.slot
    }

    private func failsOnlyCapacity(_ ask: Ask, _ agent: Int, at now: Instant) -> Bool {
        state.agents[agent].load + ask.units > admittedCapacity(agent, for: ask.units, at: now)
            && firstFailedTestButCapacity(ask, agent, at: now) == nil
            && (ask.isHoldOver || tier(ask, agent, at: now) <= 1)
    }
}
