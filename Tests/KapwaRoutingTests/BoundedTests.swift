import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// Nothing that is remembered grows beyond its limit: the newest stay, and not one fewer.
@Suite struct BoundedTests {
    private static let start = Instant(milliseconds: 1_800_000_000_000)

    @Test("spans of work: as many as the limit says, and only of the last four hours")
    func spans() {
        var worked = WorkedTime()
        let most = Limits.hardContactsRememberedMax
        for index in 0..<most + 5 {
            let from = Self.start + .seconds(Int64(2 * index))
            worked.set(working: true, at: from)
            worked.set(working: false, at: from + .seconds(1))
            #expect(worked.spans.count == min(index + 1, most))
        }
        #expect(worked.spans.first?.from == Self.start + .seconds(10))
        let end = Self.start + .seconds(Int64(2 * (most + 4) + 1))
        #expect(worked.milliseconds(at: end) == .seconds(Int64(most)))
        #expect(worked.milliseconds(at: end + .hours(4)) == 0)
        #expect(worked.milliseconds(at: end + .hours(4) - 1) == 1)
        worked.set(working: true, at: end)
        worked.set(working: true, at: end + .seconds(9))
        #expect(worked.milliseconds(at: end + .seconds(10)) == .seconds(Int64(most) + 10))
        worked.set(working: false, at: end)
        #expect(worked.spans.last?.to == end - .seconds(0) && worked.spans.count == most)
        worked.set(working: true, at: end + .hours(4))
        worked.set(working: false, at: end + .hours(4) + 1)
        #expect(worked.spans.count == 1, "what is older is forgotten")
        worked.set(working: true, at: end + .hours(4) + 5)
        worked.set(working: false, at: end + .hours(4) + 5)
        #expect(worked.spans.count == 1, "no time is no work")
    }

    @Test("planned breaks that were begun: as many as a shift may have, for a day")
    func begun() throws {
        var floor = Floor()
        try floor.agent("ana")
        var state = floor.state
        let most = Limits.plannedBreaksPerShiftMax
        for index in 0..<most + 2 {
            state.rememberBegun(0, .rest, at: Self.start + Int64(index))
            #expect(state.agents[0].begunPlanned.count == min(index + 1, most))
        }
        #expect(state.agents[0].begunPlanned.first?.at == Self.start + 2)
        state.rememberBegun(0, .meal, at: Self.start + .days(1) + Int64(most))
        #expect(state.agents[0].begunPlanned.map(\.kind) == [.rest, .meal])
    }

    @Test("ends of hard contacts: as many as the limit says, for four hours; of contacts the last eight")
    func ends() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 1_000)
        for index in 0..<Limits.hardContactsRememberedMax + 2 {
            let id = ConversationID("k\(index)")
            try floor.message(id, from: .agent, channel: .email, agent: "ana")
            try floor.message(id, [.frustration: 750], text: "words")
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
            try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: id)))
            let agent = try #require(floor.agentRecord("ana"))
            #expect(agent.hardEnds.count == min(index + 1, Limits.hardContactsRememberedMax))
            #expect(agent.endedContacts.count == min(index + 1, Limits.endedContactsRememberedMax))
            #expect(agent.endedContacts.last?.conversation == id)
        }
        floor.pass(.hours(4))
        try floor.message("late", from: .agent, channel: .email, agent: "ana")
        try floor.message("late", [.frustration: 750])
        try floor.send(.conversationClose(ConversationClose(conversation: "late", outcome: .resolved)))
        #expect(floor.agentRecord("ana")?.hardEnds == [floor.now])
    }

    @Test("reports of an agent: as many as the limit says, for a day")
    func reports() throws {
        var floor = Floor()
        try floor.agent("ana")
        var state = floor.state
        let most = Limits.reportsRememberedMax
        for index in 0..<most + 2 {
            state.rememberReport(0, at: Self.start + Int64(index))
            #expect(state.agents[0].reports.count == min(index + 1, most))
        }
        #expect(state.agents[0].reports.first == Self.start + 2)
        let next = Self.start + .days(1) + Int64(most)
        state.rememberReport(0, at: next)
        #expect(state.agents[0].reports == [Self.start + Int64(most) + 1, next])
    }

    @Test("bad experiences of a customer: the last eight, of ninety days")
    func bad() throws {
        var floor = Floor()
        for index in 0..<Limits.badEpisodesRememberedMax + 2 {
            let id = ConversationID("k\(index)")
            try floor.message(id, customer: "juan")
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .abandoned)))
            let bad = try #require(floor.state.customers["juan"]?.badEpisodes)
            #expect(bad.count == min(index + 1, Limits.badEpisodesRememberedMax))
            #expect(bad.last?.conversation == id)
        }
        #expect(floor.state.customers["juan"]?.badEpisodes.first?.conversation == "k2")
        let last = floor.now
        floor.pass(.days(90) - 1)
        #expect(floor.state.badEpisodes(of: "juan", at: floor.now) == Limits.badEpisodesRememberedMax)
        floor.pass(1)
        #expect(floor.state.badEpisodes(of: "juan", at: last + .days(90)) == 0)
        #expect(floor.state.badEpisodes(of: "nobody", at: last) == 0 && floor.state.badEpisodes(of: nil, at: last) == 0)
        try floor.message("late", customer: "juan")
        try floor.send(.conversationClose(ConversationClose(conversation: "late", outcome: .abandoned)))
        #expect(floor.state.customers["juan"]?.badEpisodes.map(\.conversation) == ["late"])
    }

    @Test("as many conversations are open, and as many agents known, as the limits say; what is there goes on")
    func most() throws {
        var floor = Floor()
        try floor.agent("ana")
        var state = floor.state
        for index in 1..<Limits.conversationsMax { state.conversationSlots[ConversationID("x\(index)")] = 0 }
        state.agentOrder = Array(repeating: 0, count: Limits.agentsMax - 1)
        floor.router = Router(state: state, rules: .standard, lexicon: "lexicon", version: "test")
        try floor.message("k1", hold: true)
        let refused = #expect(throws: Refusal.self) { try floor.message("k2", hold: true) }
        #expect(refused?.code == .overloaded)
        #expect(try !floor.message("k1", hold: true).isEmpty)
        try floor.send(.agentUpsert(AgentUpsert(agent: "ben", skills: Skills.none)))
        let unknown = #expect(throws: Refusal.self) {
            try floor.send(.agentUpsert(AgentUpsert(agent: "cat", skills: Skills.none)))
        }
        #expect(unknown?.code == .overloaded)
        #expect(try !floor.send(.agentUpsert(AgentUpsert(agent: "ben", capacity: 7))).isEmpty)
    }

    @Test("bars of a conversation: as many as the limit says, the newest")
    func bars() throws {
        var floor = Floor()
        try floor.message("k")
        for index in 0..<Limits.barsPerConversationMax + 1 {
            let agent = AgentID("a\(index)")
            try floor.agent(agent)
            let made = try #require(floor.events.offersMade.last)
            #expect(made.agent == agent)
            try floor.send(.offerDecline(OfferAnswer(offer: made.offer, agent: agent)))
            try floor.send(.agentState(AgentState(agent: agent, state: .offline)))
            floor.events = []
        }
        let bars = try #require(floor.conversation("k")?.bars)
        #expect(bars.count == Limits.barsPerConversationMax)
        #expect(bars.first?.agent == "a1" && bars.last?.agent == AgentID("a\(Limits.barsPerConversationMax)"))
    }
}
