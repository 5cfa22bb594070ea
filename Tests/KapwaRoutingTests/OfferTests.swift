import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

@Suite struct OfferTests {
    @Test("units of offers, contacts and wrap-ups never pass the capacity by an offer")
    func capacity() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 60)
        for index in 1...5 { try floor.message(ConversationID("k\(index)")) }
        #expect(floor.agentRecord("ana")?.load == 50)
        #expect(floor.agentRecord("ana")?.offers.count == 2)
        for made in floor.events.offersMade { #expect(made.load + made.units <= made.capacity) }
    }

    @Test("an agent who carries nothing is admitted one contact, however many units it takes")
    func admitted() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 10)
        let events = try floor.message("k1", channel: .voice)
        #expect(events.offersMade.first?.capacity == 100)
        #expect(try floor.message("k2").offersMade.isEmpty)
    }

    @Test("a decline bars the pair for the channel's hold, times how often it happened")
    func declineBars() throws {
        var floor = Floor()
        try floor.agent("ana")
        var offer = try #require(try floor.message("k1").offersMade.first)
        try floor.send(.offerDecline(OfferAnswer(offer: offer.offer, agent: "ana")))
        // Once the bar is over it is held for somebody who has not declined it; once in a wait is enough.
        #expect(floor.pass(.seconds(59)).types.isEmpty)
        #expect(floor.pass(.seconds(1)).types == ["conversation.held"])
        #expect(floor.pass(.seconds(59)).offersMade.isEmpty)
        offer = try #require(floor.pass(.seconds(1)).offersMade.first)
        #expect(offer.decision.winner.tier == 8)
        try floor.send(.offerDecline(OfferAnswer(offer: offer.offer, agent: "ana")))
        #expect(floor.pass(.seconds(119)).offersMade.isEmpty)
        #expect(floor.pass(.seconds(1)).offersMade.count == 1)
    }

    @Test("accepting twice is fine, accepting late or for another is not")
    func answers() throws {
        var floor = Floor()
        try floor.agent("ana")
        let offer = try #require(try floor.message("k1").offersMade.first)
        try floor.agent("ben")
        let answer = OfferAnswer(offer: offer.offer, agent: "ana")
        let other = #expect(throws: Refusal.self) {
            try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ben")))
        }
        #expect(other?.code == .notPermitted)
        try floor.send(.offerAccept(answer))
        #expect(try floor.send(.offerAccept(answer)).isEmpty)
        let unknown = #expect(throws: Refusal.self) {
            try floor.send(.offerAccept(OfferAnswer(offer: "o99999", agent: "ana")))
        }
        #expect(unknown?.code == .unknownOffer)
    }

    @Test("an answer after expiry is refused with the state expired")
    func lateAnswer() throws {
        var floor = Floor()
        try floor.agent("ana")
        let offer = try #require(try floor.message("k1").offersMade.first)
        let events = floor.pass(.seconds(20))
        #expect(events.types.prefix(2) == ["offer.expired", "conversation.requeued"])
        let late = #expect(throws: Refusal.self) {
            try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        }
        #expect(late?.state == "expired")
    }

    @Test("three unanswered offers within ten minutes set the agent away, which is no break")
    func noAnswer() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 75)
        for index in 1...3 {
            try floor.message(ConversationID("k\(index)"))
            floor.pass(.seconds(5))
        }
        floor.pass(.seconds(14))
        #expect(floor.agentRecord("ana")?.presence == .ready)
        floor.pass(.seconds(1))
        #expect(floor.agentRecord("ana")?.presence == .away)
        #expect(floor.agentRecord("ana")?.currentBreak == nil)
    }

    @Test("when most offers of a minute expire the feed is suspected and nobody is punished")
    func brokenFeed() throws {
        var floor = Floor()
        for index in 1...12 { try floor.agent(AgentID("a\(index)"), capacity: 25) }
        for index in 1...12 { try floor.message(ConversationID("k\(index)")) }
        let events = floor.pass(.seconds(20))
        #expect(events.types.count { $0 == "delivery.suspect" } == 1)
        let strikes = floor.state.agents.reduce(0) { $0 + $1.strikes.count }
        #expect(strikes == 9)
    }

    @Test(
        "more than thirty percent of at least ten offers of a minute must expire for a feed to be suspected",
        arguments: [(6, 3, 0), (7, 3, 0), (6, 4, 1), (5, 4, 0)])
    func suspicion(answered: Int, unanswered: Int, suspected: Int) throws {
        var floor = Floor()
        for index in 1...(answered + unanswered) {
            try floor.agent(AgentID("a\(index)"), capacity: 25)
            let offer = try #require(try floor.message(ConversationID("k\(index)")).offersMade.first)
            if index <= answered { try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: offer.agent))) }
        }
        let events = floor.pass(.seconds(20))
        #expect(events.types.count { $0 == "offer.expired" } == unanswered)
        #expect(events.types.count { $0 == "delivery.suspect" } == suspected)
        #expect(floor.state.agents.reduce(0) { $0 + $1.strikes.count } == unanswered - suspected)
    }

    @Test("away withdraws offers and keeps contacts; offline gives calls back at once and chats after 30 s")
    func presence() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 200)
        try floor.assigned("call", channel: .voice)
        try floor.assigned("chat")
        try floor.message("offered")
        let away = try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        #expect(away.types == ["agent.state_changed", "offer.withdrawn", "conversation.requeued"])
        let offline = try floor.send(.agentState(AgentState(agent: "ana", state: .offline)))
        #expect(offline.placements.map(\.conversation) == ["call"])
        #expect(floor.pass(.seconds(30)).placements.map(\.conversation) == ["chat"])
    }

    @Test("a lease that is not renewed ends in offline, reason lost; renewing it leaves no event")
    func lease() throws {
        var floor = Floor()
        try floor.send(.agentUpsert(AgentUpsert(agent: "ana", skills: Skills.none)))
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready, leaseSeconds: 30)))
        floor.pass(.seconds(20))
        #expect(try floor.send(.agentState(AgentState(agent: "ana", state: .ready, leaseSeconds: 30))).isEmpty)
        #expect(floor.pass(.seconds(29)).isEmpty)
        #expect(floor.pass(.seconds(1)).types == ["agent.state_changed"])
        #expect(floor.agentRecord("ana")?.presence == .offline)
    }

    @Test("losing a needed skill withdraws the open offer")
    func skillsLost() throws {
        var floor = Floor()
        try floor.agent("ana", ["billing": 3])
        try floor.message("k1", skills: ["billing": 2])
        let events = try floor.send(.agentUpsert(AgentUpsert(agent: "ana", skills: ["billing": 1])))
        #expect(events.types.contains("offer.withdrawn"))
        #expect(floor.conversation("k1")?.phase == .queued)
    }

    @Test("nobody of any presence for the needs: unroutable is said at queueing")
    func unroutable() throws {
        var floor = Floor()
        try floor.agent("ana", ["billing": 1])
        #expect(try floor.message("k1", skills: ["billing": 2]).types.contains("conversation.unroutable"))
        #expect(!(try floor.message("k2", skills: ["billing": 1]).types.contains("conversation.unroutable")))
    }

    @Test("a supervisor names each rule that is set aside; a break cannot be named")
    func supervisorOverrides() throws {
        var floor = Floor()
        let lead = Person(role: "supervisor", name: "Lea")
        try floor.agent("ana")
        try floor.message("k1", skills: ["billing": 2])
        var body = ConversationAssign(conversation: "k1", agent: "ana", source: .supervisor, reason: "knows it")
        #expect(throws: Refusal.self) { try floor.send(.conversationAssign(body), by: lead) }
        body.overrides = [.skill]
        #expect(try floor.send(.conversationAssign(body), by: lead).types.contains("conversation.assigned"))
        try floor.message("k2")
        try floor.send(.breakGrant(BreakGrant(agent: "ana", reason: "long day")), by: lead)
        let refused = #expect(throws: Refusal.self) {
            try floor.send(
                .conversationAssign(
                    ConversationAssign(
                        conversation: "k2", agent: "ana", source: .supervisor, reason: "now",
                        overrides: Override.allCases)), by: lead)
        }
        #expect(refused?.code == .wrongState)
    }

    @Test("another router's assignment is a fact: accepted, with what it broke")
    func externalAssignment() throws {
        var floor = Floor()
        try floor.send(.agentUpsert(AgentUpsert(agent: "ana", skills: Skills.none)))
        try floor.message("k1", skills: ["billing": 2])
        let (reply, events) = try floor.batch(
            .conversationAssign(ConversationAssign(conversation: "k1", agent: "ana", source: .external)))
        #expect(reply.details == .violations(["not_ready", "skill"]))
        #expect(events.types == ["conversation.assigned"])
    }

    @Test("in observe nothing is offered: the best agent is named once, and again when it is another")
    func observe() throws {
        var rules = RuleSet.standard
        rules.routingMode = .observe
        var floor = Floor(rules)
        try floor.agent("ana")
        let events = try floor.message("k1")
        #expect(events.types.last == "offer.advised")
        #expect(try floor.message("k1", [.frustration: 600]).types.contains("offer.advised") == false)
        #expect(floor.agentRecord("ana")?.load == 0)
        #expect(floor.pass(.minutes(10)).isEmpty)
    }

    @Test("an advice says whether the agent is told", arguments: [Mode.observe, .advise])
    func advice(_ mode: Mode) throws {
        var rules = RuleSet.standard
        rules.routingMode = mode
        var floor = Floor(rules)
        try floor.agent("ana")
        guard case .offerAdvised(let body)? = try floor.message("k1").last?.body else { throw Floor.Missing.offer }
        #expect(body.mode == mode)
        #expect(body.agent == "ana")
        #expect(floor.conversation("k1")?.phase == .queued)
    }

    @Test("in observe whoever has had two hard contacts in a row is named for a third only while nobody else is there")
    func adviceLast() throws {
        var rules = RuleSet.standard
        rules.routingMode = .observe
        var floor = Floor(rules)
        try floor.agent("ana")
        for id in ["h1", "h2"] as [ConversationID] {
            try floor.message(id, [.frustration: 750])
            try floor.send(OverrideTests.external(id, "ana"))
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
            try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: id)))
        }
        func advised(_ events: [Event]) -> [AgentID] {
            events.compactMap {
                if case .offerAdvised(let body) = $0.body { body.agent } else { nil }
            }
        }
        #expect(advised(try floor.message("h3", [.frustration: 750])) == ["ana"])
        try floor.agent("ben")
        #expect(advised(floor.events).last == "ben")
    }

    @Test("in observe, when the one who was named goes away, another is named; when nothing changed, nobody")
    func observeChange() throws {
        var rules = RuleSet.standard
        rules.routingMode = .observe
        var floor = Floor(rules)
        try floor.agent("ana")
        try floor.agent("ben")
        try floor.message("k1")
        let advised = floor.conversation("k1")?.advisedAgent
        let away = try floor.send(.agentState(AgentState(agent: advised ?? "", state: .away)))
        #expect(away.types == ["agent.state_changed", "offer.advised"])
        #expect(floor.conversation("k1")?.advisedAgent == (advised == "ana" ? "ben" : "ana"))
    }

    @Test("every bar ends in its own time, however many agents declined")
    func manyBars() throws {
        var floor = Floor()
        let agents = (1...70).map { AgentID("a\(100 + $0)") }
        for agent in agents { try floor.agent(agent) }
        try floor.message("mail", channel: .email)
        var ends: [Instant] = []
        for _ in agents {
            let offer = try #require(floor.events.offersMade.last)
            ends.append(floor.now + .minutes(10))
            try floor.send(.offerDecline(OfferAnswer(offer: offer.offer, agent: offer.agent)))
            floor.pass(1_000)
        }
        #expect(floor.pass(ends[0] - floor.now - 1).isEmpty)
        #expect(floor.pass(1).types == ["conversation.held"])
        #expect(floor.conversation("mail")?.timers.count == 2)
        var replayed = RoutingState(tenant: "main")
        for event in floor.events { replayed.apply(event) }
        #expect(replayed.nextDeadline.map { $0 <= ends[1] } == true)
    }

    @Test("what ended leaves no timer behind, however long its deadline was")
    func timersGo() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 1_000)
        for index in 1...200 {
            let id = ConversationID("k\(index)")
            try floor.assigned(id)
            for _ in 1...20 { try floor.message(id, from: .agent, agent: "ana") }
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
            try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: id)))
        }
        floor.pass(.minutes(2))
        #expect(floor.state.timers.count == 0)
    }
}
