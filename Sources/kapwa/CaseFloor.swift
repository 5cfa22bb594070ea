import KapwaDomain
import KapwaRouting
import KapwaRules

/// A floor in memory for one case: the real router, with a clock of its own and no matching before the case's moment.
struct CaseFloor {
    /// What became of the conversation.
    struct Outcome {
        var explanation: Explanation?
        var queue: QueueID?
        var owed: BreakChanged?
        var invited: Int?
        var offeredTo: AgentID?
        var isUnroutable = false
        /// Commands that the router refused: the case asks for what cannot be.
        var refusals: [String] = []
    }

    private static let conversation: ConversationID = "case"
    private var router: Router
    private var events: [Event] = []
    private var commands = 0
    private var refusals: [String] = []
    private let one: RuleCase

    /// What is to happen when.
    private struct Act {
        var at: Instant
        var bodies: [Command.Body]
    }

    static func run(_ one: RuleCase, _ rules: RuleSet) -> Outcome {
        var rules = rules
        // What would be offered is asked, also of rules that only observe.
        rules.routingMode = .enforce
        rules.breaksMode = .enforce
        for place in rules.teams.indices {
            rules.teams[place].routingMode = nil
            rules.teams[place].breaksMode = nil
        }
        var floor = CaseFloor(one, rules)
        return floor.run()
    }

    private init(_ one: RuleCase, _ rules: RuleSet) {
        self.one = one
        let days = Int64(one.conversation.badEpisodes + 2)
        let start = one.at - .days(days)
        router = Router(state: RoutingState(tenant: "main"), rules: rules, lexicon: "", version: "")
        router.start(at: start, digest: "")
        router.change(to: rules, lexicon: "", by: nil, at: start)
        _ = router.takeEvents()
    }

    private mutating func run() -> Outcome {
        for act in acts().enumerated().sorted(by: { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }) {
            for body in act.element.bodies { send(body, at: act.element.at) }
        }
        router.tick(at: one.at)
        stress()
        var outcome = Outcome()
        if one.conversation.with == nil {
            outcome.explanation = router.explain(conversation: Self.conversation, at: one.at)
            events += router.takeEvents()
            router.match(at: one.at)
            events += router.takeEvents()
        } else {
            speak()
        }
        return judge(outcome)
    }

    private mutating func send(_ body: Command.Body, at now: Instant) {
        commands += 1
        let command = Command(id: CommandID("c\(commands)"), body: body)
        if case .failure(let refusal) = router.handle(command, at: now) { refusals.append(refusal.message) }
        events += router.takeEvents()
    }

    // MARK: Before

    private func acts() -> [Act] {
        var acts: [Act] = []
        for number in 0..<one.conversation.badEpisodes {
            let at = one.at - .days(Int64(number + 1))
            let id = ConversationID("bad\(number)")
            var opening = ConversationMessage(conversation: id, from: .customer, text: "words", channel: .chat)
            opening.customer = one.conversation.customer
            opening.assessment = Assessment()
            acts.append(
                Act(
                    at: at,
                    bodies: [
                        .conversationMessage(opening),
                        .conversationClose(ConversationClose(conversation: id, outcome: .abandoned)),
                    ]))
        }
        for agent in one.agents { acts += self.acts(agent) }
        acts.append(Act(at: one.at - one.conversation.waited, bodies: [opening()]))
        return acts
    }

    private func acts(_ agent: CaseAgent) -> [Act] {
        let id = agent.card.id
        let upsert = AgentUpsert(
            agent: id, skills: agent.card.skills, capacity: agent.card.capacity, team: agent.card.team)
        // There since the morning, so that nobody is still eased in who is not meant to be.
        let morning = one.at - .hours(9)
        var acts = [Act(at: morning, bodies: [.agentUpsert(upsert)])]
        func act(_ ago: Milliseconds, _ bodies: [Command.Body]) { acts.append(Act(at: one.at - ago, bodies: bodies)) }
        func presence(_ state: Presence) -> Command.Body { .agentState(AgentState(agent: id, state: state)) }
        switch agent.state {
        case .offline: break
        case .landing: act(.minutes(1), [presence(.ready)])
        case .away: act(.hours(9), [presence(.ready)]); act(.minutes(1), [presence(.away)])
        case .ready, .breakOwed: act(.hours(9), [presence(.ready)])
        case .onBreak:
            act(.hours(9), [presence(.ready)])
            act(.seconds(30), [.breakStart(BreakStart(agent: id, kind: .rest, minutes: 15))])
        }
        if agent.state == .ready, agent.idle < .hours(9) { acts.append(idle(agent)) }
        // Fresh words: a chat that fell silent would weigh less.
        let contacts = (Self.contacts(agent.load) ?? []).enumerated().map { number, channel in
            var message = ConversationMessage(
                conversation: ConversationID("load-\(id)-\(number)"), from: .agent, text: "words", channel: channel)
            message.agent = id
            return Command.Body.conversationMessage(message)
        }
        acts.append(Act(at: one.at - .seconds(1), bodies: contacts))
        return acts
    }

