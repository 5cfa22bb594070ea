import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

@Suite struct SafetyTests {
    static let rules: RuleSet = {
        var rules = RuleSet.standard
        rules.safetyEscalation = ["lead", "duty", "director"]
        return rules
    }()

    @Test("a danger that nobody acknowledges goes down the site's list, a minute each, and down it again")
    func rounds() throws {
        var floor = Floor(Self.rules)
        let first = try #require(try floor.message("k1", safety: .explicit).raised.first)
        #expect(first.to == "lead")
        #expect(first.until == floor.now + .seconds(60))
        #expect(floor.pass(.seconds(60) - 1).raised.isEmpty)
        #expect(floor.pass(1).raised.map(\.to) == ["duty"])
        #expect(floor.pass(.minutes(2)).raised.map(\.to) == ["director", "lead"])
        #expect(floor.events.raised.map(\.round) == [1, 2, 3, 4])
        #expect(floor.events.raised.allSatisfy { $0.kind == .medical && $0.level == .explicit })
    }

    @Test("it is told again for an hour at most")
    func bounded() throws {
        var floor = Floor(Self.rules)
        try floor.message("k1", safety: .explicit)
        floor.pass(.hours(3))
        #expect(floor.events.raised.count == Limits.safetyRoundsMax)
        #expect(floor.events.raised.last?.until == nil)
    }

    @Test("an acknowledgement ends the rounds, and so does the end of the conversation")
    func acknowledged() throws {
        var floor = Floor(Self.rules)
        try floor.message("k1", safety: .explicit)
        try floor.send(
            .safetyAcknowledge(SafetyAcknowledge(conversation: "k1")), by: Person(role: "lead", name: "Lea"))
        #expect(floor.pass(.minutes(5)).raised.isEmpty)
        try floor.message("k2", safety: .explicit)
        try floor.send(.conversationClose(ConversationClose(conversation: "k2", outcome: .resolved)))
        #expect(floor.pass(.minutes(5)).raised.isEmpty)
    }

    @Test("after the end as before it, an acknowledgement is written down once")
    func acknowledgedOnce() throws {
        var floor = Floor(Self.rules)
        try floor.message("k1", safety: .explicit)
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        let lead = Person(role: "lead", name: "Lea")
        let acknowledge = Command.Body.safetyAcknowledge(SafetyAcknowledge(conversation: "k1"))
        #expect(try floor.send(acknowledge, by: lead).types == ["safety.acknowledged"])
        #expect(try floor.send(acknowledge, by: lead).isEmpty)
    }

    @Test("a possible danger is told once and ranks as hard urgency; words that make it explicit begin the rounds")
    func possible() throws {
        var floor = Floor(Self.rules)
        let told = try #require(try floor.message("k1", safety: .possible).raised.first)
        #expect(told.until == nil)
        #expect(floor.conversation("k1")?.placement?.points == 30)
        #expect(floor.pass(.minutes(5)).raised.isEmpty)
        let raised = try #require(try floor.message("k1", safety: .explicit).raised.first)
        #expect(raised.round == 1)
        #expect(floor.pass(.seconds(60)).raised.map(\.round) == [2])
    }

    @Test("a danger ranks before everything, in the order of opening, and passes a full queue")
    func rank() throws {
        var rules = Self.rules
        rules.queues[0].maxLength = 1
        var floor = Floor(rules)
        try floor.message("k1", [.urgency: 900, .distress: 900], priority: 100)
        #expect(throws: Refusal.self) { try floor.message("k2") }
        let placed = try #require(try floor.message("k3", safety: .explicit).placements.first)
        #expect(placed.placement.rank == floor.now.milliseconds - 10_000_000_000_000)
        #expect(placed.placement.position == 1)
        floor.pass(1_000)
        try floor.message("k4", safety: .explicit)
        #expect(floor.state.queuedSlots.first == floor.state.conversationSlots["k3"])
    }

