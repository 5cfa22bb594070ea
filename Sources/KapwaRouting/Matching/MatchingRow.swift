import KapwaDomain
import KapwaRules

/// One conversation in a round: every agent who passes its hard tests, and how many failed which.
struct MatchingRow {
    struct Candidate {
        /// Slot of the agent.
        var agent: Int
        var tier: Int
        var cost: Int
    }

    var ask: Ask
    /// Who passes every hard test, in no particular order.
    var passed: [Candidate] = []
    /// How many of the passed may be asked now: no hold keeps them from it.
    var open = 0
    /// Agents seen whose capacity, not lessened by a landing, has room.
    var seen = 0
    var failedCapacity = 0
    var failedReserved = 0
    var failedAffinity = 0
    var failedTransfer = 0
    var failedDeclined = 0

    init(_ ask: Ask) { self.ask = ask }

    /// Whether a candidate may be asked now.
    func isOpen(_ candidate: Candidate) -> Bool { candidate.tier <= 1 || ask.isHoldOver }

    mutating func fail(_ test: HardTest) {
        switch test {
        case .capacity: failedCapacity += 1
        case .reserved: failedReserved += 1
        case .negativeAffinity: failedAffinity += 1
        case .transferredFrom: failedTransfer += 1
        case .declined: failedDeclined += 1
        case .notReady, .breakOwed, .onBreak, .wrapUp, .skill:
            preconditionFailure("whom the index names passes the tests of agent and skill")
        }
    }
}

/// Mean shares of teams, computed once a round.
struct ShareMemo {
    private var means: [TeamID?: Int?] = [:]
    /// The last one asked for: of one team many are asked for in a row.
    private var last: (team: TeamID?, mean: Int?)?

    mutating func mean(of team: TeamID?, _ compute: () -> Int?) -> Int? {
        if let last, last.team == team { return last.mean }
        let mean: Int?
        if let known = means[team] {
            mean = known
        } else {
            mean = compute()
            means[team] = .some(mean)
        }
        last = (team, mean)
        return mean
    }
}

extension Router {
    /// Holds a conversation against everyone who could serve it.
    ///
    /// - Parameter advising: whether agents are asked whom routing does not bind, and nobody else.
    func row(_ slot: Int, shares: inout ShareMemo, advising: Bool = false, at now: Instant) -> MatchingRow {
        let ask = ask(slot, at: now)
        var row = MatchingRow(ask)
        if isClosed(slot, at: now) { return row }
        let only = ask.only.map { state.agentSlots[$0] ?? -1 }
        let someUnbound = !rules.teams.isEmpty
        state.index.classes[number(ofWaiting: slot)].forEachWithRoom(for: ask.units) { agent in
            row.seen += 1
            if someUnbound && binds(agent) == advising { return }
            if let test = firstFailedTest(ask, agent, at: now) { return row.fail(test) }
            if let only, only != agent { return }
            let tier = tier(ask, agent, at: now)
            let share = ask.isHard ? meanShare(agent, &shares, at: now) : nil
            let cost = cost(ask, agent, tier: tier, teamShare: share, at: now).cost
            if tier <= 1 || ask.isHoldOver { row.open += 1 }
            row.passed.append(MatchingRow.Candidate(agent: agent, tier: tier, cost: cost))
        }
        return row
    }

    /// The class of needs under which a conversation waits.
    func number(ofWaiting slot: Int) -> Int { state.conversations[slot].filed?.number ?? MatchingIndex.noNeeds }

    private func meanShare(_ agent: Int, _ shares: inout ShareMemo, at now: Instant) -> Int? {
        let team = state.agents[agent].team
        return shares.mean(of: team) { teamShare(team, at: now) }
    }

    /// Whether offers are made to an agent, or only advice is given.
    func binds(_ agent: Int) -> Bool {
        rules.teams.isEmpty ? state.routingMode.binds : rules.routingMode(for: state.agents[agent].team).binds
    }

    /// Cheaper first, then by id.
    func precedes(_ left: MatchingRow.Candidate, _ right: MatchingRow.Candidate) -> Bool {
        left.cost != right.cost ? left.cost < right.cost : state.agents[left.agent].id < state.agents[right.agent].id
    }

    /// Why this agent: what can be read again tomorrow.
    func decision(_ row: MatchingRow, _ agent: Int, round: Int64, shares: inout ShareMemo, at now: Instant) -> Decision
    {
        var decision = Decision()
        var second: MatchingRow.Candidate?
        for candidate in row.passed {
            if candidate.agent == agent {
                decision.winner = explained(candidate, row.ask, shares: &shares, at: now)
            } else if second.map({ precedes(candidate, $0) }) ?? true {
                second = candidate
            }
        }
        decision.runnerUp = second.map { explained($0, row.ask, shares: &shares, at: now) }
        decision.eligible = row.passed.count
        decision.failed = failures(row)
        decision.tags = state.conversations[row.ask.slot].mood.tags
        decision.rules = rules.hash
        decision.rulesVersion = state.rulesVersion
        decision.round = round
        decision.lexicon = lexicon
        return decision
    }

    private func explained(
        _ candidate: MatchingRow.Candidate, _ ask: Ask, shares: inout ShareMemo, at now: Instant
    ) -> Decision.Candidate {
        let share = ask.isHard ? meanShare(candidate.agent, &shares, at: now) : nil
        let (cost, terms) = cost(ask, candidate.agent, tier: candidate.tier, teamShare: share, at: now)
        return Decision.Candidate(
            agent: state.agents[candidate.agent].id, cost: cost, tier: candidate.tier, terms: terms)
    }

    /// How many agents failed which test first: counted by the index, but for the few who had room.
    private func failures(_ row: MatchingRow) -> [Decision.Failure] {
        let passing = state.index.classes[number(ofWaiting: row.ask.slot)].passing
        func count(_ standing: MatchingIndex.Standing) -> Int { state.index.count(standing) }
        let counts: [(HardTest, Int)] = [
            (.notReady, count(.offline) + count(.away)), (.breakOwed, count(.breakOwed)), (.onBreak, count(.onBreak)),
            (.wrapUp, count(.wrapUp)), (.skill, count(.passing) - passing),
            (.capacity, passing - row.seen + row.failedCapacity),
            (.reserved, row.failedReserved), (.negativeAffinity, row.failedAffinity),
            (.transferredFrom, row.failedTransfer), (.declined, row.failedDeclined),
        ]
        return counts.compactMap { test, agents in agents == 0 ? nil : Decision.Failure(test: test, agents: agents) }
    }
}
