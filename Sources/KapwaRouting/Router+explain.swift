public import KapwaDomain
import KapwaRules

extension Router {
    /// How every agent stands to a conversation, and why it waits; `nil` when no open episode has this id.
    ///
    /// Changes nothing. For a decision of the past, replay the journal up to ``Decision/round``, make a router of the
    /// state with the rules that were in force, and ask for the time of the decision's event.
    ///
    /// - Parameter advising: whether agents are asked whom routing does not bind, and nobody else: for an advice where
    ///   teams have modes of their own.
    public func explain(conversation id: ConversationID, advising: Bool = false, at now: Instant) -> Explanation? {
        guard let slot = state.conversationSlots[id] else { return nil }
        let record = state.conversations[slot]
        var explanation = Explanation(conversation: id)
        explanation.episode = record.episode
        explanation.channel = record.channel
        explanation.phase = record.phase
        explanation.sequence = state.sequence
        explanation.at = now
        explanation.since = record.since
        explanation.placement = record.placement
        if record.phase == .queued, let key = state.rankKey(slot) {
            explanation.place = state.queued.position(of: key)
        }
        explanation.points = pointSources(record)
        explanation.steps = stepStandings(record)
        explanation.mood = record.mood.tags
        explanation.isHard = record.peaks.isHard
        explanation.agent = record.agent.map { state.agents[$0].id }
        explanation.mode = state.routingMode
        explanation.agents = outcomes(slot, advising: advising, at: now)
        explanation.waitsFor = wait(slot, explanation.passed, at: now)
        explanation.decision = recomputed(explanation)
        return explanation
    }

    /// The decision record that these outcomes amount to.
    private func recomputed(_ explanation: Explanation) -> Decision {
        var decision = Decision()
        let passed = explanation.passed
        if let best = passed.first { decision.winner = best }
        decision.runnerUp = passed.dropFirst().first
        decision.eligible = passed.count
        var counts = [Int](repeating: 0, count: HardTest.allCases.count)
        for outcome in explanation.agents {
            guard case .failed(let failed) = outcome.verdict,
                let index = HardTest.allCases.firstIndex(of: failed.test)
            else { continue }
            counts[index] += 1
        }
        decision.failed = zip(HardTest.allCases, counts).compactMap { test, agents in
            agents == 0 ? nil : Decision.Failure(test: test, agents: agents)
        }
        decision.tags = explanation.mood
        decision.rules = rules.hash
        decision.rulesVersion = state.rulesVersion
        decision.lexicon = lexicon
        decision.round = state.sequence
        return decision
    }

    // MARK: Agents

    private func outcomes(_ slot: Int, advising: Bool, at now: Instant) -> [AgentOutcome] {
        let ask = ask(slot, at: now)
        let isShut = isClosed(slot, at: now)
        var shares = ShareMemo()
        return state.agentOrder.map { agent in
            let id = state.agents[agent].id
            let test = firstFailedTest(slot, agent, at: now)
            if isLeftOut(test, ask, agent, advising: advising) {
                return AgentOutcome(agent: id, verdict: .notAsked(.mode))
            }
            if let test { return AgentOutcome(agent: id, verdict: .failed(detail(test, slot, agent, at: now))) }
            if let only = ask.only, only != id { return AgentOutcome(agent: id, verdict: .notAsked(.anotherAlone)) }
            if isShut { return AgentOutcome(agent: id, verdict: .notAsked(.closed)) }
            var share: Int?
            if ask.isHard {
                let team = state.agents[agent].team
                share = shares.mean(of: team) { teamShare(team, at: now) }
            }
            let tier = tier(ask, agent, at: now)
            let (cost, terms) = cost(ask, agent, tier: tier, teamShare: share, at: now)
            return AgentOutcome(
                agent: id, verdict: .passed(Decision.Candidate(agent: id, cost: cost, tier: tier, terms: terms)))
        }
    }

    /// Whether the mode of an agent's team keeps it from being asked, or advised: it has the skills and the room, and
    /// the rest is not looked at.
    private func isLeftOut(_ test: HardTest?, _ ask: Ask, _ agent: Int, advising: Bool) -> Bool {
        guard !rules.teams.isEmpty, binds(agent) == advising else { return false }
        switch test {
        case .notReady, .breakOwed, .onBreak, .wrapUp, .skill: return false
        case .capacity: return state.agents[agent].load + ask.units <= state.agents[agent].capacity
        default: return true
        }
    }

