/// What the demo has seen, from events alone: what a supervisor's screen would know.
struct DemoBoard {
    struct Agent {
        var state = "offline"
        var load = 0
        var capacity = 100
        var conversations: Set<String> = []
        /// `owed` or `break`, with the kind that may be shown.
        var pause: String?
        var pauseUntil: Double?
    }

    struct Decision {
        var at: Double
        var text: String
    }

    var now = 0.0
    var commands = 0
    var agents: [String: Agent] = [:]
    var waiting: [String: (queue: String, since: Double)] = [:]
    var offered: [String: String] = [:]
    var decisions: [Decision] = []
    var waits: [Double] = []
    var opened: Set<String> = []
    var closed: Set<String> = []
    var hard: Set<String> = []
    var offersMade = 0
    var breaksOwed = 0
    var breaksTaken = 0
    /// Offers to somebody who owed or took a break: there must be none.
    var offersDuringBreaks = 0
    var safety = 0
    var refusals: [String: Int] = [:]
    private var units: [String: Int] = [:]

    /// Nothing waits, nothing is handled.
    var isQuiet: Bool { !opened.isEmpty && opened == closed }

    mutating func open(_ id: String) { opened.insert(id) }
    mutating func refused(_ code: String) { refusals[code, default: 0] += 1 }

    mutating func note(_ type: String, _ fields: [String: Any], at now: Double) {
        let agent = fields["agent"] as? String ?? ""
        let conversation = fields["conversation"] as? String ?? ""
        switch type {
        case "agent.updated": agents[agent, default: Agent()].capacity = fields["capacity"] as? Int ?? 100
        case "agent.state_changed": agents[agent, default: Agent()].state = fields["state"] as? String ?? "?"
        case "conversation.queued", "conversation.requeued":
            waiting[conversation] = (fields["queue"] as? String ?? "?", waiting[conversation]?.since ?? now)
            take(conversation)
            if type == "conversation.requeued", let reason = fields["reason"] as? String {
                say(now, "\(conversation) back to the queue: \(reason)")
            }
        case "conversation.tagged": noteTags(conversation, fields, at: now)
        case "offer.made": noteOffer(conversation, agent, fields, at: now)
        case "conversation.assigned":
            waiting[conversation] = nil
            offered[conversation] = nil
            units[conversation] = fields["units"] as? Int ?? 0
            agents[agent, default: Agent()].conversations.insert(conversation)
            if let waited = fields["waited_ms"] as? Int { waits.append(Double(waited) / 1_000) }
        case "conversation.closed":
            closed.insert(conversation)
            waiting[conversation] = nil
            offered[conversation] = nil
            take(conversation)
        case "offer.declined", "offer.expired", "offer.withdrawn":
            offered[conversation] = nil
            switch type {
            case "offer.declined": say(now, "\(agent) declined \(conversation)")
            case "offer.expired": say(now, "\(agent) did not answer \(conversation)")
            default: say(now, "\(conversation) is no longer offered to \(agent)")
            }
        case "break.owed", "break.started", "break.ended", "break.overdue": noteBreak(type, agent, fields, at: now)
        case "safety.raised":
            safety += 1
            let level = fields["level"] as? String ?? ""
            let place = level == "explicit" ? "goes before everyone" : "ranks as urgent"
            say(now, "SAFETY \(level) \(fields["kind"] as? String ?? ""): \(conversation) \(place), the lead is told")
        default: break
        }
    }

    private mutating func take(_ conversation: String) {
        for id in agents.keys { agents[id]?.conversations.remove(conversation) }
    }

    private mutating func noteTags(_ conversation: String, _ fields: [String: Any], at now: Double) {
        guard let tags = fields["tags"] as? [String: Double] else { return }
        let isHard =
            max(tags["frustration"] ?? 0, tags["distress"] ?? 0) >= 0.7
            || max(tags["abuse"] ?? 0, tags["threat"] ?? 0) >= 0.5
        if isHard { hard.insert(conversation) }
    }

    private mutating func noteOffer(
        _ conversation: String, _ agent: String, _ fields: [String: Any], at now: Double
    ) {
        offersMade += 1
        if agents[agent]?.pause != nil { offersDuringBreaks += 1 }
        offered[conversation] = agent
        let decision = fields["decision"] as? [String: Any]
        let eligible = decision?["eligible"] as? Int ?? 1
        var text = "\(conversation) → \(agent)"
        text += eligible > 1 ? ", best of \(eligible)" : ", the only one who can"
        if let failed = decision?["failed"] as? [[String: Any]], !failed.isEmpty {
            let reasons = failed.map { "\($0["agents"] as? Int ?? 0) \($0["test"] as? String ?? "?")" }
            text += "; not: " + reasons.joined(separator: ", ")
        }
        if let tags = decision?["tags"] as? [String: Double] {
            let holding = tags.filter { $0.value >= 0.5 }.keys.sorted()
            if !holding.isEmpty { text += "; " + holding.joined(separator: "+") }
        }
        say(now, text)
    }

    private mutating func noteBreak(_ type: String, _ agent: String, _ fields: [String: Any], at now: Double) {
        let minutes = fields["minutes"] as? Int ?? 0
        switch type {
        case "break.owed":
            breaksOwed += 1
            agents[agent, default: Agent()].pause = "owed"
            let cause = (fields["because"] as? String).map { " (\($0))" } ?? ""
            say(now, "\(agent) is owed \(minutes) min\(cause): no offers until the break is taken")
        case "break.started":
            breaksTaken += 1
            agents[agent, default: Agent()].pause = "break"
            agents[agent]?.pauseUntil = now + Double(minutes) * 60
            say(now, "\(agent) takes \(minutes) min")
        case "break.overdue": say(now, "\(agent)'s break is overdue: a live contact keeps it")
        default:
            agents[agent, default: Agent()].pause = nil
            agents[agent]?.pauseUntil = nil
            say(now, "\(agent) is back from the break")
        }
    }

    private mutating func say(_ now: Double, _ text: String) {
        decisions.append(Decision(at: now, text: text))
    }

    /// Units of the conversations that an agent has.
    func load(of agent: String) -> Int {
        agents[agent]?.conversations.reduce(0) { $0 + (units[$1] ?? 0) } ?? 0
    }
}
