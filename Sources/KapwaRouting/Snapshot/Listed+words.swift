import KapwaDomain

extension Channel: Listed { static let list = Array(allCases) }
extension Presence: Listed { static let list = Array(allCases) }
extension Outcome: Listed { static let list = Array(allCases) }
extension ConversationPhase: Listed { static let list = Array(allCases) }
extension Mode: Listed { static let list = Array(allCases) }
extension Assessment.Language: Listed { static let list = Array(allCases) }
extension Assessment.Wish: Listed { static let list = Array(allCases) }
extension SafetyFlag.Level: Listed { static let list = Array(allCases) }
extension SafetyFlag.Kind: Listed { static let list = Array(allCases) }
extension Mood.Trend: Listed { static let list = Array(allCases) }
extension BreakKind: Listed { static let list = Array(allCases) }
extension BreakReason: Listed { static let list = Array(allCases) }
extension StressLedger.Pace: Listed { static let list: [Self] = [.working, .away, .onBreak] }
extension WaitingGroup.Hold: Listed { static let list: [Self] = [.never, .running, .over] }
extension ConversationRecord.WaitTimer.Role: Listed { static let list: [Self] = [.bar, .hold, .only] }

extension RoutingState {
    /// The words of every list, in order: a snapshot that was written by other lists is not read.
    static let savedWords: [String] = [
        words(Channel.self), words(Presence.self), words(Outcome.self), words(ConversationPhase.self),
        words(Mode.self), words(Assessment.Language.self), words(Assessment.Wish.self),
        words(SafetyFlag.Level.self), words(SafetyFlag.Kind.self), words(Mood.Trend.self), words(BreakKind.self),
        words(BreakReason.self), words(StressLedger.Pace.self), words(WaitingGroup.Hold.self),
        words(ConversationRecord.WaitTimer.Role.self),
    ]

    private static func words<Word: Listed>(_: Word.Type) -> String {
        Word.list.map { "\($0)" }.joined(separator: " ")
    }
}
