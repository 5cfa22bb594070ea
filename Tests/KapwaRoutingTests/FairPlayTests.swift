import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

extension [Event] {
    var stressed: [AgentStressed] {
        compactMap { event in
            if case .agentStressed(let body) = event.body { body } else { nil }
        }
    }
}

/// What adds to the ledger, what does not, and how nobody can turn it to account.
@Suite struct FairPlayTests {
    private func assigned(
        _ floor: inout KapwaRoutingTests.Floor, _ id: ConversationID, channel: Channel = .email
    ) throws {
        try floor.assigned(id, channel: channel)
    }

    private func close(_ floor: inout KapwaRoutingTests.Floor, _ id: ConversationID) throws {
        try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
    }

    @Test("from the fourth report of a shift on no break starts by itself, and a talk is suggested")
    func fourthReport() throws {
        var rules = RuleSet.standard
        rules.breaks.threshold = 3_500
        var floor = Floor(rules)
        try floor.agent("ana", capacity: 300)
        for index in 1...4 {
            try assigned(&floor, ConversationID("k\(index)"))
            let events = try floor.send(.stressReport(StressReport(agent: "ana")))
            #expect(events.stressed.map(\.points) == [1_000])
            #expect(events.types.contains("talk.suggested") == (index == 4))
        }
        #expect(floor.events.owedBreaks.isEmpty)
        guard case .talkSuggested(let talk) = floor.events.last?.body else { throw Floor.Missing.offer }
        #expect(talk.agent == "ana" && talk.reports == 4)
        try floor.message("k4", [.frustration: 900], channel: nil)
        #expect(floor.events.owedBreaks.count == 1)
    }

    @Test("reports count from the start of the shift; where none is known, from twelve hours ago")
    func newShift() throws {
        for knowsShift in [true, false] {
            var floor = Floor()
            try floor.agent("ana", capacity: 300)
            for index in 1...3 {
                try assigned(&floor, ConversationID("k\(index)"))
                try floor.send(.stressReport(StressReport(agent: "ana")))
            }
            floor.pass(knowsShift ? .hours(1) : .hours(12) + 1)
            try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
            if knowsShift {
                try floor.send(
                    .agentShift(AgentShift(agent: "ana", startsAt: floor.now, endsAt: floor.now + .hours(5))))
            }
            floor.pass(.minutes(20))
            try assigned(&floor, "k4")
            #expect(!(try floor.send(.stressReport(StressReport(agent: "ana"))).types.contains("talk.suggested")))
        }
    }

    @Test("the time of a hard contact is booked with each of the customer's messages, a picture as well")
    func timeWithoutWords() throws {
        var floor = Floor()
        try floor.agent("ana")
        try assigned(&floor, "k1")
        try floor.message("k1", [.frustration: 750], channel: nil)
        floor.pass(.minutes(4))
        #expect(try floor.message("k1", from: .agent, channel: nil, agent: "ana").stressed.isEmpty)
        #expect(try floor.message("k1", channel: nil, text: "").stressed.map(\.points) == [200])
    }

    @Test("a contact is reported once")
    func once() throws {
        var floor = Floor()
        try floor.agent("ana")
        try assigned(&floor, "k1")
        for index in 1...2 {
            let events = try floor.send(.stressReport(StressReport(agent: "ana", conversation: "k1")))
            #expect(events.stressed.count == (index == 1 ? 1 : 0))
        }
    }

