import DequeModule
import KapwaDomain

extension RoutingState {
    /// Keeps what an agent who is removed has had to carry.
    mutating func rememberDeparted(_ slot: Int) {
        let agent = agents[slot]
        let hasNothing =
            agent.currentBreak == nil && agent.nextBreaks.isEmpty && agent.plannedBreaks.isEmpty
            && agent.ledger.value(at: lastEventAt) == 0 && agent.reports.isEmpty && agent.hardStreak == 0
        guard !hasNothing else { return }
        // Whoever is gone rests as one who is offline, or goes on resting.
        var ledger = agent.ledger
        ledger.change(to: agent.currentBreak?.isRunning == true ? .onBreak : .away, at: lastEventAt)
        departed[agent.id] = Departed(
            serial: sequence, ledger: ledger, currentBreak: agent.currentBreak, nextBreaks: agent.nextBreaks,
            plannedBreaks: agent.plannedBreaks, shift: agent.shift, begunPlanned: agent.begunPlanned,
            reports: agent.reports, hardStreak: agent.hardStreak)
        departedInOrder.append(DepartedKey(serial: sequence, id: agent.id))
        if departedInOrder.count > Limits.agentsMax { departed[departedInOrder.removeFirst().id] = nil }
    }

    /// What was kept of an agent who comes back.
    mutating func takeDeparted(_ id: AgentID) -> Departed? {
        guard let before = departed.removeValue(forKey: id) else { return nil }
        departedInOrder.remove(at: departedInOrder.sortedPlace(after: { $0.serial < before.serial }))
        return before
    }

    /// Gives an agent who comes back under the same name what was kept.
    ///
    /// A break that ran out meanwhile ends at once, with an event that says so. What is owed is due no earlier than
    /// now: nobody could take it before.
    func bringBack(_ before: Departed, to record: inout AgentRecord, at now: Instant) {
        record.ledger.set(before.ledger.value(at: now), at: now)
        record.currentBreak = before.currentBreak
        record.nextBreaks = before.nextBreaks
        if let owed = record.currentBreak, !owed.isRunning { record.currentBreak?.startBy = max(owed.startBy, now) }
        for index in record.nextBreaks.indices {
            record.nextBreaks[index].startBy = max(record.nextBreaks[index].startBy, now)
        }
        record.plannedBreaks = before.plannedBreaks.filter { $0.startBy > now }
        record.shift = before.shift
        record.begunPlanned = before.begunPlanned
        record.reports = before.reports
        record.hardStreak = before.hardStreak
    }
}
