import KapwaDomain

extension DayRecord {
    /// Sums the day up. Mail, for which nobody sits and waits, is left out of service level, waits and abandonment, and
    /// has a line of its own.
    public var figures: DayFigures {
        var figures = DayFigures()
        sumUpCustomers(&figures)
        sumUpPeople(&figures)
        sumUpBreaks(&figures)
        return figures
    }

    private static func share(_ part: Int, of whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

    private func sumUpCustomers(_ figures: inout DayFigures) {
        let live = episodes.filter { !$0.isMail }
        let answered = live.filter(\.isAnswered)
        let inTime = answered.count { $0.wait <= $0.target }
        let lostInTime = live.count { !$0.isAnswered && $0.wait <= $0.target }
        figures[.serviceLevel] = Self.share(inTime, of: answered.count)
        figures[.serviceLevelOfAll] = Self.share(inTime + lostInTime, of: live.count)
        let waits = live.map { Double($0.wait) / 1_000 }.sorted()
        let hard = live.filter(\.isHard)
        let hardWaits = hard.map { Double($0.wait) / 1_000 }.sorted()
        figures[.wait50] = Statistics.percentile(500, of: waits) ?? 0
        figures[.wait95] = Statistics.percentile(950, of: waits) ?? 0
        figures[.wait99] = Statistics.percentile(990, of: waits) ?? 0
        figures[.hardWait50] = Statistics.percentile(500, of: hardWaits) ?? 0
        figures[.hardWait95] = Statistics.percentile(950, of: hardWaits) ?? 0
        figures[.abandoned] = Self.share(live.count - answered.count, of: live.count)
        figures[.hardAbandoned] = Self.share(hard.count { !$0.isAnswered }, of: hard.count)
        let mail = episodes.filter(\.isMail)
        figures[.mailInTime] = Self.share(mail.count { $0.isAnswered && $0.wait <= $0.target }, of: mail.count)
        let all = episodes.filter(\.isAnswered)
        figures[.skillMatch] = Self.share(all.count(where: \.matches), of: all.count)
    }

    private func sumUpPeople(_ figures: inout DayFigures) {
        let there = people.filter { $0.worked >= .hours(1) }
        figures[.giniHard] = Statistics.gini(there.map { Double($0.hardContacts) / (Double($0.worked) / 3_600_000) })
        let peaks = there.map { Double($0.peakLedger) / 1_000 }.sorted()
        figures[.peakLedger] = people.map { Double($0.peakLedger) / 1_000 }.max() ?? 0
        figures[.peakLedgerNinth] = Statistics.percentile(900, of: peaks) ?? 0
        let contacts = people.reduce(0) { $0 + $1.contacts }
        figures[.tiredness] = contacts == 0 ? 0 : people.reduce(0) { $0 + $1.tiredness } / Double(contacts)
        let worked = people.reduce(0) { $0 + $1.worked }
        figures[.occupancy] = worked == 0 ? 0 : min(1, Double(people.reduce(0) { $0 + $1.busy }) / Double(worked))
        let onCare = Double(people.reduce(0) { $0 + $1.onCareBreak })
        let onDuty = Double(people.reduce(0) { $0 + $1.onDuty })
        // A shift is nine hours with its meal; a full-time agent is eight of work.
        figures[.breakMinutes] = onDuty == 0 ? 0 : onCare / 60_000 / (onDuty / Double(Milliseconds.hours(9)))
        figures[.cost] = onCare / Double(Milliseconds.hours(8))
    }

    private func sumUpBreaks(_ figures: inout DayFigures) {
        let care = breaks.filter { $0.kind == .stress && $0.reason == .care }
        let taken = care.filter { $0.startedAt != nil && $0.isEnforced }
        figures[.breaksOwed] = Double(care.count { $0.owedAt != nil })
        figures[.breaksTaken] = Double(taken.count)
        let late = taken.filter { $0.late > 0 }
        figures[.lateByContact] = Double(late.count { $0.lateCause == "live_contact" })
        figures[.lateByRestart] = Double(late.count { $0.lateCause == "restart" })
        figures[.lateOtherwise] = Double(late.count) - figures[.lateByContact] - figures[.lateByRestart]
        sumUpStarts(taken.compactMap(\.wait), &figures)
        figures[.teamShare] = Double(worstTeamShare) / 1_000
        figures[.crowdedTime] = Self.share(crowdedLooks, of: teamLooks)
        figures[.crowdedByDeadline] = Double(crowded[.deadline] ?? 0)
        figures[.crowdedByGrave] = Double((crowded[.grave] ?? 0) + (crowded[.insult] ?? 0))
        figures[.crowdedOtherwise] = Double(crowded[.neither] ?? 0)
    }

    /// From owed to start, and what those waited for who waited more than ten minutes: what alone would have been as
    /// long, a live contact before the agent's own reasons before the share of the team.
    private func sumUpStarts(
        _ waits: [(whole: Milliseconds, live: Milliseconds, own: Milliseconds, share: Milliseconds)],
        _ figures: inout DayFigures
    ) {
        func percentile(_ thousandths: Int, _ values: [Milliseconds]) -> Double {
            Statistics.percentile(thousandths, of: values.map { Double($0) / 60_000 }.sorted()) ?? 0
        }
        figures[.toStart50] = percentile(500, waits.map(\.whole))
        figures[.toStart95] = percentile(950, waits.map(\.whole))
        figures[.liveToStart95] = percentile(950, waits.map(\.live))
        figures[.shareToStart95] = percentile(950, waits.map(\.share))
        let ten = Milliseconds.minutes(10)
        let slow = waits.filter { $0.whole > ten }
        let byContact = slow.count { $0.live > ten }
        let byAgent = slow.count { $0.live <= ten && $0.own > ten }
        figures[.slowByContact] = Self.share(byContact, of: waits.count)
        figures[.slowByAgent] = Self.share(byAgent, of: waits.count)
        figures[.slowByShare] = Self.share(slow.count - byContact - byAgent, of: waits.count)
    }
}
