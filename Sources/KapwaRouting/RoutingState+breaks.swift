import KapwaDomain

extension RoutingState {
    /// From `start_by` to `break.overdue`.
    static let overdueAfter: Milliseconds = .minutes(10)

    mutating func applyBreakOwed(_ body: BreakChanged, _ event: Event) {
        let slot = requireAgent(body.agent)
        var owed = AgentBreak(body)
        if let planned = removePlanned(slot, owed.id) { owed.keepProgress(of: planned) }
        guard let current = agents[slot].currentBreak else { return setOwed(slot, owed, at: event.at) }
        if current.id == owed.id {
            owed.keepProgress(of: current)
            return setOwed(slot, owed, at: event.at)
        }
        if let before = agents[slot].nextBreaks.first(where: { $0.id == owed.id }) {
            agents[slot].nextBreaks.removeAll { $0.id == owed.id }
            owed.keepProgress(of: before)
        }
        // A break for care does not wait for one that its agent has put off, if it is over in time for that.
        let isPutOff = current.earliest.map { $0 > event.at } ?? false
        let fits = event.at + .minutes(Int64(owed.minutes)) <= current.startBy
        let isCareBetween = isPutOff && fits && owed.kind == .stress && owed.enforced && owed.earliest == nil
        let goesFirst =
            owed.enforced != current.enforced
            ? owed.enforced : (owed.immediate && !current.immediate) || isCareBetween
        if !current.isRunning && goesFirst {
            insertNext(slot, current)
            setOwed(slot, owed, at: event.at)
        } else {
            insertNext(slot, owed)
            recount(slot)
            freshAgents.append(slot)
        }
    }

    private mutating func setOwed(_ slot: Int, _ owed: AgentBreak, at now: Instant) {
        agents[slot].currentBreak = owed
        followOwedBreak(slot, at: now)
    }

    /// What binds comes first, of that what follows a grave contact, then what is due first.
    private mutating func insertNext(_ slot: Int, _ owed: AgentBreak) {
        let index = agents[slot].nextBreaks.firstIndex {
            if owed.enforced != $0.enforced { return owed.enforced }
            return owed.immediate != $0.immediate ? owed.immediate : owed.startBy < $0.startBy
        }
        agents[slot].nextBreaks.insert(owed, at: index ?? agents[slot].nextBreaks.count)
    }

    /// Sets the timers of breaks that an agent who comes back still has.
    mutating func followRestoredBreaks(_ slot: Int, at now: Instant) {
        watchPlanned(slot, due: agents[slot].plannedBreaks.map(\.lookAt).min())
        if let endsAt = agents[slot].currentBreak?.endsAt, let id = agents[slot].currentBreak?.id {
            setBreakTimers(slot, [(.breakEnd(agents[slot].id, id), endsAt)])
        } else {
            followOwedBreak(slot, at: now)
        }
        recount(slot)
        paceChanged(slot, at: now)
    }

    /// Sets the timers of what the agent owes now.
    private mutating func followOwedBreak(_ slot: Int, at now: Instant) {
        recount(slot)
        freshAgents.append(slot)
        guard let owed = agents[slot].currentBreak else { return setBreakTimers(slot, []) }
        let agent = agents[slot].id
        // One that binds nobody lapses; one that does is due, and overdue some time later.
        guard owed.enforced else { return setBreakTimers(slot, [(.breakOverdue(agent, owed.id), owed.startBy)]) }
        var due: [(RoutingTimer.Subject, Instant)] = [
            (.breakDue(agent, owed.id), owed.startBy),
            (.breakOverdue(agent, owed.id), owed.startBy + Self.overdueAfter),
        ]
        if let earliest = owed.earliest, earliest > now { due.append((.breakDue(agent, owed.id), earliest)) }
        setBreakTimers(slot, due)
        setBreakCheck(slot)
    }

    private mutating func setBreakTimers(_ slot: Int, _ due: [(subject: RoutingTimer.Subject, at: Instant)]) {
        for timer in agents[slot].breakTimers { timers.cancel(timer) }
        agents[slot].breakTimers = due.map { timers.set($0.subject, due: $0.at) }
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
        var running = AgentBreak(body)
        if let owed = agents[slot].currentBreak {
            precondition(owed.id == body.breakID, "the break that starts is the one that is owed first")
            running.keepProgress(of: owed)
        }
        running.startedAt = event.at
        running.endsAt = endsAt
        agents[slot].currentBreak = running
        agents[slot].invitation = nil
        if body.reason == .schedule && body.because != "cut" { rememberBegun(slot, body.kind, at: event.at) }
        // A break that is owed behind this one cannot begin before it ends, so it is not late before that.
        for index in agents[slot].nextBreaks.indices where agents[slot].nextBreaks[index].startBy < endsAt {
            agents[slot].nextBreaks[index].startBy = endsAt
        }
        if body.enforced { moveWrapups(slot, to: endsAt, at: event.at) }
        setBreakTimers(slot, [(.breakEnd(body.agent, body.breakID), endsAt)])
        recount(slot)
        freshAgents.append(slot)
        paceChanged(slot, at: event.at)
    }

