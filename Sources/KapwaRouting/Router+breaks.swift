import KapwaDomain
import KapwaRules

extension Router {
    /// Owes a stress break. One that is owed already is lengthened, never shortened; one that runs is enough.
    mutating func oweCareBreak(
        _ agent: Int, minutes: Int, immediate: Bool, because: String, at now: Instant
    ) {
        var known = state.agents[agent].currentBreak
        var startBy = known?.startBy
        if let running = known, running.isRunning {
            // A break for care that runs is enough, unless something graver came meanwhile.
            if running.kind == .stress && (running.immediate || !immediate) { return }
            known = state.agents[agent].nextBreak
            startBy = known?.startBy ?? max(now, running.endsAt ?? now) + rules.breaks.startWithin
        }
        if let known {
            let adds = minutes > known.minutes || (immediate && !known.immediate) || known.reason != .care
            guard adds else { return }
        }
        owe(
            agent, id: known?.id, kind: .stress, reason: .care, minutes: max(minutes, known?.minutes ?? 0),
            startBy: startBy, immediate: immediate || (known?.immediate ?? false), because: because, by: nil,
            note: nil, at: now)
    }

    /// Emits `break.owed`, withdraws open offers in the same batch, and starts the break if nothing is live.
    mutating func owe(
        _ agent: Int, id: BreakID?, kind: BreakKind, reason: BreakReason, minutes: Int, startBy: Instant?,
        immediate: Bool, because: String?, by: String?, note: Reason?, at now: Instant
    ) {
        emit(
            .breakOwed(
                .with {
                    $0.breakID = id ?? nextBreakID
                    $0.agent = state.agents[agent].id
                    $0.kind = kind
                    $0.reason = reason
                    $0.enforced = state.breaksMode == .enforce
                    $0.minutes = minutes
                    $0.startBy = startBy ?? now + rules.breaks.startWithin
                    $0.immediate = immediate
                    $0.because = because
                    $0.by = by
                    $0.note = note
                }), at: now)
        breakChecks.append(agent)
        guard state.agents[agent].owesBreak else { return }
        for offer in state.agents[agent].offers { withdraw(offer, reason: .word("break_owed"), at: now) }
    }

    private var nextBreakID: BreakID { BreakID("b\(state.sequence + 1)") }

    /// Whether a live contact keeps the agent.
    func hasLiveContact(_ agent: Int, at now: Instant) -> Bool {
        state.agents[agent].contacts.contains { state.conversations[$0].isLive(at: now) }
    }

    /// Starts an owed break at the moment the last live contact ended.
    mutating func checkOwedBreak(_ id: AgentID, at now: Instant) {
        guard let slot = state.agentSlots[id], let owed = state.agents[slot].currentBreak, !owed.isRunning else {
            return
        }
        if owed.enforced && !hasLiveContact(slot, at: now) { emitBreakStarted(slot, owed, at: now) }
    }

    private mutating func emitBreakStarted(_ slot: Int, _ owed: AgentBreak, at now: Instant) {
        precondition(!hasLiveContact(slot, at: now), "no break starts while a contact is live")
        precondition(state.agents[slot].offers.isEmpty || !owed.enforced, "no break starts with an open offer")
        let late = max(0, now - owed.startBy)
        let passedWhileAway = state.startedAt >= owed.startBy && late > 0
        emit(
            .breakStarted(
                Self.changed(owed, agent: state.agents[slot].id) {
                    $0.endsAt = now + .minutes(Int64(owed.minutes))
                    $0.lateMilliseconds = late
                    if late > 0 { $0.lateCause = .word(passedWhileAway ? "restart" : "live_contact") }
                }), at: now)
    }

