public import KapwaDomain

/// What a simulated world is like. Together with the seed and the rules it decides everything.
public struct WorldSettings: Sendable, Hashable {
    /// What moods follow.
    public enum Kind: String, CaseIterable, Sendable {
        /// People feel what they came with; nothing on the floor changes it.
        case independent
        /// Waiting makes angry.
        case waiting
        /// Waiting makes angry, and a tired agent takes longer and calms less.
        case fatigue
    }

    public var kind = Kind.waiting
    /// People on the payroll, not all there at once.
    public var agents = 300
    /// Conversations that come by the hour profile; a typhoon's come on top.
    public var conversations = 20_000
    /// From 14:00 to 20:00 three times as many come, and six of ten are hard.
    public var typhoon = false
    /// Contacts in a thousand that are hard by themselves. 150 gives each of 300 agents about ten a day with 20,000
    /// contacts, what Grandey, Dickter and Sin (2004) counted of verbal aggression.
    public var hardShare = 150
    /// The part of the day in which customers come.
    public var open: Range<Milliseconds> = 0..<SimulatedDay.length
    /// Agents come late, decline, let offers pass, drop off, take private breaks, report stress.
    public var agentsAreHuman = true
    /// Who comes when, and how long it takes, where a site's own figures are at hand.
    public var history: History?
    public var faults: FaultSettings?

    public init() {}

    /// A small world of one hour, thousands of which can be played: a dozen agents, sixty conversations or so.
    public static func short(seed: UInt64, faults: Bool) -> WorldSettings {
        var generator = SeededGenerator(seed: seed ^ 0x5348_4f52_5421)
        var settings = WorldSettings()
        settings.kind = generator.pick(Kind.allCases)
        settings.agents = generator.pick(3...16)
        settings.conversations = generator.pick(20...80)
        settings.hardShare = generator.pick([100, 300, 600])
        settings.open = .hours(13)..<(.hours(14))
        settings.faults = faults ? FaultSettings(seed: generator.next()) : nil
        return settings
    }
}
