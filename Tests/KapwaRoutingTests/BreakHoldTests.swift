import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// What keeps a break from beginning, and when that may be otherwise by itself.
@Suite struct BreakHoldTests {
    private func hold(_ floor: KapwaRoutingTests.Floor, _ id: BreakID?, of agent: AgentID = "ana") -> BreakHold? {
        id.flatMap { floor.router.whatHolds($0, of: agent, at: floor.now) }
    }

    private func change(_ floor: KapwaRoutingTests.Floor, _ id: BreakID?, of agent: AgentID = "ana") -> Instant? {
        id.flatMap { floor.router.whatHoldsMayChange($0, of: agent, after: floor.now) }
    }

    private func shift(_ agent: AgentID, _ now: Instant) -> Command.Body {
        .agentShift(AgentShift(agent: agent, startsAt: now, endsAt: now + .hours(9)))
    }

    @Test("contacts that are live, each until it falls silent; a break that runs or is not the agent's is held by none")
    func live() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 300)
        try floor.send(.agentUpsert(AgentUpsert(agent: "ben", skills: Skills.none)))
        try floor.assigned("mail", channel: .email)
        try floor.assigned("call", channel: .voice)
        try floor.assigned("chat")
        try floor.message("call", [.threat: 900], channel: nil)
        let owed = try #require(floor.agentRecord("ana")?.currentBreak)
        #expect(hold(floor, owed.id) == .live(["call", "chat"]))
        #expect(change(floor, owed.id) == floor.now + .minutes(3))
        #expect(hold(floor, "b999") == nil && change(floor, "b999") == nil)
        #expect(hold(floor, owed.id, of: "ben") == nil && hold(floor, owed.id, of: "nobody") == nil)
        floor.pass(.minutes(3))
        #expect(hold(floor, owed.id) == .live(["call"]))
        #expect(change(floor, owed.id) == owed.startBy)
        floor.pass(owed.startBy - floor.now)
        #expect(change(floor, owed.id) == nil)
        try floor.send(.conversationClose(ConversationClose(conversation: "call", outcome: .resolved)))
        #expect(floor.agentRecord("ana")?.isOnBreak == true)
        #expect(hold(floor, owed.id) == nil && change(floor, owed.id) == nil)
    }

    @Test("the agent moved it, or another one comes first")
    func movedOrBehind() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.send(shift("ana", floor.now))
        floor.pass(.hours(4))
        try floor.assigned("call", channel: .voice)
        floor.pass(.minutes(54))
        let meal = try #require(floor.agentRecord("ana")?.currentBreak)
        try floor.message("call", [.threat: 900], channel: nil)
        let stress = try #require(floor.agentRecord("ana")?.currentBreak)
        #expect(stress.id != meal.id)
        #expect(hold(floor, meal.id) == .behind(stress.id))
        try floor.send(.breakPostpone(BreakPostpone(agent: "ana", kind: .stress, minutes: 10)))
        let moved = floor.now + .minutes(10)
        try floor.send(.conversationClose(ConversationClose(conversation: "call", outcome: .resolved)))
        #expect(hold(floor, stress.id) == .moved(until: moved) && change(floor, stress.id) == moved)
        floor.pass(.minutes(10) - 1)
        #expect(hold(floor, stress.id) == .moved(until: moved))
        floor.pass(1)
        #expect(floor.agentRecord("ana")?.isOnBreak == true && hold(floor, meal.id) == .behind(stress.id))
        #expect(change(floor, stress.id) == nil, "it runs, before its latest start")
    }

    @Test("as many of the team as may rest from stress do: of those who are here, whatever else they take")
    func team() throws {
        var floor = Floor()
        for agent in ["ana", "ben", "cat", "dan"] as [AgentID] {
            try floor.agent(agent, [SkillID(agent.rawValue): 1], capacity: 300, team: "north")
        }
        try floor.agent("eve", ["eve": 1], capacity: 300, team: "south")
        try floor.send(.agentState(AgentState(agent: "dan", state: .offline)))
        try floor.send(.breakStart(BreakStart(agent: "cat", kind: .rest, minutes: 30)))
        for agent in ["eve", "ben", "ana"] as [AgentID] { try floor.strain(agent, reports: 3) }
        let owed = try #require(floor.agentRecord("ana")?.currentBreak)
        #expect(hold(floor, owed.id) == .team(resting: 1, present: 3))
        #expect(change(floor, owed.id) == owed.startBy)
    }

    @Test("a floor that would be left with too few, of those who are on it; before its window nothing yet")
    func floors() throws {
        var rules = RuleSet.standard
        rules.floors = [KapwaRules.Floor(least: 2)]
        var floor = Floor(rules)
        for agent in ["ana", "ben", "cat"] as [AgentID] {
            try floor.agent(agent)
            try floor.send(shift(agent, floor.now))
        }
        let planned = try #require(floor.agentRecord("ana")?.plannedBreaks.first)
        #expect(hold(floor, planned.id) == nil)
        #expect(change(floor, planned.id) == planned.opensAt)
        floor.pass(.hours(3) - 1)
        #expect(hold(floor, planned.id) == nil && change(floor, planned.id) == planned.opensAt)
        floor.pass(1)
        let resting = try #require(floor.events.started(.meal).map(\.agent).first)
        let other = try #require((["ana", "ben", "cat"] as [AgentID]).first { $0 != resting })
        let waits = try #require(floor.agentRecord(other)?.plannedBreaks.first)
        #expect(hold(floor, waits.id, of: other) == .floor(skill: nil, team: nil, least: 2))
        #expect(change(floor, waits.id, of: other) == nil)
        var away = floor
        try away.send(.agentState(AgentState(agent: other, state: .away)))
        #expect(hold(away, waits.id, of: other) == nil, "who is away is missed by no floor")
        try floor.send(.breakStart(BreakStart(agent: other, kind: .personal, minutes: 5)))
        let own = try #require(floor.agentRecord(other)?.currentBreak)
        #expect(hold(floor, waits.id, of: other) == .behind(own.id))
    }

    @Test("a floor that keeps exactly its least spares its agent")
    func exactlyEnough() throws {
        var rules = RuleSet.standard
        rules.floors = [KapwaRules.Floor(skill: "billing", level: 2, least: 1)]
        var floor = Floor(rules)
        for (agent, level) in [("ana", 2), ("ben", 2), ("cat", 1)] as [(AgentID, Int)] {
            try floor.agent(agent, ["billing": level])
        }
        try floor.send(shift("ana", floor.now))
        let planned = try #require(floor.agentRecord("ana")?.plannedBreaks.first)
        var alone = floor
        try alone.send(.agentState(AgentState(agent: "ben", state: .away)))
        alone.pass(.hours(3))
        #expect(hold(alone, planned.id) == .floor(skill: "billing", team: nil, least: 1))
        try alone.send(.agentState(AgentState(agent: "ben", state: .ready)))
        #expect(alone.agentRecord("ana")?.isOnBreak == false && hold(alone, planned.id) == nil)
        floor.pass(.hours(3))
        #expect(floor.agentRecord("ana")?.isOnBreak == true, "one of two is enough")
        #expect(hold(floor, planned.id) == nil)
    }
}
