public import KapwaDomain
public import KapwaRules

/// Decides. Every command becomes events, every event is applied at once, so that the next command sees it.
///
/// Pure: time is an argument, there is no clock, no randomness, no input or output. The caller commits
/// ``takeEvents()`` before anything leaves, and calls ``match(at:)`` once at the end of each batch.
public struct Router: Sendable {
    public private(set) var state: RoutingState
    /// The rules in force.
    public private(set) var rules: RuleSet
    /// Hash of the lexicon in force.
    public private(set) var lexicon: String
    public let version: String

    private var pending: [Event] = []
    private var cause = Event.Cause.timer
    var lastNow = Instant(milliseconds: 0)
    /// Timers of the queues' hours.
    var openings: [(queue: QueueID, timer: TimerQueue.Key)] = []
    /// Agents whose owed break may be able to start, looked at when the command or timer is through.
    var breakChecks: [Int] = []

    /// Goes on from a state that was replayed, or from an empty one. ``start(at:digest:)`` comes next.
    public init(state: RoutingState, rules: RuleSet, lexicon: String, version: String) {
        self.state = state
        self.rules = rules
        self.lexicon = lexicon
        self.version = version
    }

    /// The events decided since the last call, in order.
    public mutating func takeEvents() -> [Event] {
        // Emptied in place it would be copied at its full capacity, because the caller still has it.
        var taken: [Event] = []
        swap(&taken, &pending)
        return taken
    }

    /// Decides one command. Timers that are due fire first.
    ///
    /// - Parameter now: the daemon's clock; never goes back.
    /// - Returns: what the command is answered with, once its events are committed.
    public mutating func handle(_ command: Command, at now: Instant) -> Result<Reply.Accepted, Refusal> {
        tick(at: now)
        cause = .command(command.id)
        let before = state.sequence
        do throws(Refusal) {
            let details = try decide(command, at: now)
            startOwedBreaks(at: now)
            return .success(Reply.Accepted(sequence: state.sequence > before ? state.sequence : 0, details: details))
        } catch {
            precondition(state.sequence == before, "a refused command leaves no events")
            return .failure(error)
        }
    }

    private mutating func decide(_ command: Command, at now: Instant) throws(Refusal) -> Reply.Details {
        switch command.body {
        case .agentUpsert(let body): try upsert(body, at: now)
        case .agentState(let body): return try setState(body, at: now)
        case .agentShift(let body): try setShift(body, at: now)
        case .agentRemove(let body): try remove(body, at: now)
        case .conversationMessage(let body): return try receive(body, at: now)
        case .conversationUpdate(let body): try update(body, at: now)
        case .conversationTransfer(let body): try transfer(body, at: now)
        case .conversationAssign(let body): return try assign(body, by: command.by, at: now)
        case .conversationClose(let body): try close(body, at: now)
        case .offerAccept(let body): try accept(body, at: now)
        case .offerDecline(let body): try decline(body, at: now)
        case .wrapupDone(let body): try finishWrapup(body, at: now)
        case .breakStart(let body): return try startBreak(body, at: now)
        case .breakEnd(let body): try endBreak(body, by: command.by, at: now)
        case .breakPostpone(let body): try postponeBreak(body, at: now)
        case .breakGrant(let body): return try grantBreak(body, by: command.by, at: now)
        case .stressReport(let body): try report(body, at: now)
        case .conversationRetag(let body): try retag(body, by: command.by, at: now)
        case .safetyAcknowledge(let body): try acknowledge(body, by: command.by)
        case .incidentDeclare(let body): try declareIncident(body, by: command.by, at: now)
        case .incidentEnd(let body): try endIncident(body, by: command.by, at: now)
        case .affinityLift(let body): try liftAffinity(body, by: command.by, at: now)
        case .followupDone(let body): try closeFollowup(body, by: command.by, at: now)
        case .feedbackRecord(let body): try recordFeedback(body, at: now)
        case .queueEstimate(let body): return try estimate(body, at: now)
        case .stateRead(let body): return .rows(try read(body, at: now))
        case .eventsRead, .ping: preconditionFailure("reads of events and pings do not reach the router")
        }
        return .none
    }

    /// Fires every timer that is due, in order of (due, sequence).
    public mutating func tick(at now: Instant) {
        precondition(now >= lastNow && now >= state.lastEventAt, "the daemon's clock does not go back")
        lastNow = now
        while let timer = state.timers.popDue(at: now) {
            cause = .timer
            fire(timer, at: now)
            startOwedBreaks(at: now)
        }
    }

    /// Matches what waits with who is free, once at the end of each batch.
    public mutating func match(at now: Instant) {
        cause = .match
        runMatching(at: now)
    }

    /// Says that the daemon follows this journal again, and lets what is due happen.
    ///
    /// - Parameter digest: the state digest after replay, as it stands in the log.
    public mutating func start(at now: Instant, digest: String) {
        precondition(now >= state.lastEventAt, "a start is not before the last event")
        let gap = state.sequence == 0 ? 0 : now - state.lastEventAt
        lastNow = now
        cause = .restart
        emit(
            .daemonStarted(
                .with {
                    $0.version = version
                    $0.digest = digest
                    $0.replayed = state.sequence
                    $0.gapMilliseconds = gap
                }), at: now)
        followHours(at: now)
        freshenEverything()
        tick(at: now)
    }

