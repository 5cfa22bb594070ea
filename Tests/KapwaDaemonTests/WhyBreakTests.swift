import KapwaDomain
import KapwaRouting
import Testing

@testable import KapwaDaemon

@Suite struct WhyBreakTests {
    private func breaks(_ day: Day) throws -> [BreakRow] {
        let rows = try day.router.read(StateRead(what: .breaks), at: day.now)
        guard case .breaks(let breaks) = rows.rows else { return [] }
        return breaks
    }

    private func answer(_ day: Day, _ id: BreakID) throws -> BreakAnswer {
        try BreakReader(reader: day.journal).answer(id, tenant: "main")
    }

    private func held(_ answer: BreakAnswer) -> [String] {
        answer.chapters(for: .everyone).first { $0.key == "held" }?.sentences ?? []
    }

    /// An agent whose mail was hard, by the agent's own word.
    private func tire(_ agent: AgentID, _ id: ConversationID, _ day: inout Day) throws {
        try day.agent(agent, .none)
        try day.open(id, channel: .email)
        try day.accept(id)
        try day.send(.stressReport(StressReport(agent: agent, conversation: id)))
    }

    @Test("a break that waited for others of the team says so, until when, and how many they were")
    func team() throws {
        var day = try Day(rules: "breaks: {threshold: 0.5, length: 20m, grave_length: 20m, start_within: 15m}")
        try tire("ana", "k1", &day)
        try day.pass(.minutes(1))
        try tire("ben", "k2", &day)
        let first = try #require(try breaks(day).first { $0.agent == "ana" })
        let owed = try #require(try breaks(day).first { $0.agent == "ben" })
        #expect(
            held(try answer(day, owed.breakID)) == [
                "Since 02:01:00 others of the team were on a break for care: 1 of the 2 who were here, and no more may"
                    + " be at once."
            ])
        try day.pass(.minutes(5))
        try day.agent("carla", .none)
        try day.pass(.minutes(15))
        let after = try answer(day, owed.breakID)
        #expect(
            held(after) == [
                "From 02:01:00 to 02:16:00 others of the team were on a break for care: 1 of the 3 who were here, and"
                    + " no more may be at once."
            ])
        let json = String(decoding: after.json(for: .everyone), as: UTF8.self)
        #expect(json.contains(#""held":[{"what":"team","resting":1,"present":3,"from":"2026-11-21T02:01:00.000Z""#))
        #expect(held(try answer(day, first.breakID)).isEmpty, "it began at once")
    }

    @Test("a live contact, another break and the agent's own word are named, each with its time")
    func others() throws {
        var day = try Day()
        try day.agent("ana", .none)
        try day.open("k1")
        try day.accept("k1")
        try day.pass(.minutes(1))
        try day.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 10)))
        let rest = try #require(try breaks(day).first).breakID
        var found = Assessment()
        found.tags.threat = Score(milli: 900)
        try day.pass(.minutes(1))
        #expect(held(try answer(day, rest)) == ["Since 02:01:00 k1 is live."])
        try day.open("k1", found)
        let stress = try #require(try breaks(day).first { $0.kind == .stress }).breakID
        try day.pass(.minutes(25))
        #expect(held(try answer(day, stress)) == ["From 02:02:00 to 02:05:00 k1 was live."])
        #expect(
            held(try answer(day, rest)) == [
                "From 02:01:00 to 02:02:00 k1 was live.",
                "From 02:02:00 to 02:20:00 another break of ana, \(stress), came first.",
            ])
    }

    @Test("a break that its agent moved says until when, and one that a floor kept what the floor asks")
    func movedAndSpared() throws {
        let rules = """
            breaks:
              preset: none
              planned: [{kind: rest, length: 10m, earliest: start + 10m, start_by: start + 1h}]
            floors: [{least: 1}]
            """
        var day = try Day(rules: rules)
        try day.agent("ana", .none)
        try day.send(.agentShift(AgentShift(agent: "ana", startsAt: day.now, endsAt: day.now + .hours(8))))
        let rest = try #require(try breaks(day).first).breakID
        try day.pass(.minutes(30))
        try day.agent("ben", .none)
        try day.pass(.minutes(2))
        let spared = held(try answer(day, rest))
        #expect(
            spared == [
                "From 02:10:00 to 02:30:00 nobody could be spared: fewer than 1 ready agent would have been left."
            ])
        try day.open("k1")
        try day.accept("k1")
        let other = try day.offer(of: "k1").agent
        try day.send(.breakStart(BreakStart(agent: other, kind: .personal, minutes: 5)))
        let personal = try #require(try breaks(day).first { $0.kind == .personal }).breakID
        try day.send(.breakPostpone(BreakPostpone(agent: other, minutes: 5)))
        try day.pass(.minutes(10))
        let moved = held(try answer(day, personal))
        #expect(
            moved == [
                "From 02:32:00 to 02:35:00 k1 was live.",
                "From 02:35:00 to 02:37:00: \(other) had moved it, to begin at 02:37:00.",
            ])
    }
}
