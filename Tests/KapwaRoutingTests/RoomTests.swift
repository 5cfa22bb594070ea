import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

extension [Event] {
    var invited: [BreakInvited] {
        compactMap { event in
            if case .breakInvited(let body) = event.body { body } else { nil }
        }
    }
}

/// How many of a team rest from stress at once, and who is invited early.
@Suite struct RoomTests {
    private func floor(
        _ rules: RuleSet = .standard, agents: [AgentID] = ["ana", "ben", "cat"]
    ) throws -> KapwaRoutingTests.Floor {
        var floor = Floor(rules)
        for agent in agents { try floor.agent(agent, [SkillID(agent.rawValue): 1], capacity: 300) }
        return floor
    }

    /// Gives an agent so many emails, and has each reported as hard.
    private func strain(
        _ floor: inout KapwaRoutingTests.Floor, _ agent: AgentID, reports: Int
    ) throws {
        for index in 1...reports {
            let id = ConversationID("\(agent)\(index)-\(floor.events.count)")
            let made = try floor.message(id, channel: .email, skills: [SkillID(agent.rawValue): 1])
            let offer = try #require(made.offersMade.first)
            try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: agent)))
            try floor.send(.stressReport(StressReport(agent: agent, conversation: id)))
        }
    }

    @Test("a second stress break of a small team waits inside its window; its agent gets nothing meanwhile")
    func waits() throws {
        var floor = try floor()
        try strain(&floor, "ana", reports: 3)
        #expect(floor.agentRecord("ana")?.isOnBreak == true)
        try strain(&floor, "ben", reports: 3)
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
        try strain(&floor, "ana", reports: 3)
        try strain(&floor, "ben", reports: 3)
        #expect(floor.pass(.minutes(15) - 1).started(.stress).isEmpty)
        let events = floor.pass(1)
        #expect(events.started(.stress).map(\.agent) == ["ben"])
        #expect(events.started(.stress).first?.lateMilliseconds == 0)
    }

    @Test("what follows a grave contact waits for no room")
    func grave() throws {
        var floor = try floor()
        try strain(&floor, "ana", reports: 3)
        try strain(&floor, "ben", reports: 1)
        let mail = try #require(floor.agentRecord("ben")?.contacts.first).self
        try floor.message(floor.state.conversations[mail].id, [.threat: 900], channel: nil)
        #expect(floor.agentRecord("ben")?.isOnBreak == true)
    }

    @Test("a fifth of those who are here may rest at once, offline ones do not count")
    func fifth() throws {
        let agents = (1...10).map { AgentID("a\($0)") }
        var floor = try floor(agents: agents)
        for agent in agents.prefix(3) { try strain(&floor, agent, reports: 3) }
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
            try strain(&floor, AgentID(agent), reports: 3)
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
        try strain(&floor, "ana", reports: 3)
        try strain(&floor, "ben", reports: 3)
        #expect(floor.events.started(.stress).count == 2)
    }

    @Test("from seventy percent of the threshold on the agent is invited to go early")
    func invited() throws {
        var floor = try floor()
        try strain(&floor, "ana", reports: 1)
        #expect(floor.events.invited.isEmpty)
        try strain(&floor, "ana", reports: 1)
        let invitation = try #require(floor.events.invited.first)
        #expect(invitation.reason == .word("stagger"))
        #expect(invitation.minutes == 10)
        #expect(invitation.until == floor.now + .minutes(15))
        let events = try floor.send(.breakStart(BreakStart(agent: "ana")))
        #expect(events.started(.stress).first?.reason == .care)
        #expect(events.started(.stress).first?.because == "stagger")
    }

    @Test("nobody is invited while a floor would break, nor while there is no room, nor twice")
    func notInvited() throws {
        var rules = RuleSet.standard
        rules.floors = [KapwaRules.Floor(least: 3)]
        var covered = try floor(rules)
        try strain(&covered, "ana", reports: 2)
        #expect(covered.events.invited.isEmpty)
        var full = try floor()
        try strain(&full, "ben", reports: 3)
        let before = full.events.invited.count
        try strain(&full, "ana", reports: 2)
        #expect(full.events.invited.count == before)
        var twice = try floor()
        try strain(&twice, "ana", reports: 2)
        try twice.send(.stressReport(StressReport(agent: "ana")))
        #expect(twice.events.invited.count == 1)
    }

    @Test("when a stress break ends and nobody waits for room, the most stressed is invited")
    func mostStressed() throws {
        var floor = try floor(agents: ["ana", "ben", "cat"])
        try strain(&floor, "ana", reports: 3)
        try strain(&floor, "cat", reports: 2)
        floor.pass(.minutes(1))
        try strain(&floor, "ben", reports: 2)
        let before = floor.events.invited.count
        let events = floor.pass(.minutes(9))
        #expect(events.invited.map(\.agent) == ["ben"])
        #expect(before == 1)
    }

    @Test("an invitation runs out: what is asked for later is the agent's own break")
    func runsOut() throws {
        var floor = try floor()
        try strain(&floor, "ana", reports: 2)
        floor.pass(.minutes(15))
        let events = try floor.send(.breakStart(BreakStart(agent: "ana")))
        #expect(events.owedBreaks.map(\.kind) == [.personal])
    }

    @Test("the pause that follows one insult is three minutes long, and never longer than asked for less")
    func insultPause() throws {
        var floor = try floor()
        let offer = try #require(try floor.message("k1", channel: .email, skills: ["ana": 1]).offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        try floor.message("k1", [.abuse: 600], channel: nil, abuse: Abuse(kind: .insult, target: .agent))
        #expect(floor.events.invited.first?.reason == .word("insult"))
        let events = try floor.send(.breakStart(BreakStart(agent: "ana", minutes: 1)))
        let pause = try #require(events.started(.stress).first)
        #expect(pause.minutes == 3 && pause.because == "insult" && pause.paid)
    }
}
