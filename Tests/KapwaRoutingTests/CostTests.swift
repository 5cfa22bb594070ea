import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// Every term of the cost by its formula, as offers record it.
@Suite struct CostTests {
    /// What each agent who passed would have cost: the offer names two.
    static func candidates(_ events: [Event]) throws -> [AgentID: Decision.Candidate] {
        let decision = try #require(events.offersMade.first).decision
        return Dictionary(
            ([decision.winner] + [decision.runnerUp].compactMap { $0 }).map { ($0.agent, $0) },
            uniquingKeysWith: { first, _ in first })
    }

    static func terms(_ events: [Event], of agent: AgentID) throws -> CostTerms {
        try #require(try candidates(events)[agent]).terms
    }

    /// Ends a contact and its wrap-up.
    static func close(_ floor: inout Floor, _ id: ConversationID, _ agent: AgentID) throws {
        try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
        try floor.send(.wrapupDone(WrapupDone(agent: agent, conversation: id)))
    }

    @Test("load: a thousand times what would be carried, of what is admitted; half of the capacity while landing")
    func load() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 200)
        #expect(try Self.terms(try floor.message("k1"), of: "ana").load == 125)
        #expect(try Self.terms(try floor.message("k2", [.frustration: 750]), of: "ana").load == 315)
        floor = Floor()
        try floor.agent("ana", capacity: 200)
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        floor.pass(.minutes(30))
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        #expect(try Self.terms(try floor.message("k1"), of: "ana").load == 250)
    }

    @Test("stress: half the ledger, at most a thousand, as far as the conversation is hard to carry")
    func stress() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 1_000)
        for index in 1...2 {
            let id = ConversationID("h\(index)")
            try floor.assigned(id)
            try floor.send(.stressReport(StressReport(agent: "ana", conversation: id)))
            let ledger = index * 1_000
            let asked = try Self.terms(try floor.message(ConversationID("k\(index)"), [.distress: 600]), of: "ana")
            #expect(asked.stress == ledger / 2 * 600 / 1_000)
        }
        #expect(try Self.terms(try floor.message("calm"), of: "ana").stress == 0)
    }

    @Test("share: who had more hard contacts per hour than the team costs more, who had fewer less, of hard ones alone")
    func share() throws {
        var floor = Floor()
        for agent in ["ana", "ben"] as [AgentID] { try floor.agent(agent) }
        try floor.send(.agentState(AgentState(agent: "ben", state: .away)))
        try floor.assigned("h1", [.frustration: 700])
        try floor.send(.agentState(AgentState(agent: "ben", state: .ready)))
        try Self.close(&floor, "h1", "ana")
        floor.pass(.hours(1))
        // One an hour and none: half an hour's worth is the mean.
        let hard = try Self.candidates(try floor.message("k1", [.distress: 700]))
        #expect(hard["ana"]?.terms.share == 625)
        #expect(hard["ben"]?.terms.share == 375)
        let calm = try Self.candidates(try floor.message("k2", [.distress: 699]))
        #expect(calm.values.map(\.terms.share) == [0, 0])
    }

    @Test("share: the mean is of the own team's agents with half an hour of work, over the last four hours")
    func shareOfTeam() throws {
        var floor = Floor()
        try floor.agent("ana", team: "north")
        try floor.assigned("h1", [.frustration: 700])
        try Self.close(&floor, "h1", "ana")
        floor.pass(.minutes(31))
        try floor.agent("ben", team: "north")
        try floor.agent("cleo", team: "south")
        floor.pass(.minutes(29))
        // Ana alone is the mean: ben came too late to count, and cleo is of another team.
        #expect(floor.router.teamShare("north", at: floor.now) == 1_000)
        #expect(floor.router.teamShare("south", at: floor.now) == nil)
        floor.pass(.minutes(1))
        #expect(floor.router.teamShare("north", at: floor.now) == 491)
        #expect(floor.router.teamShare("south", at: floor.now) == 0)
        floor.pass(.hours(4) - .minutes(61) - 1)
        #expect(floor.router.teamShare("north", at: floor.now) ?? 0 > 0)
        floor.pass(1)
        #expect(floor.router.teamShare("north", at: floor.now) == 0)
    }

    @Test("over_skill: a hundred a level that is not needed, fifty a skill, at most a thousand")
    func overSkill() throws {
        var floor = Floor()
        try floor.agent("ana", ["billing": 5, "english": 3, "tagalog": 1])
        #expect(try Self.terms(try floor.message("k1", skills: ["billing": 3]), of: "ana").overSkill == 300)
        #expect(try Self.terms(try floor.message("k2"), of: "ana").overSkill == 150)
        let many = Skills((1...30).map { Skills.Entry(skill: SkillID("s\($0)"), level: 1) })
        floor = Floor()
        try floor.agent("ben", many)
        #expect(try Self.terms(try floor.message("k1"), of: "ben").overSkill == 1_000)
    }

    @Test("idle: less with each second since ready, the end of a contact or of a break, none after fifteen minutes")
    func idle() throws {
        var floor = Floor()
        try floor.agent("ana")
        func idle(after time: Milliseconds) throws -> Int {
            var later = floor
            later.pass(time)
            return try Self.terms(try later.message("new"), of: "ana").idle
        }
        #expect(try idle(after: 0) == 1_000)
        #expect(try idle(after: .seconds(90)) == 900)
        #expect(try idle(after: .minutes(15)) == 0)
        #expect(try idle(after: .minutes(20)) == 0)
        try floor.assigned("k1")
        floor.pass(.minutes(4))
        try Self.close(&floor, "k1", "ana")
        #expect(try idle(after: .seconds(45)) == 950)
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .personal, minutes: 4)))
        floor.pass(.minutes(2))
        try floor.send(.breakEnd(BreakEnd(agent: "ana")))
        #expect(try idle(after: .seconds(45)) == 950)
    }

    @Test("sticky: the agent who ended it well within thirty days costs nothing, everybody else a thousand")
    func sticky() throws {
        var floor = Floor()
        for agent in ["ana", "ben"] as [AgentID] { try floor.agent(agent) }
        #expect(
            try Self.candidates(try floor.message("k1", [.relief: 600], customer: "juan")).values.map(\.terms.sticky)
                == [1_000, 1_000])
        try floor.accept()
        let good = try #require(floor.events.offersMade.last?.agent)
        try Self.close(&floor, "k1", good)
        let again = try Self.candidates(try floor.message("k2", customer: "juan"))
        for (agent, candidate) in again { #expect(candidate.terms.sticky == (agent == good ? 0 : 1_000)) }
        #expect(try Self.terms(try floor.message("k3", customer: "maria"), of: good).sticky == 1_000)
        for id in ["k2", "k3"] as [ConversationID] {
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
        }
        floor.pass(.days(30) - 1)
        #expect(try Self.terms(try floor.message("k4", customer: "juan"), of: good).sticky == 0)
        try floor.send(.conversationClose(ConversationClose(conversation: "k4", outcome: .resolved)))
        floor.pass(1)
        #expect(try Self.terms(try floor.message("k5", customer: "juan"), of: good).sticky == 1_000)
    }

    @Test("sticky: only an end with relief and no ill feeling is a good one")
    func notSticky() throws {
        for (tags, outcome) in [
            ([Tag.relief: 499], Outcome.resolved), ([.relief: 600, .frustration: 700], .resolved),
            ([.relief: 600], .spam),
        ] {
            var floor = Floor()
            try floor.agent("ana")
            try floor.message("k1", tags, customer: "juan")
            try floor.accept()
            try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: outcome)))
            #expect(try Self.terms(try floor.message("k2", customer: "juan"), of: "ana").sticky == 1_000)
        }
    }

    @Test("prefer: whoever is named costs nothing and others a thousand; nobody named, nothing")
    func prefer() throws {
        var floor = Floor()
        for agent in ["ana", "ben"] as [AgentID] { try floor.agent(agent) }
        let named = try floor.send(
            .conversationMessage(
                ConversationMessage(
                    conversation: "k1", from: .customer, text: "words", channel: .chat, preferredAgent: "ben",
                    assessment: assessment([:]))))
        let candidates = try Self.candidates(named)
        #expect(candidates["ben"]?.terms.prefer == 0)
        #expect(candidates["ana"]?.terms.prefer == 1_000)
        #expect(try Self.candidates(try floor.message("k2")).values.map(\.terms.prefer) == [0, 0])
    }

    @Test(
        "language: for Tagalog and Taglish each level that is missing costs 250; without the skill as at its first",
        arguments: [(0, 1_000), (1, 1_000), (2, 750), (3, 500), (4, 250), (5, 0)])
    func language(level: Int, term: Int) throws {
        for (language, costs) in [(Assessment.Language.tl, true), (.taglish, true), (.en, false), (.ceb, false)] {
            var floor = Floor()
            try floor.agent("ana", level == 0 ? .none : ["tagalog": level])
            var found = assessment([:])
            found.language = language
            let events = try floor.send(
                .conversationMessage(
                    ConversationMessage(
                        conversation: "k1", from: .customer, text: "words", channel: .chat, assessment: found)))
            #expect(try Self.terms(events, of: "ana").language == (costs ? term : 0))
        }
    }

    @Test("the cost is a million a tier, and each term by its weight; a weight of the rules counts")
    func cost() throws {
        var rules = RuleSet.standard
        for weight in [nil, 40] {
            if let weight { rules.weights.language = weight }
            var floor = Floor(rules)
            try floor.agent("ana", ["english": 2])
            try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
            floor.pass(.minutes(30))
            try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
            floor.pass(.seconds(9))
            let winner = try #require(try Self.candidates(try floor.message("k1"))["ana"])
            #expect(winner.tier == 1)
            // Load 500, over_skill 50, idle 990, sticky and language 1,000 each.
            let terms = 20 * 500 + 10 * 50 + 10 * 990 + 15 * 1_000 + (weight ?? 15) * 1_000
            #expect(winner.cost == 1_000_000 + terms)
        }
    }

    @Test("a tier is 8 for who declined before, 4 for a third hard one in a row, 1 while landing, 2 more for hard ones")
    func tiers() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 1_000)
        for id in ["h1", "h2"] as [ConversationID] {
            try floor.assigned(id, [.frustration: 700])
            try Self.close(&floor, id, "ana")
        }
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        floor.pass(.minutes(30))
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        func tier(_ id: ConversationID) throws -> Int {
            floor.router.tier(
                try #require(floor.state.conversationSlots[id]), try #require(floor.state.agentSlots["ana"]),
                at: floor.now)
        }
        try floor.message("calm")
        try floor.message("hard", [.frustration: 700])
        #expect(try tier("calm") == 1)
        #expect(try tier("hard") == 7)
        let offer = try #require(floor.events.offersMade.last)
        #expect(offer.conversation == "calm")
        try floor.send(.offerDecline(OfferAnswer(offer: offer.offer, agent: "ana")))
        #expect(try tier("calm") == 1, "barred, which is a hard test")
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        floor.pass(.seconds(60))
        #expect(try tier("calm") == 9)
        floor.pass(.minutes(9))
        #expect(try tier("calm") == 8)
        #expect(try tier("hard") == 4)
        try floor.message("danger", [.frustration: 700], safety: .explicit)
        #expect(try tier("danger") == 0)
    }
}
