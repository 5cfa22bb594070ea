import KapwaDomain
import KapwaRules

extension Router {
    /// Serves by rank, each with the agent of least cost; one new offer per agent a round, rounds until none is made.
    ///
    /// A conversation that was there at the last matching found nobody then, so now only agents with news since can
    /// have become eligible for it; a new one is held against everybody.
    mutating func runMatching(at now: Instant) {
        refileDanger(at: now)
        var fresh = takeFresh()
        guard !state.queued.isEmpty, !(fresh.conversations.isEmpty && fresh.agents.isEmpty) else { return }
        var freshAgents = Set(fresh.agents)
        while true {
            let offers = matchRound(fresh.conversations, freshAgents, at: now)
            guard state.routingMode == .enforce else { return }
            guard offers > 0 else { return assertFirstIsServed(at: now) }
            let news = takeFresh()
            fresh.conversations.append(contentsOf: news.conversations)
            freshAgents.formUnion(news.agents)
        }
    }

    /// Whoever waits first cannot be served by anyone: the cheap part of what simulation checks for all.
    private func assertFirstIsServed(at now: Instant) {
        guard let first = state.queued.first?.slot, state.conversations[first].onlyUntil.map({ $0 <= now }) ?? true,
            !isClosed(first, at: now)
        else { return }
        precondition(
            !state.agentOrder.contains { firstFailedTest(first, $0, at: now) == nil },
            "after a batch nobody is first in line who could be served")
    }

    /// Whether somebody trained is ready decides what danger needs, now and not when it was queued.
    private mutating func refileDanger(at now: Instant) {
        var slots: [Int] = []
        state.queued.forEach { entry in
            guard state.conversations[entry.slot].placement?.safety == true else { return false }
            slots.append(entry.slot)
            return true
        }
        for slot in slots { rerank(slot, at: now) }
    }

    /// One round: returns how many offers it made.
    private mutating func matchRound(_ freshList: [Int], _ freshAgents: Set<Int>, at now: Instant) -> Int {
        let fresh = Set(freshList)
        // The order of rows never comes from a set: candidates are walked by agent id.
        let everyone = state.agentOrder.filter { couldTakeSomething($0, at: now) }
        var candidates = (all: everyone, fresh: everyone.filter { freshAgents.contains($0) })
        var shares: [TeamID?: Int?] = [:]
        var made = 0
        // In `observe` an agent who went away was perhaps the one who was named.
        let hasNews = !candidates.fresh.isEmpty || (!state.routingMode.binds && !freshAgents.isEmpty)
        let isObserving = !state.routingMode.binds
        var newOnesLeft = fresh.count
        for slot in waiting(freshList, all: hasNews) {
            let isFresh = fresh.contains(slot)
            if isFresh { newOnesLeft -= 1 }
            if candidates.all.isEmpty || (candidates.fresh.isEmpty && newOnesLeft <= 0 && !isFresh && !isObserving) {
                break
            }
            guard isFresh || !candidates.fresh.isEmpty || isObserving else { continue }
            guard !isClosed(slot, at: now) else { continue }
            let pool = isFresh ? candidates.all : self.pool(slot, candidates, freshAgents)
            guard let decision = decide(slot, among: pool, shares: &shares, at: now) else { continue }
            guard let agent = state.agentSlots[decision.winner.agent] else {
                preconditionFailure("the winner is an agent who exists")
            }
            if !state.routingMode.binds {
                advise(slot, decision, at: now)
                continue
            }
            makeOffer(slot, agent, explained(decision, slot, at: now), at: now)
            made += 1
            candidates.all.removeAll { $0 == agent }
            candidates.fresh.removeAll { $0 == agent }
        }
        return made
    }

    /// Whom a conversation that was there before is held against. In `observe` somebody may pass who was not the best
    /// then, and the one who was may have changed.
    private func pool(_ slot: Int, _ candidates: (all: [Int], fresh: [Int]), _ freshAgents: Set<Int>) -> [Int] {
        guard let named = state.conversations[slot].advisedAgent else { return candidates.fresh }
        guard let advised = state.agentSlots[named] else { return candidates.all }
        if freshAgents.contains(advised) { return candidates.all }
        return candidates.all.filter { $0 == advised || freshAgents.contains($0) }
    }

    /// Slots to look at, by rank: everything that waits, or only what is new when no agent has news.
    private func waiting(_ fresh: [Int], all: Bool) -> [Int] {
        if all { return state.queuedSlots }
        var keyed: [(key: RankedList.Key, slot: Int)] = []
        for slot in fresh where state.conversations[slot].phase == .queued {
            if let key = state.rankKey(slot) { keyed.append((key, slot)) }
        }
        keyed.sort { $0.key < $1.key }
        var slots: [Int] = []
        for (_, slot) in keyed where slots.last != slot { slots.append(slot) }
        return slots
    }

