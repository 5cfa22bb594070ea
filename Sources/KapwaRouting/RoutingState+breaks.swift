import KapwaDomain

extension RoutingState {
    mutating func applyBreakOwed(_ body: BreakChanged, _ event: Event) {
        let slot = requireAgent(body.agent)
        agents[slot].currentBreak = AgentBreak(
            id: body.breakID, kind: body.kind, reason: body.reason, enforced: body.enforced, minutes: body.minutes,
            startBy: body.startBy, paid: body.paid, immediate: body.immediate)
        // One that binds nobody lapses; one that does is overdue some time later.
        let due = body.enforced ? body.startBy + Self.overdueAfter : body.startBy
        setBreakTimer(slot, .breakOverdue(body.agent, body.breakID), due: due)
        for contact in agents[slot].contacts { setBreakCheck(slot, contact) }
        freshAgents.append(slot)
    }

    /// From `start_by` to `break.overdue`.
    static let overdueAfter: Milliseconds = .minutes(10)

    private mutating func setBreakTimer(_ slot: Int, _ subject: RoutingTimer.Subject?, due: Instant) {
        if let timer = agents[slot].breakTimer { timers.cancel(timer) }
        agents[slot].breakTimer = subject.map { timers.set($0, due: due) }
    }

    /// A chat stops being live by itself: the owed break must be looked at again when the last one may have.
    mutating func setBreakCheck(_ agent: Int, _ conversation: Int) {
        guard let owed = agents[agent].currentBreak, !owed.isRunning,
            conversations[conversation].channel.family == .chat
        else { return }
        let due = conversations[conversation].lastMessageAt + Formulas.liveWithin
        if let timer = agents[agent].checkTimer {
            guard timer.rank < due.milliseconds else { return }
            timers.cancel(timer)
        }
        agents[agent].checkTimer = timers.set(.breakCheck(agents[agent].id), due: due)
    }

    /// After it fired; sets it again for the chats that are still live.
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
        agents[slot].currentBreak = nil
        agents[slot].idleSince = event.at
        setBreakTimer(slot, nil, due: event.at)
        freshAgents.append(slot)
        paceChanged(slot, at: event.at)
    }

    mutating func applyBreakOverdue(_ body: BreakChanged) {
        agents[requireAgent(body.agent)].currentBreak?.isOverdue = true
    }
}
