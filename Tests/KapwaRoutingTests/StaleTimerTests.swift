import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// A timer whose subject has moved on is recognised when it fires, and does nothing.
@Suite struct StaleTimerTests {
    private func expectNothing(
        _ floor: Floor, _ subject: RoutingTimer.Subject, due: Instant? = nil, _ comment: Comment? = nil
    ) {
        var copy = floor
        let digest = copy.state.digest
        copy.router.fire(RoutingTimer(due: due ?? copy.now, subject: subject), at: copy.now)
        copy.router.match(at: copy.now)
        #expect(copy.router.takeEvents().types == [], comment)
        #expect(copy.state.digest == digest, comment)
    }

    @Test("of an offer: that it stands longer by now")
    func offers() throws {
        var floor = Floor()
        try floor.agent("ana")
        let offer = try #require(try floor.message("k1").offersMade.first)
        expectNothing(floor, .offer(offer.offer), due: offer.expiresAt - 1)
        expectNothing(floor, .offer("o999"), due: offer.expiresAt)
    }

    @Test("of a conversation: that another episode runs, or that its time was moved")
    func conversations() throws {
        var floor = Floor()
        try floor.message("k1")
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        try floor.message("k1", safety: .explicit)
        let deadline = try #require(floor.conversation("k1")?.deadline)
        expectNothing(floor, .conversation("k1", episode: 1), due: deadline)
        expectNothing(floor, .conversation("k1", episode: 2), due: deadline - 1)
        expectNothing(floor, .safetyRound("k1", episode: 1))
    }

    @Test("of a step: that another episode runs, or that it ends later")
    func steps() throws {
        var rules = RuleSet.standard
        rules.queues[0].needs = ["billing": 2]
        rules.queues[0].steps = [Step(after: .seconds(30), drop: ["billing"])]
        var floor = Floor(rules)
        try floor.message("k1")
        let ends = try #require(floor.conversation("k1")?.placement?.stepEnds)
        floor.now = ends
        expectNothing(floor, .step("k1", episode: 2), due: ends)
        expectNothing(floor, .step("k1", episode: 1), due: ends - 1)
    }

    @Test("of a parked conversation: that another episode is parked, or none is")
    func parked() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("mail", channel: .email)
        expectNothing(floor, .parked("mail", episode: 1), "not parked")
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 10)))
        expectNothing(floor, .parked("mail", episode: 2), "another episode")
    }

    @Test("of a break: that it is another one, or ends later")
    func breaks() throws {
        var floor = Floor()
        try floor.agent("ana")
        let started = try #require(
            try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 10))).breaks.last)
        let ends = try #require(started.endsAt)
        expectNothing(floor, .breakEnd("ana", "b999"), due: ends)
        expectNothing(floor, .breakEnd("ana", started.breakID), due: ends - 1)
        expectNothing(floor, .breakDue("ana", started.breakID))
        expectNothing(floor, .breakOverdue("ana", started.breakID))
    }

    @Test("of an owed break: that it is another one")
    func owedBreaks() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("call", channel: .voice)
        let owed = try #require(try floor.message("call", [.threat: 900], channel: nil).owedBreaks.first)
        // A chat goes on, which could be handed over.
        try floor.message("chat", from: .agent, agent: "ana")
        while floor.now + .minutes(2) < owed.startBy {
            floor.pass(.minutes(2))
            try floor.message("chat", from: .agent, agent: "ana")
        }
        floor.now = owed.startBy
        #expect(floor.agentRecord("ana")?.currentBreak == AgentBreak(owed))
        expectNothing(floor, .breakDue("ana", "b999"))
        expectNothing(floor, .breakOverdue("ana", "b999"))
    }

    @Test("of an incident: that it was declared again, or is over")
    func incidents() throws {
        var floor = Floor(IncidentTests.rules)
        let until = floor.now + .hours(1)
        expectNothing(floor, .incident("outage"), due: until)
        try floor.send(IncidentTests.declare("outage", until: until), by: IncidentTests.supervisor)
        try floor.send(IncidentTests.declare("outage", until: until + .hours(1)), by: IncidentTests.supervisor)
        expectNothing(floor, .incident("outage"), due: until)
    }

    @Test("of a wrap-up, a lease and a reservation: that they last longer")
    func others() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        floor.pass(.minutes(1))
        expectNothing(floor, .offlineGrace("ana", .chat), "back, or never gone")
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        let deadline = try #require(floor.agentRecord("ana")?.wrapups.first?.deadline)
        expectNothing(floor, .wrapup("ana", "k1", episode: 1), due: deadline - 1)
        expectNothing(floor, .wrapup("ana", "k1", episode: 2), due: deadline)
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready, leaseSeconds: 600)))
        let lease = try #require(floor.agentRecord("ana")?.leaseUntil)
        expectNothing(floor, .lease("ana"), due: lease - 1)
        try floor.message("call", channel: .voice)
        floor.pass(.seconds(15))
        let slot = try #require(floor.state.conversationSlots["call"])
        let until = try #require(floor.agentRecord("ana")?.reservation?.until)
        #expect(floor.state.isReservedFor(slot))
        floor.router.fire(RoutingTimer(due: until - 1, subject: .reservationEnd("ana")), at: floor.now)
        #expect(floor.state.isReservedFor(slot))
        floor.router.fire(RoutingTimer(due: until, subject: .reservationEnd("ana")), at: floor.now)
        #expect(!floor.state.isReservedFor(slot))
    }
}
