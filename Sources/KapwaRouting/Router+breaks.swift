import KapwaDomain
import KapwaRules

/// A break that is to be owed.
struct BreakDebt {
    /// Of the break that becomes owed, or is owed already; `nil` makes a new one.
    var id: BreakID?
    var kind = BreakKind.stress
    var reason = BreakReason.care
    var minutes = 0
    /// Does not begin by itself before this.
    var earliest: Instant?
    /// As the policy says when absent.
    var startBy: Instant?
    var paid = true
    var minimumMinutes: Int?
    var immediate = false
    /// Binds its agent although breaks do not bind any more.
    var alreadyBinds = false
    var because: String?
    var by: String?
    var note: Reason?
}

extension Router {
    /// The break policy that holds for an agent.
    func policy(_ agent: Int) -> BreakPolicy { rules.breaks(for: state.agents[agent].team) }

    /// Whether breaks bind an agent.
    func breaksBind(_ agent: Int) -> Bool { rules.breaksMode(for: state.agents[agent].team).binds }

    /// Owes a stress break. One that is owed already is lengthened, never shortened, and binds from when breaks do; one
    /// that runs is enough, unless something graver came meanwhile, or it binds nobody and breaks do. It is never the meal
    /// or another break: those stay owed beside it.
    mutating func oweCareBreak(
        _ agent: Int, minutes: Int, immediate: Bool, because: String, at now: Instant
    ) {
        let policy = policy(agent)
        let binds = breaksBind(agent)
        var known: AgentBreak?
        var startBy = now + policy.startWithin
        if let current = state.agents[agent].currentBreak {
            if current.isRunning {
                let suffices = (current.immediate || !immediate) && (current.enforced || !binds)
                if current.kind == .stress && suffices { return }
                startBy = max(now, current.endsAt ?? now) + policy.startWithin
            } else if current.kind == .stress {
                known = current
            }
        }
        known = known ?? state.agents[agent].nextBreaks.first { $0.kind == .stress }
        if let known {
            let adds = minutes > known.minutes || (immediate && !known.immediate) || known.reason != .care
            guard adds || (binds && !known.enforced) else { return }
        }
        owe(
            agent,
            BreakDebt(
                id: known?.id, minutes: max(minutes, known?.minutes ?? 0), earliest: immediate ? nil : known?.earliest,
                startBy: known?.startBy ?? startBy, minimumMinutes: min(policy.minimumMinutes, minutes),
                immediate: immediate || (known?.immediate ?? false), alreadyBinds: known?.enforced ?? false,
                because: because), at: now)
    }

    /// Emits `break.owed`, withdraws open offers in the same batch, and has the break start if nothing is live.
    mutating func owe(_ agent: Int, _ debt: BreakDebt, at now: Instant) {
        emit(
            .breakOwed(
                .with {
                    $0.breakID = debt.id ?? nextBreakID
                    $0.agent = state.agents[agent].id
                    $0.kind = debt.kind
                    $0.reason = debt.reason
                    $0.enforced = debt.alreadyBinds || breaksBind(agent)
                    $0.minutes = debt.minutes
                    $0.earliest = debt.earliest
                    $0.startBy = debt.startBy ?? now + policy(agent).startWithin
                    $0.paid = debt.paid
                    $0.minimumMinutes = debt.minimumMinutes
                    $0.immediate = debt.immediate
                    $0.because = debt.because
                    $0.by = debt.by
                    $0.note = debt.note
                }), at: now)
        breakChecks.append(agent)
        guard state.agents[agent].owesBreak else { return }
        for offer in state.agents[agent].offers { withdraw(offer, reason: .word("break_owed"), at: now) }
    }

    var nextBreakID: BreakID { BreakID("b\(state.sequence + 1)") }

    /// Whether a live contact keeps the agent.
    func hasLiveContact(_ agent: Int, at now: Instant) -> Bool {
        state.agents[agent].contacts.contains { state.conversations[$0].isLive(at: now) }
    }

    /// Starts an owed break at the moment the last live contact ended, unless it waits inside its window.
    mutating func checkOwedBreak(_ id: AgentID, at now: Instant) {
        guard let slot = state.agentSlots[id], let owed = state.agents[slot].currentBreak, !owed.isRunning,
            owed.enforced
        else { return }
        if owed.isOverdue { handOverLiveChats(slot, at: now) }
        guard state.agents[slot].currentBreak == owed, !hasLiveContact(slot, at: now),
            mayBegin(slot, owed, at: now)
        else { return }
        emitBreakStarted(slot, owed, at: now)
    }

