import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

@Suite struct PointTests {
    /// A floor whose rules give points for one condition.
    static func floor(_ points: Int = 20, _ fill: (inout Condition) -> Void) -> Floor {
        var condition = Condition()
        fill(&condition)
        var rules = RuleSet.standard
        rules.points.own = [PointRule(condition: condition, points: points)]
        return Floor(rules)
    }

    static func points(_ floor: Floor, _ id: ConversationID) -> Int? { floor.conversation(id)?.placement?.points }

    @Test("a condition on the mood counts once it holds, and stays when it holds no longer")
    func mood() throws {
        var floor = Self.floor { $0.mood.polarityBelow = -500 }
        try floor.message("k1")
        #expect(Self.points(floor, "k1") == 0)
        try floor.message("k1", [.distress: 600])
        #expect(Self.points(floor, "k1") == 20)
        try floor.message("k1", [.relief: 800])
        #expect(Self.points(floor, "k1") == 20)
        try floor.message("k1", [.distress: 600])
        #expect(Self.points(floor, "k1") == 20, "once")
    }

    @Test("a condition on the trend holds for a rising mood")
    func trend() throws {
        var floor = Self.floor { $0.mood.trends = [.rising] }
        try floor.message("k1", [.frustration: 100])
        #expect(Self.points(floor, "k1") == 0)
        try floor.message("k1", [.distress: 650])
        #expect(Self.points(floor, "k1") == 20)
    }

    @Test("a condition on history counts bad episodes of the customer, of any conversation")
    func badEpisodes() throws {
        var floor = Self.floor { $0.history.badEpisodes = 1 }
        try floor.message("k1", customer: "juan")
        #expect(Self.points(floor, "k1") == 0)
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .abandoned)))
        try floor.message("k2", customer: "juan")
        #expect(Self.points(floor, "k2") == 20)
        try floor.message("k3", customer: "maria")
        #expect(Self.points(floor, "k3") == 0)
    }

    @Test("a condition on returning looks at when it opened, not at how long it has waited since")
    func returning() throws {
        var floor = Self.floor { $0.history.returningWithin = .hours(1) }
        try floor.message("k1", customer: "juan")
        #expect(Self.points(floor, "k1") == 0)
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        floor.pass(.minutes(59))
        try floor.message("k2", customer: "juan", hold: true)
        floor.pass(.minutes(30))
        try floor.message("k2")
        #expect(Self.points(floor, "k2") == 20)
        try floor.message("k3", customer: "juan")
        #expect(Self.points(floor, "k3") == 0)
        try floor.message("k1")
        #expect(Self.points(floor, "k1") == 0)
    }

    @Test("a condition on the hour holds while it is that hour, and its points stay afterwards")
    func hours() throws {
        var condition = Condition()
        condition.hours = HoursTests.daily
        var rules = RuleSet.standard
        rules.points.own = [PointRule(condition: condition, points: 20)]
        var floor = HoursTests.floor(at: 17, rules)
        try floor.message("k1")
        #expect(Self.points(floor, "k1") == 20)
        floor.pass(.hours(2))
        try floor.message("k1", [.distress: 800])
        #expect(Self.points(floor, "k1") == 30, "the greater of what it had and what holds now")
        try floor.message("k2")
        #expect(Self.points(floor, "k2") == 0)
    }

    @Test("a shift of the site, by name, is a condition as well")
    func shifts() throws {
        var condition = Condition()
        condition.shifts = [Shift(name: "day", hours: HoursTests.daily)]
        var rules = RuleSet.standard
        rules.points.own = [PointRule(condition: condition, points: 7)]
        var floor = HoursTests.floor(at: 9, rules)
        try floor.message("k1")
        #expect(Self.points(floor, "k1") == 7)
        floor.pass(.hours(10))
        try floor.message("k2")
        #expect(Self.points(floor, "k2") == 0)
    }

    @Test("all together are four hours at most")
    func most() throws {
        var floor = Self.floor(240) { _ in }
        try floor.message("k1", [.urgency: 900, .distress: 900, .family: 900], priority: 100)
        #expect(Self.points(floor, "k1") == 240)
    }

    @Test("an episode that ended in bad feeling counts, unless relief came at the end")
    func badEndings() throws {
        var floor = Floor()
        try floor.agent("ana")
        for (id, last, count) in [("k1", Tag.frustration, 1), ("k2", .relief, 1), ("k3", .distress, 2)] {
            let id = ConversationID(id)
            try floor.message(id, [.frustration: 600], customer: "juan")
            try floor.accept()
            try floor.message(id, [last: 700])
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
            #expect(floor.state.badEpisodes(of: "juan", at: floor.now) == count)
            floor.pass(.hours(1))
        }
    }

    @Test("giving up twice within a minute is one bad experience, not two")
    func hangingUp() throws {
        var floor = Floor()
        for _ in 1...3 {
            try floor.message("k1", customer: "juan")
            try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .abandoned)))
            floor.pass(.seconds(30))
        }
        #expect(floor.state.badEpisodes(of: "juan", at: floor.now) == 1)
        try floor.message("k1", customer: "juan")
        #expect(Self.points(floor, "k1") == 0)
    }
}
