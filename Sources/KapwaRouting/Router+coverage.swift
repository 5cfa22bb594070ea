import KapwaDomain
import KapwaRules

extension Router {
    // MARK: Floors

    /// Whether an agent could be missed: every floor that counts the agent holds without.
    func floorsHold(without slot: Int) -> Bool {
        rules.floors.allSatisfy { floor in left(floor, without: slot).map { $0 >= floor.least } ?? true }
    }

    /// Ready agents of a floor without this one, counted no further than its least; `nil` when it does not count the
    /// agent.
    private func left(_ floor: Floor, without slot: Int) -> Int? {
        let agent = state.agents[slot]
        guard floor.counts(skills: agent.skills, team: agent.team) else { return nil }
        var left = 0
        for other in state.agentOrder where other != slot && isOnFloor(other, floor) {
            left += 1
            if left >= floor.least { break }
        }
        return left
    }

    /// Whether an agent is one of those whom a floor may count on.
    func isOnFloor(_ slot: Int, _ floor: Floor) -> Bool {
        state.agents[slot].presence == .ready && !state.agents[slot].owesBreak && !state.agents[slot].isOnBreak
            && floor.counts(skills: state.agents[slot].skills, team: state.agents[slot].team)
    }

    /// A deadline wins against a floor, and the supervisor is told.
    mutating func tellBrokenFloors(_ slot: Int, _ id: BreakID, at now: Instant) {
        guard state.agents[slot].presence == .ready else { return }
        for floor in rules.floors {
            guard let left = left(floor, without: slot), left < floor.least else { continue }
            emit(
                .breakFloorBroken(
                    .with {
                        $0.breakID = id
                        $0.agent = state.agents[slot].id
                        $0.skill = floor.skill
                        $0.team = floor.team
                        $0.least = floor.least
                        $0.left = left
                    }), at: now)
        }
    }
}
