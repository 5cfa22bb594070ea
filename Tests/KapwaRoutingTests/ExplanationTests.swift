import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// A decision of the past, as its record says it and as a replay of the journal up to its round says it.
struct Recomputed {
    var recorded: Decision
    var explanation: Explanation

    /// Every decision of a floor, each recomputed from its events alone.
    static func all(of floor: Floor) -> [Recomputed] {
        var state = RoutingState(tenant: "main")
        var found: [Recomputed] = []
        let decided = floor.events.compactMap { event in event.decided.map { (event, $0) } }
            .sorted { ($0.1.round, $0.0.sequence) < ($1.1.round, $1.0.sequence) }
        for (event, decision) in decided {
            while state.sequence < decision.round { state.apply(floor.events[Int(state.sequence)]) }
            let router = Router(state: state, rules: floor.router.rules, lexicon: "lexicon", version: "test")
            var isAdvice = false
            if case .offerAdvised = event.body { isAdvice = true }
            guard let id = event.body.conversation,
                let explanation = router.explain(conversation: id, advising: isAdvice, at: event.at)
            else { continue }
            found.append(Recomputed(recorded: decision, explanation: explanation))
        }
        return found
    }
}

extension Event {
    /// The record that an offer or an advice carries.
    fileprivate var decided: Decision? {
        switch body {
        case .offerMade(let body): body.decision
        case .offerAdvised(let body): body.decision
        default: nil
        }
    }
}

@Suite struct ExplanationTests {
    @Test("what a replay recomputes is what was recorded, for every offer of random floors", arguments: 1...12)
    func agreement(seed: Int) {
        var rules = RuleSet.standard
        rules.hash = "rules"
        rules.queues = [Queue(id: "main"), Queue(id: "billing")]
        rules.queues[1].needs = ["billing": 1]
        if seed % 4 == 0 { rules.routingMode = .observe }
        rules.queues[1].steps = [Step(after: .seconds(40), drop: ["billing"])]
        var walk = RandomWalk(seed: UInt64(seed + 5_000), rules: rules)
        for _ in 1...800 { walk.step() }
        let decisions = Recomputed.all(of: walk.floor)
        #expect(decisions.count >= 30, "seed \(seed) decided too little to show anything")
        for decision in decisions { expectEqual(decision, seed) }
    }

    private func expectEqual(_ pair: Recomputed, _ seed: Int) {
        let (recorded, recomputed) = (pair.recorded, pair.explanation.decision)
        let place = "seed \(seed), \(pair.explanation.conversation) at \(recorded.round)"
        #expect(recorded.failed == recomputed.failed, "\(place)")
        #expect(recorded.eligible == recomputed.eligible, "\(place)")
        #expect(recorded.tags == recomputed.tags, "\(place)")
        #expect(recorded.rules == recomputed.rules && recorded.rulesVersion == recomputed.rulesVersion, "\(place)")
        #expect(recorded.lexicon == recomputed.lexicon && recorded.round == recomputed.round, "\(place)")
        #expect(pair.explanation.passed.contains(recorded.winner), "\(place): the winner passed at this cost")
        let others = pair.explanation.passed.filter { $0.agent != recorded.winner.agent }
        #expect(others.first == recorded.runnerUp, "\(place): the runner-up is the cheapest other")
    }
}
