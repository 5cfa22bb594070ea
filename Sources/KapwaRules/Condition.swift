public import KapwaDomain

/// All parts must hold; an empty one holds always.
public struct Condition: Sendable, Hashable {
    public var channels: [Channel] = []
    public var topics: [String] = []
    public var languages: [Assessment.Language] = []
    /// Tags of the conversation so far that must be at least this.
    public var tags: [TagAtLeast] = []
    public var attributes: [Attributes.Entry] = []
    public var safety: SafetyFlag.Level?
    /// How the conversation feels so far.
    public var mood = MoodCondition()
    /// What the customer went through before.
    public var history = HistoryCondition()
    /// The time at which the conversation is looked at lies in these hours.
    public var hours: Hours?
    /// That time lies in one of these shifts of the site.
    public var shifts: [Shift] = []

    public struct TagAtLeast: Sendable, Hashable {
        public var tag: Tag
        public var atLeast: Score

        public init(tag: Tag, atLeast: Score) {
            self.tag = tag
            self.atLeast = atLeast
        }
    }

    public init() {}

    /// Whether the parts that ask for the time hold; the others are the router's, who knows the conversation.
    public func holds(at now: Instant) -> Bool {
        if let hours, !hours.isOpen(at: now) { return false }
        return shifts.isEmpty || shifts.contains { $0.hours.isOpen(at: now) }
    }
}

/// How a conversation feels so far; an empty one holds always, also before the first word.
public struct MoodCondition: Sendable, Hashable {
    /// One of these; none: any.
    public var trends: [Mood.Trend] = []
    /// The overall feeling is less than this, −1000…1000.
    public var polarityBelow: Score?
    /// The overall feeling is more than this.
    public var polarityAbove: Score?

    public init() {}

    public var isEmpty: Bool { trends.isEmpty && polarityBelow == nil && polarityAbove == nil }

    /// Whether it holds for this trend and this overall feeling.
    public func holds(trend: Mood.Trend, polarity: Score) -> Bool {
        if !trends.isEmpty && !trends.contains(trend) { return false }
        if let polarityBelow, polarity >= polarityBelow { return false }
        if let polarityAbove, polarity <= polarityAbove { return false }
        return true
    }
}

/// What the customer went through before; an empty one holds always.
public struct HistoryCondition: Sendable, Hashable {
    /// At least so many bad episodes within the last 90 days.
    public var badEpisodes: Int?
    /// The last episode ended at most so long ago.
    public var returningWithin: Milliseconds?

    public init() {}

    public var isEmpty: Bool { badEpisodes == nil && returningWithin == nil }

    /// Whether it holds.
    ///
    /// - Parameters:
    ///   - badEpisodes: How many of the last 90 days went badly.
    ///   - sinceLast: How long ago the last episode ended; `nil` when there was none.
    public func holds(badEpisodes: Int, sinceLast: Milliseconds?) -> Bool {
        if let least = self.badEpisodes, badEpisodes < least { return false }
        guard let returningWithin else { return true }
        return sinceLast.map { $0 <= returningWithin } ?? false
    }
}
