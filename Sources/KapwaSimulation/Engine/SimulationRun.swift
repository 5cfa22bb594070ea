public import KapwaRules

/// Days to be played: one world per seed, under one or two rule sets.
public struct SimulationRun: Sendable {
    public var settings: WorldSettings
    /// Small worlds of an hour instead, each different.
    public var isShort = false
    public var hasFaults = false
    /// What is played; the world is fitted to the first.
    public var rules: [RuleSet]
    /// Whether somebody watches: the auditor, and the invariants in full every so many batches.
    public var isChecked = false

    public init(settings: WorldSettings, rules: [RuleSet]) {
        precondition((1...2).contains(rules.count), "one rule set, or two beside each other")
        self.settings = settings
        self.rules = rules
    }

    /// Batches after which everything is looked at; short worlds are over sooner.
    private var fullEvery: Int { isShort ? 100 : 1_000 }

    /// The day of a seed under each rule set.
    public func play(seed: UInt64) throws(SimulationFailure) -> [DayRecord] {
        let world = world(seed: seed)
        var records: [DayRecord] = []
        for rules in rules {
            let watches: [any SimulationWatch] =
                isChecked ? [AuditorWatch(rules: rules, every: fullEvery), InvariantWatch(every: fullEvery)] : []
            records.append(try Simulation(world: world, rules: rules, watches: watches).run())
        }
        return records
    }

    public func world(seed: UInt64) -> World {
        var settings = isShort ? WorldSettings.short(seed: seed, faults: hasFaults) : self.settings
        if !isShort, hasFaults { settings.faults = FaultSettings(seed: seed) }
        return World(seed: seed, settings: settings, rules: rules[0])
    }
}