    /// Goes on from a state that was replayed while running, without saying so: what was lost is decided again.
    /// Leases were renewed without events, so they get a minute.
    public mutating func resume(at now: Instant) {
        lastNow = now
        for slot in state.agentOrder where state.agents[slot].isLeased {
            renewLease(slot, until: max(state.agents[slot].leaseUntil ?? now, now + .seconds(60)))
        }
        followHours(at: now)
        freshenEverything()
    }

    /// Has the next matching look at everybody and everything.
    mutating func freshenEverything() {
        state.freshAgents = state.agentOrder
        state.freshConversations = state.queuedSlots
    }

    /// Says that the clock was not watched for a while.
    public mutating func noteClockGap(_ gap: Milliseconds, at now: Instant) {
        cause = .timer
        emit(.clockGap(.with { $0.gapMilliseconds = gap }), at: now)
    }

    /// Swaps rules and lexicon as a whole and says so, unless they are the ones that the journal names.
    public mutating func change(to rules: RuleSet, lexicon: String, by: String?, at now: Instant) {
        let isNew = state.rulesVersion == 0 || state.rulesHash != rules.hash
        guard isNew || state.lexiconHash != lexicon else {
            self.rules = rules
            self.lexicon = lexicon
            followHours(at: now)
            return
        }
        tick(at: now)
        cause = .rules
        self.rules = rules
        self.lexicon = lexicon
        followHours(at: now)
        emit(
            .rulesChanged(
                .with {
                    $0.version = state.rulesVersion + 1
                    $0.hash = rules.hash
                    $0.lexicon = lexicon
                    $0.by = by
                }), at: now)
        changeModes(at: now)
        if isNew { refileAfterRulesChange(at: now) }
        // Shares of teams may be others now.
        breakChecks.append(contentsOf: state.owing)
        startOwedBreaks(at: now)
    }

    private mutating func startOwedBreaks(at now: Instant) {
        while let slot = breakChecks.popLast() { checkOwedBreak(state.agents[slot].id, at: now) }
    }

    /// Decides an event: numbers it, applies it, keeps it for the commit.
    mutating func emit(_ body: Event.Body, at now: Instant) {
        let previous = state.noteTopic(of: body)
        let event = Event(
            sequence: state.sequence + 1, previous: previous, tenant: state.tenant, at: now, cause: cause, body: body)
        state.take(event)
        pending.append(event)
    }

    /// Changes what no event says, because it follows from events and time: timers and lists of what to look at.
    mutating func adjust(_ change: (inout RoutingState) -> Void) { change(&state) }

    /// Changes the state without an event: for leases, which are renewed silently.
    mutating func renewLease(_ slot: Int, until: Instant) {
        state.renewLease(slot, until: until)
    }

    /// Sets a timer without an event: for what follows from the rules alone.
    mutating func setTimer(_ subject: RoutingTimer.Subject, due: Instant) -> TimerQueue.Key {
        state.timers.set(subject, due: due)
    }

    mutating func cancelTimer(_ key: TimerQueue.Key) { state.timers.cancel(key) }

    /// A chat's timer has fired: it is silent, or looked at again when it may be.
    mutating func watchSilence(_ slot: Int, isSilent: Bool) {
        if isSilent { state.stopWatchingSilence(slot) } else { state.watchSilence(slot) }
    }

    /// The timer has fired.
    mutating func forgetBreakCheck(_ id: AgentID) {
        if let slot = state.agentSlots[id] { state.forgetBreakCheck(slot) }
    }

    /// Takes what the last matching has not seen yet.
    mutating func takeFresh() -> (conversations: [Int], agents: [Int]) {
        var taken: (conversations: [Int], agents: [Int]) = ([], [])
        swap(&taken.conversations, &state.freshConversations)
        swap(&taken.agents, &state.freshAgents)
        return taken
    }

    /// Marks a conversation to be looked at again by the next matching.
    mutating func freshen(_ slot: Int, at now: Instant) {
        state.refile(slot, at: now)
        state.freshConversations.append(slot)
    }

    /// Marks an agent to be looked at again by the next matching.
    mutating func freshenAgent(_ slot: Int) {
        state.reindex(slot)
        state.freshAgents.append(slot)
    }

    /// An agent whose time of being kept for a conversation is over.
    mutating func endReservation(of id: AgentID, _ timer: RoutingTimer) {
        guard let slot = state.agentSlots[id], state.agents[slot].reservation?.until == timer.due else { return }
        state.loseReservation(slot, at: timer.due)
        state.reindex(slot)
    }

    /// What the index counts of agents who meet these needs. Makes a class of them, which is derived, if there is none.
    mutating func needsClass(of needs: Skills) -> NeedsClass {
        let number = state.index.number(of: needs)
        return state.index.classes[number]
    }
}
