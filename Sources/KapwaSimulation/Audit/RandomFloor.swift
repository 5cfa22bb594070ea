public import KapwaDomain
import KapwaRouting
import KapwaRules

/// A small floor to which anything is sent at any time, from a seed, with the auditor watching.
///
/// Each seed draws its own world first (how many agents, which rules, which kinds of command are frequent, how time
/// passes), so that seeds differ in kind and not only in order.
public struct RandomFloor {
    /// What a run came to.
    public struct Report: Sendable, Equatable {
        public let seed: UInt64
        public let steps: Int
        /// Whether it was asked that the storm ends.
        public let isStorm: Bool
        public let commands: Int
        /// Commands that were carried out.
        public let accepted: Int
        public let events: Int
        /// Events by type.
        public let seen: [String: Int]
        /// What was broken, each with the sequence of its event; empty when all went well.
        public let findings: [String]
        /// The last events, for the trace of a failing seed.
        public let last: [Event]
        /// State digest at the end.
        public let digest: String

        public var hasFailed: Bool { !findings.isEmpty }

        /// How to see it again.
        public var command: String { ".build/release/seeds \(isStorm ? "storms" : "floors") 1 \(seed) \(steps)" }

        /// For people: what was found, and how to see it again.
        public var text: String {
            guard hasFailed else {
                return "seed \(seed): \(commands) commands, \(accepted) accepted, \(events) events, digest \(digest)"
            }
            return "seed \(seed) fails:\n  " + findings.joined(separator: "\n  ") + "\n  reproduce: \(command)"
        }
    }

    var random: SeededGenerator
    var checker: Checker
    var now = SimulatedDay.begin
    var journal: [Event] = []
    /// The last events, at most ``recentMax`` or twice as many.
    var recent: [Event] = []
    static let recentMax = 500
    let keepsJournal: Bool
    var world: World
    var commands = 0
    var accepted = 0

    /// What the seed draws before anything is sent.
    struct World {
        var agents: [AgentID] = []
        var conversations: [ConversationID] = []
        var customers: [CustomerID] = []
        var channels: [Channel] = []
        /// Weights of the kinds of command, in the order of ``Kind``.
        var weights: [Int] = []
        /// In a thousand: a pause before a command, a long one, a restart, other rules.
        var pause = 300
        var longPause = 20
        var restart = 0
        var otherRules = 0
        var heat = 150
        var batch = 1
        /// Everybody is there from the first batch on: a whole floor that comes back at once.
        var isCrowd = false
    }

    /// Runs a seed to its end, or to the first finding.
    ///
    /// - Parameters:
    ///   - seed: Decides everything.
    ///   - steps: Batches of commands.
    ///   - fullEvery: Steps between two looks at everything.
    ///   - ignored: Words of findings to look behind.
    public static func run(seed: UInt64, steps: Int, fullEvery: Int = 1_000, ignoring ignored: [String] = []) -> Report
    {
        var floor = RandomFloor(seed: seed, fullEvery: fullEvery)
        floor.checker.auditor.ignored = ignored
        for _ in 0..<steps {
            floor.step()
            if floor.checker.auditor.findingsCount > 0 { break }
        }
        floor.checker.checkEverything(at: floor.now)
        return floor.report(seed: seed, steps: steps)
    }

    /// - Parameter keepsJournal: Also when the seed never restarts.
    init(seed: UInt64, fullEvery: Int, keepsJournal: Bool = false) {
        random = SeededGenerator(seed: seed)
        world = Self.world(&random)
        self.keepsJournal = keepsJournal || world.restart > 0
        checker = Checker(rules: Self.rules(&random), at: now, fullEvery: fullEvery)
        if self.keepsJournal { journal += checker.lastBatch }
    }

    func report(seed: UInt64, steps: Int, isStorm: Bool = false) -> Report {
        Report(
            seed: seed, steps: steps, isStorm: isStorm, commands: commands, accepted: accepted, events: checker.events,
            seen: checker.auditor.seen, findings: checker.auditor.findings, last: recent,
            digest: checker.router.state.digest)
    }

    // MARK: Drawing a world

