import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// What is kept of what was, how much of it, and how long.
@Suite struct RememberedTests {
    private static let start = Instant(milliseconds: 1_800_000_000_000)

    @Test("time worked is what was worked within four hours, what runs included")
    func worked() {
        var worked = WorkedTime()
        #expect(worked.milliseconds(at: Self.start) == 0)
        worked.set(working: true, at: Self.start)
        worked.set(working: true, at: Self.start + .minutes(5))
        #expect(worked.milliseconds(at: Self.start + .minutes(10)) == .minutes(10))
        worked.set(working: false, at: Self.start + .minutes(30))
        worked.set(working: false, at: Self.start + .minutes(40))
        #expect(worked.milliseconds(at: Self.start + .hours(2)) == .minutes(30))
        worked.set(working: true, at: Self.start + .hours(3))
        #expect(worked.milliseconds(at: Self.start + .hours(4)) == .minutes(90))
        #expect(worked.milliseconds(at: Self.start + .hours(4) + .minutes(10)) == .minutes(90))
        #expect(worked.milliseconds(at: Self.start + .hours(20)) == .hours(4))
    }

    @Test("of spans worked as many are remembered as the limit says")
    func spans() {
        var worked = WorkedTime()
        for index in 1...Limits.hardContactsRememberedMax + 3 {
            worked.set(working: true, at: Self.start + Int64(2 * index))
            worked.set(working: false, at: Self.start + Int64(2 * index + 1))
            #expect(worked.spans.count == min(index, Limits.hardContactsRememberedMax))
        }
    }

    @Test("of hard contacts and of reports as many are remembered as the limits say")
    func manyContacts() throws {
        var rules = RuleSet.standard
        rules.breaksMode = .observe
        var floor = Floor(rules)
        try floor.agent("ana", capacity: 10_000)
        for index in 1...Limits.hardContactsRememberedMax + 2 {
            let id = ConversationID("k\(index)")
            try floor.message(id, [.frustration: 800], channel: .email)
            try floor.send(.conversationAssign(ConversationAssign(conversation: id, agent: "ana", source: .external)))
            try floor.send(.stressReport(StressReport(agent: "ana", conversation: id)))
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
            try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: id)))
            let agent = try #require(floor.agentRecord("ana"))
            #expect(agent.hardEnds.count == min(index, Limits.hardContactsRememberedMax))
            #expect(agent.reports.count == min(index, Limits.reportsRememberedMax))
            #expect(agent.hardStreak == index)
            #expect(agent.endedContacts.count == min(index, 8))
        }
    }

    @Test("a report counts for a day, a planned break that was begun as well")
    func aDay() throws {
        var floor = Floor()
        try floor.agent("ana")
        var state = floor.state
        let slot = try #require(state.agentSlots["ana"])
        for (length, left) in [(Milliseconds.days(1) - 1, 2), (.days(1), 1)] {
            var next = state
            next.rememberReport(slot, at: Self.start)
            next.rememberReport(slot, at: Self.start + length)
            #expect(next.agents[slot].reports.count == left)
            next.rememberBegun(slot, .meal, at: Self.start)
            next.rememberBegun(slot, .rest, at: Self.start + length)
            #expect(next.agents[slot].begunPlanned.count == left)
        }
        for index in 1...Limits.plannedBreaksPerShiftMax + 2 {
            state.rememberBegun(slot, .screen, at: Self.start + Int64(index))
            #expect(state.agents[slot].begunPlanned.count == min(index, Limits.plannedBreaksPerShiftMax))
        }
    }

    @Test("what kept customer and agent apart is forgotten the moment it ends")
    func aversions() throws {
        for (gap, known) in [(Milliseconds(1), 1), (0, 1), (-1, 2)] {
            var floor = Floor()
            try floor.agent("ana", capacity: 300)
            try floor.assigned("k1", channel: .email)
            try floor.message("k1", [.threat: 800], channel: nil)
            try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
            floor.pass(Aversion.lasts + gap)
            try floor.message("k2", channel: .email)
            try floor.send(.conversationAssign(ConversationAssign(conversation: "k2", agent: "ana", source: .external)))
            try floor.message("k2", [.threat: 800], channel: nil)
            #expect(floor.state.aversions.count == known)
        }
    }

    @Test("of an agent who is removed the burden is kept, and nothing of one who carries none")
    func departed() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.agent("ben", ["b": 1])
        let made = try #require(try floor.message("k1", skills: ["b": 1]).offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: made.offer, agent: "ben")))
        try floor.message("k1", [.frustration: 700], channel: nil)
        for agent in ["ana", "ben"] as [AgentID] {
            try floor.send(.agentRemove(AgentRemove(agent: agent, reason: "left")))
        }
        #expect(floor.state.departed["ana"] == nil)
        #expect(floor.state.departed["ben"]?.ledger.value(at: floor.now) == 400)
        floor.pass(.hours(12))
        try floor.send(.agentUpsert(AgentUpsert(agent: "ben", skills: Skills.none)))
        try floor.send(.agentRemove(AgentRemove(agent: "ben", reason: "left")))
        #expect(floor.state.departed["ben"]?.hardStreak == 1, "a hard contact in a row is a burden too")
    }

    @Test("each end of an episode has a number of its own, by which what is forgotten first is found")
    func closings() throws {
        var floor = Floor()
        for index in 1...3 {
            try floor.message("k1")
            try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
            #expect(floor.state.closed["k1"]?.serial == Int64(index))
            #expect(floor.state.closed["k1"]?.episode == index)
        }
    }

    @Test("nine of ten contacts is nine of ten: the tenth does not lengthen the time that is kept for them")
    func handleTimes() {
        for (long, expected) in [(5, Milliseconds.seconds(64)), (6, .seconds(1_024))] {
            var times = HandleTimes()
            for index in 1...50 { times.add(index <= long ? .seconds(1_000) : .seconds(60), at: Self.start) }
            #expect(times.ninetieth(at: Self.start) == expected)
        }
    }

    @Test("a contact that lasted longer than any count counts as the longest")
    func longest() {
        var times = HandleTimes()
        for _ in 1...50 { times.add(.days(4_000), at: Self.start) }
        #expect(times.ninetieth(at: Self.start) == .seconds(1 << 20))
    }
}
