import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

@Suite struct HoursTests {
    /// Every day from 8:00 to 18:00 UTC.
    static let daily = Hours(
        zone: "UTC", transitions: [Hours.ZoneShift(from: Instant(milliseconds: 0), offset: 0)],
        week: Array(repeating: [480..<1_080], count: 7))

    /// A floor at an hour of a day.
    static func floor(at hour: Int64, _ rules: RuleSet = hours) -> Floor {
        var floor = Floor(rules)
        let day = floor.now.milliseconds - floor.now.milliseconds % .days(1) + .days(1)
        floor.pass(day + .hours(hour) - floor.now.milliseconds)
        return floor
    }

    static let hours: RuleSet = {
        var rules = RuleSet.standard
        rules.queues[0].hours = daily
        rules.queues[0].steps = [Step(after: .seconds(30), drop: ["billing"])]
        rules.queues.append(Queue(id: "always"))
        return rules
    }()

    @Test("a closed queue keeps what comes, says until when, and offers nothing before it opens")
    func keeps() throws {
        var floor = Self.floor(at: 3)
        try floor.agent("ana")
        let queued = try #require(try floor.message("k1").placements.first)
        #expect(queued.reason == .word("closed"))
        #expect(queued.until == floor.now + .hours(5))
        #expect(floor.pass(.hours(5) - 1).offersMade.isEmpty)
        #expect(floor.pass(1).offersMade.first?.agent == "ana")
    }

    @Test("an open queue says nothing of hours: only when its step ends")
    func open() throws {
        var floor = Self.floor(at: 9)
        let queued = try #require(try floor.message("k1", skills: ["billing": 1]).placements.first)
        #expect(queued.reason == nil)
        #expect(queued.until == floor.now + .seconds(30))
    }

    @Test("what waits when the queue closes is asked for when it opens, and the next day again")
    func acrossClosing() throws {
        var floor = Self.floor(at: 17)
        try floor.message("k1")
        floor.pass(.hours(2))
        try floor.agent("ana")
        #expect(floor.pass(.hours(13) - 1).offersMade.isEmpty)
        let offer = try #require(floor.pass(1).offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        floor.pass(.hours(11))
        try floor.message("k2")
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        #expect(floor.pass(.hours(13)).offersMade.map(\.conversation).contains("k2"))
    }

    @Test("the clock of the target stands: two who came in the night are due as the queue opens, in their order")
    func targetStands() throws {
        var floor = Self.floor(at: 3)
        let opens = floor.now + .hours(5)
        let first = try #require(try floor.message("k1").placements.first)
        floor.pass(.hours(2))
        let second = try #require(try floor.message("k2").placements.first)
        #expect(first.placement.rank == (opens + .seconds(20)).milliseconds)
        #expect(second.placement.rank == first.placement.rank)
        #expect(floor.state.queuedSlots.first == floor.state.conversationSlots["k1"])
    }

    @Test("the clocks of the wait and of the steps stand")
    func waitStands() throws {
        var rules = Self.hours
        rules.queues[0].maxWait = .hours(1)
        var floor = Self.floor(at: 17, rules)
        floor.pass(.minutes(30))
        let queued = try #require(try floor.message("k1", skills: ["billing": 1]).placements.first)
        #expect(queued.waitUntil == floor.now + .hours(15))
        floor.pass(.minutes(30) - .seconds(10))
        let late = try #require(try floor.message("k2", skills: ["billing": 1]).placements.first)
        #expect(late.placement.stepEnds == floor.now + .seconds(10) + .hours(14) + .seconds(20))
        #expect(floor.pass(.hours(14)).relaxed.isEmpty)
        let morning = floor.pass(.hours(1))
        #expect(morning.relaxed.map(\.conversation) == ["k2"])
        #expect(morning.types.contains("conversation.closed"))
    }

    @Test("what is one agent's alone while its queue is closed waits, and keeps that agent from nothing else")
    func onlyWhileClosed() throws {
        var floor = Self.floor(at: 3)
        try floor.agent("ana")
        try floor.message("k1")
        try floor.send(
            .conversationTransfer(ConversationTransfer(conversation: "k1", reason: "knows it", agent: "ana")))
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        try floor.message("k2", queue: "always")
        let made = try floor.send(.agentState(AgentState(agent: "ana", state: .ready))).offersMade
        #expect(made.map(\.conversation) == ["k2"])
        try floor.send(.offerAccept(OfferAnswer(offer: #require(made.first).offer, agent: "ana")))
        #expect(floor.pass(.hours(5)).offersMade.map(\.conversation) == ["k1"])
    }

    @Test("somebody in danger is served whatever the hour")
    func safetyPasses() throws {
        var floor = Self.floor(at: 3)
        try floor.agent("ana")
        #expect(try floor.message("k1", safety: .explicit).offersMade.first?.agent == "ana")
        #expect(floor.events.placements.last?.reason == nil)
        #expect(try floor.message("k2", queue: "always").offersMade.count == 1)
    }

    @Test("words of danger in a closed queue bring an agent at once")
    func becomesDanger() throws {
        var floor = Self.floor(at: 3)
        try floor.agent("ana")
        try floor.message("k1")
        #expect(try floor.message("k1", safety: .explicit).offersMade.count == 1)
    }

    @Test("other hours by a change of the rules hold at once, and a replay opens the queue as well")
    func rulesChange() throws {
        var floor = Self.floor(at: 3)
        try floor.agent("ana")
        try floor.message("k1")
        var replayed = RoutingState(tenant: "main")
        for event in floor.events { replayed.apply(event) }
        #expect(replayed.digest == floor.state.digest)
        var other = Router(state: replayed, rules: Self.hours, lexicon: "lexicon", version: "test")
        other.start(at: floor.now, digest: replayed.digest)
        #expect(other.state.nextDeadline.map { $0 <= floor.now + .hours(5) } == true)
        other.tick(at: floor.now + .hours(5))
        other.match(at: floor.now + .hours(5))
        #expect(other.takeEvents().offersMade.count == 1)
        var always = Self.hours
        always.queues[0].hours = nil
        always.hash = "always"
        floor.router.change(to: always, lexicon: "lexicon", by: nil, at: floor.now)
        floor.router.match(at: floor.now)
        #expect(floor.router.takeEvents().offersMade.count == 1)
    }
}