    /// A calm contact that ended: from then on the agent is idle.
    private func idle(_ agent: CaseAgent) -> Act {
        let contact = ConversationID("before-\(agent.card.id)")
        var message = ConversationMessage(conversation: contact, from: .agent, text: "words", channel: .chat)
        message.agent = agent.card.id
        return Act(
            at: one.at - agent.idle - .seconds(2),
            bodies: [
                .conversationMessage(message),
                .conversationClose(ConversationClose(conversation: contact, outcome: .resolved)),
                .wrapupDone(WrapupDone(agent: agent.card.id, conversation: contact)),
            ])
    }

    /// The contacts whose units add up to a load; `nil` when none do.
    static func contacts(_ load: Int) -> [Channel]? {
        for voice in stride(from: load / 100, through: 0, by: -1) {
            for chat in stride(from: (load - voice * 100) / 25, through: 0, by: -1) {
                let rest = load - voice * 100 - chat * 25
                guard rest % 15 == 0 else { continue }
                return [Channel](repeating: .voice, count: voice) + [Channel](repeating: .chat, count: chat)
                    + [Channel](repeating: .email, count: rest / 15)
            }
        }
        return nil
    }

    private func opening() -> Command.Body {
        let said = one.conversation
        var message = ConversationMessage(
            conversation: Self.conversation, from: said.with == nil ? .customer : .agent, text: "words",
            channel: said.channel)
        message.agent = said.with
        message.customer = said.customer
        message.queue = said.queue
        message.skills = said.skills
        message.priority = said.priority
        message.preferredAgent = said.prefers
        message.topic = said.topic
        message.attributes = said.attributes.isEmpty ? nil : said.attributes
        if said.with == nil { message.assessment = said.assessment }
        return .conversationMessage(message)
    }

    /// Ledgers, and breaks that are owed, put in as facts: what brought them about is not the case's concern.
    private mutating func stress() {
        var state = router.state
        func apply(_ body: Event.Body) {
            state.apply(
                Event(
                    sequence: state.sequence + 1, previous: 0, tenant: state.tenant, at: one.at, cause: .timer,
                    body: body))
        }
        for agent in one.agents {
            if agent.ledger > 0 {
                apply(
                    .agentStressed(
                        .with {
                            $0.agent = agent.card.id
                            $0.points = agent.ledger
                            $0.contactPoints = agent.ledger
                            $0.ledger = agent.ledger
                        }))
            }
            guard agent.state == .breakOwed else { continue }
            apply(
                .breakOwed(
                    .with {
                        $0.agent = agent.card.id
                        $0.breakID = BreakID("b\(state.sequence + 1)")
                        $0.minutes = router.rules.breaks(for: agent.card.team).minutes
                        $0.startBy = one.at + router.rules.breaks(for: agent.card.team).startWithin
                    }))
        }
        router = Router(state: state, rules: router.rules, lexicon: "", version: "")
        router.resume(at: one.at)
    }

    // MARK: After

    /// The customer's words come while somebody has the conversation.
    private mutating func speak() {
        var message = ConversationMessage(conversation: Self.conversation, from: .customer, text: "words")
        message.assessment = one.conversation.assessment
        send(.conversationMessage(message), at: one.at)
        guard let lasted = one.conversation.lasted else { return }
        let end = one.at + lasted
        while let due = router.state.nextDeadline, due < end {
            router.tick(at: max(due, one.at))
            events += router.takeEvents()
        }
        send(.conversationClose(ConversationClose(conversation: Self.conversation, outcome: .resolved)), at: end)
    }

    private func judge(_ before: Outcome) -> Outcome {
        var outcome = before
        outcome.refusals = refusals
        outcome.queue = outcome.explanation?.placement?.queue
        for event in events {
            switch event.body {
            case .offerMade(let offer) where offer.conversation == Self.conversation: outcome.offeredTo = offer.agent
            case .conversationUnroutable(let body) where body.conversation == Self.conversation:
                outcome.isUnroutable = true
            case .breakOwed(let owed) where owed.agent == one.conversation.with: outcome.owed = owed
            case .breakInvited(let body) where body.agent == one.conversation.with: outcome.invited = body.minutes
            default: break
            }
        }
        return outcome
    }
}
