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
}

/// More than thirty in a hundred of the last minute's offers, of at least ten, expired: the feed is broken, and nobody
/// is punished.
@Suite struct FeedTests {
    /// As many agents as are asked for, each the only one for what needs the agent's skill.
    private func floor(_ agents: Int) throws -> KapwaRoutingTests.Floor {
        var floor = Floor()
        for index in 1...agents { try floor.agent(AgentID("a\(index)"), [SkillID("s\(index)"): 1]) }
        return floor
    }

    /// Makes an offer to each of these agents.
    private func offer(_ floor: inout KapwaRoutingTests.Floor, _ agents: ClosedRange<Int>) throws -> [OfferMade] {
        try agents.flatMap {
            try floor.message(ConversationID("k\($0)"), skills: [SkillID("s\($0)"): 1]).offersMade
        }
    }

    private func accept(_ floor: inout KapwaRoutingTests.Floor, _ made: ArraySlice<OfferMade>) throws {
        for offer in made { try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: offer.agent))) }
    }

    @Test("three of ten are no broken feed, four of ten are")
    func thirtyPercent() throws {
        for (expire, broken) in [(3, false), (4, true)] {
            var floor = try floor(10)
            let made = try offer(&floor, 1...10)
            try accept(&floor, made.dropFirst(expire))
            let events = floor.pass(.seconds(20))
            #expect(events.expired.count == expire)
            #expect(events.types.contains("delivery.suspect") == broken)
            #expect(events.expired.filter { !$0.strike }.count == (broken ? 1 : 0))
        }
    }

    @Test("nine are too few to tell")
    func atLeastTen() throws {
        var floor = try floor(9)
        _ = try offer(&floor, 1...9)
        let events = floor.pass(.seconds(20))
        #expect(!events.types.contains("delivery.suspect"))
        #expect(events.expired.allSatisfy { $0.strike && $0.reason == .word("no_answer") })
    }

    @Test("those that were accepted are offers too: ten who do not answer among forty are no broken feed")
    func accepted() throws {
        var floor = try floor(40)
        let made = try offer(&floor, 1...40)
        try accept(&floor, made.dropFirst(10))
        let events = floor.pass(.seconds(20))
        #expect(!events.types.contains("delivery.suspect"))
        #expect(events.expired.count == 10 && events.expired.allSatisfy { $0.strike })
    }

    @Test("what ended a minute ago is over")
    func aMinute() throws {
        for (wait, reason) in [(Milliseconds.seconds(40) - 1, "broken_feed"), (.seconds(40), "no_answer")] {
            var floor = try floor(10)
            _ = try offer(&floor, 1...9)
            #expect(floor.pass(.seconds(20)).expired.count == 9)
            floor.pass(wait)
            _ = try offer(&floor, 10...10)
            #expect(floor.pass(.seconds(20)).expired.map(\.reason) == [.word(reason)])
        }
    }

    @Test("what expired more than a minute ago no longer counts against the feed")
    func longAgo() throws {
        var floor = try floor(13)
        _ = try offer(&floor, 1...3)
        #expect(floor.pass(.seconds(40)).expired.count == 3)
        let second = try offer(&floor, 4...12)
        try accept(&floor, second[...])
        floor.pass(.seconds(25))
        _ = try offer(&floor, 13...13)
        let events = floor.pass(.seconds(20))
        #expect(events.expired.map(\.strike) == [true])
        #expect(!events.types.contains("delivery.suspect"))
    }
}
