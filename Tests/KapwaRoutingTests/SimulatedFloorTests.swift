import Foundation
import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// Whether there is time for ten times as many.
private let isFull = ProcessInfo.processInfo.environment["KAPWA_FULL"] == "1"

/// Random floors: whatever is sent in whatever order, the invariants hold and replay gives the same state.
@Suite struct SimulatedFloorTests {
    @Test("invariants hold after every batch, and replay gives the same digest", arguments: 1...(isFull ? 300 : 30))
    func randomFloor(seed: Int) throws {
        var rules = RuleSet.standard
        rules.queues = [Queue(id: "main"), Queue(id: "billing")]
        rules.queues[1].needs = ["billing": 1]
        rules.queues[1].maxLength = 30
        if seed % 6 == 0 { rules.routingMode = .observe }
        if seed % 5 == 0 { rules.breaksMode = .observe }
        if seed % 4 == 0 { rules.floors = [KapwaRules.Floor(least: 2)] }
        if seed % 3 == 0 { rules.breaks.planned.append(Self.hourlyScreenBreak) }
        var walk = RandomWalk(seed: UInt64(seed), rules: rules)
        for step in 1...1_000 {
            walk.step()
            var broken = walk.floor.router.brokenInvariants(at: walk.floor.now)
            if step % 20 == 0 { broken += walk.floor.state.brokenIndex() }
            guard broken.isEmpty else {
                Issue.record("seed \(seed), step \(step): \(broken.joined(separator: "; "))")
                return
            }
        }
        try expectReplayEqual(walk.floor, seed: seed)
        #expect(walk.floor.events.types.contains("break.started"), "seed \(seed) never came to a break")
    }

    private static let hourlyScreenBreak = PlannedBreakRule(
        kind: .screen, minutes: 5, timing: .every(work: .minutes(50), within: .minutes(15)))

    private func expectReplayEqual(_ floor: Floor, seed: Int) throws {
        var state = RoutingState(tenant: "main")
        for (index, event) in floor.events.enumerated() {
            #expect(event.sequence == Int64(index + 1))
            state.apply(event)
        }
        #expect(state.digest == floor.state.digest, "seed \(seed): replay differs")
    }

    @Test("every offer ends once, in one of four ways", arguments: 1...(isFull ? 60 : 6))
    func offersEndOnce(seed: Int) {
        var walk = RandomWalk(seed: UInt64(seed + 1_000), rules: .standard)
        for _ in 1...1_000 { walk.step() }
        var open: Set<OfferID> = []
        for event in walk.floor.events {
            switch event.body {
            case .offerMade(let body): #expect(open.insert(body.offer).inserted)
            case .offerDeclined(let body), .offerExpired(let body), .offerWithdrawn(let body):
                #expect(open.remove(body.offer) != nil)
            case .conversationAssigned(let body):
                if let offer = body.offer { #expect(open.remove(offer) != nil) }
            default: break
            }
        }
        #expect(open.count == walk.floor.state.offers.count)
    }
}

/// Sends random commands, most of them sensible, to a small floor.
struct RandomWalk {
    var floor: Floor
    private var random: SeededGenerator
    private let agents = (1...6).map { AgentID("a\($0)") }
    private let conversations = (1...40).map { ConversationID("k\($0)") }

    init(seed: UInt64, rules: RuleSet) {
        floor = Floor(rules)
        random = SeededGenerator(state: seed)
    }

    mutating func step() {
        if chance(30) { floor.pass(Int64.random(in: 1...40_000, using: &random)) }
        if chance(2) { floor.pass(Int64.random(in: 1...2_000_000, using: &random)) }
        do {
            try floor.send(command(), by: chance(20) ? Person(role: "supervisor", name: "Lea") : nil)
        } catch {
            // Random commands are often refused; that a refusal leaves no events is asserted by the router itself.
        }
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    private mutating func any<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }

