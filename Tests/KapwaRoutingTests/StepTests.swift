import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

@Suite struct StepTests {
    /// Level 3 for half a minute, level 1 for a minute, then nobody in particular.
    static let rules: RuleSet = {
        var rules = RuleSet.standard
        rules.queues[0].needs = ["billing": 3]
        rules.queues[0].steps = [
            Step(after: .seconds(30), lower: ["billing": 1]), Step(after: .seconds(60), drop: ["billing"]),
        ]
        rules.queues.append(Queue(id: "other"))
        rules.queues[1].needs = ["billing": 5]
        rules.queues[1].steps = [Step(after: .seconds(10), drop: ["billing"])]
        return rules
    }()

    @Test("each step lasts its time, then lowers or drops what is needed; the last never ends")
    func relaxes() throws {
        var floor = Floor(Self.rules)
        let queued = try #require(try floor.message("k1").placements.first)
        #expect(queued.placement.step == 0)
        #expect(queued.placement.stepEnds == floor.now + .seconds(30))
        #expect(queued.until == queued.placement.stepEnds)
        #expect(floor.pass(.seconds(30) - 1).relaxed.isEmpty)
        let first = try #require(floor.pass(1).relaxed.first)
        #expect(first.placement.step == 1)
        #expect(first.placement.needs == ["billing": 1])
        #expect(first.placement.stepEnds == floor.now + .seconds(60))
        #expect(first.reason == .word("step"))
        #expect(first.placement.rank == queued.placement.rank)
        #expect(first.waitUntil == queued.waitUntil)
        let second = try #require(floor.pass(.seconds(60)).relaxed.first)
        #expect(second.placement.needs == .none)
        #expect(second.placement.stepEnds == nil)
        #expect(floor.pass(.hours(3)).relaxed.isEmpty)
    }

    @Test("who meets a step is asked the moment it begins")
    func relaxedIsOffered() throws {
        var floor = Floor(Self.rules)
        try floor.agent("ana", ["billing": 1])
        #expect(try floor.message("k1").offersMade.isEmpty)
        let events = floor.pass(.seconds(30))
        #expect(events.offersMade.first?.agent == "ana")
        #expect(events.offersMade.first?.step == 1)
        #expect(events.offersMade.first?.needs == ["billing": 1])
    }

    @Test("steps relax what the sender asked for as well, and add nothing")
    func relaxesTheSendersNeeds() throws {
        var floor = Floor(Self.rules)
        try floor.message("k1", skills: ["billing": 4, "english": 2])
        floor.pass(.seconds(30))
        #expect(floor.conversation("k1")?.placement?.needs == ["billing": 1, "english": 2])
    }

    @Test("a step is kept over a decline, and its time runs on while it was offered")
    func keptOverDecline() throws {
        var floor = Floor(Self.rules)
        try floor.agent("ana", ["billing": 1])
        try floor.message("k1")
        let offer = try #require(floor.pass(.seconds(30)).offersMade.first)
        floor.pass(.seconds(15))
        let declined = try floor.send(.offerDecline(OfferAnswer(offer: offer.offer, agent: "ana")))
        #expect(declined.placements.first?.placement.step == 1)
        #expect(declined.placements.first?.placement.stepEnds == floor.now + .seconds(45))
    }

    @Test("a step that ended while it was offered ends the moment the offer does")
    func endedWhileOffered() throws {
        var rules = Self.rules
        rules.offers.timeout.chat = .seconds(90)
        var floor = Floor(rules)
        try floor.agent("ana", ["billing": 1])
        try floor.message("k1")
        floor.pass(.seconds(30))
        #expect(floor.pass(.seconds(89)).relaxed.isEmpty)
        #expect(floor.conversation("k1")?.phase == .offered)
        let events = floor.pass(.seconds(1))
        #expect(events.types.prefix(3) == ["offer.expired", "conversation.requeued", "conversation.relaxed"])
        #expect(floor.conversation("k1")?.placement?.step == 2)
    }

