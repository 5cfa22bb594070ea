import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// Rounds of matching, holds, reservations, modes of teams and estimates, as a floor shows them.
@Suite struct MatchingTests {
    @Test("what waits is paired at the least total cost, not each with its own best")
    func leastTotal() throws {
        var floor = Floor()
        try floor.agent("ana", ["billing": 1, "tagalog": 5])
        try floor.agent("ben", ["billing": 1])
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        try floor.send(.agentState(AgentState(agent: "ben", state: .away)))
        // Taglish text costs ben more than ana, and k2 wants ana by name.
        try floor.message("k1", skills: ["billing": 1])
        try floor.send(
            .conversationMessage(
                ConversationMessage(
                    conversation: "k2", from: .customer, text: "words", channel: .chat, skills: ["billing": 1],
                    preferredAgent: "ana", assessment: assessment([:]))))
        for agent in ["ana", "ben"] as [AgentID] {
            _ = floor.router.handle(
                Command(id: CommandID("r\(agent)"), body: .agentState(AgentState(agent: agent, state: .ready))),
                at: floor.now)
        }
        floor.router.match(at: floor.now)
        let offers = floor.router.takeEvents().offersMade
        #expect(offers.map(\.agent) == ["ben", "ana"])
        #expect(offers.allSatisfy { $0.decision.round == offers[0].decision.round && $0.decision.eligible == 2 })
    }

