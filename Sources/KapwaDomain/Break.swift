/// What a break is for.
public enum BreakKind: String, CaseIterable, Sendable {
    case stress, rest, meal, screen, personal, `private`
}

/// How far a break has come that is not over.
public enum BreakStage: String, CaseIterable, Sendable {
    /// Stands in the plan of a shift; its agent is a candidate until it is owed.
    case planned
    case owed, running
}

/// Who or what brought a break about.
public enum BreakReason: String, CaseIterable, Sendable {
    /// The stress ledger, or a contact after which a break is owed at once.
    case care
    case schedule, requested, granted
}
