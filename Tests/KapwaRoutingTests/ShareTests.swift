import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// A fair share of what is hard, and the agent whom a customer knows.
@Suite struct ShareTests {
    /// Two of the north with an hour behind them; one hard email has gone to ana, calm ones to ben.
    private func floor() throws -> KapwaRoutingTests.Floor {
        var floor = Floor()
        try floor.agent("ana", ["n": 1, "a": 1], team: "north")
        try floor.agent("ben", ["n": 1, "b": 1], team: "north")
        floor.pass(.minutes(59))
        try give(&floor, "h1", [.frustration: 750], "a")
        try give(&floor, "c1", [:], "b")
        floor.pass(.minutes(1))
        return floor
    }

    private func give(
        _ floor: inout KapwaRoutingTests.Floor, _ id: ConversationID, _ tags: [Tag: Int], _ skill: SkillID
    ) throws {
        let made = try #require(
            try floor.message(id, tags, channel: .email, skills: [skill: 1]).offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: made.offer, agent: made.agent)))
        try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
        try floor.send(.wrapupDone(WrapupDone(agent: made.agent, conversation: id)))
    }

    /// The term of each agent for one more hard email.
    private func shares(_ floor: KapwaRoutingTests.Floor) throws -> [AgentID: Int] {
        var floor = floor
        let made = try #require(
            try floor.message("next", [.frustration: 750], channel: .email, skills: ["n": 1]).offersMade.first)
        var shares: [AgentID: Int] = [:]
        for candidate in [made.decision.winner, made.decision.runnerUp].compactMap({ $0 }) {
            shares[candidate.agent] = candidate.terms.share
        }
        return shares
    }

    @Test("who has had fewer hard contacts an hour than the team's mean has the smaller share term")
    func mean() throws {
        // One an hour, and none: half of one on average.
        #expect(try shares(floor()) == ["ana": 625, "ben": 375])
    }

    @Test("only ends of hard contacts count, and for four hours")
    func fourHours() throws {
        var floor = try floor()
        floor.pass(.hours(4) - .minutes(1) - 1)
        #expect(try shares(floor) == ["ana": 531, "ben": 469])
        floor.pass(1)
        #expect(try shares(floor) == ["ana": 500, "ben": 500])
    }

    @Test("the mean is the team's: who leaves it, or has worked less than half an hour, is not in it")
    func team() throws {
        var floor = try floor()
        try floor.agent("cat", team: "north")
        try floor.agent("dan", team: "south")
        floor.pass(.minutes(29))
        let young = try shares(floor)
        floor.pass(.minutes(1))
        let grown = try shares(floor)
        // One in 89 minutes is 674 an hour, 337 on average of two; in 90 it is 666, 222 of three and 333 of two.
        #expect(young == ["ana": 584, "ben": 416])
        #expect(grown == ["ana": 611, "ben": 445])
        for team in ["south", "north", "south"] as [TeamID] {
            try floor.send(.agentUpsert(AgentUpsert(agent: "cat", team: team)))
        }
        #expect(try shares(floor) == ["ana": 583, "ben": 417])
        #expect(floor.state.brokenIndex().isEmpty)
    }

    @Test("a calm conversation knows no share")
    func calm() throws {
        var floor = try floor()
        let made = try #require(try floor.message("next", channel: .email, skills: ["n": 1]).offersMade.first)
        #expect(made.decision.winner.terms.share == 0 && made.decision.runnerUp?.terms.share == 0)
    }

    @Test("the agent who ended it well is preferred for thirty days; when that agent is gone nobody is")
    func sticky() throws {
        var floor = Floor()
        try floor.agent("ben", ["b": 1])
        try floor.agent("ana", ["a": 1])
        let made = try #require(
            try floor.message("k1", [.relief: 700], customer: "juan", skills: ["a": 1]).offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: made.offer, agent: "ana")))
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: "k1")))
        var copy = floor
        let known = try #require(try copy.message("k2", customer: "juan").offersMade.first)
        #expect(known.agent == "ana" && known.decision.winner.terms.sticky == 0)
        #expect(known.decision.runnerUp?.terms.sticky == 1_000)
        try floor.send(.agentRemove(AgentRemove(agent: "ana", reason: "left")))
        let unknown = try #require(try floor.message("k2", customer: "juan").offersMade.first)
        #expect(unknown.agent == "ben" && unknown.decision.winner.terms.sticky == 1_000)
    }
}
