import KapwaDomain
public import KapwaRules

/// A day that is about to be played: who comes, with what, and who is there. Drawn from the seed alone, so that the
/// same day can be played under other rules.
public struct World: Sendable {
    public let seed: UInt64
    public let settings: WorldSettings
    /// The rules that it was fitted to: their queues, topics and skills.
    public let rules: RuleSet
    let contacts: [PlannedContact]
    let agents: [PlannedAgent]

    /// How many people come.
    public var contactCount: Int { contacts.count }
    public var agentCount: Int { agents.count }

    static let teamSize = 15
    static let shiftLength: Milliseconds = .hours(9)

    public init(seed: UInt64, settings: WorldSettings, rules: RuleSet) {
        self.seed = seed
        self.settings = settings
        self.rules = rules
        var generator = SeededGenerator(seed: seed)
        let floor = FloorPlan(rules: rules)
        var arriving = generator.split()
        var staffing = generator.split()
        let profile = settings.history?.profile ?? .philippineDay
        contacts = Self.contacts(floor, profile, settings, &arriving)
        agents = Self.agents(floor, profile, settings, &staffing)
    }

    private static func contacts(
        _ floor: FloorPlan, _ profile: ArrivalProfile, _ settings: WorldSettings, _ generator: inout SeededGenerator
    ) -> [PlannedContact] {
        let instants = profile.arrivals(
            count: settings.conversations, open: settings.open, typhoon: settings.typhoon, &generator)
        return instants.enumerated().map { number, offset in
            // Each conversation has a stream of its own, so that one more draw in one moves nothing in the others.
            var own = generator.split()
            let isTyphoon = settings.typhoon && ArrivalProfile.typhoon.contains(Int(offset / .minutes(30)))
            return PlannedContact(
                number: number, at: SimulatedDay.begin + offset, floor: floor, settings: settings,
                agents: settings.agents, isTyphoon: isTyphoon, &own)
        }
    }

    private static func agents(
        _ floor: FloorPlan, _ profile: ArrivalProfile, _ settings: WorldSettings, _ generator: inout SeededGenerator
    ) -> [PlannedAgent] {
        // Who begins together is a team.
        let starts = shiftStarts(profile, settings).sorted()
        return (0..<settings.agents).map { number in
            var own = generator.split()
            let (_, skills) = floor.skills(of: number, among: settings.agents, &own)
            let human = settings.agentsAreHuman
            var agent = PlannedAgent(
                number: number, team: number / teamSize, skills: skills,
                declines: human ? own.pick(0...30) : 0, ignores: human ? own.pick(0...30) : 0,
                reports: human ? own.pick(0...150) : 0, seed: own.next())
            agent.duties = duties(from: starts[number], settings, &own)
            return agent
        }
    }

    /// Half hours at which shifts begin: each next agent begins where most is still uncovered.
    private static func shiftStarts(_ profile: ArrivalProfile, _ settings: WorldSettings) -> [Int] {
        let halves = Int(shiftLength / .minutes(30))
        let sum = profile.perHalfHour.reduce(0, +)
        // A little of everybody's time is spread evenly: somebody is there at night too.
        let wanted = profile.perHalfHour.map {
            Double(settings.agents * halves) * (0.97 * $0 / max(sum, 1e-9) + 0.03 / 48)
        }
        var covered = Array(repeating: 0.0, count: 48)
        return (0..<settings.agents).map { _ in
            var best = (start: 0, gain: -Double.infinity)
            for start in 0..<48 {
                let gain = (0..<halves).reduce(0.0) { sum, half in
                    let place = (start + half) % 48
                    return sum + min(1, max(-1, wanted[place] - covered[place]))
                }
                if gain > best.gain { best = (start, gain) }
            }
            for half in 0..<halves { covered[(best.start + half) % 48] += 1 }
            return best.start
        }
    }

    private static func duties(
        from start: Int, _ settings: WorldSettings, _ generator: inout SeededGenerator
    ) -> [PlannedAgent.Duty] {
        let begin = SimulatedDay.begin
        if settings.open.count < Milliseconds.hours(4) {
            let from = begin + settings.open.lowerBound - .minutes(5)
            return [duty(from: from, to: from + .hours(9), settings, &generator)]
        }
        let from = begin + .minutes(Int64(start) * 30)
        var duties = [duty(from: from, to: from + shiftLength, settings, &generator)]
        // Who works past midnight also worked past the midnight before.
        if from + shiftLength > SimulatedDay.end {
            duties.insert(
                duty(from: from - .hours(24), to: from - .hours(24) + shiftLength, settings, &generator), at: 0)
        }
        return duties
    }

    private static func duty(
        from: Instant, to: Instant, _ settings: WorldSettings, _ generator: inout SeededGenerator
    ) -> PlannedAgent.Duty {
        let isHuman = settings.agentsAreHuman
        let late = isHuman && generator.isLucky(200) ? generator.seconds(30...900) : 0
        let meal = from + .minutes(Int64(generator.pick(200...280)))
        var duty = PlannedAgent.Duty(from: from, to: to, lateBy: late, mealAt: meal, dropsOff: nil, privateBreaks: [])
        if isHuman {
            if generator.isLucky(60) {
                duty.dropsOff = (from + .minutes(Int64(generator.pick(20...500))), generator.seconds(30...900))
            }
            duty.privateBreaks =
                [from + .minutes(Int64(generator.pick(60...180)))]
                + (generator.isLucky(600) ? [from + .minutes(Int64(generator.pick(330...500)))] : [])
        }
        return duty
    }
}
