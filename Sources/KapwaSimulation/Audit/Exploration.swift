import KapwaDomain
import KapwaRouting
import KapwaRules

/// Walks every state that a floor of two can reach in a few commands, and looks at everything in each.
///
/// Breadth first, so that the first finding is a shortest one. Two states are one when the auditor cannot tell them
/// apart: names of offers and breaks and absolute times do not count, and a floor seen in the mirror (agents, skills,
/// queues and conversations exchanged) is the same floor.
public struct Exploration {
    /// What was walked.
    public struct Report: Sendable {
        public var depth = 0
        /// States, the first included.
        public var states = 0
        /// Commands that led from one state to the same or another.
        public var edges = 0
        /// New states at each depth.
        public var layers: [Int] = []
        /// What was broken, each with the commands that lead there.
        public var findings: [String] = []

        public var text: String {
            "depth \(depth): \(states) states, \(edges) edges, new at each depth \(layers), \(findings.count) findings"
        }
    }

    /// What may happen next.
    enum Move: Hashable {
        case presence(AgentID, Presence)
        case write(ConversationID, Temper)
        case accept(AgentID), decline(AgentID)
        case close(ConversationID)
        case transfer(ConversationID)
        case rest(AgentID), back(AgentID)
        case wait(Milliseconds)
    }

    enum Temper { case calm, desperate, threatening }

    static let agents: [AgentID] = ["a1", "a2"]
    static let conversations: [ConversationID] = ["k1", "k2"]
    static let queues: [QueueID] = ["q1", "q2"]
    static let skills: [SkillID] = ["s1", "s2"]

    static let alphabet: [Move] = {
        var moves: [Move] = []
        for agent in agents {
            moves += [.presence(agent, .ready), .presence(agent, .away), .presence(agent, .offline)]
            moves += [.accept(agent), .decline(agent), .rest(agent), .back(agent)]
        }
        for conversation in conversations {
            moves += [.write(conversation, .calm), .write(conversation, .desperate)]
            moves += [.write(conversation, .threatening), .close(conversation), .transfer(conversation)]
        }
        return moves + [.wait(.seconds(20)), .wait(.minutes(3)), .wait(.minutes(15))]
    }()

    /// Walks to a depth; stops at the first layer with a finding.
    ///
    /// - Parameter ignored: Words of findings to look behind.
    public static func run(depth: Int, ignoring ignored: [String] = []) -> Report {
        var report = Report()
        report.depth = depth
        var seen: Set<Key> = []
        var layer: [[UInt8]] = [[]]
        seen.insert(Self.start(ignored).key)
        report.states = 1
        for _ in 0..<depth where report.findings.isEmpty {
            var next: [[UInt8]] = []
            for path in layer {
                for index in alphabet.indices {
                    var walk = Self.start(ignored)
                    for step in path { walk.take(alphabet[Int(step)]) }
                    guard walk.take(alphabet[index]) else { continue }
                    report.edges += 1
                    guard seen.insert(walk.key).inserted else { continue }
                    report.states += 1
                    let longer = path + [UInt8(index)]
                    walk.checker.checkEverything(at: walk.now)
                    if let finding = walk.checker.auditor.findings.first, report.findings.count < 20 {
                        report.findings.append(
                            "\(longer.map { "\(alphabet[Int($0)])" }.joined(separator: ", ")): \(finding)")
                    }
                    next.append(longer)
                }
            }
            report.layers.append(next.count)
            layer = next
        }
        return report
    }

    // MARK: Walking

    var checker: Checker
    var now = SimulatedDay.begin
    private var count = 0

    private static func start(_ ignored: [String]) -> Exploration {
        var walk = Exploration()
        walk.checker.auditor.ignored = ignored
        walk.send(.agentUpsert(AgentUpsert(agent: agents[0], skills: ["s1": 3, "s2": 1])))
        walk.send(.agentUpsert(AgentUpsert(agent: agents[1], skills: ["s1": 1, "s2": 3])))
        return walk
    }

    private init() {
        var rules = RuleSet.standard
        rules.queues = zip(Self.queues, Self.skills).map { id, skill in
            var queue = Queue(id: id)
            queue.needs = Skills([Skills.Entry(skill: skill, level: 2)])
            queue.steps = [Step(after: .seconds(20), lower: Skills([Skills.Entry(skill: skill, level: 1)]))]
            return queue
        }
        rules.breaks.threshold = 1_000
        rules.hash = "two"
        checker = Checker(rules: rules, at: now, fullEvery: .max)
    }

    @discardableResult
    private mutating func send(_ body: Command.Body) -> Bool {
        count += 1
        let command = Command(id: CommandID("c\(count)"), by: Person(role: "supervisor", name: "Lea"), body: body)
        let result = checker.batch([command], at: now)
        if case .failure = result.replies[0] { return false }
        return true
    }

    /// Makes a move; false when it is refused, or there is nothing to answer.
    @discardableResult
    mutating func take(_ move: Move) -> Bool {
        switch move {
        case .presence(let agent, let presence): return send(.agentState(AgentState(agent: agent, state: presence)))
        case .write(let id, let temper): return send(.conversationMessage(message(id, temper)))
        case .accept(let agent), .decline(let agent):
            guard let offer = checker.auditor.agents[agent]?.offers.first else { return false }
            let answer = OfferAnswer(offer: offer, agent: agent)
            if case .accept = move { return send(.offerAccept(answer)) }
            return send(.offerDecline(answer))
        case .close(let id): return send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
        case .transfer(let id):
            let other = id == Self.conversations[0] ? Self.queues[1] : Self.queues[0]
            return send(.conversationTransfer(ConversationTransfer(conversation: id, reason: "r", queue: other)))
        case .rest(let agent): return send(.breakStart(BreakStart(agent: agent, kind: .rest, minutes: 10)))
        case .back(let agent): return send(.breakEnd(BreakEnd(agent: agent, reason: "r")))
        case .wait(let time):
            now = now + time
            _ = checker.pass(to: now)
            return true
        }
    }

    /// One writes chats and the other calls; each to a queue of its own.
    private func message(_ id: ConversationID, _ temper: Temper) -> ConversationMessage {
        var found = Assessment()
        switch temper {
        case .calm: break
        case .desperate:
            found.tags.distress = 900
            found.tags.urgency = 800
        case .threatening:
            found.tags.threat = 900
            found.tags.frustration = 900
        }
        found.polarity = Score(milli: -found.tags.hardness.milli)
        let queue = id == Self.conversations[0] ? Self.queues[0] : Self.queues[1]
        return ConversationMessage(
            conversation: id, from: .customer, text: "words", channel: .chat,
            customer: CustomerID("of-\(id)"), queue: queue, assessment: found)
    }
}
