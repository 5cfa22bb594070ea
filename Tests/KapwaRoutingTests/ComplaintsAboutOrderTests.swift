import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// What users of other routers complain about when it comes to who gets how much and who comes next; numbers as in
/// `docs/complaints.md`.
@Suite struct ComplaintsAboutOrderTests {
    private func accept(_ floor: inout Floor, _ made: [OfferMade]) throws {
        for offer in made { try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: offer.agent))) }
    }

    @Test("14: no lifetime counter decides: who comes back from a holiday gets a share, not everything")
    func backFromHoliday() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.agent("ben")
        try floor.send(.agentState(AgentState(agent: "ana", state: .offline)))
        for number in 1...30 {
            try accept(&floor, try floor.message(ConversationID("old\(number)")).offersMade)
            try floor.send(
                .conversationClose(ConversationClose(conversation: ConversationID("old\(number)"), outcome: .resolved)))
            floor.pass(.minutes(10))
        }
        #expect(floor.events.offersMade.allSatisfy { $0.agent == "ben" })
        floor.pass(.days(14))
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        let made = try (1...6).flatMap { try floor.message(ConversationID("new\($0)")).offersMade }
        #expect(made.count == 6)
        #expect(made.count { $0.agent == "ana" } == 2, "half the capacity while landing")
        #expect(made.first?.agent == "ben", "returning never makes an agent first in line")
    }

    @Test("15: who is the first to come in the morning is not flooded: half of the capacity for ten minutes")
    func firstInTheMorning() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.send(.agentState(AgentState(agent: "ana", state: .offline)))
        floor.pass(.hours(10))
        for number in 1...10 { try floor.message(ConversationID("k\(number)")) }
        let made = try floor.send(.agentState(AgentState(agent: "ana", state: .ready))).offersMade
        #expect(made.count == 2)
        try accept(&floor, made)
        #expect(floor.pass(.minutes(10) - 1).offersMade.isEmpty)
        #expect(floor.pass(1).offersMade.count == 2)
    }

    @Test("18: whoever becomes free gets what waited longest, at once and without a restart or a new message")
    func backlogDrains() throws {
        var floor = Floor()
        for number in 1...3 {
            try floor.message(ConversationID("k\(number)"))
            floor.pass(.seconds(1))
        }
        #expect(floor.events.offersMade.isEmpty)
        try floor.agent("ana", capacity: 25)
        for number in 1...3 {
            let id = ConversationID("k\(number)")
            let offer = try #require(floor.events.offersMade.last)
            #expect(offer.conversation == id)
            try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
            try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: id)))
        }
        #expect(floor.events.offersMade.count == 3)
    }

    @Test("22: one number orders everything that waits: rank, whatever queue, weight or rule it came by")
    func oneRank() throws {
        var rules = RuleSet.standard
        rules.queues = [Queue(id: "main"), Queue(id: "vip")]
        rules.queues[1].target = PerChannel(chat: .seconds(5), voice: .seconds(5), email: .hours(1))
        var floor = Floor(rules)
        try floor.message("calm")
        try floor.message("asked", priority: 50)
        try floor.message("vip", queue: "vip")
        try floor.message("urgent", [.urgency: 800], queue: "vip")
        let ranks = floor.state.queuedSlots.map { floor.state.conversations[$0] }
        #expect(ranks.map(\.id) == ["urgent", "asked", "vip", "calm"])
        let numbers = ranks.compactMap(\.placement?.rank)
        #expect(numbers == numbers.sorted())
        try floor.agent("ana", capacity: 100)
        #expect(floor.events.offersMade.map(\.conversation) == ["urgent", "asked", "vip", "calm"])
    }

    @Test("22: nobody starves: four hours after opening nothing newer comes first, whatever its points")
    func nobodyStarves() throws {
        var floor = Floor()
        try floor.message("old")
        floor.pass(.hours(4) + 1)
        try floor.message("new", [.urgency: 1_000, .distress: 1_000, .family: 1_000], priority: 100)
        #expect(floor.state.queuedSlots.map { floor.state.conversations[$0].id } == ["old", "new"])
    }

    @Test("23: steps are the only way in which needs relax, each by its own clock from the one before, in order")
    func steps() throws {
        var rules = RuleSet.standard
        rules.queues[0].needs = ["billing": 3, "tagalog": 2]
        rules.queues[0].steps = [
            Step(after: .seconds(30), lower: ["billing": 1]), Step(after: .seconds(60), drop: ["tagalog"]),
        ]
        var floor = Floor(rules)
        try floor.agent("exact", ["billing": 1], capacity: 25)
        try floor.message("k1")
        func states() -> [StepState] { floor.router.steps(of: "k1").map(\.state) }
        #expect(states() == [.active, .inactive, .inactive])
        #expect(floor.pass(.seconds(30) - 1).isEmpty)
        #expect(floor.pass(1).types == ["conversation.relaxed"])
        #expect(states() == [.expired, .active, .inactive])
        #expect(floor.pass(.seconds(60) - 1).isEmpty)
        let last = floor.pass(1)
        #expect(last.types.first == "conversation.relaxed" && last.offersMade.map(\.agent) == ["exact"])
        // Nothing expires the last step.
        try floor.send(.offerDecline(OfferAnswer(offer: last.offersMade[0].offer, agent: "exact")))
        floor.pass(.hours(1))
        #expect(states().last == .active)
    }
}