    /// Whether nothing but a live contact could keep an owed break from beginning now.
    func mayBegin(_ slot: Int, _ owed: AgentBreak, at now: Instant) -> Bool {
        if let earliest = owed.earliest, now < earliest { return false }
        return !owed.waitsForRoom || now >= owed.startBy || state.agents[slot].presence == .offline
            || hasRoom(slot)
    }

    mutating func emitBreakStarted(_ slot: Int, _ owed: AgentBreak, at now: Instant) {
        precondition(!hasLiveContact(slot, at: now), "no break starts while a contact is live")
        precondition(state.agents[slot].offers.isEmpty || !owed.enforced, "no break starts with an open offer")
        if owed.enforced && (owed.reason == .care || owed.reason == .schedule) {
            tellBrokenFloors(slot, owed.id, at: now)
        }
        let late = max(0, now - owed.startBy)
        let passedWhileAway = state.startedAt >= owed.startBy && late > 0
        emit(
            .breakStarted(
                changed(owed, slot) {
                    $0.endsAt = now + .minutes(Int64(owed.minutes))
                    $0.lateMilliseconds = late
                    if late > 0 { $0.lateCause = .word(passedWhileAway ? "restart" : "live_contact") }
                }), at: now)
        if owed.enforced { parkContacts(slot, at: now) }
    }

    /// - Parameter returns: Whether the agent goes on at once, if ready; else comes back later.
    mutating func emitBreakEnded(
        _ slot: Int, _ current: AgentBreak, by: String, note: Reason?, returns: Bool = false, at now: Instant
    ) {
        let taken = current.startedAt.map { now - $0 } ?? 0
        let landing = policy(slot).landing
        let lands =
            returns && state.agents[slot].presence == .ready && current.enforced && landing > 0
            && taken >= RoutingState.restingBreak
        emit(
            .breakEnded(
                changed(current, slot) {
                    $0.takenMilliseconds = taken
                    $0.completed = taken >= .minutes(Int64(current.minutes))
                    $0.landingUntil = lands ? now + landing : nil
                    $0.by = by
                    $0.note = note
                }), at: now)
        // What became owed meanwhile begins at once if nothing is live, and others of the team may have room now.
        if current.kind == .stress && current.isRunning { passRoomOn(state.agents[slot].team, at: now) }
        breakChecks.append(slot)
    }

    func changed(_ current: AgentBreak, _ slot: Int, _ fill: (inout BreakChanged) -> Void) -> BreakChanged {
        .with {
            $0.breakID = current.id
            $0.agent = state.agents[slot].id
            $0.kind = current.kind
            $0.reason = current.reason
            $0.enforced = current.enforced
            $0.minutes = current.minutes
            $0.startBy = current.startBy
            $0.paid = current.paid
            $0.minimumMinutes = current.minimumMinutes
            $0.immediate = current.immediate
            $0.because = current.because
            fill(&$0)
        }
    }

    /// A break may begin by itself now, or has come to its latest start: live chats are offered to others.
    mutating func noteDue(_ agent: AgentID, _ id: BreakID, at now: Instant) {
        checkOwedBreak(agent, at: now)
        guard let slot = state.agentSlots[agent], let owed = state.agents[slot].currentBreak, owed.id == id,
            !owed.isRunning, now >= owed.startBy, owed.enforced, !owed.isHandoverOffered
        else { return }
        offerHandovers(slot, owed, at: now)
    }

    mutating func noteOverdue(_ agent: AgentID, _ id: BreakID, at now: Instant) {
        guard let slot = state.agentSlots[agent], let owed = state.agents[slot].currentBreak, owed.id == id,
            !owed.isRunning, !owed.isOverdue
        else { return }
        guard owed.enforced else { return emitBreakEnded(slot, owed, by: "timer", note: nil, at: now) }
        emit(.breakOverdue(changed(owed, slot) { $0.lateMilliseconds = max(0, now - owed.startBy) }), at: now)
        checkOwedBreak(agent, at: now)
    }

    mutating func endBreakInTime(_ agent: AgentID, _ id: BreakID, _ timer: RoutingTimer, at now: Instant) {
        guard let slot = state.agentSlots[agent], let running = state.agents[slot].currentBreak, running.id == id,
            running.endsAt == timer.due
        else { return }
        emitBreakEnded(slot, running, by: "timer", note: nil, at: now)
        if running.enforced { leaveAwayAfterBreak(slot, at: now) }
    }

    /// Nobody is offered work on the way back: `away` until the agent says `ready`.
    mutating func leaveAwayAfterBreak(_ slot: Int, at now: Instant) {
        guard state.agents[slot].presence == .ready else { return }
        changePresence(
            slot, to: .away, reason: .word("break_over"), leaseUntil: state.agents[slot].leaseUntil, at: now)
    }
}
