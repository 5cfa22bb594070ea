import KapwaDomain

extension RoutingState {
    func addBreaks(_ agent: AgentRecord, to sum: inout DigestSum) {
        let id = agent.id.rawValue
        if let current = agent.currentBreak { add(current, "break", id, to: &sum) }
        for (index, next) in agent.nextBreaks.enumerated() { add(next, "next break \(index)", id, to: &sum) }
        for planned in agent.plannedBreaks { add(planned, "planned break", id, to: &sum) }
        for begun in agent.begunPlanned { sum.add("begun", "\(id)/\(begun.kind)", begun.at.milliseconds) }
        for report in agent.reports { sum.add("report", id, report.milliseconds) }
        if let shift = agent.shift {
            sum.add(
                "shift", id, shift.startsAt.milliseconds, shift.endsAt.milliseconds, shift.mealAt?.milliseconds ?? 0)
        }
        if let invitation = agent.invitation {
            sum.add(
                "invitation", "\(id)/\(invitation.reason)", Int64(invitation.minutes), invitation.until.milliseconds)
        }
        sum.add("channels", id, Int64(agent.channelsHad.rawValue))
    }

    private func add(_ one: AgentBreak, _ place: String, _ agent: String, to sum: inout DigestSum) {
        sum.add(
            place,
            "\(agent)/\(one.id)/\(one.kind)/\(one.reason)/\(one.enforced)/\(one.paid)/\(one.immediate)/"
                + "\(one.isOverdue)/\(one.isPostponed)/\(one.isHandoverOffered)/\(one.because ?? "")",
            Int64(one.minutes), one.startBy.milliseconds, one.startedAt?.milliseconds ?? 0,
            one.endsAt?.milliseconds ?? 0, one.earliest?.milliseconds ?? 0, Int64(one.minimumMinutes ?? 0))
    }

    func add(_ departed: Departed, _ id: AgentID, to sum: inout DigestSum) {
        sum.add(
            "departed", id.rawValue, Int64(departed.ledger.anchor), departed.ledger.anchoredAt.milliseconds,
            Int64(departed.hardStreak))
        var record = AgentRecord(id: id)
        record.currentBreak = departed.currentBreak
        record.nextBreaks = departed.nextBreaks
        record.plannedBreaks = departed.plannedBreaks
        record.shift = departed.shift
        record.begunPlanned = departed.begunPlanned
        record.reports = departed.reports
        addBreaks(record, to: &sum)
    }
}
