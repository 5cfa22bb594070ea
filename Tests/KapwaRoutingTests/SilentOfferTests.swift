import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

extension [Event] {
    fileprivate var expired: [OfferEnded] {
        compactMap { event in
            if case .offerExpired(let body) = event.body { body } else { nil }
        }
    }

    fileprivate var withdrawn: [OfferEnded] {
        compactMap { event in
            if case .offerWithdrawn(let body) = event.body { body } else { nil }
        }
    }
}

@Suite struct SilentOfferTests {
    @Test("offers that run out at the same instant are one silence, and one strike")
    func oneSilence() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 75)
        for index in 1...3 { try floor.message(ConversationID("k\(index)")) }
        let expired = floor.pass(.seconds(20)).expired
        #expect(expired.map(\.strike) == [true, false, false])
        #expect(expired.allSatisfy { $0.reason == .word("no_answer") && $0.barredUntil != nil })
        #expect(floor.agentRecord("ana")?.presence == .ready)
        #expect(floor.agentRecord("ana")?.strikes == [floor.now])
    }

    @Test("silences one after the other are a strike each, whatever ran out with them")
    func threeSilences() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 200)
        for index in 1...3 {
            try floor.message(ConversationID("k\(index)a"))
            try floor.message(ConversationID("k\(index)b"))
            floor.pass(.seconds(20))
            #expect(floor.agentRecord("ana")?.presence == (index == 3 ? .away : .ready))
        }
    }

    @Test("an agent who comes to a team whose routing binds nobody keeps no offer")
    func movedToObserve() throws {
        var team = TeamRules(id: "pilot")
        team.routingMode = .observe
        var rules = RuleSet.standard
        rules.teams = [team]
        var floor = Floor(rules)
        try floor.agent("ana", team: "day")
        try floor.message("k1")
        try floor.message("k2")
        #expect(floor.agentRecord("ana")?.offers.count == 2)
        let events = try floor.send(.agentUpsert(AgentUpsert(agent: "ana", team: "pilot")))
        #expect(events.withdrawn.map(\.conversation) == ["k1", "k2"])
        #expect(events.withdrawn.allSatisfy { $0.reason == .word("mode") })
        #expect(floor.conversation("k1")?.phase == .queued)
        #expect(try floor.send(.agentUpsert(AgentUpsert(agent: "ana", team: "day"))).offersMade.count == 2)
    }
}