    @Test("somebody in danger goes to an agent trained for it, and to anyone while none of those is ready")
    func trained() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.agent("zoe", ["safety": 1])
        let trained = try #require(try floor.message("k1", safety: .explicit).offersMade.first)
        #expect(trained.agent == "zoe")
        #expect(trained.needs == ["safety": 1])
        try floor.send(.offerAccept(OfferAnswer(offer: trained.offer, agent: "zoe")))
        // Ready, and owing a break after a threat: not to be asked, and none of the trained is left.
        try floor.message("k1", [.threat: 900])
        let anyone = try #require(try floor.message("k2", safety: .explicit).offersMade.first)
        #expect(anyone.agent == "ana")
        #expect(anyone.needs == Skills.none)
    }

    @Test("what waits for a trained agent is anyone's once that one goes, and the trained one's once back")
    func trainedGoes() throws {
        var floor = Floor()
        try floor.agent("zoe", ["safety": 1], capacity: 25)
        try floor.assigned("k0")
        try floor.agent("ana", capacity: 25)
        #expect(try floor.message("k1", safety: .explicit).offersMade.isEmpty)
        let events = try floor.send(.agentState(AgentState(agent: "zoe", state: .away)))
        #expect(events.offersMade.map(\.agent) == ["ana"])
    }

    @Test("the brief begins with the site's own words and when they were checked; none is built in")
    func brief() throws {
        for level in SafetyFlag.Level.allCases {
            var rules = Self.rules
            var floor = Floor(rules)
            try floor.agent("ana")
            #expect(try floor.message("k1", safety: level).offersMade.first?.brief.safety == nil)
            rules.safetyProtocol = SafetyProtocol(text: "Stay on the line. Call 911.", checkedOn: "2026-10-01")
            floor = Floor(rules)
            try floor.agent("ana")
            let brief = try #require(try floor.message("k1", safety: level).offersMade.first).brief
            #expect(brief.safety == "Stay on the line. Call 911. (checked on 2026-10-01)")
            #expect(try floor.message("k2").offersMade.first?.brief.safety == nil)
        }
    }

    @Test("in danger and back within a minute it is first and raised again; later nothing is kept")
    func back() throws {
        var floor = Floor(Self.rules)
        try floor.message("k1", customer: "juan", safety: .explicit)
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .abandoned)))
        floor.pass(.seconds(50))
        let events = try floor.message("k1", hold: true)
        #expect(events.raised.map(\.round) == [2])
        #expect(events.raised.first?.to == "duty")
        #expect(floor.conversation("k1")?.placement?.safety == true)
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .abandoned)))
        floor.pass(.minutes(2))
        #expect(try floor.message("k1").raised.isEmpty)
        #expect(floor.conversation("k1")?.safety == nil)
        #expect(floor.conversation("k1")?.placement?.safety == false)
        #expect(try floor.message("k2", customer: "juan").raised.isEmpty)
        #expect(floor.conversation("k2")?.placement?.safety == false)
    }

    @Test("back within a minute of an acknowledged danger it is first again, and nobody is told twice")
    func backAcknowledged() throws {
        var floor = Floor(Self.rules)
        try floor.message("k1", safety: .explicit)
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .abandoned)))
        try floor.send(.safetyAcknowledge(SafetyAcknowledge(conversation: "k1")))
        floor.pass(.seconds(30))
        #expect(try floor.message("k1").raised.isEmpty)
        #expect(floor.conversation("k1")?.placement?.safety == true)
        #expect(floor.pass(.minutes(3)).raised.isEmpty)
    }

    @Test("somebody in danger who ends without an agent is owed an answer")
    func followup() throws {
        var floor = Floor(Self.rules)
        try floor.message("k1", safety: .explicit)
        let closed = try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .abandoned)))
        #expect(closed.types.contains("followup.owed"))
        #expect(floor.state.followups["k1"]?.reason == "safety")
        try floor.agent("ana")
        try floor.assigned("k2")
        try floor.message("k2", safety: .explicit)
        let answered = try floor.send(.conversationClose(ConversationClose(conversation: "k2", outcome: .resolved)))
        #expect(!answered.types.contains("followup.owed"))
    }
}

extension [Event] {
    var raised: [SafetyRaised] {
        compactMap { event in
            if case .safetyRaised(let body) = event.body { body } else { nil }
        }
    }
}
