import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// How many of a team rest from stress at once.
@Suite struct RoomTests {
    private func floor(
        _ rules: RuleSet = .standard, agents: [AgentID] = ["ana", "ben", "cat"]
    ) throws -> KapwaRoutingTests.Floor {
        var floor = Floor(rules)
        for agent in agents { try floor.agent(agent, [SkillID(agent.rawValue): 1], capacity: 300) }
        return floor
    }

    @Test("a second stress break of a small team waits inside its window; its agent gets nothing meanwhile")
    func waits() throws {
        var floor = try floor()
        try floor.strain("ana", reports: 3)
        #expect(floor.agentRecord("ana")?.isOnBreak == true)
        try floor.strain("ben", reports: 3)
        #expect(floor.agentRecord("ben")?.effective == .breakOwed)
        #expect(try floor.message("k", skills: ["ben": 1]).offersMade.isEmpty)
        #expect(floor.router.brokenInvariants(at: floor.now).isEmpty)
        let events = floor.pass(.minutes(10))
        #expect(events.started(.stress).map(\.agent) == ["ben"])
        #expect(events.started(.stress).first?.lateMilliseconds == 0)
    }

    @Test("a deadline forces one more than there is room for")
    func deadline() throws {
        var rules = RuleSet.standard
        rules.breaks.minutes = 30
        var floor = try floor(rules)
        try floor.strain("ana", reports: 3)
        try floor.strain("ben", reports: 3)
        #expect(floor.pass(.minutes(15) - 1).started(.stress).isEmpty)
        let events = floor.pass(1)
        #expect(events.started(.stress).map(\.agent) == ["ben"])
        #expect(events.started(.stress).first?.lateMilliseconds == 0)
    }

    @Test("what follows a grave contact waits for no room")
    func grave() throws {
        var floor = try floor()
        try floor.strain("ana", reports: 3)
        try floor.strain("ben", reports: 1)
        let mail = try #require(floor.agentRecord("ben")?.contacts.first).self
        try floor.message(floor.state.conversations[mail].id, [.threat: 900], channel: nil)
        #expect(floor.agentRecord("ben")?.isOnBreak == true)
    }

    @Test("a fifth of those who are here may rest at once, offline ones do not count")
    func fifth() throws {
        let agents = (1...10).map { AgentID("a\($0)") }
        var floor = try floor(agents: agents)
        for agent in agents.prefix(3) { try floor.strain(agent, reports: 3) }
        #expect(floor.events.started(.stress).count == 2)
        for agent in agents.suffix(3) {
            try floor.send(.agentState(AgentState(agent: agent, state: .offline)))
        }
        #expect(!floor.router.hasRoom(floor.state.agentSlots["a3"] ?? 0))
    }

    @Test("room that comes because colleagues come is used at once, the earliest deadline first")
    func roomComes() throws {
        var floor = try floor(agents: ["ana", "ben", "cat", "dan"])
        for agent in ["ana", "ben", "cat"] {
            try floor.strain(AgentID(agent), reports: 3)
            floor.pass(.minutes(1))
        }
        for index in 1...5 { try floor.agent(AgentID("x\(index)")) }
        #expect(floor.events.started(.stress).map(\.agent) == ["ana"])
        let events = try floor.send(
            .agentUpsert(AgentUpsert(agent: "x6", skills: Skills.none)))
        #expect(events.started(.stress).isEmpty)
        let ready = try floor.send(.agentState(AgentState(agent: "x6", state: .ready)))
        #expect(ready.started(.stress).map(\.agent) == ["ben"])
    }

    @Test("each team has a share of its own")
    func teams() throws {
        var floor = try floor()
        for (agent, team) in [("ana", "north"), ("ben", "south")] {
            try floor.send(.agentUpsert(AgentUpsert(agent: AgentID(agent), team: TeamID(team))))
        }
        try floor.strain("ana", reports: 3)
        try floor.strain("ben", reports: 3)
        #expect(floor.events.started(.stress).count == 2)
    }
}
