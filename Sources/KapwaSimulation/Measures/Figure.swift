/// What a day comes to, one number each.
public enum Figure: String, CaseIterable, Sendable {
    case serviceLevel, serviceLevelOfAll
    case wait50, wait95, wait99, hardWait50, hardWait95
    case abandoned, hardAbandoned, mailInTime, skillMatch
    case giniHard, peakLedger, peakLedgerNinth, tiredness
    case breaksOwed, breaksTaken, lateByContact, lateByRestart, lateOtherwise
    case toStart50, toStart95, liveToStart95, shareToStart95, slowByContact, slowByShare, slowByAgent
    case breakMinutes, cost, teamShare, crowdedTime, crowdedByDeadline, crowdedByGrave, crowdedOtherwise, occupancy

    /// How it is written.
    public enum Unit: Sendable { case share, seconds, minutes, count, index, contacts }

    public var unit: Unit {
        switch self {
        case .serviceLevel, .serviceLevelOfAll, .abandoned, .hardAbandoned, .mailInTime, .skillMatch, .teamShare,
            .crowdedTime, .occupancy, .tiredness, .slowByContact, .slowByShare, .slowByAgent:
            .share
        case .wait50, .wait95, .wait99, .hardWait50, .hardWait95: .seconds
        case .toStart50, .toStart95, .liveToStart95, .shareToStart95, .breakMinutes: .minutes
        case .breaksOwed, .breaksTaken, .lateByContact, .lateByRestart, .lateOtherwise, .crowdedByDeadline,
            .crowdedByGrave, .crowdedOtherwise:
            .count
        case .giniHard, .cost: .index
        case .peakLedger, .peakLedgerNinth: .contacts
        }
    }

    /// As it stands in a table.
    public var title: String {
        switch self {
        case .serviceLevel: "Service level: in time of answered"
        case .serviceLevelOfAll: "Service level: in time of all"
        case .wait50: "Wait, half below"
        case .wait95: "Wait, 95 % below"
        case .wait99: "Wait, 99 % below"
        case .hardWait50: "Wait of hard contacts, half below"
        case .hardWait95: "Wait of hard contacts, 95 % below"
        case .abandoned: "Abandoned"
        case .hardAbandoned: "Abandoned of hard contacts"
        case .mailInTime: "Mail taken up in time"
        case .skillMatch: "Answered by whom the queue asked for"
        case .giniHard: "Hard contacts per hour worked, Gini"
        case .peakLedger: "Highest ledger of anybody"
        case .peakLedgerNinth: "Highest ledger, nine of ten agents below"
        case .tiredness: "True weariness, mean"
        case .breaksOwed: "Breaks for care owed"
        case .breaksTaken: "Breaks for care taken"
        case .lateByContact: "… late for a live contact"
        case .lateByRestart: "… late for a restart"
        case .lateOtherwise: "… late for any other cause"
        case .toStart50: "From owed to start, half below"
        case .toStart95: "From owed to start, 95 % below"
        case .liveToStart95: "… with a contact still live, 95 % below"
        case .shareToStart95: "… held back by the team's share, 95 % below"
        case .slowByContact: "Begun after more than 10 min: a contact was live"
        case .slowByShare: "… the team's share was taken"
        case .slowByAgent: "… another break ran, or the agent put it off"
        case .breakMinutes: "Breaks for care per shift"
        case .cost: "Cost in full-time agents"
        case .teamShare: "Most of a team on care at once"
        case .crowdedTime: "Time in which more than a quarter of a team was"
        case .crowdedByDeadline: "Starts above a quarter of a team: at the deadline"
        case .crowdedByGrave: "… after a grave contact or an insult"
        case .crowdedOtherwise: "… for any other cause"
        case .occupancy: "Occupancy"
        }
    }

    /// The value as people read it.
    public func text(_ value: Double) -> String {
        switch unit {
        case .share: Self.decimal(value * 100, 1) + " %"
        case .seconds: value < 600 ? Self.decimal(value, 0) + " s" : Self.decimal(value / 60, 1) + " min"
        case .minutes: Self.decimal(value, 1) + " min"
        case .count: Self.decimal(value, value == value.rounded() ? 0 : 1)
        case .index: Self.decimal(value, 3)
        case .contacts: Self.decimal(value, 2)
        }
    }

    /// A difference as people read it: shares in points, waits always in seconds.
    public func difference(_ estimate: Statistics.Estimate) -> String {
        difference(ofOneDay: estimate.mean) + " ± " + scaled(estimate.halfWidth)
    }

    /// The same without an interval.
    public func difference(ofOneDay mean: Double) -> String { (mean > 0 ? "+" : "") + scaled(mean) }

    private func scaled(_ value: Double) -> String {
        Self.decimal(value * (unit == .share ? 100 : 1), unit == .index ? 3 : unit == .contacts ? 2 : 1)
    }

    /// Without a locale: a point, and no grouping.
    public static func decimal(_ value: Double, _ places: Int) -> String {
        guard value.isFinite else { return "–" }
        let scale = (0..<places).reduce(1.0) { product, _ in product * 10 }
        let whole = (abs(value) * scale).rounded()
        guard whole < 1e15 else { return "–" }
        let digits = String(Int64(whole))
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        let sign = value < 0 && whole > 0 ? "−" : ""
        guard places > 0 else { return sign + padded }
        return sign + padded.dropLast(places) + "." + padded.suffix(places)
    }
}

/// All figures of a day.
public struct DayFigures: Sendable, Hashable {
    private var values: [Figure: Double] = [:]

    public init() {}

    public subscript(figure: Figure) -> Double {
        get { values[figure] ?? 0 }
        set { values[figure] = newValue }
    }
}
