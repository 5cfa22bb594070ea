import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// Who is asked for somebody in danger.
@Suite struct TrainedTests {
    @Test("one who is trained and ready is asked first, even if only one is; without any, whoever is ready")
    func trained() throws {
        for trained in [0, 1, 2] {
            var floor = Floor()
            try floor.agent("ana")
            for index in 0..<trained { try floor.agent(AgentID("tess\(index)"), ["safety": 1]) }
            let made = try #require(try floor.message("k1", safety: .explicit).offersMade.first)
            #expect(floor.conversation("k1")?.placement?.needs == (trained == 0 ? Skills.none : ["safety": 1]))
            #expect(made.agent == (trained == 0 ? "ana" : "tess0"))
        }
    }

    @Test("somebody in danger who waits needs one who is trained from the moment one is ready, and no longer")
    func trainedComes() throws {
        var floor = Floor()
        try floor.agent("tess", ["safety": 1], capacity: 25)
        try floor.assigned("k0")
        try floor.send(.agentState(AgentState(agent: "tess", state: .away)))
        try floor.message("k1", safety: .explicit)
        #expect(floor.conversation("k1")?.placement?.needs == Skills.none)
        for (state, needs) in [(Presence.ready, ["safety": 1] as Skills), (.away, .none), (.ready, ["safety": 1])] {
            try floor.send(.agentState(AgentState(agent: "tess", state: state)))
            #expect(floor.conversation("k1")?.placement?.needs == needs)
        }
        #expect(floor.conversation("k1")?.phase == .queued, "who is trained has no room yet")
        try floor.agent("ana")
        #expect(floor.conversation("k1")?.phase == .queued, "and is waited for")
    }
}
