import Foundation
import KapwaDomain
import KapwaRules
import KapwaSentiment
import Testing

@testable import KapwaSimulation

/// The same plea, told louder, longer, ruder, politer or by somebody else, waits in the same place for the same people.
@Suite struct MetamorphicTests {
    /// Own sentences; `%` stands for the writer's name.
    static let pleas = [
        "My internet has been down since this morning and I have an exam at noon.",
        "The rider never came. My son is diabetic and his insulin is in that bag.",
        "I was charged twice for the same order, please return my money.",
        "Good day, this is %. How do I change my delivery address?",
        "Still waiting for the refund you promised last week.",
        "My mother is alone at the clinic and the card was declined, I don't know what to do.",
        "Wala pa ring signal dito sa amin, tatlong araw na.",
        "Hindi dumating ang order, umiiyak na ang anak ko sa gutom.",
        "Si % ito. Paano ba palitan ang number sa account ko?",
        "Nawala ang pera sa wallet ko, pambili sana ng gamot ng nanay ko.",
        "Kailan ba matatapos ang repair? Kailangan ko ng internet mamayang gabi.",
        "Na-double charge ako, paki-refund naman.",
        "Hi, I am %. Yung order ko late na ng two hours, may pasok pa ako.",
        "Na-lock yung account ko and I need to pay the hospital bill today.",
        "Yung installer hindi sumipot, nag-leave pa naman ako from work.",
        "Salamat sa tulong kanina, okay na ang line ko.",
    ]

    enum Change: String, CaseIterable {
        case capitals, tenTimes, swearing, polite, otherName, shouted
    }

    private static func told(_ plea: String, _ change: Change?) -> String {
        let text = plea.replacing("%", with: change == .otherName ? "Ngozi Abdullah" : "Maria Santos")
        switch change {
        case nil, .otherName: return text
        case .capitals: return text.uppercased()
        case .tenTimes: return Array(repeating: text, count: 10).joined(separator: " ")
        case .swearing: return "Putang ina. " + text + " Damn."
        case .polite: return text.dropLast() + " po" + String(text.suffix(1)) + " Opo."
        case .shouted: return text.dropLast() + "!!!!!!"
        }
    }

    /// Where a message stands and who could take it.
    struct Standing: Equatable, CustomStringConvertible {
        var headStart: Int64
        var queue: QueueID
        var needs: Skills
        var candidates: Int
        var failed: [HardTest]

        var description: String { "head start \(headStart), \(queue), \(candidates) candidates, failed \(failed)" }
    }

    private static let lexicon: Result<Lexicon, any Error> = Result {
        let models = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Models/lexicons").path
        return try Lexicon.load(directory: models)
    }

    private func score(_ text: String) throws -> Assessment { Scorer(lexicon: try Self.lexicon.get()).score(text) }

    /// Sends it to a floor with room, on which one agent is away, one owes a break and one does not speak Tagalog.
    private func standing(of text: String) throws -> Standing {
        var rules = RuleSet.standard
        rules.queues.append(Queue(id: "urgent"))
        var condition = Condition()
        condition.tags = [Condition.TagAtLeast(tag: .urgency, atLeast: 700)]
        rules.routes = [Route(condition: condition, queue: "urgent")]
        var checker = Checker(rules: rules, at: SimulatedDay.begin)
        let now = SimulatedDay.begin
        var bodies: [Command.Body] = []
        for (agent, skills) in [("ana", ["tagalog": 5]), ("ben", ["tagalog": 1]), ("cora", [:]), ("dan", [:])]
            as [(AgentID, Skills)]
        {
            bodies.append(.agentUpsert(AgentUpsert(agent: agent, skills: skills, capacity: 1_000)))
            bodies.append(.agentState(AgentState(agent: agent, state: agent == "dan" ? .away : .ready)))
        }
        bodies.append(
            .conversationMessage(
                ConversationMessage(
                    conversation: "k", from: .customer, text: text, channel: .chat,
                    assessment: try score(text))))
        let commands = bodies.enumerated().map { Command(id: CommandID("c\($0)"), body: $1) }
        let events = checker.batch(commands, at: now).events
        var standing = Standing(headStart: 0, queue: "", needs: .none, candidates: 0, failed: [])
        for event in events {
            switch event.body {
            case .conversationQueued(let body):
                standing.headStart = now.milliseconds - body.placement.rank
                standing.queue = body.placement.queue
                standing.needs = body.placement.needs
            case .offerMade(let body):
                standing.candidates = body.decision.eligible
                standing.failed = body.decision.failed.map(\.test).filter { $0 != .capacity }
            default: break
            }
        }
        return standing
    }

    @Test("told otherwise, a plea keeps its rank, its queue and its candidates", arguments: pleas, Change.allCases)
    func sameStanding(plea: String, change: Change) throws {
        let plain = try standing(of: Self.told(plea, nil))
        let other = try standing(of: Self.told(plea, change))
        #expect(plain.candidates == 3)
        #expect(plain == other, "\(change.rawValue): \(Self.told(plea, change))")
    }

    @Test("shouting moves the feeling, not the place: frustration grows and the head start stays")
    func shoutingBuysNothing() throws {
        let calm = Self.told(Self.pleas[10], nil)
        let loud = Self.told(Self.pleas[10], .swearing)
        #expect(try score(loud).tags.frustration > score(calm).tags.frustration)
        #expect(try standing(of: loud).headStart == standing(of: calm).headStart)
    }
}
