import KapwaDomain
import KapwaRules

extension Router {
    /// Somebody who acts for another must be a supervisor.
    static func requireSupervisor(_ by: Person?) throws(Refusal) {
        guard let by, by.role != "supervisor" else { return }
        throw Refusal(
            .notPermitted, "role \"\(by.role)\" may not do this for an agent; a supervisor may", field: "by.role")
    }

    mutating func startBreak(_ body: BreakStart, at now: Instant) throws(Refusal) -> Reply.Details {
        let slot = try requireAgent(body.agent)
        if let first = firstDue(slot, orOf: body.kind) {
            if first.isRunning {
                throw Refusal(
                    .wrongState, "the break \"\(first.id)\" already runs", field: "agent", state: "on_break",
                    until: first.endsAt)
            }
            if let kind = body.kind, kind != first.kind {
                throw Refusal(
                    .wrongState, "another break, \"\(first.id)\", is owed first", field: "kind", state: "break_owed")
            }
        }
        if let kind = body.kind { dropUnbound(slot, unless: kind, at: now) }
        if state.agents[slot].currentBreak != nil { return startIfNothingIsLive(slot, at: now) }
        let note = body.reason.map(Reason.free)
        if let invited = openInvitation(slot, body.kind, at: now) {
            owe(
                slot,
                BreakDebt(
                    minutes: max(invited.minutes, body.minutes ?? 0),
                    minimumMinutes: min(invited.minutes, policy(slot).minimumMinutes), because: invited.reason,
                    by: "agent", note: note), at: now)
        } else if let planned = openPlanned(slot, body.kind, at: now) {
            owePlanned(slot, planned, by: "agent", at: now)
        } else {
            let kind = body.kind ?? .personal
            let least = kind == .stress ? policy(slot).minimumMinutes : 1
            owe(
                slot,
                BreakDebt(
                    kind: kind, reason: .requested,
                    minutes: max(least, body.minutes ?? defaultMinutes(kind, slot)),
                    minimumMinutes: kind == .stress ? least : nil, by: "agent", note: note), at: now)
        }
        return startIfNothingIsLive(slot, at: now)
    }

    /// The first break that runs, or is owed and binds; of those that bind nobody only one of this kind counts.
    private func firstDue(_ slot: Int, orOf kind: BreakKind?) -> AgentBreak? {
        guard let current = state.agents[slot].currentBreak else { return nil }
        return ([current] + state.agents[slot].nextBreaks).first { $0.isRunning || $0.enforced || $0.kind == kind }
    }

    /// A break that is owed and binds nobody stands in no other's way. Nothing is refused after this.
    private mutating func dropUnbound(_ slot: Int, unless kind: BreakKind?, at now: Instant) {
        while let owed = state.agents[slot].currentBreak, !owed.isRunning, !owed.enforced, owed.kind != kind {
            emitBreakEnded(slot, owed, by: "agent", note: nil, at: now)
        }
    }

    /// An early break that was offered and not yet taken.
    private func openInvitation(_ slot: Int, _ kind: BreakKind?, at now: Instant) -> Invitation? {
        guard kind == nil || kind == .stress, let invitation = state.agents[slot].invitation, now < invitation.until
        else { return nil }
        return invitation
    }

    /// The planned break of this kind whose window is open.
    private func openPlanned(_ slot: Int, _ kind: BreakKind?, at now: Instant) -> AgentBreak? {
        guard let kind else { return nil }
        return state.agents[slot].plannedBreaks.first { $0.kind == kind && $0.opensAt <= now }
    }

    private func defaultMinutes(_ kind: BreakKind, _ slot: Int) -> Int {
        switch kind {
        case .stress: policy(slot).minutes
        case .rest: 15
        case .meal: 60
        case .screen: 5
        case .personal, .private: 10
        }
    }

    /// What the agent asked for, or was granted, begins at once when nothing is live, in every mode. An owed stress
    /// break of a team that has no room waits all the same.
    private mutating func startIfNothingIsLive(_ slot: Int, at now: Instant) -> Reply.Details {
        guard var owed = state.agents[slot].currentBreak else { return .none }
        let id = owed.id
        owed.earliest = nil
        if !hasLiveContact(slot, at: now), mayBegin(slot, owed, at: now) { emitBreakStarted(slot, owed, at: now) }
        return .breakState(id, running: state.agents[slot].currentBreak?.isRunning ?? false)
    }

