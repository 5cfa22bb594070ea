import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

@Suite struct AffinityTests {
    static let supervisor = Person(role: "supervisor", name: "Sol")
    static let insult = Abuse(kind: .insult, target: .agent)

    /// A floor on which ana has a chat of juan's.
    static func floor() throws -> Floor {
        var floor = Floor()
        try floor.agent("ana")
        try floor.message("k1", customer: "juan")
        try floor.accept()
        return floor
    }

    @Test(
        "a threat, sexual harassment or a slur keeps customer and agent apart for thirty days",
        arguments: [
            ("threat", [Tag.threat: 800], nil as Abuse?),
            ("sexual", [.abuse: 800], Abuse(kind: .sexual, target: .agent)),
            ("slur", [.abuse: 800], Abuse(kind: .slur, target: .agent)),
        ])
    func grave(_ kind: String, _ tags: [Tag: Int], _ abuse: Abuse?) throws {
        var floor = try Self.floor()
        let set = try #require(try floor.message("k1", tags, abuse: abuse).affinities.first)
        #expect(set.kind == kind)
        #expect(set.agent == "ana")
        #expect(set.customer == "juan")
        #expect(set.until == floor.now + .days(30))
        #expect(try floor.message("k1", tags, abuse: abuse).affinities.isEmpty, "once per contact")
        try floor.free("ana")
        #expect(try floor.message("k2", customer: "juan").offersMade.isEmpty)
        #expect(try floor.message("k3", customer: "maria").offersMade.first?.agent == "ana")
    }

    @Test("a threat that was written while nobody had it keeps customer and whoever gets it apart, and nobody else")
    func threatBeforeAnybody() throws {
        var floor = Floor()
        try floor.message("k1", [.threat: 800], customer: "juan")
        try floor.agent("ana")
        let offer = try #require(floor.events.offersMade.last)
        let events = try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        #expect(events.affinities.map(\.kind) == ["threat"])
        #expect(events.affinities.first?.customer == "juan")
        #expect(events.breaks.map(\.because) == ["threat"])
        #expect(try floor.message("k1", [.threat: 800]).affinities.isEmpty, "once per contact")
        try floor.free("ana")
        #expect(try floor.message("k2", customer: "juan").offersMade.isEmpty)
        try floor.agent("ben")
        #expect(floor.events.offersMade.last?.agent == "ben")
    }

