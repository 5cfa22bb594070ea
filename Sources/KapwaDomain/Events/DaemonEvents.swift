/// New rules are in force. Their text is kept by its hash.
public struct RulesChanged: EventContent {
    /// Counts up with every change of the tenant's rules.
    public var version = 1
    /// SHA-256 of the text, hexadecimal.
    public var hash: String = ""
    /// Hash of the lexicon in force.
    public var lexicon: String = ""
    public var by: String?
    public var reason: Reason?

    public init() {}
}

public struct ModeChanged: EventContent {
    /// The team whose modes these are; absent for those that hold where a team has none of its own.
    public var team: TeamID?
    public var routing: Mode = .enforce
    public var breaks: Mode = .enforce
    public var wasRouting: Mode = .enforce
    public var wasBreaks: Mode = .enforce

    public init() {}
}

/// Too many offers of the last minute expired: the feed is more likely broken than the agents asleep.
public struct DeliverySuspect: EventContent {
    /// Offers of the last minute that ended, and how many of them expired.
    public var offers = 0
    public var expired = 0

    public init() {}
}

/// The clock was not watched for more than 5 s.
public struct ClockGap: EventContent {
    public var gapMilliseconds: Milliseconds = 0

    public init() {}
}

public struct DaemonStarted: EventContent {
    public var version: String = ""
    /// State digest after replay, before this event.
    public var digest: String = ""
    /// Events replayed.
    public var replayed: Int64 = 0
    /// Time since the last event of the journal; 0 for a new one.
    public var gapMilliseconds: Milliseconds = 0

    public init() {}
}