    @Test("after a contact without words the agent's word counts: an ordinary strain for its duration")
    func wordless() throws {
        var floor = Floor()
        try floor.agent("ana")
        let offer = try #require(try floor.message("call", channel: .voice, text: "").offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        floor.pass(.minutes(8))
        try close(&floor, "call")
        let events = try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: "call", hard: true)))
        #expect(events.stressed.map(\.points) == [1_000])
        #expect(events.stressed.first?.reason == .word("disposition"))
    }

    @Test("a disposition that names abuse adds its thousand, and one that is called easy adds nothing")
    func disposition() throws {
        for (disposition, hard, points) in [
            ("abuse", Bool?.none, [1_600]), ("threat", true, [1_600]), ("abuse", false, []), ("billing", nil, []),
        ] {
            var floor = Floor()
            try floor.agent("ana")
            let offer = try #require(try floor.message("call", channel: .voice, text: "").offersMade.first)
            try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
            try close(&floor, "call")
            let events = try floor.send(
                .wrapupDone(WrapupDone(agent: "ana", conversation: "call", disposition: disposition, hard: hard)))
            #expect(events.stressed.map(\.points) == points)
        }
    }

    @Test("where there were words to read the disposition adds nothing; unreadable ones are no words")
    func words() throws {
        for scored in [Assessment.Confidence.ok, .low, .failed] {
            var floor = Floor()
            try floor.agent("ana")
            try assigned(&floor, "k1", channel: .chat)
            try close(&floor, "k1")
            try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: "k1", hard: true)))
            #expect(floor.agentRecord("ana")?.ledger.anchor == 0)
            var found = Assessment()
            found.scored = scored
            let made = try floor.send(
                .conversationMessage(
                    ConversationMessage(
                        conversation: "k2", from: .customer, text: "???", channel: .chat, assessment: found)))
            try floor.send(.offerAccept(OfferAnswer(offer: try #require(made.offersMade.first).offer, agent: "ana")))
            try close(&floor, "k2")
            let events = try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: "k2", hard: true)))
            #expect(events.stressed.map(\.points) == (scored == .ok ? [] : [600]))
        }
    }

    @Test("agents' own words and family context add nothing")
    func addsNothing() throws {
        var floor = Floor()
        try floor.agent("ana")
        try assigned(&floor, "k1", channel: .chat)
        try floor.send(
            .conversationMessage(
                ConversationMessage(
                    conversation: "k1", from: .agent, text: "words", agent: "ana",
                    assessment: assessment([.frustration: 1_000, .abuse: 1_000]))))
        try floor.message("k1", [.family: 1_000, .urgency: 1_000], channel: nil)
        floor.pass(.minutes(30))
        try close(&floor, "k1")
        #expect(floor.events.stressed.isEmpty)
    }

    @Test("a person's correction is followed by the ledger, down as well as up")
    func rebooked() throws {
        var floor = Floor()
        try floor.agent("ana")
        try assigned(&floor, "k1", channel: .chat)
        try floor.message("k1", [.frustration: 850], channel: nil)
        let slot = try #require(floor.state.conversationSlots["k1"])
        #expect(floor.conversation("k1")?.contact.booked == 1_000)
        for (peak, points) in [(600, -1_000), (900, 1_200)] {
            floor.router.adjust { $0.conversations[slot].peaks.frustration = Score(milli: peak) }
            floor.router.rebook(slot, at: floor.now)
            let events = floor.router.takeEvents()
            #expect(events.stressed.map(\.points) == [points])
            #expect(events.stressed.first?.reason == .word("retag"))
        }
    }

    @Test("a correction takes back neither what a report lifted a contact to nor a break that is owed")
    func rebookedAfterReport() throws {
        var floor = Floor()
        try floor.agent("ana")
        try assigned(&floor, "k1", channel: .chat)
        try floor.message("k1", [.threat: 900, .frustration: 900], channel: nil)
        try floor.send(.stressReport(StressReport(agent: "ana", conversation: "k1")))
        let slot = try #require(floor.state.conversationSlots["k1"])
        floor.router.adjust { $0.conversations[slot].peaks = Tags() }
        floor.router.rebook(slot, at: floor.now)
        #expect(floor.conversation("k1")?.contact.booked == 1_000)
        #expect(floor.agentRecord("ana")?.owesBreak == true)
    }

    @Test("the ledger owes a break when it passes two thousand, not when it reaches it")
    func threshold() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 300)
        for index in 1...2 {
            try assigned(&floor, ConversationID("k\(index)"))
            try floor.send(.stressReport(StressReport(agent: "ana")))
        }
        #expect(floor.agentRecord("ana")?.ledger.value(at: floor.now) == 2_000)
        #expect(floor.events.owedBreaks.isEmpty)
        try assigned(&floor, "k3")
        try floor.message("k3", [.distress: 601], channel: nil)
        let owed = try #require(floor.events.owedBreaks.first)
        #expect(owed.minutes == 10 && owed.paid && owed.startBy == floor.now + .minutes(15))
        #expect(owed.because == "ledger" && owed.kind == .stress && !owed.immediate)
    }

    @Test("a threshold, a length and a window of a team's own hold for that team")
    func teamPolicy() throws {
        var rules = RuleSet.standard
        var team = TeamRules(id: "night")
        team.breaks = BreakPolicy()
        team.breaks?.threshold = 900
        team.breaks?.minutes = 20
        team.breaks?.startWithin = .minutes(5)
        rules.teams = [team]
        var floor = Floor(rules)
        try floor.agent("ana", team: "night")
        try assigned(&floor, "k1")
        let events = try floor.send(.stressReport(StressReport(agent: "ana")))
        #expect(events.owedBreaks.first?.minutes == 20)
        #expect(events.owedBreaks.first?.startBy == floor.now + .minutes(5))
    }
}
