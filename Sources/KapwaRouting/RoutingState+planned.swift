import KapwaDomain

extension RoutingState {
    /// A shift replaces the plan of the one before; what is owed or begun stays.
    mutating func applyShiftChanged(_ body: AgentShiftChanged, _ event: Event) {
        let slot = requireAgent(body.agent)
        let before = agents[slot].shift
        agents[slot].shift = Shift(startsAt: body.startsAt, endsAt: body.endsAt, mealAt: body.mealAt)
        agents[slot].plannedBreaks = []
        watchPlanned(slot, due: nil)
        // A shift that goes on, only otherwise, keeps what is known of it.
        let goesOn = before.map { body.startsAt < $0.endsAt && $0.startsAt < body.endsAt } ?? false
        if !goesOn { agents[slot].channelsHad = [] }
    }

    mutating func applyBreakPlanned(_ body: BreakChanged) {
        addPlanned(requireAgent(body.agent), AgentBreak(body))
    }

    mutating func addPlanned(_ slot: Int, _ planned: AgentBreak) {
        let index = agents[slot].plannedBreaks.firstIndex {
            (planned.opensAt, planned.startBy) < ($0.opensAt, $0.startBy)
        }
        agents[slot].plannedBreaks.insert(planned, at: index ?? agents[slot].plannedBreaks.count)
        watchPlanned(slot, due: agents[slot].plannedBreaks.map(\.lookAt).min())
    }

    /// Has an agent's planned breaks looked at.
    mutating func watchPlanned(_ slot: Int, due: Instant?) {
        if let timer = agents[slot].planTimer { timers.cancel(timer) }
        agents[slot].planTimer = due.map { timers.set(.planned(agents[slot].id), due: $0) }
    }

    @discardableResult
    mutating func removePlanned(_ slot: Int, _ id: BreakID) -> AgentBreak? {
        guard let index = agents[slot].plannedBreaks.firstIndex(where: { $0.id == id }) else { return nil }
        let planned = agents[slot].plannedBreaks.remove(at: index)
        watchPlanned(slot, due: agents[slot].plannedBreaks.map(\.lookAt).min())
        return planned
    }

    mutating func rememberBegun(_ slot: Int, _ kind: BreakKind, at now: Instant) {
        agents[slot].begunPlanned.removeAll { $0.at <= now - .days(1) }
        agents[slot].begunPlanned.append(BegunBreak(kind: kind, at: now))
        if agents[slot].begunPlanned.count > Limits.plannedBreaksPerShiftMax { agents[slot].begunPlanned.removeFirst() }
    }

    mutating func noteHandled(_ channel: Channel, _ length: Milliseconds, at now: Instant) {
        switch channel.family {
        case .voice: handleTimes.voice.add(length, at: now)
        case .email: handleTimes.email.add(length, at: now)
        default: handleTimes.chat.add(length, at: now)
        }
    }

    /// How long before its latest start a planned break takes its agent out of the candidates: what nine of ten
    /// contacts of the agent's channels last, at most half an hour.
    func lead(_ slot: Int, at now: Instant) -> Milliseconds {
        let had = agents[slot].channelsHad
        var lead: Milliseconds = 0
        if had.contains(.voice) { lead = max(lead, handleTimes.voice.ninetieth(at: now) ?? .minutes(6)) }
        if had.contains(.email) { lead = max(lead, handleTimes.email.ninetieth(at: now) ?? .minutes(15)) }
        if had.contains(.chat) || had.isEmpty {
            lead = max(lead, handleTimes.chat.ninetieth(at: now) ?? .minutes(8))
        }
        return min(lead, Self.leadMax)
    }

    static let leadMax = Limits.breakWindowMax
}
