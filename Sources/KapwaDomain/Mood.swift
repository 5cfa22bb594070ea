/// How a conversation feels so far, folded from the customer's messages in order; what agents, bots and systems say
/// leaves it as it is.
///
/// It lives here, not with the scorer, because the router keeps one per conversation and `kapwa score` prints it:
/// both fold with the same whole-number arithmetic. In what follows a message's *strain* is its ``Tags/hardness``: the
/// greatest of frustration, distress and abuse.
public struct Mood: Hashable, Sendable {
    /// Where the feeling is going.
    public enum Trend: String, CaseIterable, Sendable { case rising, easing, relieved, steady }

    /// Share of what was felt earlier that still counts at the next message, in thousandths: `kept = felt × 0.8`.
    static let keptPerMessage = 800
    /// Strain that follows strain weighs more than it would alone: `felt = new + (1 − new) × kept / 4`.
    static let lastingShare = 4
    /// By how much a message's strain must exceed the first one's to count as rising.
    static let movement = 150
    /// Up to here a message's feeling is negative; above, strain short of strong may be a question or a mixed remark.
    static let unhappy: Score = -50

    /// The same tags as of a message, for the conversation so far.
    public var tags = Tags()
    public var trend: Trend = .steady
    /// Messages folded in so far.
    public private(set) var messages = 0
    /// The greatest strain of any message so far.
    public private(set) var peak: Score = 0
    /// The greatest strain that was surely one.
    private var surePeak: Score = 0
    /// What a rise is measured from: the strain of the first message, or of the one that showed relief.
    private var start: Score = 0

    public init() {}

    /// What the next message is weighed against besides ``tags`` and ``trend``: for a fingerprint of the state.
    public var past: (messages: Int, start: Score, peak: Score, surePeak: Score) { (messages, start, peak, surePeak) }

    /// The mood after the customer's next message.
    public func adding(_ found: Assessment) -> Mood {
        var next = self
        next.trend = trend(after: found)
        for tag in Tag.allCases { next.tags[tag] = felt(tag, found) }
        if next.trend == .relieved {
            next.tags.frustration = min(next.tags.frustration, found.tags.hardness)
            next.tags.distress = min(next.tags.distress, found.tags.hardness)
        }
        next.count(found)
        return next
    }

    /// Takes over a mood that was recorded with a message, so that replay does not depend on how moods are folded.
    public mutating func record(_ found: Assessment, tags: Tags, trend: Trend) {
        self.tags = tags
        self.trend = trend
        count(found)
    }

    private mutating func count(_ found: Assessment) {
        let strain = found.tags.hardness
        if messages == 0 || trend == .relieved { start = strain }
        peak = max(peak, strain)
        if !Self.isUnsure(found) { surePeak = max(surePeak, strain) }
        messages += 1
    }

    // MARK: Tags

    /// A score fades by a fifth with every later message; family context is a fact and does not fade, and nothing fades
    /// by a message that could not be read.
    ///
    /// Frustration or distress that holds while strain still held from before weighs more than it would alone: the
    /// third polite complaint is a hard contact although no single one was.
    private func felt(_ tag: Tag, _ found: Assessment) -> Score {
        let fades = tag != .family && found.scored == .ok
        let kept = fades ? tags[tag].milli * Self.keptPerMessage / 1_000 : tags[tag].milli
        var new = found.tags[tag].milli
        let strain = tags.hardness.milli * Self.keptPerMessage / 1_000
        if tag == .frustration || tag == .distress, found.tags[tag] >= .holds, strain >= Score.holds.milli {
            new += (1_000 - new) * strain / 1_000 / Self.lastingShare
        }
        return Score(milli: max(kept, new))
    }

    // MARK: Trend

    /// The rules of the trend; the first that applies decides.
    ///
    /// 1. The first message has no trend: steady.
    /// 2. Relieved: after a strain, thanks or relief greater than what strain is left, which is not strong.
    /// 3. A message that could not be read, and an unsure strain, leave the trend as it was.
    /// 4. Calm after a sure strain: relieved, if it was; else easing. Calm after none: steady.
    /// 5. Strain: rising, if it stands above the start, or follows relief; else steady: it was there all along.
    private func trend(after found: Assessment) -> Trend {
        guard messages > 0 else { return .steady }
        let strain = found.tags.hardness
        let relief = found.tags.relief
        if peak >= .holds, relief >= .holds, relief > strain, strain < .strong { return .relieved }
        if Self.isUnsure(found) || (found.scored != .ok && strain < .holds) { return trend }
        if strain < .holds {
            if trend == .relieved { return .relieved }
            return surePeak >= .holds ? .easing : .steady
        }
        if trend == .relieved { return .rising }
        return strain.milli >= start.milli + Self.movement ? .rising : .steady
    }

    /// Frustration that holds but is not strong, in a message that is not unhappy as a whole: perhaps none.
    private static func isUnsure(_ found: Assessment) -> Bool {
        let tags = found.tags
        return tags.frustration >= .holds && tags.frustration < .strong && tags.distress < .holds
            && tags.abuse < .holds && found.polarity > unhappy
    }
}

extension Mood {
    /// What a mood keeps besides what it shows, for a state that is saved and made again.
    package struct Kept: Hashable, Sendable {
        package var messages: Int
        package var peak: Score
        package var surePeak: Score
        package var start: Score
    }

    package var kept: Kept {
        get { Kept(messages: messages, peak: peak, surePeak: surePeak, start: start) }
        set {
            messages = newValue.messages
            peak = newValue.peak
            surePeak = newValue.surePeak
            start = newValue.start
        }
    }
}