    /// The best agent of a pool for a conversation, and why; `nil` when nobody passes.
    private func decide(
        _ slot: Int, among pool: [Int], shares: inout [TeamID?: Int?], at now: Instant
    ) -> Decision? {
        let conversation = state.conversations[slot]
        let only = conversation.onlyUntil.map { $0 > now } == true ? conversation.onlyAgent : nil
        var best: Decision.Candidate?
        var second: Decision.Candidate?
        var eligible = 0
        for agent in pool {
            let record = state.agents[agent]
            if let only, record.id != only { continue }
            guard firstFailedTest(slot, agent, at: now) == nil else { continue }
            var share: Int?
            if conversation.peaks.isHard {
                if shares[record.team] == nil { shares[record.team] = .some(teamShare(record.team, at: now)) }
                share = shares[record.team] ?? nil
            }
            let (cost, terms) = self.cost(slot, agent, teamShare: share, at: now)
            let candidate = Decision.Candidate(agent: record.id, cost: cost, terms: terms)
            eligible += 1
            // The pool is in order of id, so that a tie goes to the smaller one.
            if best.map({ cost < $0.cost }) ?? true {
                second = best
                best = candidate
            } else if second.map({ cost < $0.cost }) ?? true {
                second = candidate
            }
        }
        guard let best else { return nil }
        var decision = Decision()
        decision.winner = best
        decision.runnerUp = second
        decision.eligible = eligible
        decision.tags = conversation.mood.tags
        decision.rules = rules.hash
        decision.lexicon = lexicon
        return decision
    }

    /// A decision that is acted on, with how many agents failed which test first.
    private func explained(_ decision: Decision, _ slot: Int, at now: Instant) -> Decision {
        var decision = decision
        decision.failed = failures(slot, at: now)
        return decision
    }

    private func failures(_ slot: Int, at now: Instant) -> [Decision.Failure] {
        var counts: [HardTest: Int] = [:]
        for agent in state.agentOrder {
            if let test = firstFailedTest(slot, agent, at: now) { counts[test, default: 0] += 1 }
        }
        return HardTest.allCases.compactMap { test in
            counts[test].map { Decision.Failure(test: test, agents: $0) }
        }
    }

    private mutating func advise(_ slot: Int, _ decision: Decision, at now: Instant) {
        let conversation = state.conversations[slot]
        guard conversation.advisedAgent != decision.winner.agent else { return }
        emit(
            .offerAdvised(
                .with {
                    $0.conversation = conversation.id
                    $0.episode = conversation.episode
                    $0.agent = decision.winner.agent
                    $0.mode = state.routingMode
                    $0.decision = explained(decision, slot, at: now)
                }), at: now)
    }

    private mutating func makeOffer(_ slot: Int, _ agent: Int, _ decision: Decision, at now: Instant) {
        let conversation = state.conversations[slot]
        guard let placement = conversation.placement else { preconditionFailure("a queued conversation is placed") }
        let record = state.agents[agent]
        precondition(!record.owesBreak && !record.isOnBreak, "no offer to an agent who owes or takes a break")
        precondition(
            record.skills.firstUnmet(of: placement.needs) == nil, "an agent meets the needs of the step in force")
        emit(
            .offerMade(
                .with {
                    $0.offer = OfferID("o\(state.sequence + 1)")
                    $0.conversation = conversation.id
                    $0.episode = conversation.episode
                    $0.agent = record.id
                    $0.queue = placement.queue
                    $0.step = placement.step
                    $0.needs = placement.needs
                    $0.units = conversation.units
                    $0.load = record.load
                    $0.capacity = record.admittedCapacity(for: conversation.units, at: now)
                    $0.rank = placement.rank
                    $0.expiresAt = now + offerTimeout(placement, conversation.channel)
                    $0.decision = decision
                    $0.brief = brief(conversation, at: now)
                }), at: now)
    }

    private func brief(_ conversation: ConversationRecord, at now: Instant) -> Brief {
        var brief = Brief()
        brief.mood = conversation.mood.tags
        brief.trend = conversation.mood.trend
        brief.language = conversation.language ?? .other
        brief.asksFor = conversation.asksFor
        brief.topic = conversation.topic
        brief.waitedMilliseconds = now - conversation.since
        brief.episode = conversation.episode
        brief.lastAgent = conversation.lastAgent
        if conversation.safety != nil, let text = rules.safetyProtocol {
            brief.safety = "\(text.text) (checked on \(text.checkedOn))"
        }
        brief.incident = incidentBrief(conversation.topic)
        return brief
    }
}
