public import KapwaDomain

/// What a break policy costs one agent in one shift, in minutes.
public struct BreakCost: Sendable, Hashable {
    /// Length of the shift it was counted for.
    public var shiftMinutes: Int
    public var hardContacts: Int
    public var plannedPaid: Int
    public var plannedUnpaid: Int
    public var stress: Int

    public var total: Int { plannedPaid + plannedUnpaid + stress }

    /// `93 of 540: planned 60 unpaid, stress about 33 at 10 hard contacts`
    public var words: String {
        var parts: [String] = []
        if plannedPaid > 0 { parts.append("planned \(plannedPaid) paid") }
        if plannedUnpaid > 0 { parts.append("planned \(plannedUnpaid) unpaid") }
        parts.append("stress about \(stress) at \(hardContacts) hard contacts")
        return "\(total) of \(shiftMinutes): \(parts.joined(separator: ", "))"
    }
}

extension BreakPolicy {
    /// What to expect before the policy is switched on: `expected_break_minutes_per_agent_shift`.
    ///
    /// Planned breaks are those of the shift. A stress break comes with the contact that lifts the ledger above the
    /// threshold, counted as if hard contacts followed each other at once: in truth the ledger fades between them, so
    /// this is more than a calm day brings; contacts after which rest is owed at once come on top.
    ///
    /// - Parameters:
    ///   - shift: 9 h by default: eight hours of work and an hour's meal.
    ///   - hardContacts: 10 by default, what agents told of customers' aggression per day (Grandey, Dickter and Sin,
    ///     2004).
    public func expectedCost(shift: Milliseconds = .hours(9), hardContacts: Int = 10) -> BreakCost {
        let start = Instant(milliseconds: 0)
        let plan = plan(from: start, to: start + shift)
        return BreakCost(
            shiftMinutes: Int(shift / .minutes(1)), hardContacts: hardContacts,
            plannedPaid: plan.reduce(0) { $0 + ($1.paid ? $1.minutes : 0) },
            plannedUnpaid: plan.reduce(0) { $0 + ($1.paid ? 0 : $1.minutes) },
            stress: hardContacts * minutes / (threshold / 1_000 + 1))
    }
}