    @Test("a threat that was written during a break keeps them apart as soon as its agent reads it")
    func threatWhileParked() throws {
        var floor = try Self.floor()
        floor.pass(.minutes(4))
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 10)))
        #expect(floor.conversation("k1")?.isParked == true)
        #expect(try floor.message("k1", [.threat: 800]).affinities.isEmpty)
        let events = try floor.message("k1", from: .agent, agent: "ana")
        #expect(events.affinities.map(\.agent) == ["ana"])
        #expect(events.breaks.map(\.because) == ["threat"])
    }

    @Test("insults keep them apart from the third message on, not before")
    func insults() throws {
        var floor = try Self.floor()
        for _ in 1...2 {
            #expect(try floor.message("k1", [.abuse: 600], abuse: Self.insult).affinities.isEmpty)
        }
        #expect(try floor.message("k1", [.frustration: 900]).affinities.isEmpty)
        #expect(try floor.message("k1", [.abuse: 600], abuse: Self.insult).affinities.first?.kind == "insult")
    }

    @Test("what waits gets at once whom the customer before must not meet, when it turns out to be another customer's")
    func anotherCustomer() throws {
        var floor = try Self.floor()
        try floor.message("k1", [.threat: 800])
        try floor.free("ana")
        #expect(try floor.message("k2", customer: "juan").offersMade.isEmpty)
        let update = ConversationUpdate(conversation: "k2", customer: "maria")
        #expect(try floor.send(.conversationUpdate(update)).offersMade.map(\.agent) == ["ana"])
    }

    @Test("what was transferred comes back as soon as everybody else who could take it must not meet the customer")
    func transferredFromTheLast() throws {
        var floor = try Self.floor()
        try floor.send(.agentUpsert(AgentUpsert(agent: "ben", skills: Skills.none)))
        try floor.send(.agentUpsert(AgentUpsert(agent: "eva", skills: Skills.none)))
        for other: AgentID in ["ben", "eva"] { try floor.send(.agentState(AgentState(agent: other, state: .away))) }
        // Ben is threatened by juan, in another conversation.
        try floor.message("other", customer: "juan")
        try floor.send(
            .conversationAssign(ConversationAssign(conversation: "other", agent: "ben", source: .external)))
        #expect(try floor.message("other", [.threat: 800]).affinities.map(\.agent) == ["ben"])
        try floor.send(.conversationClose(ConversationClose(conversation: "other", outcome: .resolved)))
        let events = try floor.send(
            .conversationTransfer(ConversationTransfer(conversation: "k1", reason: "billing")))
        #expect(events.offersMade.isEmpty, "eva could take it")
        let back = try floor.send(.agentState(AgentState(agent: "eva", state: .offline)))
        #expect(back.offersMade.map(\.agent) == ["ana"])
        #expect(floor.router.brokenInvariants(at: floor.now).isEmpty)
    }

    @Test("after thirty days the customer is routed to the agent again")
    func ends() throws {
        var floor = try Self.floor()
        let until = try #require(try floor.message("k1", [.threat: 800]).affinities.first?.until)
        try floor.free("ana")
        floor.pass(until - floor.now - .hours(1))
        #expect(try floor.message("k2", customer: "juan").offersMade.isEmpty)
        #expect(floor.pass(.hours(1) - 1).offersMade.isEmpty)
        #expect(floor.pass(1).offersMade.map(\.conversation) == ["k2"])
    }

    @Test("without a customer's name it holds for the conversation, and for the customer once one is named")
    func conversationOnly() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.message("k1")
        try floor.accept()
        #expect(try floor.message("k1", [.threat: 800]).affinities.first?.customer == nil)
        try floor.free("ana")
        try floor.message("k1", [.urgency: 900])
        #expect(floor.conversation("k1")?.phase == .queued)
        try floor.send(.conversationUpdate(ConversationUpdate(conversation: "k1", customer: "juan")))
        #expect(try floor.message("k2", customer: "juan").offersMade.isEmpty)
    }

    @Test("somebody in danger is routed to anyone")
    func safetyPasses() throws {
        var floor = try Self.floor()
        try floor.message("k1", [.threat: 800])
        try floor.free("ana")
        #expect(try floor.message("k2", customer: "juan", safety: .explicit).offersMade.first?.agent == "ana")
    }

    @Test("a supervisor lifts it, once the agent was asked and agreed")
    func lifted() throws {
        var floor = try Self.floor()
        try floor.message("k1", [.threat: 800])
        try floor.free("ana")
        try floor.message("k2", customer: "juan")
        func lift(_ agreed: Bool) -> Command.Body {
            .affinityLift(AffinityLift(customer: "juan", agent: "ana", reason: "talked", agreed: agreed))
        }
        #expect(throws: Refusal.self) { try floor.send(lift(false), by: Self.supervisor) }
        let notAsked = #expect(throws: Refusal.self) { try floor.send(lift(false), by: Self.supervisor) }
        #expect(notAsked?.code == .invalidField)
        let notTheirs = #expect(throws: Refusal.self) {
            try floor.send(lift(true), by: Person(role: "agent", name: "Ana"))
        }
        #expect(notTheirs?.code == .notPermitted)
        let events = try floor.send(lift(true), by: Self.supervisor)
        #expect(events.types.first == "affinity.lifted")
        #expect(events.offersMade.first?.conversation == "k2")
        let again = #expect(throws: Refusal.self) { try floor.send(lift(true), by: Self.supervisor) }
        #expect(again?.code == .wrongState)
    }

    @Test("replayed without the customer's name the digest is the same, and the conversation still kept apart")
    func forgotten() throws {
        var floor = try Self.floor()
        try floor.message("k1", [.threat: 800])
        try floor.free("ana")
        var replayed = RoutingState(tenant: "main")
        for event in floor.events {
            var event = event
            if case .affinitySet(var body) = event.body {
                body.customer = nil
                event.body = .affinitySet(body)
            }
            replayed.apply(event)
        }
        #expect(replayed.digest == floor.state.digest)
        #expect(replayed.aversions(.conversation("k1"), at: floor.now).count == 1)
    }

    @Test("no more pairs are remembered than the limit says; what was lifted leaves nothing behind")
    func bounded() throws {
        var floor = try Self.floor()
        for index in 1...50 {
            try floor.send(
                .conversationRetag(
                    ConversationRetag(
                        conversation: "k1", tags: [TagCorrection(tag: .threat, holds: index % 2 == 1)],
                        reason: "look")),
                by: Self.supervisor)
        }
        #expect(floor.state.aversions.isEmpty)
        #expect(floor.state.aversionIndex.isEmpty)
    }
}

extension Floor {
    /// Whoever was asked last says yes.
    mutating func accept() throws {
        guard let offer = events.offersMade.last else { throw Missing.offer }
        try send(.offerAccept(OfferAnswer(offer: offer.offer, agent: offer.agent)))
    }

    /// Ends what an agent has, and brings the agent back from any break.
    mutating func free(_ id: AgentID) throws {
        for slot in agentRecord(id)?.contacts ?? [] {
            let contact = state.conversations[slot].id
            try send(.conversationClose(ConversationClose(conversation: contact, outcome: .resolved)))
        }
        pass(.minutes(21))
        try send(.agentState(AgentState(agent: id, state: .ready)))
        pass(.minutes(11))
    }
}

extension [Event] {
    var affinities: [AffinitySet] {
        compactMap { event in
            if case .affinitySet(let body) = event.body { body } else { nil }
        }
    }
}