    /// - Parameter returns: Whether the agent goes on at once, if ready; else comes back later.
    mutating func emitBreakEnded(
        _ slot: Int, _ current: AgentBreak, by: String, note: Reason?, returns: Bool = false, at now: Instant
    ) {
        let taken = current.startedAt.map { now - $0 } ?? 0
        let policy = rules.breaks(for: state.agents[slot].team)
        let lands =
            returns && state.agents[slot].presence == .ready && current.enforced && policy.landing > 0
            && taken >= RoutingState.restingBreak
        emit(
            .breakEnded(
                Self.changed(current, agent: state.agents[slot].id) {
                    $0.takenMilliseconds = taken
                    $0.completed = taken >= .minutes(Int64(current.minutes))
                    $0.landingUntil = lands ? now + policy.landing : nil
                    $0.by = by
                    $0.note = note
                }), at: now)
        // What became owed meanwhile begins at once if nothing is live.
        breakChecks.append(slot)
    }

    private static func changed(
        _ current: AgentBreak, agent: AgentID, _ fill: (inout BreakChanged) -> Void
    ) -> BreakChanged {
        .with {
            $0.breakID = current.id
            $0.agent = agent
            $0.kind = current.kind
            $0.reason = current.reason
            $0.enforced = current.enforced
            $0.minutes = current.minutes
            $0.startBy = current.startBy
            $0.paid = current.paid
            $0.immediate = current.immediate
            fill(&$0)
        }
    }

    mutating func noteOverdue(_ agent: AgentID, _ id: BreakID, at now: Instant) {
        guard let slot = state.agentSlots[agent], let owed = state.agents[slot].currentBreak, owed.id == id,
            !owed.isRunning, !owed.isOverdue
        else { return }
        guard owed.enforced else { return emitBreakEnded(slot, owed, by: "timer", note: nil, at: now) }
        emit(
            .breakOverdue(Self.changed(owed, agent: agent) { $0.lateMilliseconds = max(0, now - owed.startBy) }),
            at: now)
    }

    mutating func endBreakInTime(_ agent: AgentID, _ id: BreakID, _ timer: RoutingTimer, at now: Instant) {
        guard let slot = state.agentSlots[agent], let running = state.agents[slot].currentBreak, running.id == id,
            running.endsAt == timer.due
        else { return }
        emitBreakEnded(slot, running, by: "timer", note: nil, at: now)
        if running.enforced { leaveAwayAfterBreak(slot, at: now) }
    }

    /// Nobody is offered work on the way back: `away` until the agent says `ready`.
    private mutating func leaveAwayAfterBreak(_ slot: Int, at now: Instant) {
        guard state.agents[slot].presence == .ready else { return }
        changePresence(
            slot, to: .away, reason: .word("break_over"), leaseUntil: state.agents[slot].leaseUntil, at: now)
    }

    // MARK: Commands

    /// Somebody who acts for another must be a supervisor.
    static func requireSupervisor(_ by: Person?) throws(Refusal) {
        guard let by, by.role != "supervisor" else { return }
        throw Refusal(
            .notPermitted, "role \"\(by.role)\" may not do this for an agent; a supervisor may", field: "by.role")
    }

    mutating func startBreak(_ body: BreakStart, at now: Instant) throws(Refusal) -> Reply.Details {
        let slot = try requireAgent(body.agent)
        if let current = state.agents[slot].currentBreak {
            if current.isRunning {
                throw Refusal(
                    .wrongState, "the break \"\(current.id)\" already runs", field: "agent", state: "on_break",
                    until: current.endsAt)
            }
            if let kind = body.kind, kind != current.kind {
                throw Refusal(
                    .wrongState, "another break, \"\(current.id)\", is owed first", field: "kind", state: "break_owed")
            }
            if !hasLiveContact(slot, at: now) { emitBreakStarted(slot, current, at: now) }
            return .breakState(current.id, running: state.agents[slot].currentBreak?.isRunning ?? false)
        }
        let kind = body.kind ?? .personal
        let least = kind == .stress ? rules.breaks.minimumMinutes : 1
        owe(
            slot, id: nil, kind: kind, reason: .requested, minutes: max(least, body.minutes ?? defaultMinutes(kind)),
            startBy: nil, immediate: false, because: nil, by: "agent", note: body.reason.map(Reason.free), at: now)
        return startIfNothingIsLive(slot, at: now)
    }

