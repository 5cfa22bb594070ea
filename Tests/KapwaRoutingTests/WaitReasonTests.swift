import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// What keeps a conversation waiting, in the words of an explanation.
@Suite struct WaitReasonTests {
    private func reason(_ floor: KapwaRoutingTests.Floor, _ id: ConversationID) throws -> Explanation.Wait? {
        try #require(floor.router.explain(conversation: id, at: floor.now)).waitsFor
    }

    @Test("nobody of any presence has what is needed")
    func unroutable() throws {
        var floor = Floor()
        try floor.agent("ana", ["billing": 1])
        try floor.send(.agentState(AgentState(agent: "ana", state: .offline)))
        try floor.message("k1", skills: ["billing": 2])
        try floor.message("k2", skills: ["billing": 1])
        #expect(try reason(floor, "k1") == .unroutable)
        #expect(try reason(floor, "k2") == nil)
    }

    @Test("it is kept for an agent, held for a gentler one, or one agent's alone")
    func forSomebody() throws {
        var floor = Floor()
        try floor.agent("ana")
        for id in ["h1", "h2"] as [ConversationID] {
            try floor.assigned(id, [.frustration: 750])
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
            try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: id)))
        }
        try floor.message("h3", [.frustration: 750])
        #expect(try reason(floor, "h3") == .held(reason: "streak_cap", until: floor.now + .minutes(1)))
        try floor.assigned("k1")
        try floor.message("call", channel: .voice)
        floor.pass(.seconds(15))
        #expect(try reason(floor, "call") == .reserved(agent: "ana", until: floor.now + .minutes(10)))
        try floor.agent("ben")
        try floor.send(.agentState(AgentState(agent: "ben", state: .away)))
        try floor.send(
            .conversationTransfer(ConversationTransfer(conversation: "k1", reason: "knows it", agent: "ben")))
        #expect(try reason(floor, "k1") == .only(agent: "ben", until: floor.now + .minutes(1)))
    }

    @Test("what does not wait waits for nothing")
    func nothing() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1", [.frustration: 750])
        try floor.send(.agentUpsert(AgentUpsert(agent: "ana", skills: Skills.none)))
        try floor.message("k2")
        for id in ["k1", "k2"] as [ConversationID] {
            #expect(try #require(floor.router.explain(conversation: id, at: floor.now)).phase != .queued)
            #expect(try reason(floor, id) == nil)
        }
        try floor.message("bot", skills: ["nobody": 5], hold: true)
        #expect(try reason(floor, "bot") == nil)
    }

    @Test("each step of a queue says how long after the one before it begins")
    func steps() throws {
        var rules = RuleSet.standard
        rules.queues[0].needs = ["billing": 3]
        rules.queues[0].steps = [
            Step(after: .seconds(30), lower: ["billing": 1]), Step(after: .seconds(45), drop: ["billing"]),
        ]
        var floor = Floor(rules)
        try floor.message("k1")
        floor.pass(.seconds(31))
        let steps = try #require(floor.router.explain(conversation: "k1", at: floor.now)).steps
        #expect(steps.map(\.after) == [0, .seconds(30), .seconds(45)])
        #expect(steps.map(\.state) == [.expired, .active, .inactive])
        #expect(steps.map(\.needs) == [["billing": 3], ["billing": 1], .none])
    }

    @Test("soft tests are named by the gravest that a tier holds")
    func softTests() {
        let names = (1...15).map { Router.softTest(ofTier: $0) }
        #expect(names[0...2].allSatisfy { $0 == "soft_landing" })
        #expect(names[3...6].allSatisfy { $0 == "streak_cap" })
        #expect(names[7...14].allSatisfy { $0 == "declined_before" })
    }
}
