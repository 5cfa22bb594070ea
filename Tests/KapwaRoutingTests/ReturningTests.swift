import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

@Suite struct ReturningTests {
    static func close(_ id: ConversationID, _ outcome: Outcome) -> Command.Body {
        .conversationClose(ConversationClose(conversation: id, outcome: outcome))
    }

    @Test("back within a minute of giving up keeps age, points and step")
    func place() throws {
        var floor = Floor(StepTests.rules)
        try floor.message("k1", [.distress: 900], skills: ["english": 1], priority: 50, topic: "bill")
        floor.pass(.seconds(40))
        let before = try #require(floor.conversation("k1")?.placement)
        #expect(before.step == 1)
        try floor.send(Self.close("k1", .abandoned))
        floor.pass(.seconds(5))
        let events = try floor.message("k1")
        guard case .conversationOpened(let opened)? = events.first?.body else { throw Floor.Missing.offer }
        #expect(opened.episode == 2)
        #expect(opened.after?.carries == .place)
        let after = try #require(events.placements.first?.placement)
        #expect(after.rank == before.rank)
        #expect(after.points == 60)
        #expect(after.step == 1)
        #expect(after.stepEnds == before.stepEnds)
        #expect(after.needs == ["billing": 1, "english": 1])
    }

    @Test("a minute later the place is gone; tags and last agent stay for a day, then nothing but who it is")
    func later() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.message("k1", [.frustration: 800], customer: "juan", topic: "bill")
        try floor.accept()
        try floor.send(Self.close("k1", .abandoned))
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        floor.pass(.seconds(61))
        let since = floor.now
        try floor.message("k1", text: "")
        let second = try #require(floor.conversation("k1"))
        #expect(second.since == since)
        #expect(second.mood.tags.frustration == 800)
        #expect(second.peaks.frustration == 0)
        #expect(second.lastAgent == "ana")
        #expect(second.topic == "bill")
        try floor.send(Self.close("k1", .resolved))
        floor.pass(.hours(24) + 1)
        try floor.message("k1", text: "")
        let third = try #require(floor.conversation("k1"))
        #expect(third.episode == 3)
        #expect(third.mood.tags.frustration == 0)
        #expect(third.lastAgent == nil)
        #expect(third.topic == nil)
        #expect(third.customer == "juan")
    }

    @Test("only giving up keeps a place")
    func otherOutcomes() throws {
        for outcome in Outcome.allCases where outcome != .abandoned {
            var floor = Floor()
            try floor.message("k1", [.distress: 900])
            try floor.send(Self.close("k1", outcome))
            floor.pass(.seconds(10))
            let placed = try #require(try floor.message("k1").placements.first)
            #expect(placed.placement.points == 0)
        }
    }

    @Test("thanks within ten minutes are tagged on the old episode, which stays closed")
    func thanks() throws {
        var floor = Floor()
        try floor.message("k1")
        try floor.send(Self.close("k1", .resolved))
        floor.pass(.minutes(10))
        #expect(
            try floor.message("k1", [.relief: 700]).types == ["conversation.messaged", "conversation.tagged"])
        #expect(floor.conversation("k1") == nil)
        floor.pass(1)
        #expect(try floor.message("k1", [.relief: 700]).types.first == "conversation.opened")
    }

    @Test("thanks with a request in them open a new episode")
    func thanksAndMore() throws {
        for tags: [Tag: Int] in [[.relief: 700, .urgency: 800], [.relief: 700, .frustration: 600], [:]] {
            var floor = Floor()
            try floor.message("k1")
            try floor.send(Self.close("k1", .resolved))
            #expect(try floor.message("k1", tags).types.first == "conversation.opened")
        }
    }

    // MARK: Who writes, and where it is

    @Test(
        "agent, bot and system add to whatever is open and to nothing that is closed",
        arguments: [Speaker.agent, .bot, .system])
    func others(_ from: Speaker) throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 25)
        func events(_ id: ConversationID) throws -> [String] {
            var copy = floor
            return try copy.message(id, from: from, agent: from == .agent ? "ana" : nil).types
        }
        try floor.message("held", hold: true)
        #expect(try events("held") == ["conversation.messaged"])
        try floor.assigned("assigned")
        #expect(try events("assigned") == ["conversation.messaged"])
        try floor.message("queued")
        #expect(floor.conversation("queued")?.phase == .queued)
        #expect(try events("queued") == ["conversation.messaged"])
        try floor.send(Self.close("assigned", .resolved))
        floor.pass(.minutes(1))
        #expect(floor.conversation("queued")?.phase == .offered)
        #expect(try events("queued") == ["conversation.messaged"])
        let refusal = #expect(throws: Refusal.self) { try events("assigned") }
        #expect(refusal?.code == .wrongState)
        #expect(refusal?.state == "closed")
    }

    @Test("once it waits, hold changes nothing: the customer's message adds and is ranked")
    func holdOnQueued() throws {
        var floor = Floor()
        try floor.message("k1")
        let events = try floor.message("k1", [.distress: 900], hold: true)
        #expect(events.types == ["conversation.messaged", "conversation.tagged", "conversation.updated"])
        #expect(floor.conversation("k1")?.phase == .queued)
    }

    @Test("an agent's own word opens a conversation that is the agent's, whatever the agent carries")
    func agentOpens() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 25)
        try floor.assigned("k1")
        let events = try floor.message("k2", from: .agent, channel: .voice, agent: "ana")
        #expect(events.assigned.first?.source == .agent)
        #expect(floor.agentRecord("ana")?.load == 125)
        let unknown = #expect(throws: Refusal.self) {
            try floor.message("k3", from: .agent, agent: "nobody")
        }
        #expect(unknown?.code == .unknownAgent)
    }

    // MARK: Transfer

    @Test("a transfer by name is that agent's alone for a minute, then everyone's")
    func byName() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        try floor.agent("ben")
        try floor.agent("cleo", capacity: 1)
        try floor.assigned("k2")
        try floor.send(.agentState(AgentState(agent: "cleo", state: .away)))
        let moved = try floor.send(
            .conversationTransfer(ConversationTransfer(conversation: "k1", reason: "knows it", agent: "cleo")))
        #expect(moved.placements.first?.onlyAgent == "cleo")
        #expect(moved.placements.first?.onlyUntil == floor.now + .seconds(60))
        #expect(floor.pass(.seconds(60) - 1).offersMade.isEmpty)
        #expect(floor.pass(1).offersMade.map(\.conversation) == ["k1"])
    }

    @Test("a transfer keeps age and points, and does not come back while another, not offline, could take it")
    func keeps() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1", [.distress: 900])
        try floor.send(.agentUpsert(AgentUpsert(agent: "ben", skills: Skills.none)))
        try floor.send(.agentState(AgentState(agent: "ben", state: .away)))
        floor.pass(.seconds(30))
        let since = try #require(floor.conversation("k1")?.since)
        let moved = try floor.send(
            .conversationTransfer(ConversationTransfer(conversation: "k1", reason: "too much")))
        #expect(moved.placements.first?.transferredFrom == "ana")
        #expect(moved.placements.first?.placement.points == 30)
        #expect(floor.conversation("k1")?.since == since)
        #expect(moved.offersMade.isEmpty)
        let gone = try floor.send(.agentState(AgentState(agent: "ben", state: .offline)))
        #expect(gone.offersMade.first?.agent == "ana")
    }

    @Test("an offer stands as long as its queue says")
    func offerTimeout() throws {
        var rules = RuleSet.standard
        rules.queues[0].offerTimeout = PerChannel(chat: .seconds(7), voice: .seconds(8), email: .seconds(9))
        var floor = Floor(rules)
        try floor.agent("ana")
        #expect(try floor.message("k1").offersMade.first?.expiresAt == floor.now + .seconds(7))
        #expect(floor.pass(.seconds(7)).types.contains("offer.expired"))
    }
}
