import KapwaDomain
import KapwaRules

extension Router {
    /// The first of what waits that an agent can be asked for, by rank.
    ///
    /// Of each group only the head is looked at, and what follows it while the agent's own history stands in the way.
    ///
    /// - Parameter most: as many as there are agents with news: they cannot be served more.
    /// - Parameter blocked: gets what only a soft test keeps from the agent.
    func firstWaiting(for agent: Int, most: Int, _ blocked: inout [Int], at now: Instant) -> [RankedChoice.Entry] {
        var choice = RankedChoice(most: most)
        for slot in state.index.onlyFor[state.agents[agent].id] ?? [] {
            consider(slot, agent, isWhole: false, &choice, &blocked, at: now)
        }
        let isKept = state.isReserved(agent, except: -1, at: now)
        if isKept, let kept = state.agents[agent].reservation?.slot {
            consider(kept, agent, isWhole: false, &choice, &blocked, at: now)
        }
        let isShy = isLanding(agent, at: now) || hasHardStreak(agent)
        for number in state.index.numbers(metBy: state.agents[agent].skills) {
            for (group, list) in state.index.classes[number].groups {
                let units = Int(group.units)
                guard !isKept || group.isSafety,
                    state.agents[agent].load + units <= admittedCapacity(agent, for: units, at: now)
                else { continue }
                if isShy && group.isHard && group.hold == .running { continue }
                if !group.isSafety && isClosed(queue: group.queue, at: now) { continue }
                let isWhole = isShy && group.isHard && group.hold == .never
                list.forEach { entry in
                    if !isWhole && !choice.wants(entry.key) { return false }
                    consider(entry.slot, agent, isWhole: isWhole, &choice, &blocked, at: now)
                    return true
                }
            }
        }
        return choice.entries
    }

    private func consider(
        _ slot: Int, _ agent: Int, isWhole: Bool, _ choice: inout RankedChoice, _ blocked: inout [Int], at now: Instant
    ) {
        guard let key = state.rankKey(slot) else { return }
        let ask = ask(slot, at: now)
        guard state.agents[agent].skills.firstUnmet(of: ask.needs) == nil,
            ask.only == nil || ask.only == state.agents[agent].id,
            firstFailedTest(ask, agent, at: now) == nil
        else { return }
        if ask.isHoldOver || tier(ask, agent, at: now) <= 1 {
            if choice.wants(key) { choice.place(key, slot) }
        } else if state.conversations[slot].heldUntil == nil {
            blocked.append(slot)
        }
    }

    /// Holds what only a soft test keeps from everyone who passes, so that somebody it does not keep may come first.
    mutating func hold(_ slots: [Int], at now: Instant) {
        var choice = RankedChoice(most: Int.max)
        for slot in slots where state.conversations[slot].phase == .queued && state.conversations[slot].heldUntil == nil
        {
            if let key = state.rankKey(slot) { choice.add(key, slot) }
        }
        choice.order()
        for slot in choice.slots {
            var shares = ShareMemo()
            let row = row(slot, shares: &shares, at: now)
            guard row.open == 0, let least = row.passed.map(\.tier).min(), let key = state.rankKey(slot) else {
                continue
            }
            let conversation = state.conversations[slot]
            guard let placement = conversation.placement else { continue }
            emit(
                .conversationHeld(
                    .with {
                        $0.conversation = conversation.id
                        $0.episode = conversation.episode
                        $0.queue = placement.queue
                        $0.step = placement.step
                        $0.position = state.queues[placement.queue]?.waiting.position(of: key) ?? 1
                        $0.reason = .word(Self.softTest(ofTier: least))
                        $0.until = now + rules.offers.hold[conversation.channel]
                    }), at: now)
        }
    }
}
