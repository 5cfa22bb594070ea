import KapwaDomain
import KapwaRules

extension Router {
    /// Keeps agents for what is past its target and fails only on capacity, so that smaller contacts do not fill the
    /// room that it waits for.
    ///
    /// - Parameter slots: conversations with news, the end of their target among it.
    /// - Parameter agents: agents with news: what heads a group that they have no room for is looked at.
    mutating func reserve(_ slots: [Int], _ agents: [Int], at now: Instant) {
        var choice = RankedChoice(most: Int.max)
        for slot in slots where state.conversations[slot].phase == .queued {
            if let key = state.rankKey(slot) { choice.add(key, slot) }
        }
        for agent in agents where firstFailedTestOfAgent(agent) == nil && binds(agent) {
            addHeads(agent, &choice, at: now)
        }
        choice.order()
        for slot in choice.slots { reserveIfDue(slot, at: now) }
    }

    private func addHeads(_ agent: Int, _ choice: inout RankedChoice, at now: Instant) {
        guard !state.isReserved(agent, except: -1, at: now) else { return }
        for number in state.index.numbers(metBy: state.agents[agent].skills) {
            for (group, list) in state.index.classes[number].groups where !group.isReserved {
                let units = Int(group.units)
                guard group.isSafety || (units > Self.fillsNoRoom && mayReserve(queue: group.queue, number)),
                    state.agents[agent].load + units > admittedCapacity(agent, for: units, at: now),
                    group.isSafety || !isClosed(queue: group.queue, at: now)
                else { continue }
                var looked = 0
                list.forEach { entry in
                    looked += 1
                    choice.add(entry.key, entry.slot)
                    return looked < Self.headsLookedAt
                }
            }
        }
    }

    /// Nobody is kept for what takes no more than the hardest chat: what it would be kept from is as large as itself,
    /// and its rank decides between them.
    private static let fillsNoRoom = 2 * Channel.chat.baseUnits

    /// How many of the least loaded are looked at, so that a floor full of reservations costs no walk.
    private static let leastLoadedMax = 256

    /// Of each group; those behind come up when these are kept somebody for, or by their own target's end.
    private static let headsLookedAt = 4

    private mutating func reserveIfDue(_ slot: Int, at now: Instant) {
        guard state.conversations[slot].phase == .queued, !state.isReservedFor(slot),
            state.targetAt(slot).map({ $0 <= now }) ?? true, !isClosed(slot, at: now), mayReserve(slot)
        else { return }
        var shares = ShareMemo()
        let row = row(slot, shares: &shares, at: now)
        // Somebody passes who is kept from it by a hold: that is no want of room.
        guard row.passed.isEmpty, let agent = leastLoaded(row.ask, at: now) else { return }
        emit(
            .agentReserved(
                .with {
                    $0.agent = state.agents[agent].id
                    $0.conversation = state.conversations[slot].id
                    $0.episode = state.conversations[slot].episode
                    $0.units = row.ask.units
                    $0.until = now + Limits.reservationMax
                }), at: now)
    }

    /// At most a fifth of a queue's ready agents who meet the needs, but always one; danger knows no such limit.
    private func mayReserve(_ slot: Int) -> Bool {
        guard let placement = state.conversations[slot].placement, let place = state.conversations[slot].filed else {
            return false
        }
        if placement.safety { return true }
        return state.conversations[slot].units > Self.fillsNoRoom
            && mayReserve(queue: placement.queue, place.number)
    }

    private func mayReserve(queue: QueueID, _ number: Int) -> Bool {
        let most = max(1, state.index.classes[number].ready * Limits.reservedShareMax / 1_000)
        return (state.queues[queue]?.reserved ?? 0) < most
    }

    /// Of the agents who fail only on capacity the least loaded, of equal ones who is known longest.
    private func leastLoaded(_ ask: Ask, at now: Instant) -> Int? {
        let number = state.conversations[ask.slot].filed?.number ?? MatchingIndex.noNeeds
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
        let needs = state.index.classes[number]
        needs.forEachWithoutRoom(for: ask.units, consider)
        // Who lands has room by the index and none by half the capacity.
        needs.forEachWithRoom(for: ask.units) { slot in _ = consider(state.agents[slot].load, slot) }
        return best?.slot
    }

    private func failsOnlyCapacity(_ ask: Ask, _ agent: Int, at now: Instant) -> Bool {
        guard !state.isReserved(agent, except: ask.slot, at: now), firstFailedTest(ask, agent, at: now) == .capacity,
            ask.isHoldOver || tier(ask, agent, at: now) <= 1
        else { return false }
        var empty = ask
        empty.units = 0
        return firstFailedTest(empty, agent, at: now) == nil
    }
}
