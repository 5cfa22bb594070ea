import KapwaDomain

/// One of a closed list of words.
protocol WireWord: WireValue, CaseIterable, RawRepresentable where RawValue == String {}

extension WireWord {
    // A word is never personal, and of an event whose sealed part is gone nobody asks for it: the first will do.
    static var blankValue: Self {
        guard let first = allCases.first else { preconditionFailure("a list of words without a word") }
        return first
    }
    static var expectation: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }

    func write(to writer: inout ByteWriter) { writer.string(rawValue) }
    init?(json: JSONValue) {
        guard let utf8 = json.utf8 else { return nil }
        self.init(rawValue: String(decoding: utf8, as: UTF8.self))
    }
}

extension Channel: WireWord {}
extension Speaker: WireWord {}
extension Presence: WireWord {}
extension EffectivePresence: WireWord {}
extension Outcome: WireWord {}
extension ConversationPhase: WireWord {}
extension Mode: WireWord {}
extension AssignmentSource: WireWord {}
extension Override: WireWord {}
extension BreakKind: WireWord {}
extension BreakReason: WireWord {}
extension HardTest: WireWord {}
extension Continuation.Carries: WireWord {}
extension Mood.Trend: WireWord {}
extension Assessment.Language: WireWord {}
extension Assessment.Register: WireWord {}
extension Assessment.Confidence: WireWord {}
extension Assessment.Wish: WireWord {}
extension Abuse.Kind: WireWord {}
extension Abuse.Target: WireWord {}
extension SafetyFlag.Kind: WireWord {}
extension SafetyFlag.Level: WireWord {}
extension Evidence.Reason: WireWord {}
extension ConversationAssign.Source: WireWord {}
extension StateRead.What: WireWord {}
