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

    /// A state that one more move leads to.
    private struct Arrival: Sendable {
        var path: [UInt8]
        var key: Key
        var finding: String?
    }

    /// What the states of a piece of a layer lead to: moves that were carried out, and states not seen before.
    private struct Piece: Sendable {
        var edges = 0
        var steps: [Arrival] = []
    }

    /// Walks to a depth; stops at the first layer with a finding.
    ///
    /// - Parameters:
    ///   - lanes: How many walk side by side; the report is the same with any number.
    ///   - ignored: Words of findings to look behind.
    public static func run(depth: Int, lanes: Int = 1, ignoring ignored: [String] = []) async -> Report {
        var report = Report()
        report.depth = depth
        var seen: Set<Key> = [Self.start(ignored).key]
        var layer: [[UInt8]] = [[]]
        report.states = 1
        for _ in 0..<depth where report.findings.isEmpty {
            var next: [[UInt8]] = []
            for piece in await pieces(of: layer, lanes: lanes, seen, ignored) {
                report.edges += piece.edges
                for step in piece.steps where seen.insert(step.key).inserted {
                    report.states += 1
                    next.append(step.path)
                    guard let finding = step.finding, report.findings.count < 20 else { continue }
                    let words = step.path.map { "\(alphabet[Int($0)])" }.joined(separator: ", ")
                    report.findings.append("\(words): \(finding)")
                }
            }
            report.layers.append(next.count)
            layer = next
        }
        return report
    }

    /// Cuts a layer in pieces and walks on from each; the pieces come back in their order.
    private static func pieces(
        of layer: [[UInt8]], lanes: Int, _ seen: Set<Key>, _ ignored: [String]
    ) async -> [Piece] {
        let length = max(1, (layer.count + 4 * lanes - 1) / (4 * lanes))
        let starts = Array(stride(from: 0, to: layer.count, by: length))
        return await withTaskGroup(of: (Int, Piece).self) { group in
            var pieces = Array(repeating: Piece(), count: starts.count)
            var begun = 0
            while begun < min(lanes, starts.count) {
                add(begun)
                begun += 1
            }
            for await (place, piece) in group {
                pieces[place] = piece
                guard begun < starts.count else { continue }
                add(begun)
                begun += 1
            }
            return pieces

            func add(_ place: Int) {
                let paths = layer[starts[place]..<min(starts[place] + length, layer.count)]
                group.addTask { (place, walkOn(from: paths, seen, ignored)) }
            }
        }
    }

    private static func walkOn(from paths: ArraySlice<[UInt8]>, _ seen: Set<Key>, _ ignored: [String]) -> Piece {
        var piece = Piece()
        var new: Set<Key> = []
        for path in paths {
            var walk = Self.start(ignored)
            for step in path { walk.take(alphabet[Int(step)]) }
            for index in alphabet.indices {
                let before = walk.mark
                guard walk.take(alphabet[index]) else { continue }
                piece.edges += 1
                // What neither an event nor the clock says changed is where it was, and may be walked on from.
                guard walk.mark != before else { continue }
                let key = walk.key
                if !seen.contains(key), new.insert(key).inserted {
                    walk.checker.checkEverything(at: walk.now)
                    piece.steps.append(
                        Arrival(path: path + [UInt8(index)], key: key, finding: walk.checker.auditor.findings.first))
                }
                walk = Self.start(ignored)
                for step in path { walk.take(alphabet[Int(step)]) }
            }
        }
        return piece
    }

    /// Moves on with every event and every instant.
    private var mark: (events: Int, now: Instant) { (checker.events, now) }

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
