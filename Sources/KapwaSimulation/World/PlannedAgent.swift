import KapwaDomain

/// Somebody on the payroll, drawn before the day begins: the same under all rules.
struct PlannedAgent: Sendable {
    /// A stretch of presence: the second of an agent who works nights begins in the evening.
    struct Duty: Sendable {
        var from: Instant
        var to: Instant
        var lateBy: Milliseconds
        var mealAt: Instant
        /// When the connection is lost, and for how long.
        var dropsOff: (at: Instant, for: Milliseconds)?
        var privateBreaks: [Instant]
    }

    var number: Int
    var team: Int
    var skills: Skills
    var duties: [Duty] = []
    /// Offers in a thousand that are declined, or passed over.
    var declines: Int
    var ignores: Int
    /// Hard contacts in a thousand that are reported as such.
    var reports: Int
    var seed: UInt64

    var id: AgentID { AgentID(Self.name("a", number, digits: 4)) }
    var teamID: TeamID { TeamID(Self.name("t", team, digits: 3)) }

    /// `a0007`: sorts as it counts.
    static func name(_ prefix: String, _ number: Int, digits: Int) -> String {
        let text = String(number)
        return prefix + String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
