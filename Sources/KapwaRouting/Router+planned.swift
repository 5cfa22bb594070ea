import KapwaDomain
import KapwaRules

extension Router {
    /// Takes a shift and plans its breaks anew. What is owed, runs or was begun is not planned again.
    mutating func setShift(_ body: AgentShift, at now: Instant) throws(Refusal) {
        let slot = try requireAgent(body.agent)
        guard body.startsAt - now <= Limits.shiftAheadMax else {
            throw Refusal(
                .invalidField, "starts_at lies more than \(Limits.shiftAheadMax / .days(1)) days ahead",
                field: "starts_at")
        }
        let plan = plan(slot, body, at: now)
        let known = state.agents[slot]
        let shift = Shift(startsAt: body.startsAt, endsAt: body.endsAt, mealAt: body.mealAt)
        if known.shift == shift && Self.isPlan(known.plannedBreaks, plan) { return }
        emit(
            .agentShiftChanged(
                .with {
                    $0.agent = known.id
                    $0.startsAt = body.startsAt
                    $0.endsAt = body.endsAt
                    $0.mealAt = body.mealAt
                    $0.zone = body.zone
                }), at: now)
        for item in plan { emitPlanned(slot, item, at: now) }
    }

    /// The breaks of the policy for this shift that are still to come.
    private func plan(_ slot: Int, _ body: AgentShift, at now: Instant) -> [PlannedBreak] {
        let agent = state.agents[slot]
        var begun = agent.begunPlanned.filter { $0.at >= body.startsAt && $0.at < body.endsAt }.map(\.kind)
        let owed = [agent.currentBreak].compactMap { $0 } + agent.nextBreaks
        for one in owed where one.reason == .schedule && !one.isRunning { begun.append(one.kind) }
        return policy(slot).plan(from: body.startsAt, to: body.endsAt, mealAt: body.mealAt).filter { item in
            if let done = begun.firstIndex(of: item.kind) {
                begun.remove(at: done)
                return false
            }
            return item.startBy > now
        }
    }

    private static func isPlan(_ known: [AgentBreak], _ plan: [PlannedBreak]) -> Bool {
        known.count == plan.count
            && zip(known, plan).allSatisfy { known, item in
                known.kind == item.kind && known.minutes == item.minutes && known.startBy == item.startBy
                    && (known.isPostponed || known.earliest == item.earliest)
            }
    }

    private mutating func emitPlanned(_ slot: Int, _ item: PlannedBreak, at now: Instant) {
        emit(
            .breakPlanned(
                .with {
                    $0.breakID = nextBreakID
                    $0.agent = state.agents[slot].id
                    $0.kind = item.kind
                    $0.reason = .schedule
                    $0.enforced = breaksBind(slot)
                    $0.minutes = item.minutes
                    $0.earliest = item.earliest
                    $0.startBy = item.startBy
                    $0.paid = item.paid
                    $0.minimumMinutes = item.minimumMinutes
                }), at: now)
    }

    // MARK: Owing

    /// Looks at an agent's planned breaks: when a window opens, when one may be to be owed, when the agent comes.
    mutating func checkPlannedBreaks(_ id: AgentID, at now: Instant) {
        guard let slot = state.agentSlots[id] else { return }
        var next: Instant?
        for planned in state.agents[slot].plannedBreaks {
            guard let look = checkPlanned(slot, planned, at: now) else { continue }
            next = next.map { min($0, look) } ?? look
        }
        adjust { $0.watchPlanned(slot, due: next) }
    }