    private func defaultMinutes(_ kind: BreakKind) -> Int {
        switch kind {
        case .stress: rules.breaks.minutes
        case .rest: 15
        case .meal: 60
        case .screen: 5
        case .personal, .private: 10
        }
    }

    /// What the agent asked for, or was granted, begins at once when nothing is live, in every mode.
    private mutating func startIfNothingIsLive(_ slot: Int, at now: Instant) -> Reply.Details {
        guard let owed = state.agents[slot].currentBreak else { return .none }
        if !hasLiveContact(slot, at: now) { emitBreakStarted(slot, owed, at: now) }
        return .breakState(owed.id, running: state.agents[slot].currentBreak?.isRunning ?? false)
    }

    mutating func grantBreak(_ body: BreakGrant, by: Person?, at now: Instant) throws(Refusal) -> Reply.Details {
        let slot = try requireAgent(body.agent)
        try Self.requireSupervisor(by)
        if let current = state.agents[slot].currentBreak {
            throw Refusal(
                .wrongState, "the agent already has a break, \"\(current.id)\"", field: "agent",
                state: current.isRunning ? "on_break" : "break_owed")
        }
        owe(
            slot, id: nil, kind: .rest, reason: .granted, minutes: body.minutes ?? rules.breaks.minutes, startBy: nil,
            immediate: false, because: nil, by: by?.role, note: .free(body.reason), at: now)
        return startIfNothingIsLive(slot, at: now)
    }

    /// The agent comes back, or a supervisor who says why calls the agent back.
    mutating func endBreak(_ body: BreakEnd, by: Person?, at now: Instant) throws(Refusal) {
        let slot = try requireAgent(body.agent)
        try Self.requireSupervisor(by)
        guard let current = state.agents[slot].currentBreak, let started = current.startedAt else {
            if state.agents[slot].isBackFromBreak && by == nil {
                changePresence(
                    slot, to: .ready, reason: nil, leaseUntil: state.agents[slot].leaseUntil, at: now)
                return
            }
            throw Refusal(
                .wrongState, "no break of agent \"\(body.agent)\" runs", field: "agent",
                state: state.agents[slot].effective.rawValue)
        }
        if current.kind == .stress {
            let least = min(rules.breaks.minimumMinutes, current.minutes)
            let minimum = started + .minutes(Int64(least))
            if now < minimum {
                throw Refusal(
                    .wrongState, "a stress break lasts at least \(least) minutes",
                    field: "agent", state: "on_break", until: minimum)
            }
        }
        if by != nil && current.immediate {
            throw Refusal(
                .wrongState, "a break after such a contact can only be ended by the agent", field: "agent",
                state: "on_break", until: current.endsAt)
        }
        emitBreakEnded(
            slot, current, by: by?.role ?? "agent", note: body.reason.map(Reason.free), returns: by == nil, at: now)
        guard by != nil else {
            if state.agents[slot].presence == .away && state.agents[slot].isBackFromBreak {
                changePresence(slot, to: .ready, reason: nil, leaseUntil: state.agents[slot].leaseUntil, at: now)
            }
            return
        }
        leaveAwayAfterBreak(slot, at: now)
        oweWhatWasCut(slot, current, started: started, at: now)
    }

    /// What a supervisor cut from a stress break is owed again.
    private mutating func oweWhatWasCut(_ slot: Int, _ cut: AgentBreak, started: Instant, at now: Instant) {
        let left = Int((.minutes(Int64(cut.minutes)) - (now - started) + 59_999) / .minutes(1))
        guard cut.kind == .stress, cut.enforced, left > 0 else { return }
        owe(
            slot, id: nil, kind: .stress, reason: .care, minutes: max(left, rules.breaks.minimumMinutes), startBy: nil,
            immediate: false, because: "cut", by: nil, note: nil, at: now)
    }
}