    @Test("a hard conversation is held for an agent who has not just had two, and served by one once that is over")
    func streakHolds() throws {
        var floor = Floor()
        try floor.agent("ana")
        for id in ["k1", "k2"] as [ConversationID] {
            try floor.assigned(id, [.frustration: 750])
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
            try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: id)))
        }
        let events = try floor.message("k3", [.frustration: 750])
        #expect(events.types.last == "conversation.held")
        #expect(floor.router.brokenInvariants(at: floor.now).isEmpty)
        // A calm one is no third hard one.
        #expect(try floor.message("k4").offersMade.map(\.conversation) == ["k4"])
        #expect(floor.pass(.seconds(19)).offersMade.isEmpty)
        // Somebody without such a streak gets it at once.
        var other = floor
        try other.agent("ben")
        #expect(other.events.offersMade.last?.agent == "ben")
        #expect(other.events.offersMade.last?.decision.winner.tier == 0)
        try floor.send(.offerAccept(OfferAnswer(offer: #require(floor.events.offersMade.last).offer, agent: "ana")))
        let late = floor.pass(.seconds(41)).offersMade
        #expect(late.map(\.decision.winner.tier) == [4])
    }

    @Test("of two hard ones in one batch the second waits for a gentle agent too, though only the other kind is left")
    func gentleIsTaken() throws {
        var floor = Floor()
        try floor.agent("ana", ["ana": 1])
        try floor.agent("ben", ["ben": 1])
        for id in ["h1", "h2"] as [ConversationID] {
            let made = try #require(
                try floor.message(id, [.frustration: 750], skills: ["ben": 1]).offersMade.first)
            try floor.send(.offerAccept(OfferAnswer(offer: made.offer, agent: "ben")))
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
            try floor.send(.wrapupDone(WrapupDone(agent: "ben", conversation: id)))
        }
        for id in ["k1", "k2"] as [ConversationID] {
            let message = ConversationMessage(
                conversation: id, from: .customer, text: "words", channel: .voice,
                assessment: assessment([.frustration: 750]))
            _ = try floor.router.handle(
                Command(id: CommandID("b\(id)"), body: .conversationMessage(message)), at: floor.now
            ).get()
        }
        floor.router.match(at: floor.now)
        let events = floor.router.takeEvents()
        #expect(events.offersMade.map { "\($0.conversation) \($0.agent)" } == ["k1 ana"])
        #expect(events.types.contains("conversation.held"))
        #expect(floor.router.brokenInvariants(at: floor.now).isEmpty)
    }

    @Test("needs with which nothing waits are forgotten after a thousand others, and found again when they are needed")
    func manyNeeds() throws {
        var floor = Floor()
        try floor.agent("ana", ["s1": 1, "s2": 1])
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        try floor.message("stays", skills: ["s1": 1])
        for index in 2...Limits.idleNeedsMax + 20 {
            let id = ConversationID("k\(index)")
            try floor.message(id, skills: [SkillID("s\(index)"): 1])
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .abandoned)))
        }
        #expect(floor.state.index.classes.count <= Limits.idleNeedsMax + 4)
        try floor.message("again", skills: ["s2": 1])
        #expect(floor.state.brokenIndex().isEmpty)
        let offers = try floor.send(.agentState(AgentState(agent: "ana", state: .ready))).offersMade
        #expect(Set(offers.map(\.conversation)) == ["stays", "again"])
    }

    @Test("somebody in danger passes every soft test")
    func dangerPassesSoftTests() throws {
        var floor = Floor()
        try floor.agent("ana")
        for id in ["k1", "k2"] as [ConversationID] {
            try floor.assigned(id, [.frustration: 750])
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
            try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: id)))
        }
        let made = try floor.message("k3", [.frustration: 900], safety: .explicit).offersMade
        #expect(made.map(\.decision.winner.tier) == [0])
    }

    @Test("past its target a call keeps an agent free of chats; one agent may be kept however few are ready")
    func reserved() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        #expect(!(try floor.message("call", channel: .voice).types.contains("agent.reserved")))
        let events = floor.pass(.seconds(15))
        #expect(events.types == ["agent.reserved"])
        #expect(floor.router.brokenInvariants(at: floor.now).isEmpty)
        // Room for a chat, but it is kept.
        #expect(try floor.message("k2").offersMade.isEmpty)
        // Somebody in danger is not made to wait for a call.
        let danger = try #require(try floor.message("k3", safety: .explicit).offersMade.first)
        #expect(danger.conversation == "k3")
        try floor.send(.offerAccept(OfferAnswer(offer: danger.offer, agent: "ana")))
        // Without anybody's doing the reservation ends after ten minutes.
        let later = floor.pass(.minutes(10))
        #expect(later.offersMade.map(\.conversation).contains("k2"))
        #expect(floor.state.brokenIndex().isEmpty)
    }

    @Test("the reserved agent gets the call, and is free for others when it is gone")
    func reservationEnds() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        try floor.message("call", channel: .voice)
        floor.pass(.seconds(15))
        try floor.message("k2")
        var served = floor
        try served.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        let made = try served.send(.wrapupDone(WrapupDone(agent: "ana", conversation: "k1"))).offersMade
        #expect(made.map(\.conversation) == ["call"])
        let gone = try floor.send(.conversationClose(ConversationClose(conversation: "call", outcome: .abandoned)))
        #expect(gone.offersMade.map(\.conversation) == ["k2"])
        #expect(floor.state.brokenIndex().isEmpty && served.state.brokenIndex().isEmpty)
    }

    @Test("past its target a chat keeps the least loaded agent too, and what comes later does not take that room")
    func chatReserves() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 50)
        try floor.agent("ben", capacity: 50)
        for id in ["k1", "k2", "k3", "k4"] as [ConversationID] {
            let offer = try #require(try floor.message(id).offersMade.first)
            try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: offer.agent)))
        }
        try floor.message("mail", channel: .email)
        // An email has its time: nobody is kept for it yet, and one of two agents may be kept for the chat.
        try floor.message("k5")
        #expect(floor.pass(.seconds(20)).reserved.map(\.conversation) == ["k5"])
        let kept = try #require(floor.events.reserved.last).agent
        let k = try #require(floor.agentRecord(kept)).contacts.map { floor.state.conversations[$0].id }[0]
        // What waits behind it does not get the room, nor does what is more urgent but came later.
        try floor.message("k6", [.urgency: 900])
        try floor.send(.conversationClose(ConversationClose(conversation: k, outcome: .resolved)))
        let made = try floor.send(.wrapupDone(WrapupDone(agent: kept, conversation: k))).offersMade
        #expect(made.map(\.conversation) == ["k5"] && made.map(\.agent) == [kept])
        #expect(floor.state.brokenIndex().isEmpty && floor.router.brokenInvariants(at: floor.now).isEmpty)
    }

    @Test("a fifth of a queue's ready agents is kept for what waits there, the least loaded first, and no more")
    func reservedShare() throws {
        var floor = Floor()
        for number in 0..<10 { try floor.agent(AgentID("a\(number)"), capacity: 100 + number) }
        for number in 0..<10 {
            let id = ConversationID("call\(number)")
            let offer = try #require(try floor.message(id, channel: .voice).offersMade.first)
            try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: offer.agent)))
        }
        // Overloaded by no offer's doing, and therefore not the least loaded.
        try floor.message("own", from: .agent, agent: "a0")
        for number in 0..<4 { try floor.message(ConversationID("k\(number)")) }
        let reserved = floor.pass(.minutes(2)).reserved
        #expect(reserved.map(\.conversation) == ["k0", "k1"])
        #expect(reserved.map(\.agent) == ["a1", "a2"])
        #expect(floor.state.brokenIndex().isEmpty && floor.router.brokenInvariants(at: floor.now).isEmpty)
    }

    @Test("somebody else is kept when the kept agent goes away")
    func keptAgentLeaves() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("call1", channel: .voice)
        try floor.agent("ben")
        try floor.assigned("call2", channel: .voice)
        try floor.message("call3", channel: .voice)
        #expect(floor.pass(.seconds(15)).reserved.map(\.agent) == ["ana"])
        let events = try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        #expect(events.reserved.map(\.agent) == ["ben"])
        #expect(floor.agentRecord("ana")?.reservation == nil)
        #expect(floor.state.brokenIndex().isEmpty && floor.router.brokenInvariants(at: floor.now).isEmpty)
    }

    @Test("who is kept no longer, because another is kept in place, gets at once what waits")
    func freedByAnother() throws {
        var floor = Floor()
        try floor.agent("ana", ["billing": 2])
        try floor.agent("ben")
        for id in ["k1", "k2"] as [ConversationID] {
            let offer = try #require(try floor.message(id, [.frustration: 1_000]).offersMade.first)
            try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: offer.agent)))
        }
        try floor.message("call", channel: .voice, skills: ["billing": 2])
        #expect(floor.pass(.seconds(15)).reserved.map(\.agent) == ["ana"])
        // Ben's skills come, Ana's go, and a chat that would fit into either's room arrives, all in one batch.
        let bodies: [Command.Body] = [
            .agentUpsert(AgentUpsert(agent: "ben", skills: ["billing": 2], capacity: 60)),
            .agentUpsert(AgentUpsert(agent: "ana", skills: Skills.none)),
            .conversationMessage(
                ConversationMessage(
                    conversation: "k3", from: .customer, text: "words", channel: .chat, assessment: assessment([:]))),
        ]
        for (number, body) in bodies.enumerated() {
            _ = try floor.router.handle(Command(id: CommandID("b\(number)"), body: body), at: floor.now).get()
        }
        floor.router.match(at: floor.now)
        let events = floor.router.takeEvents()
        #expect(events.reserved.map(\.agent) == ["ben"])
        #expect(events.offersMade.map(\.agent) == ["ana"])
        #expect(floor.state.brokenIndex().isEmpty && floor.router.brokenInvariants(at: floor.now).isEmpty)
    }

    @Test("nobody is kept in place of another once fewer are ready than a fifth needs")
    func shareOfFewer() throws {
        var floor = Floor()
        for number in 0..<10 { try floor.agent(AgentID("a\(number)"), capacity: 100 + number) }
        for number in 0..<10 { try floor.assigned(ConversationID("call\(number)"), channel: .voice) }
        for number in 0..<2 { try floor.message(ConversationID("k\(number)"), channel: .voice) }
        #expect(floor.pass(.minutes(2)).reserved.count == 2)
        let kept = try #require(floor.events.reserved.last).agent
        let other = try #require(floor.state.agents.first { $0.id != kept && $0.reservation == nil }).id
        try floor.send(.agentState(AgentState(agent: other, state: .away)))
        #expect(try floor.send(.agentState(AgentState(agent: kept, state: .away))).reserved.isEmpty)
        #expect(floor.state.brokenIndex().isEmpty && floor.router.brokenInvariants(at: floor.now).isEmpty)
    }

    @Test("who comes ready is kept for what is late when whoever was kept for it has gone away")
    func keptInPlaceOfWhoIsAway() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("call1", channel: .voice)
        try floor.message("late", channel: .voice)
        #expect(floor.pass(.minutes(1)).reserved.map(\.agent) == ["ana"])
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        try floor.send(.agentUpsert(AgentUpsert(agent: "ben", skills: Skills.none)))
        try floor.message("call2", channel: .voice)
        try floor.send(.conversationAssign(ConversationAssign(conversation: "call2", agent: "ben", source: .external)))
        let events = try floor.send(.agentState(AgentState(agent: "ben", state: .ready)))
        #expect(events.reserved.map(\.agent) == ["ben"])
        #expect(floor.state.brokenIndex().isEmpty && floor.router.brokenInvariants(at: floor.now).isEmpty)
    }

    @Test("who was kept for what came from another queue makes no room for one more in this queue")
    func shareOfAnotherQueue() throws {
        var rules = RuleSet.standard
        rules.queues = [Queue(id: "main"), Queue(id: "billing")]
        var floor = Floor(rules)
        for number in 0..<5 { try floor.agent(AgentID("a\(number)")) }
        for number in 0..<5 { try floor.assigned(ConversationID("call\(number)"), channel: .voice) }
        try floor.message("k1", channel: .voice, queue: "main")
        try floor.message("k2", channel: .voice, queue: "billing")
        #expect(Set(floor.pass(.minutes(2)).reserved.map(\.conversation)) == ["k1", "k2"])
        let kept = try #require(floor.events.reserved.last { $0.conversation == "k2" }).agent
        try floor.send(.conversationUpdate(ConversationUpdate(conversation: "k2", queue: "main")))
        #expect(try floor.send(.agentState(AgentState(agent: kept, state: .away))).reserved.isEmpty)
        #expect(floor.state.brokenIndex().isEmpty && floor.router.brokenInvariants(at: floor.now).isEmpty)
    }

    @Test("what begins to be held follows from what waits, and not from which needs were asked for first")
    func holdsWithoutHistory() throws {
        func floor(_ opened: [ConversationID]) throws -> [String] {
            var floor = Floor()
            try floor.agent("ana", ["billing": 1])
            for id in opened {
                let isSecond = id == "declined"
                try floor.message(
                    id, channel: .voice, skills: ["billing": isSecond ? 1 : 2], priority: isSecond ? 0 : 50)
                guard isSecond else { continue }
                let offer = try #require(floor.events.offersMade.last).offer
                try floor.send(.offerDecline(OfferAnswer(offer: offer, agent: "ana")))
                try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
            }
            floor.pass(.minutes(1))
            try floor.send(.agentUpsert(AgentUpsert(agent: "ana", skills: ["billing": 2])))
            return try floor.send(.agentState(AgentState(agent: "ana", state: .ready))).types
        }
        let types = try floor(["declined", "first"])
        #expect(types == (try floor(["first", "declined"])))
        #expect(types.contains("offer.made") && !types.contains("conversation.held"))
    }

    @Test("danger keeps an agent at once, also one who is kept for something less")
    func dangerReserves() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        var other = floor
        let events = try floor.message("call", channel: .voice, safety: .explicit)
        #expect(events.types.contains("agent.reserved"))
        try other.message("late", channel: .voice)
        #expect(other.pass(.seconds(15)).reserved.map(\.conversation) == ["late"])
        let danger = try other.message("call", channel: .voice, safety: .explicit)
        #expect(danger.reserved.map(\.conversation) == ["call"])
        // Another in danger does not take it away again.
        #expect(try other.message("call2", channel: .voice, safety: .explicit).reserved.isEmpty)
        #expect(other.state.brokenIndex().isEmpty && other.router.brokenInvariants(at: other.now).isEmpty)
    }

    @Test("agents of a team in observe are only named, and only for what nobody else could take")
    func teamModes() throws {
        var rules = RuleSet.standard
        var team = TeamRules(id: "north")
        team.routingMode = .observe
        rules.teams = [team]
        var floor = Floor(rules)
        try floor.agent("ana", team: "north")
        try floor.agent("ben", team: "south")
        let first = try floor.message("k1", channel: .voice)
        #expect(first.offersMade.map(\.agent) == ["ben"])
        #expect(!first.types.contains("offer.advised"))
        let second = try floor.message("k2", channel: .voice)
        #expect(second.offersMade.isEmpty && second.types.last == "offer.advised")
    }

    @Test("what came with the same batch takes nobody's turn: whoever waited before it gets the agent who became free")
    func turnIsKept() throws {
        var floor = Floor()
        try floor.agent("ana", ["billing": 1])
        try floor.agent("ben")
        let call = try #require(
            try floor.message("call", channel: .voice, skills: ["billing": 1]).offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: call.offer, agent: "ana")))
        #expect(try floor.message("waits", channel: .voice, skills: ["billing": 1]).offersMade.isEmpty)
        func handle(_ id: CommandID, _ body: Command.Body) throws {
            _ = try floor.router.handle(Command(id: id, body: body), at: floor.now).get()
        }
        // In one batch ana becomes free, and two calls come: ben takes the first of them, so ana is for who waited.
        try handle("b1", .conversationClose(ConversationClose(conversation: "call", outcome: .resolved)))
        try handle("b2", .wrapupDone(WrapupDone(agent: "ana", conversation: "call")))
        for (id, skills, priority) in [("first", Skills.none, 100), ("last", ["billing": 1], 0)] {
            try handle(
                CommandID(id),
                .conversationMessage(
                    ConversationMessage(
                        conversation: ConversationID(id), from: .customer, text: "words", channel: .voice,
                        skills: skills, priority: priority, assessment: assessment([:]))))
        }
        floor.router.match(at: floor.now)
        let offers = floor.router.takeEvents().offersMade
        #expect(offers.map { "\($0.conversation) \($0.agent)" }.sorted() == ["first ben", "waits ana"])
    }

    @Test("a wait is estimated from how the queue moved, and by nothing when nobody is there")
    func estimates() throws {
        var pace = ServicePace()
        #expect(pace.wait(position: 1, at: Instant(milliseconds: 0)) == nil)
        for second in 0...40 { pace.noteServed(at: Instant(milliseconds: Int64(second) * 10_000)) }
        let now = Instant(milliseconds: 400_000)
        #expect(pace.wait(position: 1, at: now).map { [$0.p50, $0.p90] } == [10_000, 10_000])
        #expect(pace.wait(position: 5, at: now).map { [$0.p50, $0.p90] } == [50_000, 50_000])
        #expect(pace.wait(position: 100, at: now).map { [$0.p50, $0.p90] } == [1_000_000, 1_000_000])
        var floor = Floor()
        try floor.message("k1")
        let reply = try floor.batch(.queueEstimate(QueueEstimate(subject: .conversation("k1")))).reply
        #expect(reply.details == .estimate(position: 1, p50: nil, p90: nil))
    }
}
