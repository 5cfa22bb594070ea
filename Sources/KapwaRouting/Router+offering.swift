import KapwaDomain
import KapwaRules

extension Router {
    mutating func makeOffer(_ slot: Int, _ agent: Int, _ decision: Decision, at now: Instant) {
        guard let placement = state.conversations[slot].placement else {
            preconditionFailure("a queued conversation is placed")
        }
        let units = state.conversations[slot].units
        precondition(
            !state.agents[agent].owesBreak && !state.agents[agent].isOnBreak,
            "no offer to an agent who owes or takes a break")
        precondition(
            state.agents[agent].skills.firstUnmet(of: placement.needs) == nil,
            "an agent meets the needs of the step in force")
        emit(
            .offerMade(
                .with {
                    $0.offer = OfferID("o\(state.sequence + 1)")
                    $0.conversation = state.conversations[slot].id
                    $0.episode = state.conversations[slot].episode
                    $0.agent = state.agents[agent].id
                    $0.queue = placement.queue
                    $0.step = placement.step
                    $0.needs = placement.needs
                    $0.units = units
                    $0.load = state.agents[agent].load
                    $0.capacity = admittedCapacity(agent, for: units, at: now)
                    $0.rank = placement.rank
                    $0.expiresAt = now + offerTimeout(placement, state.conversations[slot].channel)
                    $0.decision = decision
                    $0.brief = brief(slot, at: now)
                }), at: now)
    }

    private func brief(_ slot: Int, at now: Instant) -> Brief {
        var brief = Brief()
        brief.mood = state.conversations[slot].mood.tags
        brief.trend = state.conversations[slot].mood.trend
        brief.language = state.conversations[slot].language ?? .other
        brief.asksFor = state.conversations[slot].asksFor
        brief.topic = state.conversations[slot].topic
        brief.waitedMilliseconds = now - state.conversations[slot].since
        brief.episode = state.conversations[slot].episode
        brief.lastAgent = state.conversations[slot].lastAgent
        if state.conversations[slot].safety != nil, let text = rules.safetyProtocol {
            brief.safety = "\(text.text) (checked on \(text.checkedOn))"
        }
        brief.incident = incidentBrief(state.conversations[slot].topic)
        return brief
    }

    // MARK: Advice

    /// Where routing does not bind: says who would be asked, once per change of the best agent.
    ///
    /// Looked at are conversations with news, and by rank the first of those that an agent with news could serve.
    mutating func advise(_ news: MatchingNews, at now: Instant) {
        var choice = RankedChoice(most: Int.max)
        for slot in news.conversations where state.conversations[slot].phase == .queued {
            if let key = state.rankKey(slot) { choice.add(key, slot) }
        }
        var seen: [Int] = []
        for agent in news.agents where !binds(agent) {
            seen += state.index.numbers(metBy: agent)
            for slot in state.index.onlyFor[state.agents[agent].id] ?? [] {
                if let key = state.rankKey(slot) { choice.add(key, slot) }
            }
        }
        seen.sort()
        for (place, number) in seen.enumerated() where place == 0 || seen[place - 1] != number {
            for group in state.index.classes[number].groups {
                var looked = 0
                group.list.forEach { entry in
                    looked += 1
                    choice.add(entry.key, entry.slot)
                    return looked < Limits.matchingRoundMax
                }
            }
        }
        choice.order()
        let round = state.sequence
        var shares = ShareMemo()
        for slot in choice.slots {
            let row = row(slot, shares: &shares, advising: true, at: now)
            // Nothing is held where nothing is offered: whom a soft test keeps from it is named when nobody else is left,
            // as the cost has it.
            var best: MatchingRow.Candidate?
            for candidate in row.passed where best.map({ precedes(candidate, $0) }) ?? true { best = candidate }
            guard let agent = best?.agent,
                state.conversations[slot].advisedAgent != state.agents[agent].id
            else { continue }
            let decision = decision(row, agent, round: round, shares: &shares, at: now)
            emit(
                .offerAdvised(
                    .with {
                        $0.conversation = state.conversations[slot].id
                        $0.episode = state.conversations[slot].episode
                        $0.agent = state.agents[agent].id
                        $0.mode = rules.routingMode(for: state.agents[agent].team)
                        $0.decision = decision
                    }), at: now)
        }
    }
}
