import KapwaDomain
import KapwaRules

extension Router {
    // MARK: Floors

    /// Whether an agent could be missed: every floor that counts the agent holds without, and without all who were
    /// offered an early break and may go any moment.
    func floorsHold(without slot: Int, at now: Instant) -> Bool {
        rules.floors.allSatisfy { floor in
            !isCounted(slot, floor) || left(floor) { $0 == slot || holdsPlace($0, at: now) } >= floor.least
        }
    }

    private func isCounted(_ slot: Int, _ floor: Floor) -> Bool {
        floor.counts(skills: state.agents[slot].skills, team: state.agents[slot].team)
    }

    /// Ready agents of a floor without some, counted no further than its least.
    private func left(_ floor: Floor, except isLeftOut: (Int) -> Bool) -> Int {
        var left = 0
        forEachWho(mayBeOn: floor) { slot in
            if isOnFloor(slot, floor), !isLeftOut(slot) { left += 1 }
            return left < floor.least
        }
        return left
    }

    /// Visits those whom a floor can count by its team or its skill, until the body returns false.
    private func forEachWho(mayBeOn floor: Floor, _ body: (Int) -> Bool) {
        if let team = floor.team {
            for slot in state.index.members(of: team) where !body(slot) { return }
        } else if let skill = floor.skill {
            state.index.forEachHolder(of: skill, body)
        } else {
            for slot in state.agentOrder where !body(slot) { return }
        }
    }

    /// Whether an agent is one of those whom a floor may count on.
    func isOnFloor(_ slot: Int, _ floor: Floor) -> Bool {
        state.agents[slot].presence == .ready && !state.agents[slot].owesBreak && !state.agents[slot].isOnBreak
            && isCounted(slot, floor)
    }

    /// A deadline wins against a floor, and the supervisor is told.
    mutating func tellBrokenFloors(_ slot: Int, _ id: BreakID, at now: Instant) {
        guard state.agents[slot].presence == .ready else { return }
        for floor in rules.floors where isCounted(slot, floor) {
            let left = left(floor) { $0 == slot }
            guard left < floor.least else { continue }
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