    /// The figures that failed a test.
    private func detail(_ test: HardTest, _ slot: Int, _ agent: Int, at now: Instant) -> FailedTest {
        let record = state.agents[agent]
        let conversation = state.conversations[slot]
        var failed = FailedTest(test)
        switch test {
        case .notReady:
            failed.presence = record.presence
            failed.since = record.presenceSince
        case .breakOwed:
            failed.kind = record.owedBreak?.kind
            failed.until = record.owedBreak?.startBy
        case .onBreak:
            failed.kind = record.currentBreak?.kind
            failed.until = record.currentBreak?.endsAt
        case .wrapUp:
            let wrapup = record.wrapups.first { $0.exclusive }
            failed.conversation = wrapup?.conversation
            failed.until = wrapup?.deadline
        case .skill:
            let unmet = record.skills.firstUnmet(of: conversation.placement?.needs ?? .none)
            failed.skill = unmet?.skill
            failed.needed = unmet?.level
            failed.has = unmet.map { record.skills.level(of: $0.skill) }
        case .capacity:
            failed.load = record.load
            failed.units = conversation.units
            failed.capacity = record.admittedCapacity(for: conversation.units, at: now)
        case .negativeAffinity: failed.until = aversionEnd(conversation, record.id, at: now)
        case .reserved:
            failed.conversation = record.reservation?.conversation
            failed.until = record.reservation?.until
        case .transferredFrom: break
        case .declined:
            let bar = conversation.bars.first { $0.agent == record.id && $0.until > now }
            failed.until = bar?.until
            failed.times = bar?.times
        }
        return failed
    }

    /// When the last aversion between a customer and an agent ends.
    private func aversionEnd(_ conversation: ConversationRecord, _ agent: AgentID, at now: Instant) -> Instant? {
        var found = state.aversions(.conversation(conversation.id), at: now)
        if let customer = conversation.customer { found += state.aversions(.customer(customer), at: now) }
        return found.filter { $0.agent == agent }.map(\.until).max()
    }

    // MARK: The conversation

    private func wait(_ slot: Int, _ passed: [Decision.Candidate], at now: Instant) -> Explanation.Wait? {
        let record = state.conversations[slot]
        guard record.phase == .queued else { return nil }
        if let agent = record.onlyAgent, let until = record.onlyUntil, until > now {
            return .only(agent: agent, until: until)
        }
        guard let placement = record.placement, let queue = rules.queue(placement.queue) else { return nil }
        if isClosed(slot, at: now) { return .closed(until: queue.opensLater(than: now)) }
        if let until = record.heldUntil, until > now, let best = passed.first {
            return .held(reason: Self.softTest(ofTier: best.tier), until: until)
        }
        if let agent = record.reservedAgent, let reservation = state.agents[agent].reservation, reservation.until > now
        {
            return .reserved(agent: state.agents[agent].id, until: reservation.until)
        }
        let last = placement.safety ? placement.needs : needs(record, in: queue, step: queue.steps.count)
        let isRoutable = state.agentOrder.contains { state.agents[$0].skills.firstUnmet(of: last) == nil }
        return isRoutable ? nil : .unroutable
    }

    private func stepStandings(_ record: ConversationRecord) -> [Explanation.StepStanding] {
        guard let placement = record.placement, let queue = rules.queue(placement.queue), !placement.safety else {
            return []
        }
        return steps(of: record.id).enumerated().map { step, standing in
            Explanation.StepStanding(
                step: step, needs: standing.needs, state: standing.state,
                after: step == 0 ? 0 : queue.steps[step - 1].after)
        }
    }

    private func pointSources(_ record: ConversationRecord) -> [Explanation.PointSource] {
        guard let placement = record.placement, placement.points > 0, !placement.safety else { return [] }
        var tags = record.peaks
        if record.safety == .possible { tags.urgency = max(tags.urgency, .strong) }
        let bad = state.badEpisodes(of: record.customer, at: state.lastEventAt)
        var left = placement.points
        var sources: [Explanation.PointSource] = []
        for (source, points) in [
            (Explanation.PointSource.Source.priority, record.priority * 60 / 100),
            (.urgency, tags.urgency >= .strong ? rules.points.hardUrgency : 0),
            (.distress, tags.distress >= .strong ? rules.points.strongDistress : 0),
            (.family, Formulas.isFamilyInNeed(tags) ? rules.points.familyInNeed : 0),
            (.badExperiences, bad >= 2 ? rules.points.badExperiences : 0),
            (.other, Int.max),
        ] {
            let counted = min(points, left)
            if counted > 0 { sources.append(Explanation.PointSource(source: source, points: counted)) }
            left -= counted
        }
        return sources
    }
}
