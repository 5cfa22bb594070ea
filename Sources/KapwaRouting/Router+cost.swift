import KapwaDomain
import KapwaRules

extension Router {
    /// The first hard test that a pair fails, in the tests' order; `nil` when it passes all.
    ///
    /// Reads fields in place: a copy of a record costs a dozen reference counts, and this runs for every pair.
    func firstFailedTest(_ slot: Int, _ agent: Int, at now: Instant) -> HardTest? {
        if let test = firstFailedTestOfAgent(agent) { return test }
        guard let needs = state.conversations[slot].placement?.needs else { return nil }
        if state.agents[agent].skills.firstUnmet(of: needs) != nil { return .skill }
        let units = state.conversations[slot].units
        if state.agents[agent].load + units > state.agents[agent].admittedCapacity(for: units, at: now) {
            return .capacity
        }
        if state.isAverse(slot, agent, at: now) { return .negativeAffinity }
        if let from = state.conversations[slot].transferredFrom, from == state.agents[agent].id,
            someoneElseMeets(needs, but: agent)
        {
            return .transferredFrom
        }
        if !state.conversations[slot].bars.isEmpty,
            state.conversations[slot].isBarred(state.agents[agent].id, at: now)
        {
            return .declined
        }
        return nil
    }

    /// The tests that no conversation makes a difference to.
    func firstFailedTestOfAgent(_ agent: Int) -> HardTest? {
        if state.agents[agent].presence != .ready { return .notReady }
        if state.agents[agent].owesBreak { return .breakOwed }
        if state.agents[agent].isOnBreak { return .onBreak }
        if state.agents[agent].isExcludedByWrapup { return .wrapUp }
        return nil
    }

    /// Whether an agent could be asked for anything at all: the smallest contact takes 15 units.
    func couldTakeSomething(_ agent: Int, at now: Instant) -> Bool {
        let load = state.agents[agent].load
        return firstFailedTestOfAgent(agent) == nil
            && (load == 0 || load + 15 <= state.agents[agent].admittedCapacity(for: 15, at: now))
    }

    /// Every hard test that a pair fails: what an assignment from elsewhere breaks.
    func failedTests(_ slot: Int, _ agent: Int, at now: Instant) -> [HardTest] {
        let record = state.agents[agent]
        let conversation = state.conversations[slot]
        var failed: [HardTest] = []
        if record.presence != .ready { failed.append(.notReady) }
        if record.owesBreak { failed.append(.breakOwed) }
        if record.isOnBreak { failed.append(.onBreak) }
        if record.isExcludedByWrapup { failed.append(.wrapUp) }
        let needs = conversation.placement?.needs ?? placement(of: slot).needs
        if record.skills.firstUnmet(of: needs) != nil { failed.append(.skill) }
        let units = state.unitsNow(slot)
        let own = conversation.offer.flatMap { state.offers[$0] }.map { $0.agent == agent ? $0.units : 0 } ?? 0
        let load = record.load - own
        if load + units > record.admittedCapacity(for: units, at: now, carried: load) { failed.append(.capacity) }
        if state.isAverse(slot, agent, at: now) { failed.append(.negativeAffinity) }
        if conversation.transferredFrom == record.id && someoneElseMeets(needs, but: agent) {
            failed.append(.transferredFrom)
        }
        if conversation.isBarred(record.id, at: now) { failed.append(.declined) }
        return failed
    }

    /// Whether another agent, not offline, meets the needs: then a transfer does not come back.
    private func someoneElseMeets(_ needs: Skills, but agent: Int) -> Bool {
        state.agentOrder.contains { other in
            other != agent && state.agents[other].presence != .offline
                && state.agents[other].skills.firstUnmet(of: needs) == nil
        }
    }

    /// What a pair that passed would cost; smaller is better.
    func cost(_ slot: Int, _ agent: Int, teamShare: Int?, at now: Instant) -> (cost: Int, terms: CostTerms) {
        let terms = self.terms(slot, agent, teamShare: teamShare, at: now)
        let weights = rules.weights
        let cost =
            weights.load * terms.load + weights.stress * terms.stress + weights.share * terms.share
            + weights.overSkill * terms.overSkill + weights.idle * terms.idle + weights.sticky * terms.sticky
            + weights.prefer * terms.prefer + weights.language * terms.language
        return (cost, terms)
    }

    private func terms(_ slot: Int, _ agent: Int, teamShare: Int?, at now: Instant) -> CostTerms {
        let record = state.agents[agent]
        let conversation = state.conversations[slot]
        let needs = conversation.placement?.needs ?? .none
        let hardness = conversation.peaks.hardness.milli
        var terms = CostTerms()
        terms.load =
            1_000 * (record.load + conversation.units) / record.admittedCapacity(for: conversation.units, at: now)
        terms.stress = min(1_000, record.ledger.value(at: now) / 2) * hardness / 1_000
        if conversation.peaks.isHard {
            let own = Self.hardShare(record, at: now)
            terms.share = min(max(500 + (own - (teamShare ?? own)) * 250 / 1_000, 0), 1_000)
        }
        terms.overSkill = overSkill(record.skills, needs)
        terms.idle = 1_000 - Int(min(1_000, max(0, now - record.idleSince) / 900))
        terms.sticky = 1_000
        if let customer = conversation.customer, let memory = state.customers[customer],
            memory.goodAgent == record.id, memory.goodUntil > now
        {
            terms.sticky = 0
        }
        if let preferred = conversation.preferredAgent { terms.prefer = preferred == record.id ? 0 : 1_000 }
        if conversation.language == .tl || conversation.language == .taglish {
            terms.language = 250 * (5 - max(1, record.skills.level(of: "tagalog")))
        }
        return terms
    }

    /// `min(1000, 100 × Σ(has − need) + 50 × skills held, not needed)`.
    private func overSkill(_ skills: Skills, _ needs: Skills) -> Int {
        var sum = 0
        for entry in skills.entries {
            let need = needs.level(of: entry.skill)
            sum += need > 0 ? 100 * (entry.level - need) : 50
        }
        return min(1_000, sum)
    }

    /// Hard contacts of the last four hours per hour worked, in thousandths.
    private static func hardShare(_ record: AgentRecord, at now: Instant) -> Int {
        let hard = record.hardEnds.count { $0 > now - .hours(4) }
        let worked = max(record.worked.milliseconds(at: now), .minutes(1))
        return Int(Int64(hard) * .hours(1) * 1_000 / worked)
    }

    /// The mean share of a team's agents with at least half an hour worked; `nil` without any.
    func teamShare(_ team: TeamID?, at now: Instant) -> Int? {
        var sum = 0
        var count = 0
        for slot in state.agentOrder where state.agents[slot].team == team {
            guard state.agents[slot].worked.milliseconds(at: now) >= .minutes(30) else { continue }
            sum += Self.hardShare(state.agents[slot], at: now)
            count += 1
        }
        return count == 0 ? nil : sum / count
    }
}