    /// After-contact work that a break meets waits until after: what was left of its time runs from the break's end.
    private mutating func moveWrapups(_ slot: Int, to end: Instant, at now: Instant) {
        for index in agents[slot].wrapups.indices {
            let wrapup = agents[slot].wrapups[index]
            if let timer = wrapup.timer { timers.cancel(timer) }
            let deadline = end + max(0, wrapup.deadline - now)
            agents[slot].wrapups[index].deadline = deadline
            agents[slot].wrapups[index].timer = timers.set(
                .wrapup(agents[slot].id, wrapup.conversation, episode: wrapup.episode), due: deadline)
        }
    }

    mutating func applyBreakEnded(_ body: BreakChanged, _ event: Event) {
        let slot = requireAgent(body.agent)
        // One of the plan lapses when nobody came for it.
        if removePlanned(slot, body.breakID) != nil { return }
        precondition(agents[slot].currentBreak?.id == body.breakID, "the break that ends is the agent's own")
        // One that lapsed without having begun was no rest.
        let wasRunning = agents[slot].currentBreak?.isRunning ?? false
        agents[slot].currentBreak = agents[slot].nextBreaks.isEmpty ? nil : agents[slot].nextBreaks.removeFirst()
        if wasRunning { agents[slot].idleSince = event.at }
        followRest(slot, body, at: event.at)
        followOwedBreak(slot, at: event.at)
        paceChanged(slot, at: event.at)
    }

    mutating func applyBreakPostponed(_ body: BreakChanged, _ event: Event) {
        let slot = requireAgent(body.agent)
        if agents[slot].currentBreak?.id == body.breakID {
            agents[slot].currentBreak?.earliest = body.earliest
            agents[slot].currentBreak?.startBy = body.startBy
            agents[slot].currentBreak?.isPostponed = true
            return followOwedBreak(slot, at: event.at)
        }
        guard var planned = removePlanned(slot, body.breakID) else {
            preconditionFailure("a break that is postponed is owed or planned")
        }
        planned.earliest = body.earliest
        planned.startBy = body.startBy
        planned.isPostponed = true
        addPlanned(slot, planned)
    }

    mutating func applyBreakOverdue(_ body: BreakChanged) {
        agents[requireAgent(body.agent)].currentBreak?.isOverdue = true
    }

    mutating func applyHandoverOffered(_ body: HandoverOffered) {
        agents[requireAgent(body.agent)].currentBreak?.isHandoverOffered = true
    }

    mutating func applyBreakInvited(_ body: BreakInvited) {
        agents[requireAgent(body.agent)].invitation = Invitation(
            reason: body.reason?.text ?? "", minutes: body.minutes, until: body.until)
    }

    mutating func rememberReport(_ slot: Int, at now: Instant) {
        agents[slot].reports.removeAll { $0 <= now - .days(1) }
        agents[slot].reports.append(now)
        if agents[slot].reports.count > Limits.reportsRememberedMax { agents[slot].reports.removeFirst() }
    }

    // MARK: Counts

    /// Brings the counts of teams, and the list of those who owe, up to date with what is true of an agent.
    mutating func recount(_ slot: Int) {
        let counted = counted(slot)
        guard counted != agents[slot].counted else { return }
        uncount(slot)
        agents[slot].counted = counted
        add(counted, 1)
        if counted.owes { owing.append(slot) }
    }

    /// What is true of an agent.
    func counted(_ slot: Int) -> TeamCounts.Counted {
        let isPresent = agents[slot].presence != .offline
        let rests = agents[slot].isOnBreak && agents[slot].currentBreak?.kind == .stress
        let owed = agents[slot].owedBreak
        return TeamCounts.Counted(
            team: agents[slot].team, isPresent: isPresent, isOnStressBreak: isPresent && rests,
            owesStress: isPresent && owed?.kind == .stress, owes: owed != nil)
    }

    mutating func uncount(_ slot: Int) {
        guard let counted = agents[slot].counted else { return }
        add(counted, -1)
        if counted.owes { owing.removeAll { $0 == slot } }
        agents[slot].counted = nil
    }

    private mutating func add(_ counted: TeamCounts.Counted, _ step: Int) {
        var counts = teams[counted.team] ?? TeamCounts()
        counts.add(counted, step)
        teams[counted.team] = counts == TeamCounts() ? nil : counts
    }
}
