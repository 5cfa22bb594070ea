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
}
