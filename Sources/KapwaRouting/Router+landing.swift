import KapwaDomain
import KapwaRules

extension Router {
    /// Whether the agent lands softly: has just come back from a break or a long absence.
    func isLanding(_ agent: Int, at now: Instant) -> Bool { state.agents[agent].isLanding(at: now) }

    /// Whether a hard contact would be the agent's third in a row.
    func hasHardStreak(_ agent: Int) -> Bool { state.agents[agent].hardStreak >= Formulas.hardInARowMax }

    /// Until when an agent who becomes ready now is to land softly; `nil` when there is no reason to.
    ///
    /// Every break of five minutes is followed by a landing; a long absence only if none began within two hours, so
    /// that going away gains nothing. Where breaks do not bind, nothing is lightened.
    func landingAfterReturn(_ agent: Int, at now: Instant) -> Instant? {
        let record = state.agents[agent]
        let policy = rules.breaks(for: record.team)
        guard policy.landing > 0, rules.breaksMode(for: record.team).binds else { return nil }
        if record.owesLanding { return now + policy.landing }
        guard let since = record.unreadySince, now - since >= policy.landingAfterAway,
            record.landedAt.map({ now - $0 >= policy.landingEvery }) ?? true
        else { return nil }
        return now + policy.landing
    }

    /// Half the capacity is free again: the agent is looked at anew.
    mutating func endLanding(_ id: AgentID, _ timer: RoutingTimer, at now: Instant) {
        guard let slot = state.agentSlots[id], state.agents[slot].landingUntil == timer.due else { return }
        freshenAgent(slot)
    }
}

extension RoutingState {
    /// How long a break must have lasted to count as rest: it begins a streak anew and is followed by a landing.
    static let restingBreak: Milliseconds = .minutes(5)

    /// Keeps since when an agent is not ready, and begins the landing that an event says.
    mutating func followReadiness(_ slot: Int, _ body: AgentStateChanged, at now: Instant) {
        guard body.state == .ready else {
            if body.was == .ready || agents[slot].unreadySince == nil { agents[slot].unreadySince = now }
            return
        }
        agents[slot].unreadySince = nil
        agents[slot].owesLanding = false
        if let until = body.landingUntil { beginLanding(slot, until: until, at: now) }
    }

    /// After a break of an agent whom it bound: the streak begins anew, and the agent lands now or when ready again.
    mutating func followRest(_ slot: Int, _ body: BreakChanged, at now: Instant) {
        guard body.takenMilliseconds ?? 0 >= Self.restingBreak else { return }
        agents[slot].hardStreak = 0
        guard body.enforced else { return }
        if let until = body.landingUntil {
            beginLanding(slot, until: until, at: now)
        } else {
            agents[slot].owesLanding = true
        }
    }

    private mutating func beginLanding(_ slot: Int, until: Instant, at now: Instant) {
        agents[slot].landingUntil = until
        agents[slot].landedAt = now
        if let timer = agents[slot].landingTimer { timers.cancel(timer) }
        agents[slot].landingTimer = timers.set(.landingEnd(agents[slot].id), due: until)
    }
}
