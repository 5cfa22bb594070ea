import HeapModule
import KapwaDomain
import KapwaRules

extension Router {
    /// The first of what waits that an agent can be asked for, by rank.
    ///
    /// Of each group only the head is looked at, and what follows it while the agent's own history stands in the way.
    ///
    /// - Parameter most: as many as there are agents with news: of what waited before they cannot be served more.
    /// - Parameter news: conversations that have rows in any case, sorted. They take no place here: an agent without news
    ///   may serve them, and whoever is next in line would be passed over.
    /// - Parameter blocked: gets what only a soft test keeps from the agent.
    func firstWaiting(
        for agent: Int, most: Int, besides news: [Int], _ blocked: inout [(slot: Int, tier: Int)], at now: Instant
    ) -> [RankedChoice.Entry] {
        var choice = RankedChoice(most: most)
        func isOpen(_ slot: Int) -> Bool { !news.containsSorted(slot) && !isClosed(slot, at: now) }
        for slot in state.index.onlyFor[state.agents[agent].id] ?? [] where isOpen(slot) {
            consider(slot, agent, &choice, &blocked, at: now)
        }
        let isKept = state.isReserved(agent, except: -1, at: now)
        if isKept, let kept = state.agents[agent].reservation?.slot, isOpen(kept) {
            consider(kept, agent, &choice, &blocked, at: now)
        }
        var groups = waitingGroups(for: agent, isKept: isKept, &choice, &blocked, news: news, at: now)
        // By rank over all groups: what is looked at, and so what begins to be held, follows from the state alone and
        // not from the order in which groups came to be.
        while let next = groups.popMin(), choice.wants(next.key) {
            let bound = groups.min?.key
            var rest: RankedList.Key?
            next.list(of: state).forEach(from: next.key) { entry in
                guard choice.wants(entry.key) else { return false }
                if let bound, bound < entry.key {
                    rest = entry.key
                    return false
                }
                if !news.containsSorted(entry.slot) {
                    consider(entry.slot, agent, &choice, &blocked, at: now)
                }
                return true
            }
            if let rest { groups.insert(next.from(rest)) }
        }
        return choice.entries
    }

    /// The groups that an agent may have to be asked for, each with its head. Of an agent who gets nothing hard just now
    /// the hard ones are considered here, and whole: each of them may begin to be held.
    private func waitingGroups(
        for agent: Int, isKept: Bool, _ choice: inout RankedChoice, _ blocked: inout [(slot: Int, tier: Int)],
        news: [Int], at now: Instant
    ) -> Heap<GroupWalk> {
        var walks: [GroupWalk] = []
        let isShy = isLanding(agent, at: now) || hasHardStreak(agent)
        for number in state.index.numbers(metBy: agent) {
            for place in state.index.classes[number].groups.indices {
                let group = state.index.classes[number].groups[place].group
                let units = Int(group.units)
                guard !isKept || group.isSafety,
                    state.agents[agent].load + units <= admittedCapacity(agent, for: units, at: now)
                else { continue }
                if isShy && group.isHard && group.hold == .running { continue }
                if isClosed(group, at: now) { continue }
                if isShy && group.isHard && group.hold == .never {
                    state.index.classes[number].groups[place].list.forEach { entry in
                        if !news.containsSorted(entry.slot) {
                            consider(entry.slot, agent, &choice, &blocked, at: now)
                        }
                        return true
                    }
                } else if let head = state.index.classes[number].groups[place].list.first {
                    walks.append(GroupWalk(key: head.key, number: number, place: place))
                }
            }
        }
        return Heap(walks)
    }

    private func consider(
        _ slot: Int, _ agent: Int, _ choice: inout RankedChoice, _ blocked: inout [(slot: Int, tier: Int)],
        at now: Instant
    ) {
        guard let key = state.rankKey(slot) else { return }
        let ask = ask(slot, at: now)
        guard state.agents[agent].skills.firstUnmet(of: ask.needs) == nil,
            ask.only == nil || ask.only == state.agents[agent].id,
            firstFailedTest(ask, agent, at: now) == nil
        else { return }
        let tier = tier(ask, agent, at: now)
        if ask.isHoldOver || tier <= 1 {
            if choice.wants(key) { choice.place(key, slot) }
        } else if state.conversations[slot].heldUntil == nil {
            blocked.append((slot, tier))
        }
    }

    /// Holds what only a soft test kept from everyone who passed, so that somebody it does not keep may come first.
    ///
    /// The hold begins though that agent has taken something else in the same batch: otherwise whoever keeps an agent
    /// busy with easier work would put off the hold of what was there before, again and again. Of those at most as many
    /// as a round has rows, by rank.
    mutating func hold(_ blocked: [(slot: Int, tier: Int)], at now: Instant) {
        guard !blocked.isEmpty else { return }
        var choice = RankedChoice(most: Int.max)
        var tiers: [Int: Int] = [:]
        for (slot, tier) in blocked
        where state.conversations[slot].phase == .queued && state.conversations[slot].heldUntil == nil {
            guard let key = state.rankKey(slot) else { continue }
            choice.add(key, slot)
            tiers[slot] = min(tier, tiers[slot] ?? tier)
        }
        choice.order()
        var overtaken = 0
        for slot in choice.slots {
            var shares = ShareMemo()
            let row = row(slot, shares: &shares, at: now)
            guard row.open == 0 else { continue }
            if row.passed.isEmpty {
                overtaken += 1
                guard overtaken <= Limits.matchingRoundMax else { continue }
            }
            guard let least = row.passed.map(\.tier).min() ?? tiers[slot] else { continue }
            emitHeld(slot, tier: least, at: now)
        }
    }

    private mutating func emitHeld(_ slot: Int, tier: Int, at now: Instant) {
        let conversation = state.conversations[slot]
        guard let placement = conversation.placement, let key = state.rankKey(slot) else { return }
        emit(
            .conversationHeld(
                .with {
                    $0.conversation = conversation.id
                    $0.episode = conversation.episode
                    $0.queue = placement.queue
                    $0.step = placement.step
                    $0.position = state.queues[placement.queue].waiting.position(of: key)
                    $0.reason = .word(Self.softTest(ofTier: tier))
                    $0.until = now + rules.offers.hold[conversation.channel]
                }), at: now)
    }
}

/// What of a group was not looked at yet.
private struct GroupWalk: Comparable {
    var key: RankedList.Key
    let number: Int
    let place: Int

    func list(of state: borrowing RoutingState) -> RankedList { state.index.classes[number].groups[place].list }

    func from(_ key: RankedList.Key) -> Self { Self(key: key, number: number, place: place) }

    static func < (left: Self, right: Self) -> Bool { left.key < right.key }
    static func == (left: Self, right: Self) -> Bool { left.key == right.key }
}
