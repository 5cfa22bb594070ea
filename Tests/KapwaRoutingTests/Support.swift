import KapwaDomain
import KapwaRules

@testable import KapwaRouting

/// Testing has a type of this name too.
typealias Tag = KapwaDomain.Tag

/// A floor with a clock of its own: sends commands, matches after each, keeps every event.
struct Floor {
    var router: Router
    var now = Instant(milliseconds: 1_800_000_000_000)
    var events: [Event] = []
    private var commands = 0

    init(_ rules: RuleSet = .standard) {
        router = Router(state: RoutingState(tenant: "main"), rules: rules, lexicon: "lexicon", version: "test")
        router.start(at: now, digest: "")
        router.change(to: rules, lexicon: "lexicon", by: nil, at: now)
        events += router.takeEvents()
    }

    /// Sends a command; returns the events of its batch, or throws its refusal.
    @discardableResult
    mutating func send(_ body: Command.Body, by: Person? = nil) throws(Refusal) -> [Event] {
        try batch(body, by: by).events
    }

    mutating func batch(_ body: Command.Body, by: Person? = nil) throws(Refusal) -> (
        reply: Reply.Accepted, events: [Event]
    ) {
        commands += 1
        let result = router.handle(Command(id: CommandID("c\(commands)"), by: by, body: body), at: now)
        router.match(at: now)
        let new = router.takeEvents()
        events += new
        return (try result.get(), new)
    }

    /// Lets time pass in one step, firing what is due at its own time.
    @discardableResult
    mutating func pass(_ time: Milliseconds) -> [Event] {
        let end = now + time
        var new: [Event] = []
        while let due = router.state.nextDeadline, due <= end {
            now = max(now, due)
            router.tick(at: now)
            router.match(at: now)
            new += router.takeEvents()
        }
        now = end
        router.tick(at: now)
        router.match(at: now)
        new += router.takeEvents()
        events += new
        return new
    }

    mutating func agent(_ id: AgentID, _ skills: Skills = .none, capacity: Int = 100, team: TeamID? = nil) throws {
        try send(.agentUpsert(AgentUpsert(agent: id, skills: skills, capacity: capacity, team: team)))
        try send(.agentState(AgentState(agent: id, state: .ready)))
    }

    @discardableResult
    mutating func message(
        _ id: ConversationID, _ tags: [Tag: Int] = [:], from: Speaker = .customer, channel: Channel? = .chat,
        agent: AgentID? = nil, customer: CustomerID? = nil, abuse: Abuse? = nil, safety: SafetyFlag.Level? = nil,
        text: String = "words", queue: QueueID? = nil, skills: Skills? = nil, priority: Int? = nil,
        topic: String? = nil, hold: Bool = false
    ) throws -> [Event] {
        try send(
            .conversationMessage(
                ConversationMessage(
                    conversation: id, from: from, text: text, agent: agent, channel: channel, customer: customer,
                    queue: queue, skills: skills, priority: priority, topic: topic, hold: hold,
                    assessment: from == .customer ? assessment(tags, abuse: abuse, safety: safety) : nil)))
    }

    /// Opens a chat and has its only candidate accept it.
    mutating func assigned(_ id: ConversationID, _ tags: [Tag: Int] = [:], channel: Channel = .chat) throws {
        let made = try message(id, tags, channel: channel)
        guard let offer = made.offersMade.first else { throw Missing.offer }
        try send(.offerAccept(OfferAnswer(offer: offer.offer, agent: offer.agent)))
    }

    enum Missing: Error { case offer }

    var state: RoutingState { router.state }

    func conversation(_ id: ConversationID) -> ConversationRecord? {
        router.state.conversationSlots[id].map { router.state.conversations[$0] }
    }

    func agentRecord(_ id: AgentID) -> AgentRecord? { router.state.agentSlots[id].map { router.state.agents[$0] } }
}

func assessment(_ tags: [Tag: Int], abuse: Abuse? = nil, safety: SafetyFlag.Level? = nil) -> Assessment {
    var found = Assessment()
    for (tag, milli) in tags { found.tags[tag] = Score(milli: milli) }
    found.polarity = Score(milli: found.tags.relief.milli - found.tags.hardness.milli)
    found.abuse = abuse
    found.language = .taglish
    if let safety {
        found.safety = [SafetyFlag(kind: .medical, level: safety, text: "words", start: 0, end: 5)]
    }
    return found
}

extension [Event] {
    var types: [String] { map(\.body.type) }

    var offersMade: [OfferMade] {
        compactMap { event in
            if case .offerMade(let body) = event.body { body } else { nil }
        }
    }

    var reserved: [AgentReserved] {
        compactMap { event in
            if case .agentReserved(let body) = event.body { body } else { nil }
        }
    }

    var breaks: [BreakChanged] {
        compactMap { event in
            switch event.body {
            case .breakOwed(let body), .breakStarted(let body), .breakEnded(let body), .breakOverdue(let body): body
            default: nil
            }
        }
    }

    var placements: [ConversationPlaced] {
        compactMap { event in
            switch event.body {
            case .conversationQueued(let body), .conversationRequeued(let body): body
            default: nil
            }
        }
    }
}

/// SplitMix64: a seed gives the same run everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
