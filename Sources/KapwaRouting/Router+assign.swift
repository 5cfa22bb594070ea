import KapwaDomain
import KapwaRules

extension Router {
    /// An assignment that Kapwa did not choose.
    mutating func assign(_ body: ConversationAssign, by: Person?, at now: Instant) throws(Refusal) -> Reply.Details {
        if body.source == .supervisor { try Self.requireSupervisor(by, to: "assign by name") }
        let agent = try requireAgent(body.agent)
        let slot = try requireConversation(
            body.conversation, closedMessage: "the conversation is closed; a closed episode is given to nobody")
        let conversation = state.conversations[slot]
        if conversation.phase == .assigned && conversation.agent == agent { return .violations([]) }
        let hard = failedTests(slot, agent, at: now)
        let soft = failedSoftTests(slot, agent, at: now)
        var violations: [String] = []
        var decision: Decision?
        let source: AssignmentSource
        switch body.source {
        case .external: source = .external
        case .fallback: source = .fallback
        case .supervisor: source = .supervisor
        }
        if source == .supervisor {
            try checkOverrides(body, hard, soft, agent)
            decision = overrideDecision(slot, agent, at: now)
        } else {
            violations = hard.map(\.rawValue) + soft.map(\.rawValue)
        }
        if let offer = conversation.offer { withdraw(offer, reason: .word("assigned"), requeues: false, at: now) }
        let previous = conversation.phase == .assigned ? conversation.agent : nil
        if previous != nil { settleContact(slot, at: now) }
        emitAssigned(
            slot, agent, source: source, overrides: body.overrides, violations: violations, decision: decision,
            by: by?.role, note: body.reason.map(Reason.free), at: now)
        if let previous { leaveContact(previous, wasSafety: conversation.wasDangerForAgent, at: now) }
        return .violations(Override.publicNames(violations))
    }

    /// The soft tests that a pair fails, in the order of their weight. Landing alone is none: calm contacts are offered
    /// to an agent who lands.
    func failedSoftTests(_ slot: Int, _ agent: Int, at now: Instant) -> [Override] {
        guard state.conversations[slot].safety != .explicit else { return [] }
        let tier = tier(slot, agent, at: now)
        var failed: [Override] = []
        if tier & 8 != 0 { failed.append(.declinedBefore) }
        if tier & 4 != 0 { failed.append(.streakCap) }
        if tier & 2 != 0 { failed.append(.softLanding) }
        return failed
    }

    /// A supervisor names each rule that is set aside; a break never can be.
    private func checkOverrides(
        _ body: ConversationAssign, _ hard: [HardTest], _ soft: [Override], _ agent: Int
    ) throws(Refusal) {
        for test in hard {
            let override: Override
            switch test {
            case .skill: override = .skill
            case .capacity: override = .capacity
            case .declined: override = .declinedBefore
            case .negativeAffinity: override = .negativeAffinity
            case .transferredFrom, .reserved, .wrapUp: continue
            case .notReady, .breakOwed, .onBreak:
                throw Refusal(
                    .wrongState,
                    "agent \"\(body.agent)\" cannot be given anything now (\(test.rawValue)); nobody can"
                        + " set that aside", field: "agent", state: state.agents[agent].effective.rawValue)
            }
            try requireOverride(override, of: test.rawValue, in: body)
        }
        for test in soft { try requireOverride(test, of: test.rawValue, in: body) }
    }

    private func requireOverride(
        _ override: Override, of test: String, in body: ConversationAssign
    ) throws(Refusal) {
        guard !body.overrides.contains(override) else { return }
        throw Refusal(
            .wrongState, "test \"\(test)\" fails; name \"\(override.rawValue)\" in override to set it aside",
            field: "override", state: test)
    }

    /// How the pair that a supervisor makes stands, and beside it whom Kapwa would have chosen.
    private func overrideDecision(_ slot: Int, _ agent: Int, at now: Instant) -> Decision {
        var ask = ask(slot, at: now)
        ask.needs = state.conversations[slot].placement?.needs ?? placement(of: slot).needs
        ask.units = state.unitsNow(slot)
        var decision = Decision()
        var counts: [HardTest: Int] = [:]
        var second: Decision.Candidate?
        decision.winner = candidate(ask, agent, at: now)
        for other in state.agentOrder {
            if let test = firstFailedTest(ask, whole: other, at: now) {
                counts[test, default: 0] += 1
                continue
            }
            decision.eligible += 1
            let candidate = candidate(ask, other, at: now)
            // In order of id, so that a tie goes to the smaller one.
            if other != agent, second.map({ candidate.cost < $0.cost }) ?? true { second = candidate }
        }
        decision.runnerUp = second
        decision.failed = HardTest.allCases.compactMap { test in
            counts[test].map { Decision.Failure(test: test, agents: $0) }
        }
        decision.tags = state.conversations[slot].mood.tags
        decision.rules = rules.hash
        decision.rulesVersion = state.rulesVersion
        decision.round = state.sequence
        decision.lexicon = lexicon
        return decision
    }

    private func firstFailedTest(_ ask: Ask, whole agent: Int, at now: Instant) -> HardTest? {
        if let test = firstFailedTestOfAgent(agent) { return test }
        if state.agents[agent].skills.firstUnmet(of: ask.needs) != nil { return .skill }
        return firstFailedTest(ask, agent, at: now)
    }

    private func candidate(_ ask: Ask, _ agent: Int, at now: Instant) -> Decision.Candidate {
        let tier = tier(ask, agent, at: now)
        let share = ask.isHard ? teamShare(state.agents[agent].team, at: now) : nil
        let (cost, terms) = cost(ask, agent, tier: tier, teamShare: share, at: now)
        return Decision.Candidate(agent: state.agents[agent].id, cost: cost, tier: tier, terms: terms)
    }
}
