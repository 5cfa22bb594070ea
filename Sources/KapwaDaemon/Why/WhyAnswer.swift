public import KapwaDomain
public import KapwaRouting
public import KapwaRules

/// Why a conversation went to whom it went, recomputed from the journal alone.
public struct WhyAnswer: Sendable {
    public var tenant: TenantID
    /// Sequence of the journal's last event when it was read.
    public var head: Int64 = 0
    /// What is explained: the event that decided; `nil` when nobody was decided on and a wait is explained.
    public var decided: Event?
    /// How things stood: at the round of the decision, or where the conversation waits.
    public var explanation: Explanation
    /// What was recorded with the decision.
    public var recorded: Decision?
    /// How the offer ended; `nil` while it is open, and when there was none.
    public var ended: Event?
    /// What happened to this episode, in order; messages left out.
    public var story: [Event] = []
    /// How things stood whenever it began to wait, by the sequence of that event: counts of first failed tests.
    public var waits: [Int64: Decision] = [:]
    /// Whom other conversations got in the same round.
    public var sameRound: [AgentID: ConversationID] = [:]
    /// `nil` when the text of the rules in force is not in the journal, or this version cannot read it.
    public var rules: RuleSet?

    /// Whether the replay gives the recorded winner, runner-up, costs and counts; `nil` without anything to compare.
    ///
    /// It may not once a customer was forgotten: what was known of that person took part in the decision.
    public var agrees: Bool? {
        guard let recorded, rules != nil else { return nil }
        let recomputed = explanation.decision
        let passed = explanation.passed
        return recorded.eligible == recomputed.eligible && recorded.failed == recomputed.failed
            && (recorded.winner.agent.rawValue.isEmpty || passed.contains(recorded.winner))
            && passed.first { $0.agent != recorded.winner.agent } == recorded.runnerUp
    }
}
