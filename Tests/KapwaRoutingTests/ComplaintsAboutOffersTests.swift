import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// What users of other routers complain about when work is handed out; the numbers are those of `docs/complaints.md`.
@Suite struct ComplaintsAboutOffersTests {
    @Test("1: two agents never get one conversation: one offer is open, one agent has it", arguments: 1...6)
    func oneAgent(seed: Int) {
        var walk = RandomWalk(seed: UInt64(seed + 7_000), rules: .standard)
        for _ in 1...600 { walk.step() }
        var offered: [ConversationID: OfferID] = [:]
        var having: [ConversationID: AgentID] = [:]
        for event in walk.floor.events {
            switch event.body {
            case .offerMade(let body):
                #expect(offered[body.conversation] == nil && having[body.conversation] == nil, "seed \(seed)")
                offered[body.conversation] = body.offer
            case .offerDeclined(let body), .offerExpired(let body), .offerWithdrawn(let body):
                offered[body.conversation] = nil
            case .conversationAssigned(let body):
                #expect(offered[body.conversation] == body.offer, "seed \(seed): another agent was being asked")
                offered[body.conversation] = nil
                having[body.conversation] = body.agent
            case .conversationRequeued(let body): having[body.conversation] = nil
            case .conversationClosed(let body): having[body.conversation] = nil
            default: break
            }
        }
    }

    @Test("1: of two answers to one offer the second changes nothing")
    func twoAnswers() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.agent("ben")
        let offer = try #require(try floor.message("k1").offersMade.first)
        let other: AgentID = offer.agent == "ana" ? "ben" : "ana"
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: offer.agent)))
        #expect(throws: Refusal.self) { try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: other))) }
        #expect(floor.conversation("k1")?.agent.map { floor.state.agents[$0].id } == offer.agent)
        #expect(floor.agentRecord(other)?.load == 0)
    }

    @Test("2: a burst is spread over everybody, because open offers count as load")
    func burst() throws {
        var floor = Floor()
        for name in ["ana", "ben", "carla", "dan", "eva"] as [AgentID] { try floor.agent(name) }
        for number in 1...10 { try floor.message(ConversationID("k\(number)")) }
        #expect(floor.state.agents.map(\.offers.count) == [2, 2, 2, 2, 2])
    }

    @Test("2: a backlog that meets five agents at once is spread over all of them")
    func backlog() throws {
        var floor = Floor()
        for number in 1...10 { try floor.message(ConversationID("k\(number)")) }
        for name in ["ana", "ben", "carla", "dan", "eva"] as [AgentID] {
            try floor.send(.agentUpsert(AgentUpsert(agent: name, skills: Skills.none, capacity: 50)))
        }
        for name in ["ana", "ben", "carla", "dan", "eva"] as [AgentID] {
            try floor.send(.agentState(AgentState(agent: name, state: .ready)))
        }
        #expect(floor.state.agents.map(\.offers.count) == [2, 2, 2, 2, 2])
    }

    @Test("3: nobody is stuck: offer, contact, wrap-up and presence each end by themselves")
    func nothingStuck() throws {
        var floor = Floor()
        try floor.send(.agentUpsert(AgentUpsert(agent: "ana", skills: Skills.none)))
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready, leaseSeconds: 3_600)))
        try floor.assigned("wrapping")
        try floor.send(.conversationClose(ConversationClose(conversation: "wrapping", outcome: .resolved)))
        try floor.assigned("talking")
        try floor.message("asked")
        #expect(floor.agentRecord("ana")?.load == 75)
        // The program on the other side is gone: nothing is ever sent again.
        floor.pass(.hours(30))
        let ana = try #require(floor.agentRecord("ana"))
        #expect(ana.presence == .offline)
        #expect(ana.load == 0 && ana.contacts.isEmpty && ana.offers.isEmpty && ana.wrapups.isEmpty)
        #expect(floor.state.phaseCounts.assigned == 0 && floor.state.phaseCounts.queued == 0)
    }

    @Test("4: an agent who never answers holds up nobody else")
    func silentAgent() throws {
        var floor = Floor()
        try floor.agent("silent", capacity: 25)
        let first = try #require(try floor.message("k1").offersMade.first)
        #expect(first.agent == "silent")
        try floor.agent("ben")
        let second = try #require(try floor.message("k2").offersMade.first)
        #expect(second.agent == "ben")
        try floor.send(.offerAccept(OfferAnswer(offer: second.offer, agent: "ben")))
        let later = floor.pass(.seconds(20)).offersMade
        #expect(later.map(\.conversation) == ["k1"] && later.map(\.agent) == ["ben"])
    }

    @Test("7: when the customer is gone the offer is withdrawn in the same batch, and an answer is told so")
    func customerGone() throws {
        var floor = Floor()
        try floor.agent("ana")
        let offer = try #require(try floor.message("k1").offersMade.first)
        let events = try floor.send(
            .conversationClose(ConversationClose(conversation: "k1", outcome: .abandoned)))
        #expect(events.types.prefix(2) == ["offer.withdrawn", "conversation.closed"])
        #expect(floor.agentRecord("ana")?.load == 0)
        let late = #expect(throws: Refusal.self) {
            try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        }
        #expect(late?.code == .wrongState && late?.state == "withdrawn")
    }

    @Test("11: one missed offer bars the pair for a while, is no break and leaves the agent ready")
    func oneMissed() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.message("k1")
        let events = floor.pass(.seconds(20))
        #expect(!events.types.contains { $0.hasPrefix("break.") || $0 == "agent.state_changed" })
        #expect(floor.agentRecord("ana")?.effective == .ready)
        #expect(try floor.message("k2").offersMade.map(\.agent) == ["ana"])
        #expect(floor.agentRecord("ana")?.currentBreak == nil)
    }

    @Test("16: no offer exceeds a capacity; what others decide is taken, flagged and keeps new offers away")
    func capacity() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 50)
        for number in 1...4 { try floor.message(ConversationID("k\(number)")) }
        for made in floor.events.offersMade { #expect(made.load + made.units <= made.capacity) }
        #expect(floor.agentRecord("ana")?.load == 50)
        let byHand = try floor.batch(
            .conversationAssign(ConversationAssign(conversation: "k3", agent: "ana", source: .external)))
        #expect(byHand.reply.details == .violations(["capacity"]))
        #expect(floor.agentRecord("ana")?.load == 75)
        let refusal = #expect(throws: Refusal.self) {
            try floor.send(
                .conversationAssign(
                    ConversationAssign(conversation: "k4", agent: "ana", source: .supervisor, reason: "now")),
                by: Person(role: "supervisor", name: "Lea"))
        }
        #expect(refusal?.field == "override" && refusal?.state == "capacity")
    }

    @Test("17: who is full or has declined is not chosen again for it; somebody else is, or it waits")
    func notAgain() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.agent("ben")
        var asked: [AgentID] = []
        var made = try floor.message("k1").offersMade
        while let offer = made.first {
            asked.append(offer.agent)
            made = try floor.send(.offerDecline(OfferAnswer(offer: offer.offer, agent: offer.agent))).offersMade
        }
        #expect(Set(asked) == ["ana", "ben"] && asked.count == 2)
        #expect(floor.conversation("k1")?.phase == .queued)
    }
}
