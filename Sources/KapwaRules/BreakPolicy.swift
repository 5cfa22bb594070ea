public import KapwaDomain

/// When a stress break is owed and how long it is, and which breaks a shift plans.
public struct BreakPolicy: Sendable, Hashable {
    /// Owed when the ledger passes this, milli-contacts; at most 6,000.
    public var threshold = 2_000
    /// At least 5.
    public var minutes = 10
    /// After a threat or an explicit safety contact.
    public var graveMinutes = 15
    /// Offered after a single insult.
    public var insultMinutes = 3
    /// From owed to the latest start; at most 30 min.
    public var startWithin: Milliseconds = .minutes(15)
    /// Before this a break cannot be ended by anyone.
    public var minimumMinutes = 5
    /// After any abuse at the agent a break is owed at once, not only after the gravest.
    public var immediateAfterAnyAbuse = false
    /// From this share of the threshold on the most stressed are invited to go early, in thousandths.
    public var inviteAt = 700
    /// Share of a team on stress breaks at once, in thousandths, unless a deadline or a grave contact forces more.
    public var teamShareMax = 200
    /// By how much an agent may move a break, once.
    public var postponeMax: Milliseconds = .minutes(15)
    /// How long half capacity and calm contacts ease an agent in.
    public var landing: Milliseconds = .minutes(10)
    /// Ready after so long away is eased in as after a break.
    public var landingAfterAway: Milliseconds = .minutes(30)
    /// Eased in after being away at most once within this.
    public var landingEvery: Milliseconds = .hours(2)
    /// The preset that the planned breaks come from; `nil`: none.
    public var preset: String? = "ph-labor-code"
    /// Breaks that a shift plans.
    public var planned: [PlannedBreakRule] = [.philippineMeal]

    public init() {}
}
