import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

extension [Event] {
    var invited: [BreakInvited] {
        compactMap { event in
            if case .breakInvited(let body) = event.body { body } else { nil }
        }
    }
}

extension KapwaRoutingTests.Floor {
    /// Gives an agent so many emails, and has each reported as hard.
    mutating func strain(_ agent: AgentID, reports: Int) throws {
        for index in 1...reports {
            let id = ConversationID("\(agent)\(index)-\(events.count)")
            let made = try message(id, channel: .email, skills: [SkillID(agent.rawValue): 1])
            let offer = try #require(made.offersMade.first)
            try send(.offerAccept(OfferAnswer(offer: offer.offer, agent: agent)))
            try send(.stressReport(StressReport(agent: agent, conversation: id)))
        }
    }
}

extension KapwaRoutingTests.Floor {
    /// Ends the agent's oldest contact; returns the events of the batch.
    fileprivate mutating func closeFirst(of agent: AgentID) throws -> [Event] {
        let slot = try #require(agentRecord(agent)?.contacts.first).self
        return try send(
            .conversationClose(ConversationClose(conversation: state.conversations[slot].id, outcome: .resolved)))
    }
}

/// Who is offered an early break, so that a team's breaks do not fall together.
@Suite struct InvitationTests {
    private func floor(
        _ rules: RuleSet = .standard, agents: [AgentID] = ["ana", "ben", "cat"]
    ) throws -> KapwaRoutingTests.Floor {
        var floor = Floor(rules)
        for agent in agents { try floor.agent(agent, [SkillID(agent.rawValue): 1], capacity: 300) }
        return floor
    }

    /// Ten of one team, of whom two may rest at once.
    private func ten() throws -> KapwaRoutingTests.Floor { try floor(agents: (0...9).map { AgentID("a\($0)") }) }

    @Test("from seventy percent of the threshold on the agent is invited to go early")
    func invited() throws {
        var floor = try floor()
        try floor.strain("ana", reports: 1)
        #expect(floor.events.invited.isEmpty)
        try floor.strain("ana", reports: 1)
        let invitation = try #require(floor.events.invited.first)
        #expect(invitation.reason == .word("stagger"))
        #expect(invitation.minutes == 10)
        #expect(invitation.until == floor.now + .minutes(5))
        let events = try floor.send(.breakStart(BreakStart(agent: "ana")))
        #expect(events.started(.stress).first?.reason == .care)
        #expect(events.started(.stress).first?.because == "stagger")
    }

    @Test("nobody is invited while a floor would break, nor while there is no room, nor twice")
    func notInvited() throws {
        var rules = RuleSet.standard
        rules.floors = [KapwaRules.Floor(least: 3)]
        var covered = try floor(rules)
        try covered.strain("ana", reports: 2)
        #expect(covered.events.invited.isEmpty)
        var full = try floor()
        try full.strain("ben", reports: 3)
        let before = full.events.invited.count
        try full.strain("ana", reports: 2)
        #expect(full.events.invited.count == before)
        var twice = try floor()
        try twice.strain("ana", reports: 2)
        try twice.send(.stressReport(StressReport(agent: "ana")))
        #expect(twice.events.invited.count == 1)
    }

    @Test("when a stress break ends and nobody waits for room, the most stressed is invited")
    func mostStressed() throws {
        var floor = try floor(agents: ["ana", "ben", "cat"])
        try floor.strain("ana", reports: 3)
        try floor.strain("cat", reports: 2)
        floor.pass(.minutes(1))
        try floor.strain("ben", reports: 2)
        let before = floor.events.invited.count
        let events = floor.pass(.minutes(9))
        #expect(events.invited.map(\.agent) == ["ben"])
        #expect(before == 1)
    }

    @Test("an invitation runs out: what is asked for later is the agent's own break")
    func runsOut() throws {
        var floor = try floor()
        try floor.strain("ana", reports: 2)
        floor.pass(.minutes(15))
        let events = try floor.send(.breakStart(BreakStart(agent: "ana")))
        #expect(events.owedBreaks.map(\.kind) == [.personal])
    }

    @Test("the pause that follows one insult is three minutes long, and never longer than asked for less")
    func insultPause() throws {
        var floor = try floor()
        let offer = try #require(try floor.message("k1", channel: .email, skills: ["ana": 1]).offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        try floor.message("k1", [.abuse: 600], channel: nil, abuse: Abuse(kind: .insult, target: .agent))
        #expect(floor.events.invited.first?.reason == .word("insult"))
        let events = try floor.send(.breakStart(BreakStart(agent: "ana", minutes: 1)))
        let pause = try #require(events.started(.stress).first)
        #expect(pause.minutes == 3 && pause.because == "insult" && pause.paid)
    }

