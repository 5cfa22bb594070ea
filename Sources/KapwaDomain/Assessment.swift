/// All that the scorer found in one message.
public struct Assessment: Hashable, Sendable {
    public enum Language: String, CaseIterable, Sendable { case tl, en, taglish, ceb, ilo, other }
    public enum Register: String, CaseIterable, Sendable { case polite, plain, heated }
    /// How far the scores can be trusted. `low` and `failed` are never taken for calm.
    public enum Confidence: String, CaseIterable, Sendable { case ok, low, failed }
    public enum Wish: String, CaseIterable, Sendable { case human, supervisor }

    public var tags = Tags()
    public var abuse: Abuse?
    public var safety: [SafetyFlag] = []
    public var asksFor: Wish?
    /// The overall feeling, −1000…1000.
    public var polarity: Score = 0
    public var language: Language = .other
    public var register: Register = .plain
    /// Share of the words that the lexicons know, 0…1000.
    public var coverage: Score = 0
    public var scored: Confidence = .ok
    public var evidence: [Evidence] = []

    public init() {}

    /// What a message gets that could not be scored.
    public static var failed: Assessment {
        var assessment = Assessment()
        assessment.scored = .failed
        return assessment
    }

    /// The gravest safety level found; `nil` when there is no flag.
    public var safetyLevel: SafetyFlag.Level? { safety.map(\.level).max() }
}
