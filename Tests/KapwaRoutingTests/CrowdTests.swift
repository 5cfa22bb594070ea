import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// More at once than one round looks at.
@Suite struct CrowdTests {
    @Test("whoever can serve is found among more agents with news than a round looks at, wherever they stand")
    func manyAgents() throws {
        var floor = Floor()
        try floor.message("k1", skills: ["billing": 1])
        let crowd = Limits.matchingRoundMax + 50
        for index in 1...crowd {
            let id = AgentID("a\(1_000 + index)")
            let skills: Skills = index == crowd ? ["billing": 1] : ["sales": 1]
            try floor.send(.agentUpsert(AgentUpsert(agent: id, skills: skills)))
        }
        for index in 1...crowd {
            let id = AgentID("a\(1_000 + index)")
            _ = floor.router.handle(
                Command(id: CommandID("r\(index)"), body: .agentState(AgentState(agent: id, state: .ready))),
                at: floor.now)
        }
        floor.router.match(at: floor.now)
        #expect(floor.router.takeEvents().offersMade.map(\.agent) == [AgentID("a\(1_000 + crowd)")])
    }
}
