import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

@Suite struct RestartTests {
    /// Stops a floor, and goes on from its events after a gap.
    private func restart(_ floor: Floor, after gap: Milliseconds) -> Floor {
        var state = RoutingState(tenant: "main")
        for event in floor.events { state.apply(event) }
        var next = floor
        next.now = floor.now + gap
        next.router = Router(state: state, rules: floor.router.rules, lexicon: "lexicon", version: "test")
        next.router.start(at: next.now, digest: state.digest)
        next.router.match(at: next.now)
        next.events += next.router.takeEvents()
        return next
    }

    @Test("offers that ended while it was away expire with reason restart and leave no strike")
    func offersExpire() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.message("k1")
        let after = restart(floor, after: .minutes(1))
        let ended = after.events.compactMap { event in
            if case .offerExpired(let body) = event.body { body } else { nil }
        }
        #expect(ended.first?.reason == .word("restart"))
        #expect(ended.first?.strike == false)
        #expect(after.agentRecord("ana")?.offers.count == 1)
    }

    @Test("an open offer gets at least five seconds after a start")
    func fiveSeconds() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.message("k1")
        var after = restart(floor, after: .seconds(19))
        #expect(after.pass(.seconds(4)).types.contains("offer.expired") == false)
        #expect(after.pass(.seconds(1)).types.contains("offer.expired"))
    }

    @Test("a running break counts the gap as taken, and a late one says restart")
    func breaksOverTheGap() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 10)))
        let after = restart(floor, after: .minutes(30))
        #expect(after.events.breaks.last?.takenMilliseconds == .minutes(30))
    }

    @Test("a break past its latest start begins at once when nothing is live, and is counted apart")
    func lateByRestart() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("chat")
        try floor.message("chat", [.threat: 900])
        let after = restart(floor, after: .hours(1))
        let started = try #require(after.events.started(.stress).first)
        #expect(started.lateMilliseconds == .minutes(45))
        #expect(started.lateCause == .word("restart"))
        #expect(!after.events.types.contains("handover.offered"))
    }

    @Test("a planned break that was due while it was away begins at once, for an agent who was not told offline")
    func plannedOverTheGap() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.send(.agentShift(AgentShift(agent: "ana", startsAt: floor.now, endsAt: floor.now + .hours(9))))
        let after = restart(floor, after: .hours(6))
        let started = try #require(after.events.started(.meal).first)
        #expect(started.lateMilliseconds == .hours(1))
        #expect(started.lateCause == .word("restart"))
    }

    @Test("a break waits for room, a moved one for its time and a parked message for its agent as if nothing had been")
    func waitsGoOn() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 200)
        try floor.assigned("mail", channel: .email)
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 30)))
        try floor.message("mail", channel: nil)
        var after = restart(floor, after: .seconds(30))
        #expect(after.agentRecord("ana")?.isOnBreak == true)
        #expect(after.pass(.seconds(89)).requeuedBecause.isEmpty)
        #expect(after.pass(.seconds(1)).requeuedBecause == ["parked"])
    }

    @Test("chats are offered for hand-over once, restart or not")
    func handoverOnce() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("chat")
        try floor.message("chat", [.threat: 900])
        for _ in 1...16 {
            floor.pass(.minutes(1))
            try floor.message("chat", from: .agent, channel: nil, agent: "ana")
        }
        #expect(floor.events.types.count { $0 == "handover.offered" } == 1)
        let after = restart(floor, after: .seconds(10))
        #expect(after.events.types.count { $0 == "handover.offered" } == 1)
    }

    @Test("a time in which the clock was not watched is written down")
    func clockGap() throws {
        var floor = Floor()
        floor.router.noteClockGap(.seconds(6), at: floor.now)
        guard case .clockGap(let body)? = floor.router.takeEvents().last?.body else { throw Floor.Missing.offer }
        #expect(body.gapMilliseconds == 6_000)
    }

    @Test("leases get at least sixty seconds; an agent without one keeps its state")
    func leases() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.send(.agentUpsert(AgentUpsert(agent: "ben", skills: Skills.none)))
        try floor.send(.agentState(AgentState(agent: "ben", state: .ready, leaseSeconds: 10)))
        var after = restart(floor, after: .hours(1))
        #expect(after.agentRecord("ana")?.presence == .ready)
        #expect(after.pass(.seconds(59)).isEmpty)
        #expect(after.agentRecord("ben")?.presence == .ready)
        after.pass(.seconds(1))
        #expect(after.agentRecord("ben")?.presence == .offline)
    }

    @Test("no wait is told when nobody who could serve is there, whatever waited with those needs before")
    func noWaitForNobody() throws {
        for isKnown in [false, true] {
            var floor = Floor()
            try floor.agent("ana")
            for number in 1...3 {
                try floor.assigned(ConversationID("k\(number)"))
                floor.pass(.minutes(1))
            }
            if isKnown { try floor.message("before", skills: ["rare": 1]) }
            let events = try floor.message("new", skills: ["rare": 1])
            let placements = events.compactMap { event in
                if case .conversationQueued(let body) = event.body { body.placement } else { nil }
            }
            #expect(placements.count == 1)
            #expect(placements.first?.expectedWaitMilliseconds == nil)
            let easy = try floor.message("easy", skills: Skills.none)
            #expect(
                easy.contains { event in
                    if case .conversationQueued(let body) = event.body {
                        body.placement.expectedWaitMilliseconds != nil
                    } else {
                        false
                    }
                })
        }
    }
}
