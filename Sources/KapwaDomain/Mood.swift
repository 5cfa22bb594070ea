/// How a conversation feels so far, folded from the customer's messages in order.
///
/// It lives here, not with the scorer, because the router keeps one per conversation and `kapwa score` prints it:
/// both fold with the same whole-number arithmetic.
public struct Mood: Hashable, Sendable {
    /// Where the feeling is going.
    public enum Trend: String, CaseIterable, Sendable { case rising, easing, relieved, steady }

    /// Share of an earlier message's score that still counts at the next one, in thousandths.
    static let keptPerMessage = 800
    /// By how much a message's strain must exceed the mean of those before to count as rising.
    static let movement = 150

    /// The same tags as of a message, for the conversation so far.
    public var tags = Tags()
    public var trend: Trend = .steady
    /// Messages folded in so far.
    public private(set) var messages = 0
    /// The greatest strain of any message so far.
    public private(set) var peak: Score = 0
    /// The strains of all messages together, in thousandths.
    private var strains = 0

    public init() {}

    /// The mood after the customer's next message.
    ///
    /// A score fades by a fifth with every later message; family context is a fact and does not fade.
    public func adding(_ message: Tags) -> Mood {
        var next = self
        for tag in Tag.allCases {
            let kept = tag == .family ? tags[tag].milli : tags[tag].milli * Self.keptPerMessage / 1_000
            next.tags[tag] = Score(milli: max(kept, message[tag].milli))
        }
        next.trend = trend(after: message)
        if next.trend == .relieved {
            next.tags.frustration = min(next.tags.frustration, message.hardness)
            next.tags.distress = min(next.tags.distress, message.hardness)
        }
        next.count(message)
        return next
    }

    /// Takes over a mood that was recorded with a message, so that replay does not depend on how moods are folded.
    public mutating func record(_ message: Tags, tags: Tags, trend: Trend) {
        self.tags = tags
        self.trend = trend
        count(message)
    }

    private mutating func count(_ message: Tags) {
        peak = max(peak, message.hardness)
        strains += message.hardness.milli
        messages += 1
    }

    /// Rising: strained, and more than so far. Relieved: thanks after a strain, and calm after that. Easing: calm
    /// after a strain, without thanks.
    private func trend(after message: Tags) -> Trend {
        guard messages > 0 else { return .steady }
        let strain = message.hardness
        if strain < .holds && peak >= .holds {
            return message.relief >= .holds || trend == .relieved ? .relieved : .easing
        }
        return strain >= .holds && strain.milli >= strains / messages + Self.movement ? .rising : .steady
    }
}