    mutating func grantBreak(_ body: BreakGrant, by: Person?, at now: Instant) throws(Refusal) -> Reply.Details {
        let slot = try requireAgent(body.agent)
        try Self.requireSupervisor(by)
        if let first = firstDue(slot, orOf: nil) {
            throw Refusal(
                .wrongState, "the agent already has a break, \"\(first.id)\"", field: "agent",
                state: first.isRunning ? "on_break" : "break_owed")
        }
        dropUnbound(slot, unless: nil, at: now)
        owe(
            slot,
            BreakDebt(
                kind: .rest, reason: .granted, minutes: body.minutes ?? policy(slot).minutes, by: by?.role,
                note: .free(body.reason)), at: now)
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
        try checkEnd(current, started, body, by: by, at: now)
        emitBreakEnded(
            slot, current, by: by?.role ?? "agent", note: body.reason.map(Reason.free), returns: by == nil, at: now)
        if by == nil {
            if state.agents[slot].presence == .away && state.agents[slot].isBackFromBreak {
                changePresence(slot, to: .ready, reason: nil, leaseUntil: state.agents[slot].leaseUntil, at: now)
            }
        } else {
            leaveAwayAfterBreak(slot, at: now)
            oweWhatWasCut(slot, current, started: started, at: now)
        }
        resumeParked(slot, at: now)
    }

    /// Nobody ends a break before its least minutes; one who acts for another says why, and cuts none that follows a
    /// grave contact.
    private func checkEnd(
        _ current: AgentBreak, _ started: Instant, _ body: BreakEnd, by: Person?, at now: Instant
    ) throws(Refusal) {
        if by != nil && (body.reason ?? "").isEmpty {
            throw Refusal(.missingField, "whoever ends a break of another says why", field: "reason")
        }
        if by != nil && current.immediate {
            throw Refusal(
                .wrongState, "a break after such a contact can only be ended by the agent", field: "agent",
                state: "on_break", until: current.endsAt)
        }
        let least = min(current.minimumMinutes ?? 0, current.minutes)
        let minimum = started + .minutes(Int64(least))
        guard now < minimum else { return }
        throw Refusal(
            .wrongState, "a break of kind \"\(current.kind.rawValue)\" lasts at least \(least) minutes", field: "agent",
            state: "on_break", until: minimum)
    }

    /// What a supervisor cut is owed again: its agent gets nothing new, goes on with what was parked, and takes the
    /// rest within the window, at its latest start by itself.
    private mutating func oweWhatWasCut(_ slot: Int, _ cut: AgentBreak, started: Instant, at now: Instant) {
        let left = Int((.minutes(Int64(cut.minutes)) - (now - started) + 59_999) / .minutes(1))
        guard cut.enforced, left > 0 else { return }
        let startBy = now + policy(slot).startWithin
        let minutes = cut.kind == .stress ? max(left, policy(slot).minimumMinutes) : left
        owe(
            slot,
            BreakDebt(
                kind: cut.kind, reason: cut.reason, minutes: minutes, earliest: startBy, startBy: startBy,
                paid: cut.paid, minimumMinutes: cut.minimumMinutes.map { min($0, minutes) }, because: "cut"), at: now)
    }

    /// Moves an owed or planned break once: what is owed for care by its latest start, what is planned inside its
    /// window.
    mutating func postponeBreak(_ body: BreakPostpone, at now: Instant) throws(Refusal) {
        let slot = try requireAgent(body.agent)
        let agent = state.agents[slot]
        let fits = { (one: AgentBreak) in body.kind == nil || body.kind == one.kind }
        let owed = agent.currentBreak.flatMap { fits($0) ? $0 : nil }
        if let owed, owed.isRunning {
            throw Refusal(
                .wrongState, "the break \"\(owed.id)\" already runs; only one that has not begun can be moved",
                field: "agent", state: "on_break")
        }
        guard let one = owed ?? agent.plannedBreaks.first(where: fits) else {
            throw Refusal(
                .wrongState, "agent \"\(body.agent)\" has no such break that could be moved", field: "agent",
                state: agent.effective.rawValue)
        }
        guard !one.isPostponed else {
            throw Refusal(
                .wrongState, "the break \"\(one.id)\" was moved before; once is all", field: "agent",
                state: "postponed")
        }
        let most = Int(policy(slot).postponeMax / .minutes(1))
        let minutes = body.minutes ?? most
        guard (1...max(1, most)).contains(minutes), most > 0 else {
            throw Refusal(.invalidField, "a break can be moved by at most \(most) minutes", field: "minutes")
        }
        emitPostponed(slot, one, by: .minutes(Int64(minutes)), note: body.reason.map(Reason.free), at: now)
    }

    private mutating func emitPostponed(
        _ slot: Int, _ one: AgentBreak, by length: Milliseconds, note: Reason?, at now: Instant
    ) {
        let isScheduled = one.reason == .schedule
        let startBy = isScheduled ? one.startBy : one.startBy + length
        emit(
            .breakPostponed(
                changed(one, slot) {
                    $0.earliest = min(max(now, one.earliest ?? now) + length, startBy)
                    $0.startBy = startBy
                    $0.by = "agent"
                    $0.note = note
                }), at: now)
        breakChecks.append(slot)
    }
}