    private mutating func command() -> Command.Body {
        let agent = any(agents)
        let conversation = any(conversations)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<6: return .agentUpsert(upsert(agent))
        case 6..<18:
            return .agentState(
                AgentState(
                    agent: agent, state: any([.ready, .ready, .ready, .away, .offline]),
                    leaseSeconds: chance(20) ? 60 : nil))
        case 18..<19: return .agentRemove(AgentRemove(agent: agent, reason: "left"))
        case 19..<55: return .conversationMessage(message(conversation, agent))
        case 55..<70: return answer()
        case 70..<76: return .conversationClose(ConversationClose(conversation: conversation, outcome: outcome()))
        case 76..<80:
            return .conversationTransfer(
                ConversationTransfer(
                    conversation: conversation, reason: "r", queue: any([nil, "billing", "main"]),
                    agent: chance(30) ? agent : nil))
        case 80..<84:
            return .conversationAssign(
                ConversationAssign(
                    conversation: conversation, agent: agent,
                    source: any(ConversationAssign.Source.allCases), overrides: chance(50) ? Override.allCases : []))
        case 84..<88: return .wrapupDone(WrapupDone(agent: agent, conversation: conversation, hard: chance(50)))
        case 88..<91: return .breakStart(BreakStart(agent: agent, kind: any(BreakKind.allCases)))
        case 91..<94: return .breakEnd(BreakEnd(agent: agent, reason: "r"))
        case 94..<95: return .breakGrant(BreakGrant(agent: agent, reason: "r"))
        case 95..<97: return .stressReport(StressReport(agent: agent))
        case 97..<98 where chance(60): return planning(agent)
        case 97..<98: return .safetyAcknowledge(SafetyAcknowledge(conversation: conversation))
        default:
            return .conversationUpdate(
                ConversationUpdate(
                    conversation: conversation, queue: any([nil, "billing"]),
                    skills: chance(50) ? ["billing": 2] : nil, priority: chance(50) ? 50 : nil))
        }
    }

    /// Shifts that began, begin and will begin, and breaks moved.
    private mutating func planning(_ agent: AgentID) -> Command.Body {
        guard chance(60) else {
            return .breakPostpone(BreakPostpone(agent: agent, minutes: any([nil, 5, 15])))
        }
        let start = floor.now + Int64.random(in: -18_000_000...3_600_000, using: &random)
        return .agentShift(AgentShift(agent: agent, startsAt: start, endsAt: start + .hours(9)))
    }

    private mutating func outcome() -> Outcome { any([.resolved, .resolved, .abandoned, .spam]) }

    private mutating func upsert(_ agent: AgentID) -> AgentUpsert {
        AgentUpsert(
            agent: agent, skills: chance(70) ? ["billing": Int.random(in: 1...3, using: &random)] : Skills.none,
            capacity: any([nil, 30, 100, 200]))
    }

    private mutating func message(_ conversation: ConversationID, _ agent: AgentID) -> ConversationMessage {
        var tags: [Tag: Int] = [:]
        for tag in Tag.allCases where chance(15) { tags[tag] = Int.random(in: 0...1_000, using: &random) }
        let from: Speaker = any([.customer, .customer, .customer, .agent, .bot])
        let found = assessment(
            tags, abuse: tags[.abuse] == nil ? nil : Abuse(kind: any(Abuse.Kind.allCases), target: .agent),
            safety: chance(3) ? any(SafetyFlag.Level.allCases) : nil)
        return ConversationMessage(
            conversation: conversation, from: from, text: chance(5) ? "" : "words", agent: from == .agent ? agent : nil,
            channel: any(Channel.allCases), customer: chance(50) ? CustomerID("c\(conversation)") : nil,
            skills: chance(10) ? ["billing": 1] : nil, hold: chance(10), assessment: from == .customer ? found : nil)
    }

    private mutating func answer() -> Command.Body {
        let open = floor.state.agentOrder.flatMap { slot in
            floor.state.agents[slot].offers.map { (floor.state.agents[slot].id, $0) }
        }
        guard !open.isEmpty else { return .stressReport(StressReport(agent: any(agents))) }
        let (agent, offer) = any(open)
        let answer = OfferAnswer(offer: offer, agent: agent)
        return chance(70) ? .offerAccept(answer) : .offerDecline(answer)
    }
}
