public import KapwaDomain

/// Where conversations wait, and what an agent needs to serve them.
public struct Queue: Sendable, Hashable {
    public var id: QueueID
    /// Skills with least levels, at the first step.
    public var needs = Skills.none
    /// Answer within this time: 20 s chat, 15 s voice, 4 h email.
    public var target = PerChannel<Milliseconds>(chat: .seconds(20), voice: .seconds(15), email: .hours(4))
    /// The share of conversations that should meet the target, in thousandths.
    public var targetShare = 800
    /// Given up as abandoned after this.
    public var maxWait: Milliseconds = .hours(24)
    /// After-contact work ends by itself after this: 60 s chat, 90 s voice, 5 min email.
    public var wrapupLimit = PerChannel<Milliseconds>(chat: .seconds(60), voice: .seconds(90), email: .minutes(5))
    /// Whether its wrap-up excludes the agent from offers, as voice always does.
    public var exclusive = false
    /// Conversations that may wait at once; one more is refused with `queue_full`.
    public var maxLength = 100_000
    /// How the needs relax while a conversation waits; the last never ends.
    public var steps: [Step] = []
    /// When it is served; outside them it keeps what comes, and the clocks of target and wait stand. `nil`: always.
    public var hours: Hours?
    /// How long an offer stands here; `nil`: as ``RuleSet/offers`` says.
    public var offerTimeout: PerChannel<Milliseconds>?

    public init(id: QueueID) { self.id = id }

    /// What is still needed of these needs when so many steps have begun.
    public func relaxed(_ needs: Skills, steps begun: Int) -> Skills {
        steps.prefix(max(0, begun)).reduce(needs) { $1.relaxed($0) }
    }
}

/// One relaxation of a queue's needs. Steps are the only way in which needs relax.
public struct Step: Sendable, Hashable {
    /// Since the step before began; of the first, since the conversation entered the queue.
    public var after: Milliseconds
    /// New least levels; a level that is lower already stays, a skill that is not needed is not added.
    public var lower: Skills
    /// Skills that are needed no longer.
    public var drop: [SkillID]

    public init(after: Milliseconds, lower: Skills = .none, drop: [SkillID] = []) {
        self.after = after
        self.lower = lower
        self.drop = drop
    }

    /// The needs once it has begun.
    public func relaxed(_ needs: Skills) -> Skills {
        Skills(
            needs.entries.compactMap { need in
                guard !drop.contains(need.skill) else { return nil }
                let level = lower.level(of: need.skill)
                return Skills.Entry(skill: need.skill, level: level == 0 ? need.level : min(need.level, level))
            })
    }
}
