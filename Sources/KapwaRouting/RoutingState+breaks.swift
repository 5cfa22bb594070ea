import KapwaDomain

extension RoutingState {
    mutating func applyBreakOwed(_ body: BreakChanged, _ event: Event) {
        let slot = requireAgent(body.agent)
        let owed = AgentBreak(
            id: body.breakID, kind: body.kind, reason: body.reason, enforced: body.enforced, minutes: body.minutes,
            startBy: body.startBy, paid: body.paid, immediate: body.immediate)
        if let current = agents[slot].currentBreak, current.isRunning, current.id != owed.id {
            agents[slot].nextBreak = owed
            return
        }
        agents[slot].currentBreak = owed
        followOwedBreak(slot, owed)
    }

    /// Sets the timers of a break that an agent who comes back still has.
    mutating func followRestoredBreak(_ slot: Int, at now: Instant) {
        guard let current = agents[slot].currentBreak else { return }
        if let endsAt = current.endsAt {
            setBreakTimer(slot, .breakEnd(agents[slot].id, current.id), due: endsAt)
        } else {
            followOwedBreak(slot, current)
        }
        paceChanged(slot, at: now)
    }

    private mutating func followOwedBreak(_ slot: Int, _ owed: AgentBreak) {
        // One that binds nobody lapses; one that does is overdue some time later.
        let due = owed.enforced ? owed.startBy + Self.overdueAfter : owed.startBy
        setBreakTimer(slot, .breakOverdue(agents[slot].id, owed.id), due: due)
        setBreakCheck(slot)
        freshAgents.append(slot)
    }

    /// From `start_by` to `break.overdue`.
    static let overdueAfter: Milliseconds = .minutes(10)

    private mutating func setBreakTimer(_ slot: Int, _ subject: RoutingTimer.Subject?, due: Instant) {
        if let timer = agents[slot].breakTimer { timers.cancel(timer) }
        agents[slot].breakTimer = subject.map { timers.set($0, due: due) }
    }

    /// A chat stops being live by itself: the owed break must be looked at again when the last one will have.
    mutating func setBreakCheck(_ agent: Int) {
        guard let owed = agents[agent].currentBreak, !owed.isRunning else { return }
        var due: Instant?
        for contact in agents[agent].contacts where conversations[contact].channel.family == .chat {
            let silent = conversations[contact].lastMessageAt + Formulas.liveWithin
            due = due.map { max($0, silent) } ?? silent
        }
        if let timer = agents[agent].checkTimer { timers.cancel(timer) }
        agents[agent].checkTimer = due.map { timers.set(.breakCheck(agents[agent].id), due: $0) }
    }

    /// After it fired.
    mutating func forgetBreakCheck(_ slot: Int) { agents[slot].checkTimer = nil }

    mutating func applyBreakStarted(_ body: BreakChanged, _ event: Event) {
        let slot = requireAgent(body.agent)
        let endsAt = body.endsAt ?? event.at + .minutes(Int64(body.minutes))
        agents[slot].currentBreak = AgentBreak(
            id: body.breakID, kind: body.kind, reason: body.reason, enforced: body.enforced, minutes: body.minutes,
            startBy: body.startBy, paid: body.paid, immediate: body.immediate, startedAt: event.at, endsAt: endsAt)
        setBreakTimer(slot, .breakEnd(body.agent, body.breakID), due: endsAt)
        freshAgents.append(slot)
        paceChanged(slot, at: event.at)
    }

    mutating func applyBreakEnded(_ body: BreakChanged, _ event: Event) {
        let slot = requireAgent(body.agent)
        precondition(agents[slot].currentBreak?.id == body.breakID, "the break that ends is the agent's own")
        agents[slot].currentBreak = agents[slot].nextBreak
        agents[slot].nextBreak = nil
        agents[slot].idleSince = event.at
        followRest(slot, body, at: event.at)
        setBreakTimer(slot, nil, due: event.at)
        if let next = agents[slot].currentBreak { followOwedBreak(slot, next) }
        freshAgents.append(slot)
        paceChanged(slot, at: event.at)
    }

    mutating func applyBreakOverdue(_ body: BreakChanged) {
        agents[requireAgent(body.agent)].currentBreak?.isOverdue = true
    }
}
