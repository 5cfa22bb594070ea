import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// Numbers that differ by channel; where a channel is not named, social counts as chat, sms as email, callback as voice.
@Suite struct ChannelTests {
    struct Numbers: Sendable {
        var channel: Channel
        var units: Int
        var timeout: Milliseconds
        var hold: Milliseconds
        var idle: Milliseconds
        var wrapupExcludes: Bool
    }

    static let numbers = [
        Numbers(
            channel: .chat, units: 25, timeout: .seconds(20), hold: .seconds(60), idle: .hours(2),
            wrapupExcludes: false),
        Numbers(
            channel: .social, units: 25, timeout: .seconds(20), hold: .seconds(60), idle: .hours(2),
            wrapupExcludes: false),
        Numbers(
            channel: .voice, units: 100, timeout: .seconds(15), hold: .seconds(20), idle: .hours(4),
            wrapupExcludes: true),
        Numbers(
            channel: .callback, units: 100, timeout: .seconds(15), hold: .seconds(20), idle: .hours(4),
            wrapupExcludes: true),
        Numbers(
            channel: .email, units: 15, timeout: .seconds(120), hold: .minutes(10), idle: .days(7),
            wrapupExcludes: false),
        Numbers(
            channel: .sms, units: 15, timeout: .seconds(120), hold: .minutes(10), idle: .days(7),
            wrapupExcludes: false),
    ]

    @Test("units, the time of an offer, bar, hold, idleness and what a wrap-up excludes from", arguments: numbers)
    func byChannel(_ expected: Numbers) throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 200)
        let first = try #require(try floor.message("k1", channel: expected.channel).offersMade.first)
        #expect(first.units == expected.units)
        #expect(first.expiresAt == floor.now + expected.timeout)
        let declined = try floor.send(.offerDecline(OfferAnswer(offer: first.offer, agent: "ana")))
        guard case .offerDeclined(let ended) = declined[0].body else { throw Floor.Missing.offer }
        #expect(ended.barredUntil == floor.now + expected.hold)
        guard case .conversationHeld(let held)? = floor.pass(expected.hold).last?.body else {
            throw Floor.Missing.offer
        }
        #expect(held.until == floor.now + expected.hold)
        let second = try #require(floor.pass(expected.hold).offersMade.first)
        let accepted = try floor.send(.offerAccept(OfferAnswer(offer: second.offer, agent: "ana")))
        #expect(accepted.assigned.first?.idleUntil == floor.now + expected.idle)
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        #expect(floor.agentRecord("ana")?.wrapups.map(\.units) == [expected.units])
        #expect(try floor.message("k2").offersMade.isEmpty == expected.wrapupExcludes)
    }

    @Test("a queue that is marked so excludes during its wrap-up, whatever the channel; wrap-ups run side by side")
    func exclusive() throws {
        var rules = RuleSet.standard
        rules.queues.append(Queue(id: "grief"))
        rules.queues[1].exclusive = true
        var floor = Floor(rules)
        try floor.agent("ana")
        for (id, queue) in [("k1", "main"), ("k2", "grief")] as [(ConversationID, QueueID)] {
            let offer = try #require(try floor.message(id, queue: queue).offersMade.first)
            try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        }
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        floor.pass(.seconds(30))
        #expect(try floor.message("k3").offersMade.count == 1)
        try floor.send(.conversationClose(ConversationClose(conversation: "k3", outcome: .resolved)))
        try floor.send(.conversationClose(ConversationClose(conversation: "k2", outcome: .resolved)))
        #expect(floor.agentRecord("ana")?.wrapups.count == 2)
        #expect(try floor.message("k4").offersMade.isEmpty)
        // The ordinary one ends half a minute earlier and frees its units, not the agent.
        #expect(floor.pass(.seconds(30)).types == ["wrapup.ended"])
        #expect(floor.pass(.seconds(30)).offersMade.map(\.conversation) == ["k4"])
    }
}
