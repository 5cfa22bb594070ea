import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// Two floors that will decide differently have different fingerprints.
@Suite struct DigestTests {
    /// The floor after a first message, changed before it is sent.
    private func floor(_ change: (inout Assessment) -> Void, closed: Bool = false, then: [Int] = []) throws -> Floor {
        var floor = Floor()
        var found = assessment([:])
        change(&found)
        try send(&floor, found)
        for milli in then { try send(&floor, assessment([.frustration: milli])) }
        if closed { try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .abandoned))) }
        return floor
    }

    private func send(_ floor: inout Floor, _ found: Assessment) throws {
        try floor.send(
            .conversationMessage(
                ConversationMessage(
                    conversation: "k1", from: .customer, text: "words", channel: .chat, assessment: found)))
    }

    @Test("the language, which chooses queue and agent", arguments: [false, true])
    func language(closed: Bool) throws {
        let english = try floor({ $0.language = .en }, closed: closed).state
        let tagalog = try floor({ $0.language = .tl }, closed: closed).state
        #expect(english.sequence == tagalog.sequence)
        #expect(english.digest != tagalog.digest)
    }

    @Test("what is carried over when a customer who gave up comes back: danger, feeling and points")
    func carried() throws {
        let calm = try floor({ _ in }, closed: true).state
        for tag in Tag.allCases {
            let other = try floor({ $0.tags[tag] = 650 }, closed: true).state
            #expect(other.sequence == calm.sequence)
            #expect(other.digest != calm.digest, "\(tag)")
        }
    }

    @Test("where a mood came from, which says where it goes")
    func mood() throws {
        // Both are as frustrated now, and only one was before.
        let risen = try floor({ $0.tags.frustration = 100 }, then: [900]).state
        let strained = try floor({ $0.tags.frustration = 300 }, then: [900]).state
        let moods = [risen, strained].map { $0.conversations[0].mood }
        #expect(moods[0].tags == moods[1].tags && moods[0].trend == moods[1].trend)
        #expect(risen.digest != strained.digest)
    }

    @Test("a digest whose first half another thread made is the same digest")
    func inParts() throws {
        for count in 0...5 {
            var floor = Floor()
            try floor.agent("ana")
            for number in 0..<count {
                let id = ConversationID("k\(number)")
                try floor.message(id)
                try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .abandoned)))
            }
            let state = floor.router.state
            let part = state.firstPartOfDigest()
            #expect(state.digest { part } == state.digest)
            var without = RoutingState.DigestPart()
            without.count = part.count
            #expect((state.digest { without } == state.digest) == (count < 2))
        }
    }
}
