import Foundation
import KapwaDaemon
import KapwaDomain
import KapwaTransport

/// Plays the script as a middleware would: sends commands, hears events, and has agents and customers act on them.
final class DemoFloor {
    private let script: DemoScript
    private let stage: DemoStage
    private let client: CommandClient
    private let subscriber: EventSubscriber
    private var random: SeededRandom
    private var agenda: [Action] = []
    private var order = 0
    private var plays: [String: Play] = [:]
    private var sent = 0
    private var outstanding = 0
    private var board = DemoBoard()
    private let started = ContinuousClock.now

    /// Something that happens at a second of the day.
    private struct Action {
        var at: Double
        var order: Int
        var perform: (DemoFloor) throws -> Void
    }

    /// A conversation while it is played.
    private struct Play {
        let conversation: DemoScript.Conversation
        var next = 0
        var agent: String?
        var assignedAt: Double?
        /// Grows with every assignment, so that turns planned for an earlier one are dropped.
        var round = 0
        var isOver = false
    }

    init(_ script: DemoScript, _ stage: DemoStage, seed: UInt64) throws {
        self.script = script
        self.stage = stage
        client = try CommandClient(endpoint: stage.daemon.endpoints.commands)
        subscriber = try EventSubscriber(endpoint: stage.daemon.endpoints.events, topics: ["main/"])
        random = SeededRandom(seed: seed)
    }

    /// Plays the day to its end.
    ///
    /// - Parameter show: called a few times a second with what has been seen so far.
    func play(_ show: (DemoBoard) -> Void) throws -> DemoBoard {
        defer {
            client.close()
            subscriber.close()
        }
        try waitForFeed()
        for agent in script.agents { try greet(agent) }
        for conversation in script.conversations { try plan(conversation) }
        var shown = -1.0
        while now < Double(script.seconds) && !(agenda.isEmpty && board.isQuiet) {
            try performDue()
            try takeReplies()
            try takeEvents(until: agenda.first.map { min($0.at, now + 3) } ?? now + 3)
            if now - shown >= 0.25 * Double(stage.speed) {
                shown = now
                board.now = now
                show(board)
            }
        }
        try takeReplies(all: true)
        board.now = now
        return board
    }

    /// Seconds of the day that have passed.
    private var now: Double {
        let elapsed = ContinuousClock.now - started
        return (Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18)
            * Double(stage.speed)
    }

    /// A subscription takes a moment to arrive; the heartbeat shows that it has.
    private func waitForFeed() throws {
        for _ in 0..<50 where try subscriber.receive(timeout: 200) != nil { return }
        throw StartFailure(.unavailable, "the daemon's events do not arrive")
    }

    // MARK: Plan

    private func at(_ time: Double, _ perform: @escaping (DemoFloor) throws -> Void) {
        order += 1
        let action = Action(at: time, order: order, perform: perform)
        let index = agenda.firstIndex { ($0.at, $0.order) > (time, order) } ?? agenda.count
        agenda.insert(action, at: index)
    }

    private func performDue() throws {
        while let first = agenda.first, first.at <= now {
            agenda.removeFirst()
            try first.perform(self)
        }
    }

    private func greet(_ agent: DemoScript.Agent) throws {
        try send([
            "type": "agent.upsert", "agent": agent.agent, "name": agent.name, "team": agent.team,
            "skills": agent.skills, "capacity": agent.capacity,
        ])
        try send(["type": "agent.state", "agent": agent.agent, "state": "ready"])
    }

    /// The customer's first turns come at their times, whether somebody answers or not.
    private func plan(_ conversation: DemoScript.Conversation) throws {
        plays[conversation.id] = Play(conversation: conversation)
        var time = conversation.startSeconds
        for (index, turn) in conversation.turns.enumerated() {
            guard turn.from != "agent" else { break }
            time += turn.afterSeconds
            at(time) { try $0.speak(conversation.id, turn: index) }
        }
        let isUnheard = ["abandoned", "self_service", "spam"].contains(conversation.outcome)
        if isUnheard { at(time + 0.5) { try $0.finish(conversation.id) } }
    }

    private func speak(_ id: String, turn index: Int) throws {
        guard var play = plays[id], !play.isOver, play.next == index else { return }
        let turn = play.conversation.turns[index]
        var command: [String: Any] = [
            "type": "conversation.message", "conversation": id, "from": turn.from, "text": turn.text,
        ]
        if turn.from == "agent" { command["agent"] = play.agent ?? "" }
        if index == 0 {
            command["channel"] = play.conversation.channel
            command["customer"] = play.conversation.customer
            command["topic"] = play.conversation.topic
            board.open(id)
        }
        play.next += 1
        plays[id] = play
        try send(command)
        try continuePlay(id)
    }

