import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// Returning is no reason to be first in line, and hard contacts do not come in a row.
@Suite struct LandingTests {
    private func away(_ floor: inout Floor, _ agent: AgentID, for time: Milliseconds) throws {
        try floor.send(.agentState(AgentState(agent: agent, state: .away)))
        floor.pass(time)
        try floor.send(.agentState(AgentState(agent: agent, state: .ready)))
    }

    private func rest(_ floor: inout Floor, _ agent: AgentID, minutes: Int) throws {
        try floor.send(.breakStart(BreakStart(agent: agent, kind: .rest, minutes: minutes)))
        floor.pass(.minutes(Int64(minutes)))
        try floor.send(.agentState(AgentState(agent: agent, state: .ready)))
    }

    private func isLanding(_ floor: Floor, _ agent: AgentID) -> Bool {
        floor.router.isLanding(floor.state.agentSlots[agent] ?? 0, at: floor.now)
    }

    @Test("after a break of five minutes the agent lands for ten, with half the capacity")
    func afterBreak() throws {
        var floor = Floor()
        try floor.agent("ana")
        try rest(&floor, "ana", minutes: 5)
        #expect(isLanding(floor, "ana"))
        let chats = try (1...3).flatMap { try floor.message(ConversationID("k\($0)")).offersMade }
        #expect(chats.map(\.capacity) == [50, 50])
        for offer in chats { try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana"))) }
        #expect(floor.pass(.minutes(10) - 1).offersMade.isEmpty)
        let later = floor.pass(1).offersMade
        #expect(later.map(\.capacity) == [100])
        #expect(!isLanding(floor, "ana"))
    }

    @Test("a shorter break is followed by no landing")
    func afterShortBreak() throws {
        var floor = Floor()
        try floor.agent("ana")
        try rest(&floor, "ana", minutes: 4)
        #expect(!isLanding(floor, "ana"))
    }

    @Test("one who carries nothing is offered a call while landing, its units being the admitted capacity")
    func wholeContact() throws {
        var floor = Floor()
        try floor.agent("ana")
        try rest(&floor, "ana", minutes: 5)
        let offer = try #require(try floor.message("call", channel: .voice).offersMade.first)
        #expect((offer.load, offer.units, offer.capacity) == (0, 100, 100))
        let accepted = try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        guard case .conversationAssigned(let body) = accepted[0].body else { throw Floor.Missing.offer }
        #expect(body.capacity == 100)
    }

    @Test("a break that the agent ends is followed by a landing from that moment")
    func endedByAgent() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 20)))
        floor.pass(.minutes(6))
        let events = try floor.send(.breakEnd(BreakEnd(agent: "ana")))
        #expect(events.breaks.first?.landingUntil == floor.now + .minutes(10))
        #expect(isLanding(floor, "ana"))
    }

    @Test("the time after a break's end until ready is no part of the landing")
    func landsWhenReady() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 5)))
        floor.pass(.minutes(12))
        #expect(!isLanding(floor, "ana"))
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        #expect(isLanding(floor, "ana"))
    }

    @Test("ready after thirty minutes away lands, after less it does not, and not twice in two hours")
    func afterAway() throws {
        var floor = Floor()
        try floor.agent("ana")
        try away(&floor, "ana", for: .minutes(30) - 1)
        #expect(!isLanding(floor, "ana"))
        try away(&floor, "ana", for: .minutes(30))
        #expect(isLanding(floor, "ana"))
        try away(&floor, "ana", for: .minutes(40))
        #expect(!isLanding(floor, "ana"))
        floor.pass(.minutes(40))
        try away(&floor, "ana", for: .minutes(40))
        #expect(isLanding(floor, "ana"))
    }

    @Test("away and offline in a row count together")
    func awayThenOffline() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        floor.pass(.minutes(20))
        try floor.send(.agentState(AgentState(agent: "ana", state: .offline)))
        floor.pass(.minutes(10))
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        #expect(isLanding(floor, "ana"))
    }

    @Test("where breaks do not bind nobody lands")
    func observed() throws {
        var rules = RuleSet.standard
        rules.breaksMode = .observe
        var floor = Floor(rules)
        try floor.agent("ana")
        try away(&floor, "ana", for: .minutes(40))
        #expect(!isLanding(floor, "ana"))
    }

    @Test("a break that bound nobody is followed by no landing, though breaks bind by the time the agent is back")
    func unboundBreak() throws {
        var rules = RuleSet.standard
        rules.breaksMode = .observe
        var floor = Floor(rules)
        try floor.agent("ana")
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 10)))
        floor.pass(.minutes(10))
        rules.breaksMode = .enforce
        rules.hash = "others"
        floor.router.change(to: rules, lexicon: "lexicon", by: nil, at: floor.now)
        floor.router.match(at: floor.now)
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        #expect(!isLanding(floor, "ana"))
    }

    @Test("where a landing takes no time nobody lands, after a break or a long absence")
    func noLanding() throws {
        var rules = RuleSet.standard
        rules.breaks.landing = 0
        var floor = Floor(rules)
        try floor.agent("ana")
        try away(&floor, "ana", for: .minutes(40))
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 10)))
        floor.pass(.minutes(10))
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        for event in floor.events {
            if case .agentStateChanged(let body) = event.body { #expect(body.landingUntil == nil) }
        }
        #expect(floor.agentRecord("ana")?.landedAt == nil)
    }

    @Test("two hard contacts in a row would make a hard one the third, a calm one never")
    func streak() throws {
        var floor = Floor()
        try floor.agent("ana")
        func third(_ id: ConversationID) -> Bool {
            floor.router.tier(floor.state.conversationSlots[id] ?? 0, 0, at: floor.now) >= 4
        }
        for (index, tags) in [[Tag.frustration: 700], [.distress: 700]].enumerated() {
            let id = ConversationID("k\(index)")
            try floor.assigned(id, tags)
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
        }
        try floor.message("hard", [.frustration: 700])
        try floor.message("calm", [.frustration: 699])
        #expect(third("hard"))
        #expect(!third("calm"))
    }

    @Test("a streak begins anew with a contact that was not hard, in the order of their end")
    func streakBroken() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("calm")
        try floor.assigned("h1", [.frustration: 800])
        try floor.send(.conversationClose(ConversationClose(conversation: "h1", outcome: .resolved)))
        #expect(floor.agentRecord("ana")?.hardStreak == 1)
        try floor.send(.conversationClose(ConversationClose(conversation: "calm", outcome: .resolved)))
        #expect(floor.agentRecord("ana")?.hardStreak == 0)
    }

    @Test("a streak begins anew with a break of five minutes, not with a shorter one")
    func streakRested() throws {
        var floor = Floor()
        try floor.agent("ana")
        for id in ["h1", "h2"] {
            try floor.assigned(ConversationID(id), [.frustration: 700])
            try floor.send(
                .conversationClose(ConversationClose(conversation: ConversationID(id), outcome: .resolved)))
        }
        try rest(&floor, "ana", minutes: 4)
        #expect(floor.agentRecord("ana")?.hardStreak == 2)
        try rest(&floor, "ana", minutes: 5)
        #expect(floor.agentRecord("ana")?.hardStreak == 0)
    }

    @Test("who is kept busy with easier work while landing has the hold of a hard contact begin all the same")
    func overtakenIsHeld() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 5)))
        try floor.message("hard", [.frustration: 900], channel: .voice)
        try floor.message("calm", channel: .voice)
        floor.pass(.minutes(5))
        let events = try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        // The calm call is offered at once, and leaves no room; the hard one would otherwise never be held.
        #expect(events.offersMade.map(\.conversation) == ["calm"])
        #expect(events.held.map(\.conversation) == ["hard"])
        #expect(events.held.first?.reason == .word("soft_landing"))
        let offer = try #require(events.offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        floor.pass(.seconds(30))
        try floor.message("later", channel: .voice)
        try floor.send(.conversationClose(ConversationClose(conversation: "calm", outcome: .resolved)))
        let next = try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: "calm"))).offersMade
        #expect(next.map(\.conversation) == ["hard"])
        #expect(next.map(\.decision.winner.tier) == [3])
    }
}

extension [Event] {
    fileprivate var held: [ConversationHeld] {
        compactMap { event in
            if case .conversationHeld(let body) = event.body { body } else { nil }
        }
    }
}
