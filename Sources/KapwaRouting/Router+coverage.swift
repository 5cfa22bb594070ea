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

    // MARK: Room

    /// Whether one more of the agent's team may rest from stress: a fifth of those who are here, and always one.
    func hasRoom(_ slot: Int) -> Bool {
        let team = state.agents[slot].team
        let counts = state.teams[team] ?? TeamCounts()
        return counts.onStressBreak < max(1, counts.present * rules.breaks(for: team).teamShareMax / 1_000)
    }

    /// There may be room again in a team: whoever waits for it goes, the earliest deadline first.
    ///
    /// - Returns: Whether anybody waits.
    @discardableResult
    mutating func useRoom(_ team: TeamID?) -> Bool {
        var waiting: [Int] = []
        for slot in state.owing where state.agents[slot].team == team {
            if state.agents[slot].currentBreak?.waitsForRoom ?? false { waiting.append(slot) }
        }
        waiting.sort { deadline($0) > deadline($1) }
        breakChecks.append(contentsOf: waiting)
        return !waiting.isEmpty
    }

    /// A stress break is over: whoever waits for room goes; else the most stressed of those who owe nothing yet is
    /// invited.
    mutating func passRoomOn(_ team: TeamID?, at now: Instant) {
        if !useRoom(team) { inviteMostStressed(team, at: now) }
    }

    private func deadline(_ slot: Int) -> (Instant, AgentID) {
        (state.agents[slot].currentBreak?.startBy ?? lastNow, state.agents[slot].id)
    }

    // MARK: Invitations

    private mutating func inviteMostStressed(_ team: TeamID?, at now: Instant) {
        let policy = rules.breaks(for: team)
        let least = policy.threshold * policy.inviteAt / 1_000
        var best: (slot: Int, ledger: Int)?
        for slot in state.agentOrder
        where state.agents[slot].team == team && state.agents[slot].ledger.anchor >= max(least, 1) {
            let ledger = state.agents[slot].ledger.value(at: now)
            if ledger >= least, mayBeInvited(slot, at: now), ledger > best?.ledger ?? 0 { best = (slot, ledger) }
        }
        if let best { invite(best.slot, at: now) }
    }

    /// After a booking: from a share of the threshold on, an early break is offered while others can spare the agent.
    mutating func inviteIfStressed(_ slot: Int, at now: Instant) {
        let policy = policy(slot)
        guard state.agents[slot].ledger.value(at: now) * 1_000 >= policy.threshold * policy.inviteAt else { return }
        invite(slot, at: now)
    }

    private func mayBeInvited(_ slot: Int, at now: Instant) -> Bool {
        let agent = state.agents[slot]
        return agent.currentBreak == nil && agent.presence == .ready
            && agent.invitation.map { $0.until <= now } ?? true
    }

    private mutating func invite(_ slot: Int, at now: Instant) {
        guard rules.breaksMode(for: state.agents[slot].team) != .observe, mayBeInvited(slot, at: now), hasRoom(slot),
            floorsHold(without: slot)
        else { return }
        emitInvited(slot, reason: "stagger", minutes: policy(slot).minutes, at: now)
    }

    mutating func emitInvited(_ slot: Int, reason: String, minutes: Int, at now: Instant) {
        emit(
            .breakInvited(
                .with {
                    $0.agent = state.agents[slot].id
                    $0.reason = .word(reason)
                    $0.minutes = minutes
                    $0.until = now + policy(slot).startWithin
                }), at: now)
    }
}