    /// Plans the next turn, or the end, of a conversation that an agent has.
    private func continuePlay(_ id: String) throws {
        guard let play = plays[id], play.agent != nil, let assignedAt = play.assignedAt, !play.isOver else { return }
        let round = play.round
        guard play.next < play.conversation.turns.count else {
            at(max(now, assignedAt + play.conversation.handleSeconds)) { floor in
                if floor.plays[id]?.round == round { try floor.finish(id) }
            }
            return
        }
        let index = play.next
        at(now + play.conversation.turns[index].afterSeconds) { floor in
            if floor.plays[id]?.round == round { try floor.speak(id, turn: index) }
        }
    }

    private func finish(_ id: String) throws {
        guard var play = plays[id], !play.isOver else { return }
        play.isOver = true
        plays[id] = play
        try send(["type": "conversation.close", "conversation": id, "outcome": play.conversation.outcome])
    }

    // MARK: Events

    private func takeEvents(until: Double) throws {
        var patience = max(0, Int64((until - now) / Double(stage.speed) * 1_000))
        while let event = try subscriber.receive(timeout: min(patience, 100)) {
            patience = 0
            guard let fields = try JSONSerialization.jsonObject(with: Data(event.body)) as? [String: Any],
                !event.topic.starts(with: Array("main/private/".utf8)), let type = fields["type"] as? String
            else { continue }
            board.note(type, fields, at: now)
            try react(type, fields)
        }
    }

    private func react(_ type: String, _ fields: [String: Any]) throws {
        let agent = fields["agent"] as? String ?? ""
        switch type {
        case "offer.made": answer(fields["offer"] as? String ?? "", agent)
        case "conversation.assigned": try begin(fields["conversation"] as? String ?? "", agent)
        case "conversation.requeued": plays[fields["conversation"] as? String ?? ""]?.round += 1
        case "wrapup.started":
            let conversation = fields["conversation"] as? String ?? ""
            guard let behaviour = script.agents.first(where: { $0.agent == agent }) else { return }
            at(now + random.between(behaviour.wrapup)) {
                try $0.send(["type": "wrapup.done", "agent": agent, "conversation": conversation])
            }
        case "agent.state_changed" where fields["state"] as? String == "away":
            at(now + 15) { try $0.send(["type": "agent.state", "agent": agent, "state": "ready"]) }
        default: break
        }
    }

    private func answer(_ offer: String, _ agent: String) {
        guard let behaviour = script.agents.first(where: { $0.agent == agent }) else { return }
        let luck = random.unit()
        guard luck >= behaviour.noAnswerShare else { return }
        let declines = luck < behaviour.noAnswerShare + behaviour.declineShare
        at(now + random.between(behaviour.acceptAfter)) {
            try $0.send(["type": declines ? "offer.decline" : "offer.accept", "offer": offer, "agent": agent])
        }
    }

    private func begin(_ id: String, _ agent: String) throws {
        guard var play = plays[id], !play.isOver else { return }
        play.agent = agent
        play.assignedAt = now
        play.round += 1
        plays[id] = play
        try continuePlay(id)
    }

    // MARK: Commands

    private func send(_ command: [String: Any]) throws {
        sent += 1
        var command = command
        command["id"] = "demo-\(sent)"
        try client.send(FrameList([try JSONSerialization.data(withJSONObject: command)]))
        outstanding += 1
        board.commands = sent
    }

    private func takeReplies(all: Bool = false) throws {
        while outstanding > 0, let replies = try client.receive(timeout: all ? 2_000 : 0) {
            outstanding -= 1
            for index in 0..<replies.count {
                let reply = try JSONSerialization.jsonObject(with: Data(replies[index])) as? [String: Any]
                if let error = reply?["error"] as? [String: Any] { board.refused(error["code"] as? String ?? "?") }
            }
        }
    }
}

/// SplitMix64: the same seed plays the same day.
struct SeededRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// 0 up to but not including 1.
    mutating func unit() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) / Double(1 << 53)
    }

    /// Between the first and the last of a range of two.
    mutating func between(_ range: [Double]) -> Double {
        guard let first = range.first, let last = range.last else { return 0 }
        return first + unit() * (last - first)
    }
}