    /// Owes a planned break when what is in hand could else outlast its window.
    ///
    /// - Returns: When to look again; `nil` when it is planned no more.
    private mutating func checkPlanned(_ slot: Int, _ planned: AgentBreak, at now: Instant) -> Instant? {
        guard now >= planned.lookAt else { return planned.lookAt }
        guard state.agents[slot].presence != .offline else {
            // Nobody is there to take it; one who comes back in time still does.
            guard now >= planned.startBy else { return planned.startBy }
            emitBreakEnded(slot, planned, by: "timer", note: nil, at: now)
            return nil
        }
        let owedAt = owedAt(slot, planned, at: now)
        guard now < owedAt else {
            owePlanned(slot, planned, by: nil, at: now)
            return nil
        }
        if planned.opensAt <= now && planned.enforced && isCounted(slot) { slide(slot, planned.id, at: now) }
        // How long contacts last may change until then.
        let firstLook = planned.startBy - RoutingState.leadMax
        return now < firstLook ? min(firstLook, owedAt) : owedAt
    }

    /// From when on its agent takes nothing that could outlast the window. One that the agent moved is owed as early,
    /// though it begins later.
    private func owedAt(_ slot: Int, _ planned: AgentBreak, at now: Instant) -> Instant {
        let last = planned.startBy - state.lead(slot, at: now)
        return planned.isPostponed ? last : max(planned.opensAt, last)
    }

    mutating func owePlanned(_ slot: Int, _ planned: AgentBreak, by: String?, at now: Instant) {
        // Behind a break that runs it cannot begin before that ends.
        let busyUntil = state.agents[slot].currentBreak?.endsAt ?? planned.startBy
        owe(
            slot,
            BreakDebt(
                id: planned.id, kind: planned.kind, reason: .schedule, minutes: planned.minutes,
                earliest: by == nil && planned.isPostponed ? planned.earliest : nil,
                startBy: max(planned.startBy, busyUntil), paid: planned.paid,
                minimumMinutes: planned.minimumMinutes, alreadyBinds: planned.enforced, by: by), at: now)
    }

    // MARK: Sliding

    private func isCounted(_ slot: Int) -> Bool {
        rules.floors.contains { $0.counts(skills: state.agents[slot].skills, team: state.agents[slot].team) }
    }

    /// From the opening of its window on, a break that a floor counts goes as soon as the floor can spare its agent.
    private mutating func slide(_ slot: Int, _ id: BreakID, at now: Instant) {
        adjust { state in
            let sliding = RoutingState.SlidingBreak(agent: state.agents[slot].id, id: id)
            if !state.sliding.contains(sliding) { state.sliding.append(sliding) }
            // After all others that come to slide at the same moment.
            if state.slideTimer == nil { state.slideTimer = state.timers.set(.slide, due: now) }
        }
    }

    /// Places the breaks that slide, the highest ledger first, as far as floors hold; the others wait another minute.
    mutating func placeSliding(at now: Instant) {
        var open: [(slot: Int, planned: AgentBreak, ledger: Int)] = []
        for sliding in state.sliding {
            guard let slot = state.agentSlots[sliding.agent],
                let planned = state.agents[slot].plannedBreaks.first(where: { $0.id == sliding.id })
            else { continue }
            open.append((slot, planned, state.agents[slot].ledger.value(at: now)))
        }
        open.sort {
            ($1.ledger, $0.planned.startBy, state.agents[$0.slot].id)
                < ($0.ledger, $1.planned.startBy, state.agents[$1.slot].id)
        }
        var left = rules.floors.map { floor in state.agentOrder.count { isOnFloor($0, floor) } }
        var waiting: [RoutingState.SlidingBreak] = []
        for (slot, planned, _) in open {
            let floors = rules.floors.indices.filter { isOnFloor(slot, rules.floors[$0]) }
            let spared = floors.allSatisfy { left[$0] > rules.floors[$0].least }
            if spared, state.agents[slot].currentBreak == nil, planned.opensAt <= now {
                for floor in floors { left[floor] -= 1 }
                owePlanned(slot, planned, by: nil, at: now)
            } else {
                waiting.append(RoutingState.SlidingBreak(agent: state.agents[slot].id, id: planned.id))
            }
        }
        adjust { state in
            state.sliding = waiting
            state.slideTimer = waiting.isEmpty ? nil : state.timers.set(.slide, due: now + .minutes(1))
        }
    }
}
