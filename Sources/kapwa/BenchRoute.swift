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
                who becomes free and gets the first that fits, and a conversation, calm or hard, that 200 agents \
                could take. Each kind by the clock on the wall and by processor time.

                With --matrices it solves assignments instead: one JSON object a line, {"cost": [[…], …]}, null where \
                a pair may not be made, rows not more than columns; answers one line each with total, pairing and \
                nanoseconds, the least of five. - reads standard input.

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
        @Flag(help: "Name agents, conversations and customers with 36 bytes, as long as a UUID.")
        var longNames = false
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
                var floor = RouteBenchmark(agents: count, waiting: waiting, hasLongNames: longNames)
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
    private let hasLongNames: Bool
    private var bytesPerAgent = 0
    private var bytesPerConversation = 0
    /// The call that each busy agent has.
    private var calls: [(agent: AgentID, conversation: ConversationID)] = []

    init(agents: Int, waiting: Int, hasLongNames: Bool) {
        self.agents = agents
        self.waiting = waiting
        self.hasLongNames = hasLongNames
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
            let id = AgentID(name("agent", number))
            send(.agentUpsert(agent(number, id)))
            send(.agentState(AgentState(agent: id, state: .ready)))
            if number >= Self.spareAgents {
                let call = ConversationID(name("call", number))
                send(message(call, channel: .voice, queue: Self.rareQueue))
                send(.conversationAssign(ConversationAssign(conversation: call, agent: id, source: .external)))
                calls.append((id, call))
            }
            if number % 100 == 0 { batch() }
        }
        batch()
        let between = Self.resident()
        bytesPerAgent = (between - before) / agents
        for number in 0..<waiting {
            send(
                message(ConversationID(name("wait", number)), channel: .chat, queue: anyQueue(), isHard: isOftenHard()))
            if number % 100 == 0 { batch() }
        }
        batch()
        bytesPerConversation = (Self.resident() - between) / waiting
    }

    private mutating func agent(_ number: Int, _ id: AgentID) -> AgentUpsert {
        let isSpare = number < Self.spareAgents
        let skills =
            isSpare
            ? [Skills.Entry(skill: Self.rare, level: 3)]
            : (0..<5).map { _ in Skills.Entry(skill: random.pick(Self.skills), level: random.pick(1...5)) }
        return AgentUpsert(
            agent: id, skills: Skills(skills), capacity: isSpare ? 100 : 25, team: TeamID("team\(number / 50)"))
    }

    private func name(_ kind: String, _ number: Int) -> String {
        let short = "\(kind)\(number)"
        return hasLongNames ? short + String(repeating: "-", count: max(0, 36 - short.utf8.count)) : short
    }

    private mutating func anyQueue() -> QueueID { QueueID("q\(random.pick(Self.skills))") }

    private mutating func isOftenHard() -> Bool { random.isLucky(100) }

    private mutating func message(
        _ id: ConversationID, channel: Channel = .chat, queue: QueueID, isHard: Bool = false
    ) -> Command.Body {
        var found = Assessment()
        found.tags[.urgency] = Score(milli: random.pick(0...800))
        if isHard { found.tags[.frustration] = Score(milli: 750) }
        return .conversationMessage(
            ConversationMessage(
                conversation: id, from: .customer, text: "words", channel: channel,
                customer: CustomerID(name("customer", commands)), queue: queue, assessment: found))
    }

    private mutating func send(_ body: Command.Body) {
        let command = next(body)
        handle(command)
    }

    private mutating func next(_ body: Command.Body) -> Command {
        commands += 1
        now = Instant(milliseconds: now.milliseconds + 1)
        return Command(id: CommandID("c\(commands)"), body: body)
    }

    private mutating func handle(_ command: Command) {
        guard case .success = router.handle(command, at: now) else {
            preconditionFailure("every command of the measurement is right")
        }
    }

    @discardableResult
    private mutating func batch() -> [Event] {
        router.match(at: now)
        return router.takeEvents()
    }

    mutating func measure(_ decisions: Int) -> String {
        var full = Times()
        var freed = Times()
        var choice = Times()
        var hard = Times()
        for number in 0..<decisions {
            timed(
                message(ConversationID(name("new", number)), queue: anyQueue(), isHard: isOftenHard()), &full)
            freeOne(&freed)
            for taken in accept(timed(message(ConversationID(name("rare", number)), queue: Self.rareQueue), &choice)) {
                end(taken.conversation)
                send(.wrapupDone(WrapupDone(agent: taken.agent, conversation: taken.conversation)))
            }
            batch()
            // The customer goes before the agent answers: somebody with two hard ones behind them is no choice of 200.
            let id = ConversationID(name("hard", number))
            timed(message(id, queue: Self.rareQueue, isHard: true), &hard)
            end(id)
            batch()
        }
        return """
            \(agents) agents, \(waiting) waiting
              nobody has room           \(full.text)
              an agent becomes free     \(freed.text)
              200 could take it         \(choice.text)
              200 could take a hard one \(hard.text)
              resident bytes per agent with its call \(bytesPerAgent), per waiting conversation \(bytesPerConversation)
            """
    }

    /// Ends the call of a busy agent, and measures what the end of its after-contact work brings.
    private mutating func freeOne(_ times: inout Times) {
        let place = random.pick(0..<calls.count)
        let call = calls[place]
        end(call.conversation)
        batch()
        var own = Times()
        let events = timed(.wrapupDone(WrapupDone(agent: call.agent, conversation: call.conversation)), &own)
        // Whoever owes a break, or has had two hard ones, gets nothing: no decision of this kind.
        if let taken = accept(events).first {
            times.add(own)
            calls[place].conversation = taken.conversation
        } else {
            calls.remove(at: place)
        }
    }

    private mutating func end(_ conversation: ConversationID) {
        send(.conversationClose(ConversationClose(conversation: conversation, outcome: .resolved)))
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

    /// One command and the matching after it, with all that they decide.
    @discardableResult
    private mutating func timed(_ body: Command.Body, _ times: inout Times) -> [Event] {
        let command = next(body)
        let clock = ContinuousClock()
        let start = clock.now
        let worked = Self.processorMicros()
        handle(command)
        router.match(at: now)
        times.processor.append(Self.processorMicros() - worked)
        let took = clock.now - start
        times.wall.append(Double(took.components.attoseconds) / 1e12 + Double(took.components.seconds) * 1e6)
        return router.takeEvents()
    }

    /// What decisions of one kind took, in microseconds: by the clock on the wall, and of this thread's processor time,
    /// which other programs on a busy machine do not lengthen by their turns.
    private struct Times {
        var wall: [Double] = []
        var processor: [Double] = []

        mutating func add(_ other: Times) {
            wall += other.wall
            processor += other.processor
        }

        var text: String { "\(Self.text(wall)); of the processor \(Self.text(processor))" }

        private static func text(_ micros: [Double]) -> String {
            guard !micros.isEmpty else { return "none" }
            let sorted = micros.sorted()
            func at(_ share: Double) -> Double {
                (sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))] * 10).rounded() / 10
            }
            return "p50 \(at(0.5)) µs, p99 \(at(0.99)) µs, longest \(at(1)) µs"
        }
    }

    private static func processorMicros() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
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

    /// The pairing, and the least of five times: what other programs on the machine take is no part of it.
    private static func solve(_ rows: Int, _ columns: Int, _ cost: [Int64]) -> (pairing: [Int]?, nanoseconds: Int64) {
        let clock = ContinuousClock()
        var pairing: [Int]?
        var least = Int64.max
        for _ in 0..<5 {
            let start = clock.now
            var solver = AssignmentSolver(rows: rows, columns: columns, cost: cost)
            pairing = solver.solve()
            let took = (clock.now - start).components
            least = min(least, took.seconds * 1_000_000_000 + took.attoseconds / 1_000_000_000)
        }
        return (pairing, least)
    }
}
