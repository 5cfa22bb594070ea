import KapwaDomain
import KapwaRules

/// What of a conversation decides how agents stand to it, read once for all of them.
struct Ask {
    var slot: Int
    var needs: Skills
    var units: Int
    var hardness: Int
    var isHard: Bool
    var isSafety: Bool
    /// Whether soft tests keep nobody from it any longer.
    var isHoldOver: Bool
    /// The agent who may not get it back, while there is another one.
    var transferredFrom: AgentID?
    /// The one agent who may have it for now.
    var only: AgentID?
    /// Slot of the agent who ended it well before; -1 for nobody.
    var sticky = -1
    var isTagalog: Bool
    /// Slot of the agent whom the customer asked for, -1 for one who is not there; `nil`: nobody.
    var preferred: Int?
    /// Agents who declined it, or let it expire.
    var bars: [ConversationRecord.Bar]
    /// Agents whom its customer is not routed to.
    var averse: [AgentID]
}

extension Router {
    func ask(_ slot: Int, at now: Instant) -> Ask {
        let isSafety = state.conversations[slot].placement?.safety ?? false
        let peaks = state.conversations[slot].peaks
        let language = state.conversations[slot].language
        let isOnly = state.conversations[slot].onlyUntil.map { $0 > now } ?? false
        var ask = Ask(
            slot: slot, needs: state.conversations[slot].placement?.needs ?? .none,
            units: state.conversations[slot].units, hardness: peaks.hardness.milli, isHard: peaks.isHard,
            isSafety: isSafety,
            isHoldOver: isSafety || state.conversations[slot].heldUntil.map { $0 <= now } ?? false,
            transferredFrom: state.conversations[slot].transferredFrom,
            only: isOnly ? state.conversations[slot].onlyAgent : nil,
            isTagalog: language == .tl || language == .taglish,
            preferred: state.conversations[slot].preferredAgent.map { state.agentSlots[$0] ?? -1 },
            bars: state.conversations[slot].bars, averse: state.averseAgents(slot, at: now))
        if let customer = state.conversations[slot].customer, let memory = state.customers[customer],
            memory.goodUntil > now, let agent = memory.goodAgent
        {
            ask.sticky = state.agentSlots[agent] ?? -1
        }
        return ask
    }

    // MARK: Hard tests

    /// The first hard test that a pair fails, in the tests' order; `nil` when it passes all.
    func firstFailedTest(_ slot: Int, _ agent: Int, at now: Instant) -> HardTest? {
        if let test = firstFailedTestOfAgent(agent) { return test }
        guard let needs = state.conversations[slot].placement?.needs else { return nil }
        if state.agents[agent].skills.firstUnmet(of: needs) != nil { return .skill }
        return firstFailedTest(ask(slot, at: now), agent, at: now)
    }

    /// The tests that no conversation makes a difference to.
    func firstFailedTestOfAgent(_ agent: Int) -> HardTest? {
        if state.agents[agent].presence != .ready { return .notReady }
        if state.agents[agent].owesBreak { return .breakOwed }
        if state.agents[agent].isOnBreak { return .onBreak }
        if state.agents[agent].isExcludedByWrapup { return .wrapUp }
        return nil
    }

    /// The tests that are left for an agent who passes those of its own and has the skills.
    ///
    /// Reads fields in place: a copy of a record costs a dozen reference counts, and this runs for every pair.
    func firstFailedTest(_ ask: Ask, _ agent: Int, at now: Instant) -> HardTest? {
        if state.agents[agent].load + ask.units > admittedCapacity(agent, for: ask.units, at: now) { return .capacity }
        return firstFailedTestButCapacity(ask, agent, at: now)
    }

    /// The tests after that of capacity.
    func firstFailedTestButCapacity(_ ask: Ask, _ agent: Int, at now: Instant) -> HardTest? {
        if isReservedForOther(ask, agent, at: now) { return .reserved }
        if !ask.averse.isEmpty && ask.averse.contains(state.agents[agent].id) { return .negativeAffinity }
        if let from = ask.transferredFrom, from == state.agents[agent].id,
            someoneElseMeets(ask.needs, but: agent, averse: ask.averse)
        {
            return .transferredFrom
        }
        if !ask.bars.isEmpty {
            let id = state.agents[agent].id
            if ask.bars.contains(where: { $0.agent == id && $0.until > now }) { return .declined }
        }
        return nil
    }

    /// Room is kept for one conversation against all others; against somebody in danger only for another in danger.
    private func isReservedForOther(_ ask: Ask, _ agent: Int, at now: Instant) -> Bool {
        guard state.isReserved(agent, except: ask.slot, at: now) else { return false }
        guard ask.isSafety, let kept = state.agents[agent].reservation else { return true }
        return state.conversations[kept.slot].placement?.safety ?? false
    }

    /// Capacity that so many units are admitted against.
    func admittedCapacity(_ agent: Int, for units: Int, at now: Instant) -> Int {
        state.agents[agent].admittedCapacity(for: units, at: now)
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
        if isReservedForOther(ask(slot, at: now), agent, at: now) { failed.append(.reserved) }
        if state.isAverse(slot, agent, at: now) { failed.append(.negativeAffinity) }
        let averse = state.averseAgents(slot, at: now)
        if conversation.transferredFrom == record.id && someoneElseMeets(needs, but: agent, averse: averse) {
            failed.append(.transferredFrom)
        }
        if conversation.isBarred(record.id, at: now) { failed.append(.declined) }
        return failed
    }