    @Test("calm words after an insult, or after three, bring nothing of what the insults brought again")
    func calmAfterInsults() throws {
        var floor = try floor()
        let offer = try #require(try floor.message("k1", channel: .email, skills: ["ana": 1]).offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        let insult = Abuse(kind: .insult, target: .agent)
        for count in 1...3 {
            let events = try floor.message("k1", [.abuse: 600], channel: nil, abuse: insult)
            #expect(events.invited.count == (count == 1 ? 1 : 0))
            #expect(events.types.contains("break.owed") == (count == 3))
            if count < 3 { #expect(try floor.message("k1", channel: nil).invited.isEmpty) }
        }
        floor.pass(.minutes(10))
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        #expect(floor.agentRecord("ana")?.currentBreak == nil)
        #expect(floor.conversation("k1")?.agent != nil && floor.conversation("k1")?.isParked == false)
        #expect(try !floor.message("k1", channel: nil).types.contains("break.owed"))
    }

    @Test("an early break is offered between contacts: while one is live it could not begin")
    func betweenContacts() throws {
        var floor = try floor()
        let offer = try #require(try floor.message("k1", skills: ["ana": 1]).offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        try floor.strain("ana", reports: 2)
        #expect(floor.events.invited.isEmpty)
        let events = try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        #expect(events.invited.map(\.agent) == ["ana"])
        let begun = try floor.send(.breakStart(BreakStart(agent: "ana")))
        #expect(begun.started(.stress).first?.because == "stagger")
    }

    @Test("no more are invited than may rest: who rests, owes or was invited has a place")
    func places() throws {
        var floor = try ten()
        for agent in ["a0", "a1", "a2"] { try floor.strain(AgentID(agent), reports: 2) }
        #expect(floor.events.invited.map(\.agent) == ["a0", "a1"])
        // The first is on the way to a break and cannot begin yet: the place is taken all the same.
        let offer = try #require(try floor.message("k1", channel: .voice, skills: ["a0": 1]).offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "a0")))
        try floor.send(.breakStart(BreakStart(agent: "a0")))
        #expect(floor.agentRecord("a0")?.owesBreak == true)
        try floor.strain("a3", reports: 2)
        #expect(floor.events.invited.count == 2)
    }

    @Test("an invitation that is let be gives its place back; the one who let it be is not asked again at once")
    func letBe() throws {
        var floor = try ten()
        for agent in ["a0", "a1", "a2"] { try floor.strain(AgentID(agent), reports: 2) }
        floor.pass(.minutes(5) - 1)
        #expect(try floor.closeFirst(of: "a0").invited.isEmpty)
        floor.pass(1)
        #expect(try floor.closeFirst(of: "a1").invited.map(\.agent) == ["a2"])
        floor.pass(.minutes(10) - 1)
        #expect(floor.events.invited.count == 3)
        floor.pass(1)
        #expect(try floor.closeFirst(of: "a0").invited.map(\.agent) == ["a0", "a1"])
    }

    @Test("a short pause after an insult takes no early break's place: the longer one stays, and comes all the same")
    func longerStays() throws {
        var floor = try floor()
        try floor.strain("ana", reports: 2)
        let mail = try #require(floor.agentRecord("ana")?.contacts.first).self
        let insult = Abuse(kind: .insult, target: .agent)
        try floor.message(floor.state.conversations[mail].id, [.abuse: 600], channel: nil, abuse: insult)
        #expect(floor.events.invited.map(\.reason) == [.word("stagger")])
        let offer = try #require(
            try floor.message("k1", channel: .email, skills: ["ben": 1]).offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ben")))
        try floor.message("k1", [.abuse: 600], channel: nil, abuse: insult)
        #expect(floor.events.invited.last?.reason == .word("insult"))
        floor.pass(.minutes(5))
        try floor.send(.stressReport(StressReport(agent: "ben", conversation: "k1")))
        try floor.strain("ben", reports: 1)
        #expect(floor.events.invited.last?.reason == .word("stagger"))
    }

    @Test("a floor is kept also without those who were invited and have not gone yet")
    func floorWithoutInvited() throws {
        var rules = RuleSet.standard
        rules.floors = [KapwaRules.Floor(least: 8)]
        rules.breaks.teamShareMax = 500
        var floor = try floor(rules, agents: (0...9).map { AgentID("a\($0)") })
        for agent in ["a0", "a1", "a2"] { try floor.strain(AgentID(agent), reports: 2) }
        #expect(floor.events.invited.map(\.agent) == ["a0", "a1"])
    }

    @Test("where early breaks are offered from the whole threshold on, nobody is invited")
    func nobody() throws {
        var rules = RuleSet.standard
        rules.breaks.inviteAt = 1_000
        var floor = try floor(rules)
        // From the fourth report on none starts a break by itself, however full the ledger is.
        try floor.strain("ana", reports: 3)
        floor.pass(.minutes(10))
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        try floor.strain("ana", reports: 2)
        #expect(floor.state.agents[0].ledger.value(at: floor.now) > rules.breaks.threshold)
        #expect(floor.events.invited.isEmpty)
    }

    @Test("the most stressed of the team is invited, not the one who had the last contact")
    func mostStressedFirst() throws {
        var rules = RuleSet.standard
        rules.breaks.threshold = 4_000
        var floor = try floor(rules)
        let hard = try floor.message("k1", [.frustration: 900], skills: ["ben": 1])
        let offer = try #require(hard.offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ben")))
        try floor.strain("ben", reports: 2)
        floor.pass(.minutes(3))
        #expect(floor.events.invited.isEmpty, "nothing has happened since the chat fell silent")
        try floor.strain("ana", reports: 3)
        #expect(floor.events.invited.map(\.agent) == ["ben"])
    }
}
