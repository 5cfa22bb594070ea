/// What a break is for.
public enum BreakKind: String, CaseIterable, Sendable {
    case stress, rest, meal, screen, personal, `private`
}

/// Who or what brought a break about.
public enum BreakReason: String, CaseIterable, Sendable {
    /// The stress ledger, or a contact after which a break is owed at once.
    case care
    case schedule, requested, granted
}
