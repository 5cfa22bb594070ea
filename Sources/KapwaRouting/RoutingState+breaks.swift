import KapwaDomain

extension RoutingState {
    mutating func applyBreakOwed(_ body: BreakChanged, _ event: Event) {
        let slot = requireAgent(body.agent)
        agents[slot].currentBreak = AgentBreak(
            id: body.breakID, kind: body.kind, reason: body.reason, enforced: body.enforced, minutes: body.minutes,
            startBy: body.startBy, paid: body.paid, immediate: body.immediate)
        timers.set(
            .breakOverdue(body.agent, body.breakID), due: body.startBy + Self.overdueAfter)
        if !body.enforced { timers.set(.breakCheck(body.agent), due: body.startBy) }
        for contact in agents[slot].contacts { setBreakCheck(slot, contact) }
    }

    /// From `start_by` to `break.overdue`.
    static let overdueAfter: Milliseconds = .minutes(10)

    /// A chat stops being live by itself: the owed break must be looked at again then.
    mutating func setBreakCheck(_ agent: Int, _ conversation: Int) {
        guard let owed = agents[agent].currentBreak, !owed.isRunning,
            conversations[conversation].channel.family == .chat
        else { return }
        timers.set(
            .breakCheck(agents[agent].id), due: conversations[conversation].lastMessageAt + Formulas.liveWithin)
    }

    mutating func applyBreakStarted(_ body: BreakChanged, _ event: Event) {
        let slot = requireAgent(body.agent)
        let endsAt = body.endsAt ?? event.at + .minutes(Int64(body.minutes))
        agents[slot].currentBreak = AgentBreak(
            id: body.breakID, kind: body.kind, reason: body.reason, enforced: body.enforced, minutes: body.minutes,
            startBy: body.startBy, paid: body.paid, immediate: body.immediate, startedAt: event.at, endsAt: endsAt)
        timers.set(.breakEnd(body.agent, body.breakID), due: endsAt)
        paceChanged(slot, at: event.at)
    }

    mutating func applyBreakEnded(_ body: BreakChanged, _ event: Event) {
        let slot = requireAgent(body.agent)
        precondition(agents[slot].currentBreak?.id == body.breakID, "the break that ends is the agent's own")
        agents[slot].currentBreak = nil
        agents[slot].idleSince = event.at
        freshAgents.append(slot)
        paceChanged(slot, at: event.at)
    }

    mutating func applyBreakOverdue(_ body: BreakChanged) {
        agents[requireAgent(body.agent)].currentBreak?.isOverdue = true
    }
}
