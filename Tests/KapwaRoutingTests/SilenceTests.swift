import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

@Suite struct SilenceTests {
    /// A floor on which ana has so many chats.
    static func floor(_ chats: Int, channel: Channel = .chat) throws -> Floor {
        var floor = Floor()
        try floor.agent("ana")
        for index in 1...chats { try floor.assigned(ConversationID("k\(index)"), channel: channel) }
        return floor
    }

    @Test("a chat without a message for ten minutes counts half, and in full again from the next message on")
    func half() throws {
        var floor = try Self.floor(1)
        #expect(floor.pass(.minutes(10) - 1).units.isEmpty)
        #expect(floor.pass(1).units.map(\.units) == [13])
        #expect(floor.agentRecord("ana")?.load == 13)
        #expect(floor.pass(.hours(1)).units.isEmpty)
        #expect(try floor.message("k1").units.map(\.units) == [25])
        #expect(floor.agentRecord("ana")?.load == 25)
        #expect(floor.pass(.minutes(10)).units.map(\.units) == [13])
    }

    @Test("a message of anybody counts: the agent's wakes it and begins the ten minutes anew")
    func anybody() throws {
        var floor = try Self.floor(1)
        floor.pass(.minutes(9))
        try floor.message("k1", from: .agent, agent: "ana")
        #expect(floor.pass(.minutes(10) - 1).units.isEmpty)
        #expect(floor.pass(1).units.count == 1)
        #expect(try floor.message("k1", from: .bot).units.map(\.units) == [25])
    }

    @Test("silent chats of one agent give back twenty-five units at most, and the next gets its half when one wakes")
    func atMost() throws {
        var floor = try Self.floor(4)
        floor.pass(.minutes(10))
        let units = (1...4).compactMap { floor.conversation(ConversationID("k\($0)"))?.units }
        #expect(units == [13, 13, 24, 25])
        #expect(floor.agentRecord("ana")?.load == 75)
        try floor.message("k1")
        #expect((1...4).compactMap { floor.conversation(ConversationID("k\($0)"))?.units } == [25, 13, 13, 24])
        try floor.send(.conversationClose(ConversationClose(conversation: "k2", outcome: .resolved)))
        #expect([1, 3, 4].compactMap { floor.conversation(ConversationID("k\($0)"))?.units } == [25, 13, 13])
        #expect(floor.router.brokenInvariants(at: floor.now).isEmpty)
    }

    @Test("the room that silence gives back is offered")
    func offered() throws {
        var floor = try Self.floor(4)
        #expect(try floor.message("k5").offersMade.isEmpty)
        #expect(floor.pass(.minutes(10)).offersMade.map(\.conversation) == ["k5"])
    }

    @Test("waking may pass the capacity; nothing is offered until it fits again")
    func wakes() throws {
        var floor = try Self.floor(4)
        floor.pass(.minutes(10))
        try floor.assigned("k5")
        #expect(floor.agentRecord("ana")?.load == 100)
        try floor.message("k1")
        try floor.message("k2")
        #expect(floor.agentRecord("ana")?.load == 101)
        #expect(try floor.message("k6").offersMade.isEmpty)
    }

    @Test("email and voice never fall silent", arguments: [Channel.email, .voice, .sms, .callback])
    func others(_ channel: Channel) throws {
        var floor = try Self.floor(1, channel: channel)
        #expect(floor.pass(.hours(1)).units.isEmpty)
    }

    @Test("a social chat falls silent with the units that its mood gave it")
    func social() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1", [.frustration: 1_000], channel: .social)
        #expect(floor.agentRecord("ana")?.load == 50)
        floor.pass(.minutes(10))
        #expect(floor.agentRecord("ana")?.load == 25)
    }

    @Test("a replay knows which chats are silent")
    func replay() throws {
        var floor = try Self.floor(2)
        floor.pass(.minutes(10))
        try floor.message("k1")
        var replayed = RoutingState(tenant: "main")
        for event in floor.events { replayed.apply(event) }
        #expect(replayed.digest == floor.state.digest)
        var other = Router(state: replayed, rules: .standard, lexicon: "lexicon", version: "test")
        other.start(at: floor.now, digest: replayed.digest)
        _ = other.takeEvents()
        other.tick(at: floor.now + .minutes(10))
        #expect(other.takeEvents().units.map(\.units) == [13])
    }
}

extension [Event] {
    /// Units of contacts that changed.
    var units: [ConversationUpdated] {
        compactMap { event in
            if case .conversationUpdated(let body) = event.body, body.units != nil { body } else { nil }
        }
    }
}
