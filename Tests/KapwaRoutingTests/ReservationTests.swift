import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// For whom an agent is kept, and for whom not.
@Suite struct ReservationTests {
    private func give(
        _ floor: inout KapwaRoutingTests.Floor, _ id: ConversationID, _ agent: AgentID, _ tags: [Tag: Int] = [:],
        channel: Channel = .chat
    ) throws {
        let made = try #require(
            try floor.message(id, tags, channel: channel, skills: [SkillID(agent.rawValue): 1]).offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: made.offer, agent: agent)))
    }

    @Test("what is one agent's alone and late is kept that agent's room, whatever room others have")
    func onlyAgent() throws {
        var floor = Floor()
        try floor.agent("ana", ["ana": 1])
        try floor.agent("ben", ["ben": 1])
        try floor.agent("cat", ["cat": 1])
        try give(&floor, "call", "ben", channel: .voice)
        try floor.message("k1", skills: Skills.none)
        let made = try #require(floor.events.offersMade.last)
        try floor.send(.offerAccept(OfferAnswer(offer: made.offer, agent: made.agent)))
        floor.pass(.minutes(1))
        let moved = try floor.send(
            .conversationTransfer(ConversationTransfer(conversation: "k1", reason: "knows it", agent: "ben")))
        #expect(moved.reserved.map(\.agent) == ["ben"])
        #expect(moved.offersMade.isEmpty)
        #expect(floor.state.brokenIndex().isEmpty && floor.router.brokenInvariants(at: floor.now).isEmpty)
    }

    @Test("what waits for a gentler agent than the one who has room wants no room: nobody is kept for it")
    func heldIsNoWantOfRoom() throws {
        var floor = Floor()
        try floor.agent("ana", ["ana": 1])
        try floor.agent("ben", ["ben": 1], capacity: 25)
        try give(&floor, "own", "ben")
        for id in ["h1", "h2"] as [ConversationID] {
            try give(&floor, id, "ana", [.frustration: 750])
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
            try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: id)))
        }
        #expect(try floor.message("h3", [.frustration: 750]).types.last == "conversation.held")
        #expect(floor.pass(.seconds(60) - 1).reserved.isEmpty)
        #expect(floor.pass(1).offersMade.map(\.agent) == ["ana"])
    }

    @Test("somebody else is kept when the kept agent goes away, also for what was there before anything else")
    func firstOfAll() throws {
        var floor = Floor()
        try floor.message("call", channel: .voice)
        for agent in ["ana", "ben"] as [AgentID] {
            try floor.send(.agentUpsert(AgentUpsert(agent: agent, skills: Skills.none)))
            try floor.message(ConversationID("own-\(agent)"), from: .agent, channel: .voice, agent: agent)
            try floor.send(.agentState(AgentState(agent: agent, state: .ready)))
        }
        #expect(floor.state.conversationSlots["call"] == 0)
        #expect(floor.pass(.seconds(15)).reserved.map(\.agent) == ["ana"])
        #expect(
            try floor.send(.agentState(AgentState(agent: "ana", state: .away))).reserved.map(\.agent) == ["ben"])
        #expect(floor.state.brokenIndex().isEmpty && floor.router.brokenInvariants(at: floor.now).isEmpty)
    }

    @Test("what is late already is kept whoever comes with too little room for it, and what is not late is not")
    func latecomer() throws {
        for (late, reserved) in [(Milliseconds.seconds(14), [AgentID]()), (.minutes(1), ["ana"])] {
            var floor = Floor()
            try floor.message("call", channel: .voice)
            floor.pass(late)
            try floor.send(.agentUpsert(AgentUpsert(agent: "ana", skills: Skills.none)))
            try floor.message("own", from: .agent, channel: .voice, agent: "ana")
            let events = try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
            #expect(events.reserved.map(\.agent) == reserved)
        }
    }

    @Test("before its target nothing is kept anybody for, at its target somebody is, and for ten minutes")
    func target() throws {
        for channel in [Channel.voice, .chat, .social] {
            var floor = Floor()
            try floor.agent("ana")
            try floor.message("own", from: .agent, channel: .voice, agent: "ana")
            let placed = try #require(try floor.message("k", channel: channel).placements.first)
            let due = Instant(milliseconds: placed.placement.rank + 60_000 * Int64(placed.placement.points))
            let target = due - floor.now
            #expect(floor.pass(target - 1).reserved.isEmpty, "\(channel)")
            #expect(floor.pass(1).reserved.map(\.conversation) == ["k"], "\(channel)")
            // Ten minutes at most, and not again for the same without news.
            #expect(floor.pass(.minutes(10) - 1).types.isEmpty)
            let slot = try #require(floor.state.conversationSlots["k"])
            #expect(floor.state.isReservedFor(slot))
            floor.pass(1)
            #expect(floor.agentRecord("ana")?.reservation?.until != floor.now)
        }
    }
}