    private static func world(_ random: inout SeededGenerator) -> World {
        var world = World()
        let agents = random.pick([1, 2, 3, 6, 12])
        world.agents = (1...agents).map { AgentID("a\($0)") }
        world.conversations = (1...random.pick([3, 10, 40])).map { ConversationID("k\($0)") }
        world.customers = (1...random.pick([2, 8])).map { CustomerID("c\($0)") }
        world.channels = random.isLucky(300) ? [random.pick(Channel.allCases)] : Channel.allCases
        world.weights = Kind.allCases.map { $0.weight }
        // Some kinds are forgotten, some are sent all the time: noise of one colour finds one kind of defect.
        for index in world.weights.indices {
            if random.isLucky(150) { world.weights[index] = 0 }
            if random.isLucky(100) { world.weights[index] *= 5 }
        }
        world.weights[Kind.message.rawValue] = max(20, world.weights[Kind.message.rawValue])
        world.weights[Kind.presence.rawValue] = max(5, world.weights[Kind.presence.rawValue])
        world.weights[Kind.upsert.rawValue] = max(3, world.weights[Kind.upsert.rawValue])
        world.pause = random.pick([50, 300, 700])
        world.longPause = random.pick([0, 10, 50])
        world.restart = random.isLucky(250) ? 10 : 0
        world.otherRules = random.isLucky(350) ? random.pick([10, 40]) : 0
        world.heat = random.pick([20, 150, 500])
        world.batch = random.pick([1, 1, 3])
        if random.isLucky(20) {
            world.agents = (1...250).map { AgentID("a\($0)") }
            world.isCrowd = true
        }
        return world
    }

    private static func rules(_ random: inout SeededGenerator) -> RuleSet {
        var rules = RuleSet.standard
        var billing = Queue(id: "billing")
        billing.needs = ["billing": 2]
        if random.isLucky(500) {
            billing.steps = [
                Step(after: .seconds(30), lower: ["billing": 1]), Step(after: .seconds(60), drop: ["billing"]),
            ]
        }
        if random.isLucky(200) { billing.maxLength = random.pick(1...5) }
        billing.exclusive = random.isLucky(300)
        rules.queues = [Queue(id: "main"), billing]
        if random.isLucky(300) { rules.queues[0].maxWait = .minutes(Int64(random.pick(1...60))) }
        if random.isLucky(100) { rules.routingMode = random.pick([Mode.observe, .advise]) }
        if random.isLucky(100) { rules.breaksMode = random.pick([Mode.observe, .advise]) }
        if random.isLucky(300) { rules.breaks.threshold = random.pick([500, 1_000, 4_000]) }
        if random.isLucky(300) { rules.safetyEscalation = ["lead", "nurse", "director"] }
        if random.isLucky(200) {
            var team = TeamRules(id: "night")
            if random.isLucky(500) { team.routingMode = random.pick([Mode.observe, .advise, .enforce]) }
            if random.isLucky(500) { team.breaksMode = random.pick([Mode.observe, .enforce]) }
            rules.teams = [team]
        }
        if random.isLucky(200) { rules.floors = [Floor(skill: "billing", least: 1), Floor(team: "night", least: 1)] }
        if random.isLucky(200) {
            rules.breaks.planned.append(
                PlannedBreakRule(
                    kind: .rest, minutes: random.pick(5...30),
                    timing: .every(work: .minutes(Int64(random.pick(10...90))), within: .minutes(15))))
        }
        rules.playbooks = [Playbook(topic: "storm", text: "read this", drop: ["billing"])]
        rules.hash = "rules\(random.pick(0..<1_000_000))"
        return rules
    }

    /// All new, or those in force with other modes: breaks that began while they bound nobody run on while others do.
    private mutating func otherRules() -> RuleSet {
        guard random.isLucky(500) else { return Self.rules(&random) }
        var rules = checker.router.rules
        rules.breaksMode = random.pick(Mode.allCases)
        if random.isLucky(200) { rules.routingMode = random.pick(Mode.allCases) }
        rules.hash = "rules\(random.pick(0..<1_000_000))"
        return rules
    }

    // MARK: One step

    mutating func step() {
        if random.isLucky(world.pause) { pass(Int64(random.pick(1...40_000))) }
        if random.isLucky(world.longPause) { pass(Int64(random.pick(1...4_000_000))) }
        if random.isLucky(5) { pass(Int64(random.pick(1...90_000_000))) }
        if random.isLucky(world.restart) {
            now = now + Int64(random.pick(0...600_000))
            record(checker.restart(replaying: journal, at: now))
        }
        if random.isLucky(world.otherRules) { record(checker.change(to: otherRules(), at: now)) }
        var batch = (0..<random.pick(1...world.batch)).map { _ in command() }
        if world.isCrowd, commands == 0 { batch += crowd() }
        let result = checker.batch(batch, at: now)
        commands += batch.count
        for reply in result.replies { if case .success = reply { accepted += 1 } }
        record(result.events)
    }

    mutating func record(_ events: [Event]) {
        if keepsJournal { journal += events }
        recent += events
        if recent.count > 2 * Self.recentMax { recent.removeFirst(recent.count - Self.recentMax) }
    }

    private mutating func pass(_ time: Milliseconds) {
        now = now + time
        record(random.isLucky(150) ? checker.jump(to: now) : checker.pass(to: now))
    }
}
