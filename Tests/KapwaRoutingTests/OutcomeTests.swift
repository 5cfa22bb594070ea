import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// How each agent stood to a conversation, with the figures, as an explanation tells it.
@Suite struct OutcomeTests {
    private func verdicts(
        _ floor: KapwaRoutingTests.Floor, _ id: ConversationID
    ) throws -> [AgentID: AgentOutcome.Verdict] {
        let explanation = try #require(floor.router.explain(conversation: id, at: floor.now))
        return Dictionary(uniqueKeysWithValues: explanation.agents.map { ($0.agent, $0.verdict) })
    }

    private func give(
        _ floor: inout KapwaRoutingTests.Floor, _ id: ConversationID, _ agent: AgentID, channel: Channel = .chat,
        customer: CustomerID? = nil
    ) throws {
        let made = try #require(
            try floor.message(id, channel: channel, customer: customer, skills: [SkillID(agent.rawValue): 1])
                .offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: made.offer, agent: agent)))
    }

    private func failed(_ test: HardTest, _ fill: (inout FailedTest) -> Void) -> AgentOutcome.Verdict {
        var failed = FailedTest(test)
        fill(&failed)
        return .failed(failed)
    }

    @Test("each hard test that fails tells the figures that failed it, and no others")
    func figures() throws {
        var floor = Floor()
        for index in 1...9 {
            let id = AgentID("a\(index)")
            try floor.agent(
                id, [SkillID(id.rawValue): 1, "billing": index == 5 ? 1 : 2], capacity: index == 6 ? 30 : 100)
        }
        // A threat, the break after it, and back.
        try give(&floor, "threat", "a8", customer: "juan")
        try floor.message("threat", [.threat: 900], channel: nil)
        let averse = floor.now + .days(30)
        try floor.send(.conversationClose(ConversationClose(conversation: "threat", outcome: .endedAbuse)))
        floor.pass(.minutes(20))
        try floor.send(.agentState(AgentState(agent: "a8", state: .ready)))
        try floor.send(.agentState(AgentState(agent: "a1", state: .away)))
        let away = floor.now
        try give(&floor, "chat6", "a6")
        try give(&floor, "chat7", "a7")
        try floor.message("call7", channel: .voice, skills: ["a7": 1])
        floor.pass(.seconds(15))
        let kept = floor.now + .minutes(10)
        try give(&floor, "call2", "a2", channel: .voice)
        try floor.message("call2", [.threat: 900], channel: nil)
        try give(&floor, "call4", "a4", channel: .voice)
        try floor.send(.conversationClose(ConversationClose(conversation: "call4", outcome: .resolved)))
        try floor.send(.breakStart(BreakStart(agent: "a3", kind: .rest, minutes: 7)))
        let rest = floor.now + .minutes(7)
        let made = try #require(
            try floor.message("k", customer: "juan", skills: ["billing": 2]).offersMade.first)
        #expect(made.agent == "a9")
        try floor.send(.offerDecline(OfferAnswer(offer: made.offer, agent: "a9")))
        let barred = floor.now + .seconds(60)
        floor.pass(.seconds(1))
        let found = try verdicts(floor, "k")
        #expect(
            found["a1"]
                == failed(.notReady) {
                    $0.presence = .away
                    $0.since = away
                })
        let owed = try #require(floor.agentRecord("a2")?.currentBreak)
        #expect(
            found["a2"]
                == failed(.breakOwed) {
                    $0.kind = .stress
                    $0.until = owed.startBy
                })
        #expect(
            found["a3"]
                == failed(.onBreak) {
                    $0.kind = .rest
                    $0.until = rest
                })
        let wrapup = try #require(floor.agentRecord("a4")?.wrapups.first)
        #expect(
            found["a4"]
                == failed(.wrapUp) {
                    $0.conversation = "call4"
                    $0.until = wrapup.deadline
                })
        #expect(
            found["a5"]
                == failed(.skill) {
                    $0.skill = "billing"
                    $0.needed = 2
                    $0.has = 1
                })
        #expect(
            found["a6"]
                == failed(.capacity) {
                    $0.load = 25
                    $0.units = 25
                    $0.capacity = 30
                })
        #expect(
            found["a7"]
                == failed(.reserved) {
                    $0.conversation = "call7"
                    $0.until = kept
                })
        #expect(found["a8"] == failed(.negativeAffinity) { $0.until = averse })
        #expect(
            found["a9"]
                == failed(.declined) {
                    $0.until = barred
                    $0.times = 1
                })
        let counts = try #require(floor.router.explain(conversation: "k", at: floor.now)).decision
        #expect(counts.failed.map(\.agents) == Array(repeating: 1, count: 9) && counts.eligible == 0)
    }

    @Test("who passes and is not asked: another alone is, the queue is closed, or the team's mode binds nobody")
    func notAsked() throws {
        var rules = RuleSet.standard
        var team = TeamRules(id: "north")
        team.routingMode = .observe
        rules.teams = [team]
        var floor = Floor(rules)
        try floor.agent("ana")
        try floor.assigned("k1")
        try floor.agent("ben")
        try floor.agent("cat", capacity: 10)
        try floor.agent("dan", team: "north")
        try floor.agent("eve", capacity: 20, team: "north")
        try floor.send(.agentState(AgentState(agent: "cat", state: .away)))
        try floor.send(
            .conversationTransfer(ConversationTransfer(conversation: "k1", reason: "knows it", agent: "cat")))
        let found = try verdicts(floor, "k1")
        #expect(found["ben"] == .notAsked(.anotherAlone))
        #expect(found["dan"] == .notAsked(.mode))
        #expect(
            found["eve"]
                == failed(.capacity) {
                    $0.load = 0
                    $0.units = 25
                    $0.capacity = 25
                } || found["eve"] == .notAsked(.mode))
        if case .failed(let test)? = found["ana"] { #expect(test.test == .transferredFrom) }
    }

    @Test("where the whole tenant only observes, who passes is told as such")
    func observed() throws {
        var rules = RuleSet.standard
        rules.routingMode = .observe
        var floor = Floor(rules)
        try floor.agent("ana")
        try floor.message("k1")
        for advising in [false, true] {
            let explanation = try #require(
                floor.router.explain(conversation: "k1", advising: advising, at: floor.now))
            #expect(explanation.passed.map(\.agent) == ["ana"] && explanation.mode == .observe)
        }
    }

    @Test("minutes of head start by where they come from, and what was gained earlier last")
    func points() throws {
        var floor = Floor()
        for index in 1...2 {
            let id = ConversationID("bad\(index)")
            try floor.message(id, customer: "juan")
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .abandoned)))
            floor.pass(.minutes(2))
        }
        func sources(_ id: ConversationID) throws -> [String] {
            try #require(floor.router.explain(conversation: id, at: floor.now)).points
                .map { "\($0.source.rawValue) \($0.points)" }
        }
        try floor.message("k1", [.urgency: 700, .distress: 700, .family: 500], customer: "juan", priority: 50)
        #expect(
            try sources("k1") == ["priority 30", "urgency 30", "distress 30", "family 10", "bad_experiences 10"])
        try floor.message("k2", [.urgency: 699, .distress: 699, .family: 499], priority: 1)
        #expect(try sources("k2") == [])
        try floor.message("k3", priority: 50)
        try floor.send(.conversationUpdate(ConversationUpdate(conversation: "k3", priority: 20)))
        #expect(try sources("k3") == ["priority 12", "other 18"])
        try floor.message("k4", [.urgency: 800], safety: .possible)
        #expect(try sources("k4") == ["urgency 30"])
        try floor.message("k5", [.urgency: 800], safety: .explicit, priority: 50)
        #expect(try sources("k5") == [])
        let places = try ["k5", "k1", "k3", "k4", "k2"].map {
            try #require(floor.router.explain(conversation: ConversationID($0), at: floor.now)).place
        }
        #expect(places == [1, 2, 3, 4, 5])
    }
}
