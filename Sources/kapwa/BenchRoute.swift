import ArgumentParser
import Foundation
import KapwaDomain
import KapwaRouting
import KapwaRules
import KapwaSimulation

extension Bench {
    struct Route: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How long one routing decision takes, and what agents and waiting conversations weigh.",
            discussion: """
                Builds a floor of 60 skills in memory, everybody busy and the given number of conversations waiting, \
                and measures single decisions with their events: a conversation that nobody has room for, an agent \
                who becomes free and gets the first that fits, and a conversation that 200 agents could take.

                With --matrices it solves assignments instead: one JSON object a line, {"cost": [[…], …]}, null where \
                a pair may not be made, rows not more than columns; answers one line each with total, pairing and \
                nanoseconds. - reads standard input.

                Examples:
                  kapwa bench route
                  kapwa bench route --agents 100000 --waiting 100000
                  kapwa bench route --matrices cases.jsonl
                """)

        @Option(help: ArgumentHelp("Agents; may be repeated.", valueName: "n"))
        var agents: [Int] = [10_000, 100_000]
        @Option(help: ArgumentHelp("Conversations that wait.", valueName: "n"))
        var waiting: Int = 100_000
        @Option(help: ArgumentHelp("Decisions of each kind to measure.", valueName: "n"))
        var decisions: Int = 5_000
        @Option(help: ArgumentHelp("Assignments to solve, JSON lines.", valueName: "file"))
        var matrices: String?

        func validate() throws {
            guard agents.allSatisfy({ (1_000...Limits.agentsMax).contains($0) }),
                (1_000...Limits.conversationsMax / 2).contains(waiting), (100...100_000).contains(decisions)
            else {
                throw ValidationError(
                    "--agents is 1000 to \(Limits.agentsMax), --waiting 1000 to \(Limits.conversationsMax / 2), "
                        + "--decisions 100 to 100000")
            }
        }

        func run() throws {
            if let matrices { return try AssignmentBenchmark.answer(matrices) }
            for count in agents {
                var floor = RouteBenchmark(agents: count, waiting: waiting)
                print(floor.measure(decisions))
            }
            print(AssignmentBenchmark.measure())
        }
    }
}

/// A floor of one process, driven without journal or sockets.
struct RouteBenchmark {
    private static let skills = (0..<60).map { SkillID("skill\($0)") }
    /// Agents who have nothing but this skill, for which nothing waits.
    private static let rare: SkillID = "rare"
    private static let rareQueue: QueueID = "qrare"
    private static let spareAgents = 200

    private var router: Router
    private var random = SeededGenerator(seed: 4)
    private var now = Instant(milliseconds: 1_800_000_000_000)
    private var commands = 0
    private let agents: Int
    private let waiting: Int
    private var bytesPerAgent = 0
    private var bytesPerConversation = 0
    /// The call that each busy agent has.
    private var calls: [(agent: AgentID, conversation: ConversationID)] = []

    init(agents: Int, waiting: Int) {
        self.agents = agents
        self.waiting = waiting
        var rules = RuleSet.standard
        rules.queues = (Self.skills + [Self.rare]).enumerated().map { place, skill in
            var queue = Queue(id: QueueID("q\(skill)"))
            queue.needs = place % 3 == 0 ? [skill: 2, Self.skills[(place + 7) % 60]: 1] : [skill: 1 + place % 3]
            if skill == Self.rare { queue.needs = [skill: 1] }
            queue.maxLength = Limits.conversationsMax
            return queue
        }
        router = Router(state: RoutingState(tenant: "bench"), rules: rules, lexicon: "", version: "bench")
        router.start(at: now, digest: "")
        router.change(to: rules, lexicon: "", by: nil, at: now)
        fill()
    }

    private mutating func fill() {
        let before = Self.resident()
        for number in 0..<agents {
            let id = AgentID("agent\(number)")
            var skills: [Skills.Entry] = []
            if number < Self.spareAgents {
                skills = [Skills.Entry(skill: Self.rare, level: 3)]
            } else {
                for _ in 0..<5 {
                    skills.append(Skills.Entry(skill: random.pick(Self.skills), level: random.pick(1...5)))
                }
            }
            send(
                .agentUpsert(
                    AgentUpsert(
                        agent: id, skills: Skills(skills), capacity: number < Self.spareAgents ? 100 : 25,
                        team: TeamID("team\(number / 50)"))))
            send(.agentState(AgentState(agent: id, state: .ready)))
            guard number >= Self.spareAgents else { continue }
            let call = ConversationID("call\(number)")
            open(call, channel: .voice, queue: Self.rareQueue)
            send(.conversationAssign(ConversationAssign(conversation: call, agent: id, source: .external)))
            calls.append((id, call))
        }
        batch()
        let between = Self.resident()
        bytesPerAgent = (between - before) / agents
        for number in 0..<waiting {
            open(ConversationID("wait\(number)"), channel: .chat, queue: anyQueue())
            if number % 100 == 0 { batch() }
        }
        batch()
        bytesPerConversation = (Self.resident() - between) / waiting
    }

    private mutating func anyQueue() -> QueueID { QueueID("q\(random.pick(Self.skills))") }

    private mutating func send(_ body: Command.Body) {
        commands += 1
        now = Instant(milliseconds: now.milliseconds + 1)
        guard case .success = router.handle(Command(id: CommandID("c\(commands)"), body: body), at: now) else {
            preconditionFailure("every command of the measurement is right")
        }
    }

