import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

@Suite struct BreakTests {
    @Test("three ordinary hard contacts within the half-life owe a break")
    func owedByLedger() throws {
        var floor = Floor()
        try floor.agent("ana")
        for index in 1...3 {
            let id = ConversationID("k\(index)")
            // The third hard one in a row waits for somebody else first, and nobody else comes.
            var offers = try floor.message(id, [.frustration: 750]).offersMade
            if index == 3 { offers = floor.pass(.seconds(60)).offersMade }
            let offer = try #require(offers.first)
            try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
            floor.pass(.minutes(8))
            try floor.message(id, [.frustration: 750])
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
            #expect(floor.events.types.contains("break.owed") == (index == 3))
            if index < 3 { try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: id))) }
        }
        #expect(floor.agentRecord("ana")?.isOnBreak == true)
    }

    @Test("an ordinary hard contact books 1,000 milli-contacts")
    func ordinaryHardContact() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1", [.frustration: 750])
        floor.pass(.minutes(8))
        try floor.message("k1", [.frustration: 700])
        #expect(floor.conversation("k1")?.contact.booked == 1_000)
    }

    @Test("after a threat a break is owed at once, offers are withdrawn in the same batch, and none is made")
    func threat() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 100)
        try floor.assigned("k1")
        try floor.message("k2")
        let events = try floor.message("k1", [.threat: 900], abuse: nil)
        #expect(events.types.contains("break.owed"))
        #expect(events.types.contains("offer.withdrawn"))
        let owed = try #require(events.breaks.first)
        #expect(owed.minutes == 15)
        #expect(owed.immediate)
        #expect(try floor.message("k3").offersMade.isEmpty)
        #expect(floor.pass(.minutes(2)).offersMade.isEmpty)
    }

    @Test("an owed break starts the moment the last live contact ends; the wrap-up waits until after")
    func startsAtEndOfContact() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        try floor.message("k1", [.threat: 900])
        let events = try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .endedAbuse)))
        #expect(events.types.suffix(3) == ["conversation.closed", "break.started", "wrapup.started"])
        #expect(floor.agentRecord("ana")?.wrapups.first?.deadline == floor.now + .minutes(15) + .seconds(60))
        let later = floor.pass(.minutes(15))
        #expect(later.types.contains("break.ended"))
        #expect(floor.agentRecord("ana")?.presence == .away)
    }

    @Test("a chat that falls silent for three minutes no longer keeps an owed break from starting")
    func silentChat() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        try floor.message("k1", [.threat: 900])
        floor.pass(.minutes(2))
        try floor.message("k1", from: .agent, agent: "ana")
        #expect(floor.pass(.minutes(2)).types.contains("break.started") == false)
        #expect(floor.pass(.minutes(1)).types.contains("break.started"))
    }

    @Test("after a break nobody is offered work until ready or break.end")
    func backFromBreak() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 10)))
        try floor.message("k1")
        #expect(floor.pass(.minutes(10)).offersMade.isEmpty)
        #expect(floor.agentRecord("ana")?.presence == .away)
        #expect(try floor.send(.breakEnd(BreakEnd(agent: "ana"))).offersMade.count == 1)
    }

    @Test("a break asked for with a live contact is owed, reason requested, and starts when it ends")
    func requested() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        let (reply, events) = try floor.batch(.breakStart(BreakStart(agent: "ana", kind: .meal)))
        #expect(events.breaks.first?.reason == .requested)
        guard case .breakState(_, running: false) = reply.details else {
            Issue.record("it does not run yet")
            return
        }
        #expect(
            try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved))).types
                .contains("break.started"))
    }

    @Test("ready while a break is owed is answered with break_owed")
    func readyWhileOwed() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        try floor.message("k1", [.threat: 900])
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        let (reply, _) = try floor.batch(.agentState(AgentState(agent: "ana", state: .ready)))
        #expect(reply.details == .presence(.breakOwed))
    }

    @Test("a stress break has a minimum; a supervisor cannot end one that follows a threat")
    func minimum() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        try floor.message("k1", [.threat: 900])
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        floor.pass(.minutes(4))
        let early = #expect(throws: Refusal.self) { try floor.send(.breakEnd(BreakEnd(agent: "ana"))) }
        #expect(early?.until == floor.now + .minutes(1))
        floor.pass(.minutes(2))
        let lead = Person(role: "supervisor", name: "Lea")
        #expect(throws: Refusal.self) {
            try floor.send(.breakEnd(BreakEnd(agent: "ana", reason: "busy")), by: lead)
        }
        #expect(try floor.send(.breakEnd(BreakEnd(agent: "ana"))).types.contains("break.ended"))
    }

    @Test("what a supervisor cuts from a stress break is owed again")
    func cutIsOwedAgain() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        for _ in 1...3 { try floor.send(.stressReport(StressReport(agent: "ana", conversation: "k1"))) }
        #expect(floor.agentRecord("ana")?.ledger.value(at: floor.now) == 1_000)
        try floor.assigned("k2")
        try floor.send(.stressReport(StressReport(agent: "ana", conversation: "k2")))
        try floor.assigned("k3")
        try floor.send(.stressReport(StressReport(agent: "ana", conversation: "k3")))
        for id in ["k1", "k2", "k3"] {
            try floor.send(
                .conversationClose(ConversationClose(conversation: ConversationID(id), outcome: .resolved)))
        }
        floor.pass(.minutes(6))
        let events = try floor.send(
            .breakEnd(BreakEnd(agent: "ana", reason: "storm")), by: Person(role: "supervisor", name: "Lea"))
        #expect(events.types.contains("break.ended"))
        #expect(events.types.contains("break.owed"))
    }

    @Test("relief at the end gives thirty percent back")
    func relief() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1", [.frustration: 850])
        try floor.message("k1", [.relief: 800])
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        #expect(floor.agentRecord("ana")?.ledger.value(at: floor.now) == 700)
    }

    @Test("abuse while waiting was not aimed at the agent who gets it later")
    func abuseWhileWaiting() throws {
        var floor = Floor()
        try floor.message("k1", [.abuse: 900], abuse: Abuse(kind: .insult, target: .agent))
        try floor.agent("ana")
        let offer = try #require(floor.events.offersMade.last)
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        #expect(floor.conversation("k1")?.contact.booked == 0)
    }

    @Test("one insult invites to a short pause, three owe a break at once, a slur one alone")
    func insults() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.agent("ben")
        try floor.assigned("k1")
        let insult = Abuse(kind: .insult, target: .agent)
        #expect(try floor.message("k1", [.abuse: 600], abuse: insult).types.contains("break.invited"))
        try floor.message("k1", [.abuse: 600], abuse: insult)
        #expect(try floor.message("k1", [.abuse: 600], abuse: insult).types.contains("break.owed"))
        try floor.assigned("k2")
        #expect(
            try floor.message("k2", [.abuse: 600], abuse: Abuse(kind: .slur, target: .agent)).types
                .contains("break.owed"))
    }

    @Test("after a contact with explicit danger fifteen minutes are owed")
    func afterDanger() throws {
        var floor = Floor()
        try floor.agent("ana")
        let offer = try #require(try floor.message("k1", safety: .explicit).offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        let events = try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        #expect(events.breaks.first { $0.endsAt != nil }?.minutes == 15)
    }

    @Test("in observe a break is owed, excludes nobody and lapses")
    func observed() throws {
        var rules = RuleSet.standard
        rules.breaksMode = .observe
        var floor = Floor(rules)
        try floor.agent("ana")
        try floor.assigned("k1")
        let events = try floor.message("k1", [.threat: 900])
        #expect(events.breaks.first?.enforced == false)
        #expect(try floor.message("k2").offersMade.count == 1)
        floor.pass(.minutes(15))
        #expect(floor.agentRecord("ana")?.currentBreak == nil)
    }

    @Test("a break that cannot start is said to be overdue, and how late it was is recorded")
    func overdue() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("call", channel: .voice)
        try floor.message("call", [.threat: 900])
        #expect(floor.pass(.minutes(25)).types.contains("break.overdue"))
        let events = try floor.send(.conversationClose(ConversationClose(conversation: "call", outcome: .resolved)))
        let started = try #require(events.breaks.first { $0.endsAt != nil })
        #expect(started.lateMilliseconds == .minutes(10))
        #expect(started.lateCause == .word("live_contact"))
    }
}
