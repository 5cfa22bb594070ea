import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

@Suite struct OverrideTests {
    static let supervisor = Person(role: "supervisor", name: "Sol")

    static func assign(_ id: ConversationID, _ agent: AgentID, _ overrides: [Override] = []) -> Command.Body {
        .conversationAssign(
            ConversationAssign(
                conversation: id, agent: agent, source: .supervisor, reason: "asked for", overrides: overrides))
    }

    static func external(_ id: ConversationID, _ agent: AgentID) -> Command.Body {
        .conversationAssign(ConversationAssign(conversation: id, agent: agent, source: .external))
    }

    /// Refused without the name, carried out with it, and journaled with both.
    static func check(_ floor: inout Floor, _ id: ConversationID, _ agent: AgentID, _ override: Override) throws {
        var other = floor
        let refusal = #expect(throws: Refusal.self) { try other.send(assign(id, agent), by: supervisor) }
        #expect(refusal?.code == .wrongState)
        #expect(refusal?.field == "override")
        #expect(refusal?.message.contains("\"\(override.rawValue)\"") == true)
        let events = try floor.send(assign(id, agent, [override]), by: supervisor)
        let assigned = try #require(events.assigned.first)
        #expect(assigned.overrides == [override])
        #expect(assigned.decision?.winner.agent == agent)
        #expect(assigned.decision?.rulesVersion == 1)
    }

    @Test("a supervisor names skill, and capacity, to set them aside")
    func skillAndCapacity() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 25)
        try floor.message("k1", skills: ["billing": 2])
        try Self.check(&floor, "k1", "ana", .skill)
        try floor.message("k2")
        try Self.check(&floor, "k2", "ana", .capacity)
    }

    @Test("declined before is named while the pair is barred and after")
    func declinedBefore() throws {
        var floor = Floor()
        try floor.agent("ana")
        let first = try #require(try floor.message("k1").offersMade.last)
        try floor.send(.offerDecline(OfferAnswer(offer: first.offer, agent: "ana")))
        try Self.check(&floor, "k1", "ana", .declinedBefore)
        let second = try #require(try floor.message("k2").offersMade.last)
        try floor.send(.offerDecline(OfferAnswer(offer: second.offer, agent: "ana")))
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        floor.pass(.seconds(60))
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        try Self.check(&floor, "k2", "ana", .declinedBefore)
    }

    @Test("a third hard contact in a row is named")
    func streak() throws {
        var floor = Floor()
        try floor.agent("ana")
        for index in 1...2 {
            let id = ConversationID("k\(index)")
            try floor.message(id, [.frustration: 750])
            try floor.accept()
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
            floor.pass(.minutes(90))
        }
        #expect(floor.agentRecord("ana")?.presence == .ready)
        try floor.message("k3", [.frustration: 750])
        try Self.check(&floor, "k3", "ana", .streakCap)
    }

    @Test("a hard contact for an agent who lands is named; a calm one needs no name")
    func landing() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        floor.pass(.minutes(40))
        try floor.message("hard", [.frustration: 750], priority: 100)
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        try Self.check(&floor, "hard", "ana", .softLanding)
        try floor.send(.conversationClose(ConversationClose(conversation: "hard", outcome: .resolved)))
        try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: "hard")))
        try floor.message("calm")
        #expect(floor.agentRecord("ana")?.isLanding(at: floor.now) == true)
        #expect(try floor.send(Self.assign("calm", "ana"), by: Self.supervisor).assigned.count == 1)
    }

    @Test("an agent who lands with a capacity of one has no room at all, and can be given something by name")
    func leastCapacity() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 1)
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        floor.pass(.minutes(40))
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        try floor.assigned("k1")
        try floor.message("k2")
        try Self.check(&floor, "k2", "ana", .capacity)
        #expect(floor.events.assigned.last?.decision?.winner.terms.load == 1_000)
    }

    @Test("negative affinity is named")
    func affinity() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.message("k1", customer: "juan")
        try floor.accept()
        try floor.message("k1", [.threat: 800])
        try floor.free("ana")
        try floor.message("k2", customer: "juan")
        try Self.check(&floor, "k2", "ana", .negativeAffinity)
    }

    @Test("a break that is owed or taken is set aside by nobody")
    func breaks() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        try floor.message("k1", [.threat: 800])
        try floor.message("k2")
        for _ in 1...2 {
            let refusal = #expect(throws: Refusal.self) {
                try floor.send(Self.assign("k2", "ana", Override.allCases), by: Self.supervisor)
            }
            #expect(refusal?.code == .wrongState)
            #expect(refusal?.field == "agent")
            if floor.conversation("k1") != nil {
                try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
            }
        }
        #expect(floor.agentRecord("ana")?.isOnBreak == true)
    }

    @Test("an override says whom Kapwa would have chosen, and how many failed which test")
    func decision() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.agent("ben", ["billing": 3])
        try floor.agent("cleo", ["billing": 3])
        try floor.send(.agentState(AgentState(agent: "cleo", state: .away)))
        try floor.message("k1", skills: ["billing": 3])
        let before = floor.state.sequence
        let events = try floor.send(Self.assign("k1", "ana", [.skill]), by: Self.supervisor)
        let decision = try #require(events.assigned.first?.decision)
        #expect(decision.winner.agent == "ana")
        #expect(decision.winner.terms.overSkill == 0)
        #expect(decision.runnerUp?.agent == "ben")
        #expect(decision.failed.map(\.test) == [.notReady, .skill])
        #expect(decision.eligible == 1)
        #expect(decision.round == before)
    }

    @Test("what another router breaks is named: affinity and soft tests too")
    func violations() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.message("k1", customer: "juan")
        try floor.accept()
        try floor.message("k1", [.threat: 800])
        try floor.free("ana")
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        floor.pass(.hours(3))
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        try floor.message("k2", [.frustration: 800], customer: "juan", skills: ["billing": 1])
        let events = try floor.send(Self.external("k2", "ana"))
        #expect(events.assigned.first?.violations == ["skill", "negative_affinity", "soft_landing"])
        #expect(events.assigned.first?.decision == nil)
    }

    @Test("only a supervisor assigns as one")
    func supervisors() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.message("k1")
        for by in [nil, Person(role: "agent", name: "Ana")] {
            let refusal = #expect(throws: Refusal.self) { try floor.send(Self.assign("k1", "ana"), by: by) }
            #expect(refusal?.code == .notPermitted)
        }
    }
}

extension [Event] {
    var assigned: [ConversationAssigned] {
        compactMap { event in
            if case .conversationAssigned(let body) = event.body { body } else { nil }
        }
    }
}