    /// Whether another agent, not offline, meets the needs and may meet the customer: then a transfer does not come back.
    ///
    /// - Parameter averse: agents whom the customer is not routed to; they are nobody whom it could wait for.
    private func someoneElseMeets(_ needs: Skills, but agent: Int, averse: [AgentID]) -> Bool {
        func counts(_ slot: Int) -> Bool {
            state.agents[slot].presence != .offline && state.agents[slot].skills.firstUnmet(of: needs) == nil
        }
        guard let present = state.index.present(needs) else {
            return state.agentOrder.contains { $0 != agent && counts($0) && !averse.contains(state.agents[$0].id) }
        }
        var others = present - (counts(agent) ? 1 : 0)
        for (place, id) in averse.enumerated() where !averse[..<place].contains(id) {
            if let slot = state.agentSlots[id], slot != agent, counts(slot) { others -= 1 }
        }
        return others > 0
    }

    // MARK: Soft tests

    /// `8·declined_before + 4·streak_cap + 2·(landing and hard) + 1·landing`; somebody in danger passes them all.
    func tier(_ slot: Int, _ agent: Int, at now: Instant) -> Int { tier(ask(slot, at: now), agent, at: now) }

    func tier(_ ask: Ask, _ agent: Int, at now: Instant) -> Int {
        guard !ask.isSafety else { return 0 }
        var tier = isLanding(agent, at: now) ? ask.isHard ? 3 : 1 : 0
        if ask.isHard && hasHardStreak(agent) { tier += 4 }
        if !ask.bars.isEmpty {
            // Declined, or let expire, and the bar is over.
            let id = state.agents[agent].id
            if ask.bars.contains(where: { $0.agent == id && $0.until <= now }) { tier += 8 }
        }
        return tier
    }

    /// The gravest soft test of a tier, in words.
    static func softTest(ofTier tier: Int) -> String {
        if tier >= 8 { return "declined_before" }
        return tier >= 4 ? "streak_cap" : "soft_landing"
    }

    // MARK: Cost

    /// What a pair that passed would cost; smaller is better.
    func cost(_ slot: Int, _ agent: Int, teamShare: Int?, at now: Instant) -> (cost: Int, terms: CostTerms) {
        let ask = ask(slot, at: now)
        return cost(ask, agent, tier: tier(ask, agent, at: now), teamShare: teamShare, at: now)
    }

    func cost(
        _ ask: Ask, _ agent: Int, tier: Int, teamShare: Int?, at now: Instant
    ) -> (cost: Int, terms: CostTerms) {
        let terms = self.terms(ask, agent, teamShare: teamShare, at: now)
        var cost = 1_000_000 * tier + rules.weights.load * terms.load + rules.weights.stress * terms.stress
        cost += rules.weights.share * terms.share + rules.weights.overSkill * terms.overSkill
        cost += rules.weights.idle * terms.idle + rules.weights.sticky * terms.sticky
        cost += rules.weights.prefer * terms.prefer + rules.weights.language * terms.language
        return (cost, terms)
    }

    private func terms(_ ask: Ask, _ agent: Int, teamShare: Int?, at now: Instant) -> CostTerms {
        var terms = CostTerms()
        // Beyond what is admitted, or with nothing admitted at all, an agent comes only by a supervisor's word.
        let admitted = max(1, admittedCapacity(agent, for: ask.units, at: now))
        terms.load = min(1_000, 1_000 * (state.agents[agent].load + ask.units) / admitted)
        if ask.hardness > 0 {
            terms.stress = min(1_000, state.agents[agent].ledger.value(at: now) / 2) * ask.hardness / 1_000
        }
        if ask.isHard {
            let own = hardShare(agent, at: now)
            terms.share = min(max(500 + (own - (teamShare ?? own)) * 250 / 1_000, 0), 1_000)
        }
        terms.overSkill = overSkill(agent, ask.needs)
        terms.idle = 1_000 - Int(min(1_000, max(0, now - state.agents[agent].idleSince) / 900))
        terms.sticky = ask.sticky == agent ? 0 : 1_000
        if let preferred = ask.preferred { terms.prefer = preferred == agent ? 0 : 1_000 }
        if ask.isTagalog { terms.language = 250 * (5 - max(1, state.agents[agent].skills.level(of: Self.tagalog))) }
        return terms
    }

    private static let tagalog: SkillID = "tagalog"

    /// `min(1000, 100 × Σ(has − need) + 50 × skills held, not needed)`, and never below 0.
    private func overSkill(_ agent: Int, _ needs: Skills) -> Int {
        let held = state.agents[agent].skills
        var sum = 50 * held.entries.count
        for need in needs.entries {
            let has = held.level(of: need.skill)
            sum += 100 * (has - need.level) - (has > 0 ? 50 : 0)
        }
        return min(1_000, max(0, sum))
    }

    /// Hard contacts of the last four hours per hour worked, in thousandths.
    private func hardShare(_ agent: Int, at now: Instant) -> Int {
        let hard = state.agents[agent].hardEnds.count { $0 > now - .hours(4) }
        guard hard > 0 else { return 0 }
        let worked = max(state.agents[agent].worked.milliseconds(at: now), .minutes(1))
        return Int(Int64(hard) * .hours(1) * 1_000 / worked)
    }

    /// The mean share of a team's agents with at least half an hour worked; `nil` without any.
    ///
    /// Of a team of more than ``Limits/teamSampleMax`` an even sample by id, so that a large team costs no more.
    func teamShare(_ team: TeamID?, at now: Instant) -> Int? {
        let members = state.index.members(of: team)
        let sample = min(members.count, Limits.teamSampleMax)
        var sum = 0
        var count = 0
        for place in 0..<sample {
            let slot = members[place * members.count / sample]
            guard state.agents[slot].worked.milliseconds(at: now) >= .minutes(30) else { continue }
            sum += hardShare(slot, at: now)
            count += 1
        }
        return count == 0 ? nil : sum / count
    }
}