    private mutating func open(_ id: ConversationID, channel: Channel, queue: QueueID) {
        var found = Assessment()
        found.tags[.urgency] = Score(milli: random.pick(0...800))
        if queue != Self.rareQueue && random.isLucky(100) { found.tags[.frustration] = Score(milli: 750) }
        send(
            .conversationMessage(
                ConversationMessage(
                    conversation: id, from: .customer, text: "words", channel: channel,
                    customer: CustomerID("customer\(commands)"), queue: queue, assessment: found)))
    }

    @discardableResult
    private mutating func batch() -> [Event] {
        router.match(at: now)
        return router.takeEvents()
    }

    mutating func measure(_ decisions: Int) -> String {
        var full: [Double] = []
        var freed: [Double] = []
        var choice: [Double] = []
        for number in 0..<decisions {
            let queue = anyQueue()
            full.append(timed { $0.open(ConversationID("new\(number)"), channel: .chat, queue: queue) }.micros)
            let place = random.pick(0..<calls.count)
            let call = calls[place]
            send(.conversationClose(ConversationClose(conversation: call.conversation, outcome: .resolved)))
            batch()
            let (micros, events) = timed {
                $0.send(.wrapupDone(WrapupDone(agent: call.agent, conversation: call.conversation)))
            }
            // Whoever owes a break, or has had two hard ones, gets nothing: no decision of this kind.
            if let taken = accept(events).first {
                freed.append(micros)
                calls[place].conversation = taken.conversation
            } else {
                calls.remove(at: place)
            }
            let (chosen, offers) = timed {
                $0.open(ConversationID("rare\(number)"), channel: .chat, queue: Self.rareQueue)
            }
            choice.append(chosen)
            for taken in accept(offers) {
                send(.conversationClose(ConversationClose(conversation: taken.conversation, outcome: .resolved)))
                send(.wrapupDone(WrapupDone(agent: taken.agent, conversation: taken.conversation)))
            }
            batch()
        }
        return """
            \(agents) agents, \(waiting) waiting
              nobody has room       \(Self.percentiles(full))
              an agent gets free    \(Self.percentiles(freed))
              200 could take it     \(Self.percentiles(choice))
              bytes per agent \(bytesPerAgent), per waiting conversation \(bytesPerConversation)
            """
    }

    private mutating func accept(_ events: [Event]) -> [OfferMade] {
        var taken: [OfferMade] = []
        for case .offerMade(let offer) in events.map(\.body) {
            send(.offerAccept(OfferAnswer(offer: offer.offer, agent: offer.agent)))
            taken.append(offer)
        }
        batch()
        return taken
    }

    private mutating func timed(_ work: (inout Self) -> Void) -> (micros: Double, events: [Event]) {
        let clock = ContinuousClock()
        let start = clock.now
        work(&self)
        router.match(at: now)
        let took = clock.now - start
        return (Double(took.components.attoseconds) / 1e12 + Double(took.components.seconds) * 1e6, router.takeEvents())
    }

    private static func percentiles(_ micros: [Double]) -> String {
        let sorted = micros.sorted()
        func at(_ share: Double) -> Double {
            (sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))] * 10).rounded() / 10
        }
        return "p50 \(at(0.5)) µs, p99 \(at(0.99)) µs, longest \(at(1)) µs"
    }

    /// Resident bytes of this process.
    private static func resident() -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        return (Int(text.split(separator: " ").dropFirst().first ?? "0") ?? 0) * 4_096
    }
}

/// The solver of assignments alone.
enum AssignmentBenchmark {
    private struct Case: Decodable { var cost: [[Int64?]] }

    private struct Answer: Encodable {
        var total: Int64?
        var pairing: [Int]?
        var nanoseconds: Int64
    }

    static func answer(_ path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let data =
            path == "-"
            ? FileHandle.standardInput.readDataToEndOfFile() : try Data(contentsOf: URL(filePath: path))
        for line in data.split(separator: UInt8(ascii: "\n")) {
            let cost = try JSONDecoder().decode(Case.self, from: line).cost
            guard let columns = cost.first?.count, cost.count <= columns, cost.allSatisfy({ $0.count == columns })
            else {
                throw ValidationError("a matrix has equally long rows, and not more rows than columns")
            }
            let flat = cost.flatMap { $0.map { $0 ?? AssignmentSolver.forbidden } }
            let (pairing, nanoseconds) = solve(cost.count, columns, flat)
            let total = pairing?.enumerated().reduce(Int64(0)) { $0 + flat[$1.offset * columns + $1.element] }
            print(
                String(
                    decoding: try encoder.encode(Answer(total: total, pairing: pairing, nanoseconds: nanoseconds)),
                    as: UTF8.self))
        }
    }

    static func measure() -> String {
        var random = SeededGenerator(seed: 200)
        var micros: [Double] = []
        for _ in 0..<200 {
            let cost = (0..<40_000).map { _ in
                random.isLucky(300) ? AssignmentSolver.forbidden : Int64(random.pick(0..<130_000))
            }
            micros.append(Double(solve(200, 200, cost).nanoseconds) / 1_000)
        }
        micros.sort()
        return "an assignment of 200 × 200: p50 \(micros[100].rounded()) µs, p99 \(micros[197].rounded()) µs"
    }

    private static func solve(_ rows: Int, _ columns: Int, _ cost: [Int64]) -> (pairing: [Int]?, nanoseconds: Int64) {
        let clock = ContinuousClock()
        let start = clock.now
        var solver = AssignmentSolver(rows: rows, columns: columns, cost: cost)
        let pairing = solver.solve()
        let took = clock.now - start
        return (pairing, took.components.seconds * 1_000_000_000 + took.components.attoseconds / 1_000_000_000)
    }
}
