import KapwaDomain

/// Every key that a rules file can have, by where it stands. The schema for editors is held against these.
enum RuleKeys {
    static let file = [
        "version", "zone", "routing", "shifts", "queues", "routes", "points", "weights", "breaks", "floors", "teams",
        "offers", "safety_protocol", "safety_escalation", "playbooks",
    ]
    static let routing = ["mode"]
    static let queue = [
        "id", "needs", "steps", "target", "target_share", "max_wait", "wrapup_limit", "exclusive", "max_length",
        "offer_timeout", "hours",
    ]
    static let step = ["after", "lower", "drop"]
    /// Besides `mon`…`sun`, ranges of them as `mon-fri`, and `daily`.
    static let hours = ["zone", "dates"]
    static let route = ["when", "queue"]
    static let condition = [
        "channels", "topics", "languages", "tags", "mood", "history", "attributes", "safety", "hours", "shifts",
    ]
    static let mood = ["trends", "polarity_below", "polarity_above"]
    static let history = ["bad_episodes", "returning_within"]
    static let points = ["hard_urgency", "strong_distress", "family_in_need", "bad_experiences", "own"]
    static let pointRule = ["when", "points"]
    static let weights = ["load", "stress", "share", "over_skill", "idle", "sticky", "prefer", "language"]
    static let breaks = [
        "mode", "preset", "threshold", "length", "grave_length", "insult_length", "minimum", "start_within", "paid",
        "immediate_after_any_abuse", "invite_at", "team_share_max", "postpone_max", "landing", "landing_after_away",
        "landing_every", "planned",
    ]
    static let planned = [
        "kind", "length", "paid", "earliest", "start_by", "every", "within", "shift_at_least", "minimum",
        "away_from_station",
    ]
    static let floor = ["skill", "level", "team", "least"]
    static let team = ["id", "routing", "breaks"]
    static let offers = ["timeout", "hold", "max_idle", "strikes"]
    static let safetyProtocol = ["text", "checked_on"]
    static let safetyEscalation = ["to", "round"]
    static let playbook = ["topic", "text", "announcement", "drop"]
    static let channels = Channel.allCases.map(\.rawValue)
    static let tags = Tag.allCases.map(\.rawValue)
    /// What no condition may ask: it would set people against each other, or punish rest.
    static let unfair = [
        "ledger", "ledgers", "stress", "breaks", "break", "reports", "stress_reports", "declines", "declined", "agent",
        "agents", "agent_name", "name", "names", "strikes",
    ]
}
