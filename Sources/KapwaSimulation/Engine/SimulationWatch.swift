public import KapwaDomain
public import KapwaRouting
public import KapwaRules

/// Looks over the router's shoulder while a day is played.
public protocol SimulationWatch: AnyObject {
    /// A command was decided. Its events come with ``committed(_:by:at:)``, or never, if the commit fails.
    func decided(_ command: Command, _ result: Result<Reply.Accepted, Refusal>, at now: Instant)
    /// These events are on disk; the router is as it stands after the batch.
    /// - Returns: a sentence per thing that is wrong.
    func committed(_ events: [Event], by router: borrowing Router, at now: Instant) -> [String]
    /// What was decided and not committed is gone: the state was made again from what is on disk.
    func rebuilt(from events: [Event], at now: Instant)
    /// Other rules are in force from here on.
    func rulesChanged(to rules: RuleSet, at now: Instant)
}

extension SimulationWatch {
    public func decided(_ command: Command, _ result: Result<Reply.Accepted, Refusal>, at now: Instant) {}
    public func rebuilt(from events: [Event], at now: Instant) {}
    public func rulesChanged(to rules: RuleSet, at now: Instant) {}
}

/// The router's own invariants in full, every so many batches.
public final class InvariantWatch: SimulationWatch {
    private let every: Int
    private var batches = 0
    /// How often they were looked at.
    public private(set) var looks = 0

    public init(every: Int = 1_000) {
        precondition(every > 0, "batches are counted from one")
        self.every = every
    }

    public func committed(_ events: [Event], by router: borrowing Router, at now: Instant) -> [String] {
        batches += 1
        guard batches % every == 0 else { return [] }
        looks += 1
        return router.brokenInvariants(at: now)
    }
}