    @Test("a step is kept over a lost agent and a transfer within the queue, and its time begins anew")
    func keptOverLostAgent() throws {
        var floor = Floor(Self.rules)
        try floor.agent("ana", ["billing": 1])
        try floor.message("k1", channel: .voice)
        let offer = try #require(floor.pass(.seconds(30)).offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        floor.pass(.minutes(20))
        let lost = try floor.send(.agentState(AgentState(agent: "ana", state: .offline)))
        #expect(lost.placements.first?.placement.step == 1)
        #expect(lost.placements.first?.placement.stepEnds == floor.now + .seconds(60))
        let moved = try floor.send(.conversationTransfer(ConversationTransfer(conversation: "k1", reason: "again")))
        #expect(moved.placements.first?.placement.step == 1)
    }

    @Test("another queue starts its own steps")
    func newQueue() throws {
        var floor = Floor(Self.rules)
        try floor.message("k1")
        floor.pass(.seconds(30))
        let moved = try floor.send(
            .conversationTransfer(ConversationTransfer(conversation: "k1", reason: "wrong", queue: "other")))
        #expect(moved.placements.first?.placement.step == 0)
        #expect(moved.placements.first?.placement.needs == ["billing": 5])
        let events = floor.pass(.seconds(10))
        #expect(events.relaxed.first?.placement.step == 1)
        let updated = try floor.send(.conversationUpdate(ConversationUpdate(conversation: "k1", queue: "main")))
        guard case .conversationUpdated(let body)? = updated.first?.body else { throw Floor.Missing.offer }
        #expect(body.placement?.step == 0)
        #expect(floor.pass(.seconds(30)).relaxed.first?.placement.queue == "main")
    }

    @Test("nobody of any presence who meets the last step: said at queueing, not when the customer gave up")
    func unroutable() throws {
        var floor = Floor(Self.rules)
        try floor.send(.agentUpsert(AgentUpsert(agent: "ana", skills: Skills.none)))
        #expect(try !floor.message("k1").types.contains("conversation.unroutable"))
        let events = try floor.message("k2", skills: ["japanese": 2])
        guard case .conversationUnroutable(let body)? = events.last?.body else { throw Floor.Missing.offer }
        #expect(body.needs == ["japanese": 2])
    }

    @Test("steps read expired, active, inactive; the one by which an agent took it, joined")
    func explained() throws {
        var floor = Floor(Self.rules)
        try floor.agent("ana", ["billing": 1])
        try floor.message("k1")
        #expect(floor.router.steps(of: "k1").map(\.state) == [.active, .inactive, .inactive])
        let offer = try #require(floor.pass(.seconds(30)).offersMade.first)
        #expect(floor.router.steps(of: "k1").map(\.state) == [.expired, .active, .inactive])
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        #expect(floor.router.steps(of: "k1").map(\.state) == [.expired, .joined, .inactive])
        #expect(floor.router.steps(of: "k1").map(\.needs) == [["billing": 3], ["billing": 1], .none])
    }

    @Test("a queue that lost its steps leaves what waits at its last; one that gained some begins to count")
    func rulesChange() throws {
        var floor = Floor(Self.rules)
        try floor.message("k1")
        floor.pass(.seconds(30))
        var fewer = Self.rules
        fewer.queues[0].steps = []
        fewer.hash = "fewer"
        floor.router.change(to: fewer, lexicon: "lexicon", by: nil, at: floor.now)
        #expect(floor.conversation("k1")?.placement?.needs == ["billing": 3])
        #expect(floor.conversation("k1")?.placement?.stepEnds == nil)
        floor.router.change(to: Self.rules, lexicon: "lexicon", by: nil, at: floor.now)
        #expect(floor.conversation("k1")?.placement?.stepEnds == floor.now + .seconds(30))
    }
}

extension [Event] {
    var relaxed: [ConversationPlaced] {
        compactMap { event in
            if case .conversationRelaxed(let body) = event.body { body } else { nil }
        }
    }
}
