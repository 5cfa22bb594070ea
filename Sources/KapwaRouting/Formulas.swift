import KapwaDomain

/// The arithmetic of routing, apart from any state, so that it can be held against worked cases.
enum Formulas {
    /// Units of capacity that a contact takes.
    ///
    /// For chat and social `⌈base × (1000 + 2 × max(0, hardness − 500)) / 1000⌉`; other channels take their base.
    static func units(_ channel: Channel, hardness: Score) -> Int {
        let base = channel.baseUnits
        guard channel == .chat || channel == .social else { return base }
        return (base * (1_000 + 2 * max(0, hardness.milli - 500)) + 999) / 1_000
    }

    /// Minutes of head start, 0…240: what the sender said, and what the customer's words say. Anger adds none.
    static func points(
        priority: Int, tags: Tags, badExperiences: Bool,
        hardUrgency: Int = 30, strongDistress: Int = 30, familyInNeed: Int = 10, bad: Int = 10
    ) -> Int {
        var points = priority * 60 / 100
        if tags.urgency >= .strong { points += hardUrgency }
        if tags.distress >= .strong { points += strongDistress }
        if isFamilyInNeed(tags) { points += familyInNeed }
        if badExperiences { points += bad }
        return min(max(points, 0), Limits.pointsMax)
    }

    /// Family alone is a fact about somebody; together with urgency or distress it is a need.
    static func isFamilyInNeed(_ tags: Tags) -> Bool {
        tags.family >= .holds && max(tags.urgency, tags.distress) >= .holds
    }

    /// Smaller first: `since + target − 60,000 × points`.
    static func rank(since: Instant, target: Milliseconds, points: Int) -> Int64 {
        since.milliseconds + target - 60_000 * Int64(points)
    }

    /// Where somebody in danger stands: before everyone who is not.
    static func safetyRank(since: Instant) -> Int64 { since.milliseconds - 10_000_000_000_000 }

    /// What one contact books, milli-contacts: `P + T + A`.
    ///
    /// `P = min(1200, 4 × max(0, peak − 600))`, peak of frustration and distress;
    /// `T = hard ? min(600, 50 × minutes) : 0`; `A = 1000` if abuse ≥ 500 at the agent.
    static func contactPoints(peak: Score, minutes: Int, abuse: Score, hard: Bool) -> Int {
        let strain = min(1_200, 4 * max(0, peak.milli - 600))
        let time = hard ? min(600, 50 * max(0, minutes)) : 0
        return strain + time + (abuse >= .holds ? 1_000 : 0)
    }

    /// A peak from here on starts the clock of T.
    static let strainBegins: Score = 600
    /// What a report lifts a contact to, at least.
    static let reportedContact = 1_000
    /// Share of a contact's points that relief gives back, in thousandths.
    static let reliefGivesBack = 300
    /// So many hard contacts in a row are enough for one agent.
    static let hardInARowMax = 2
    /// So many insults in one contact are as grave as a slur.
    static let insultsThatOwe = 3
    /// From so many reports in a shift on, a report starts no break by itself.
    static let reportsThatTalk = 4
    /// How long an early break is on offer; its place in the team is kept as long.
    static let invitationStands: Milliseconds = .minutes(5)
    /// So long after one that was let be, no other early break is offered.
    static let invitationRests: Milliseconds = .minutes(10)
    /// What counts as a shift where nobody said when the agent works.
    static let shiftWhenUnknown: Milliseconds = .hours(12)
    /// What a contact that its agent calls hard is taken for when nothing of it could be read.
    static let wordlessPeak: Score = 750
    /// Dispositions that name abuse of the agent.
    static let abuseDispositions = ["abuse", "harassment", "threat"]
    /// A live chat is one with a message of either side within this time.
    static let liveWithin: Milliseconds = .minutes(3)
}
