import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// How fast a ledger fades by what its agent does, and what relief gives back.
@Suite struct LedgerTests {
    /// An agent with a ledger of 1,000, ready and without a contact.
    private func floor() throws -> Floor {
        var floor = Floor()
        try floor.agent("ana", capacity: 200)
        try floor.assigned("k0", channel: .email)
        try floor.send(.stressReport(StressReport(agent: "ana")))
        try floor.send(.conversationClose(ConversationClose(conversation: "k0", outcome: .resolved)))
        return floor
    }

    private func ledger(_ floor: Floor) -> Int? { floor.agentRecord("ana")?.ledger.value(at: floor.now) }

    @Test("ready it halves in ninety minutes")
    func ready() throws {
        var floor = try floor()
        floor.pass(.minutes(90))
        #expect(ledger(floor) == 500)
    }

    @Test("in contact it halves in ninety minutes, away or not")
    func inContact() throws {
        var floor = try floor()
        try floor.assigned("k1", channel: .email)
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        floor.pass(.minutes(90))
        #expect(ledger(floor) == 500)
    }

    @Test("away or offline it halves in fifteen minutes", arguments: [Presence.away, .offline])
    func gone(_ presence: Presence) throws {
        var floor = try floor()
        try floor.send(.agentState(AgentState(agent: "ana", state: presence)))
        floor.pass(.minutes(15))
        #expect(ledger(floor) == 500)
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        floor.pass(.minutes(90))
        #expect(ledger(floor) == 250)
    }

    @Test("on a break of any kind it halves in five minutes, and not while one is only owed")
    func resting() throws {
        var floor = try floor()
        try floor.assigned("call", channel: .voice)
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .meal, minutes: 60)))
        floor.pass(.minutes(90))
        #expect(ledger(floor) == 500)
        try floor.send(.conversationClose(ConversationClose(conversation: "call", outcome: .resolved)))
        floor.pass(.minutes(5))
        #expect(ledger(floor) == 250)
    }

    @Test("relief in one of the last two messages of the customer gives thirty percent back, earlier relief nothing")
    func relief() throws {
        let cases: [(messages: [[Tag: Int]], after: Int)] = [
            ([[.relief: 500]], 700), ([[.relief: 500], [:]], 700), ([[.relief: 500], [:], [:]], 1_000),
            ([[.relief: 499]], 1_000),
        ]
        for (messages, after) in cases {
            var floor = Floor()
            try floor.agent("ana")
            try floor.assigned("k1", [.frustration: 850])
            for tags in messages {
                try floor.message("k1", tags)
                try floor.message("k1", from: .agent, agent: "ana")
            }
            #expect(ledger(floor) == 1_000)
            try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
            #expect(ledger(floor) == after)
        }
    }

    @Test("what was reached while waiting is booked when it is assigned, and its time counts from then")
    func reachedWhileWaiting() throws {
        var floor = Floor()
        try floor.message("k1", [.distress: 850])
        floor.pass(.minutes(30))
        try floor.message("k1")
        try floor.agent("ana")
        try floor.accept()
        #expect(ledger(floor) == 1_000)
        floor.pass(.minutes(3))
        #expect(try floor.message("k1").stressed.map(\.points) == [150])
    }

    @Test("the time of a contact counts from the first message that reached 600, at most twelve minutes of it")
    func timeCounts() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1", [.frustration: 599], channel: .email)
        floor.pass(.minutes(5))
        try floor.message("k1", [.frustration: 600])
        floor.pass(.minutes(5))
        // Strained, and not hard before this: now the five minutes count.
        #expect(try floor.message("k1", [.frustration: 700]).stressed.map(\.points) == [400 + 250])
        floor.pass(.minutes(30))
        #expect(try floor.message("k1").stressed.map(\.points) == [600 - 250])
        floor.pass(.minutes(30))
        #expect(try floor.message("k1").stressed.isEmpty)
    }
}
