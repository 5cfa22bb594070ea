import KapwaDomain
import KapwaRouting
import KapwaRules

/// What is safe may still be stuck: after the storm every queue must empty, and in time.
extension RandomFloor {
    /// Plays a seed, then lets the storm end: everybody who was there goes home, and for each queue one agent comes who
    /// keeps accepting. Whoever waits must be served within
    /// `(waiting before it + 1) × (offer timeout + handle + wrap-up + longest break)`.
    ///
    /// - Parameter steps: Of storm, before it ends.
    public static func liveness(seed: UInt64, steps: Int, ignoring ignored: [String] = []) -> Report {
        var floor = RandomFloor(seed: seed, fullEvery: 1_000)
        floor.checker.auditor.ignored = ignored
        for _ in 0..<steps { floor.step() }
        floor.calm()
        return floor.report(seed: seed, steps: steps, isStorm: true)
    }

    static let handle: Milliseconds = .minutes(2)
    static let longestBreak: Milliseconds = .hours(1)

    private struct Wait {
        var episode: Int
        var since: Instant
        /// Those who were served or waited before it.
        var ahead: Set<ConversationID> = []
    }

    private mutating func calm() {
        var rules = checker.router.rules
        rules.routingMode = .enforce
        rules.breaksMode = .enforce
        rules.teams = []
        rules.hash = "calm"
        record(checker.change(to: rules, at: now))
        for agent in world.agents { send(.agentState(AgentState(agent: agent, state: .offline))) }
        for _ in rules.queues { bringHelper() }
        var waits: [ConversationID: Wait] = [:]
        let end = now + .days(3)
        while now < end, checker.auditor.counted.queued + checker.auditor.counted.offered > 0 {
            look(&waits, rules)
            // From whom every helper is kept apart, nobody is there who keeps accepting: somebody else must come.
            if waits.keys.contains(where: { isApartFromAll($0) }) { bringHelper() }
            serve()
            let next = min(now + .seconds(10), checker.router.state.nextDeadline ?? end)
            now = max(now + 1, next)
            record(checker.pass(to: now))
            if checker.auditor.findingsCount > 0 { return }
        }
        if checker.auditor.counted.queued + checker.auditor.counted.offered > 0 {
            checker.auditor.report("\(checker.auditor.counted.queued) still wait three days after the storm")
        }
    }

    private var helpers: [AgentID] {
        checker.auditor.agents.keys.filter { $0.rawValue.hasPrefix("helper") }.sorted()
    }

    private mutating func bringHelper() {
        let helper = AgentID("helper\(helpers.count)")
        let skills: Skills = ["billing": 5, "tagalog": 5, "safety": 5]
        send(.agentUpsert(AgentUpsert(agent: helper, skills: skills, capacity: 100, team: "helpers")))
        send(.agentState(AgentState(agent: helper, state: .ready)))
    }

    private func isApartFromAll(_ id: ConversationID) -> Bool {
        guard let episode = checker.auditor.episodes[id] else { return false }
        return helpers.allSatisfy { checker.auditor.isApart(episode, $0) }
    }

    private mutating func send(_ body: Command.Body) {
        commands += 1
        let result = checker.batch([Command(id: CommandID("l\(commands)"), body: body)], at: now)
        if case .success = result.replies[0] { accepted += 1 }
        record(result.events)
    }

    /// The helpers take what they are offered, end what they have had long enough, and come back from breaks.
    private mutating func serve() {
        for id in helpers {
            guard let agent = checker.auditor.agents[id] else { continue }
            for offer in agent.offers { send(.offerAccept(OfferAnswer(offer: offer, agent: id))) }
            for contact in agent.contacts {
                guard let episode = checker.auditor.episodes[contact], now - episode.assignedAt >= Self.handle else {
                    continue
                }
                send(.conversationClose(ConversationClose(conversation: contact, outcome: .resolved)))
            }
            for wrapup in agent.wrapups {
                send(.wrapupDone(WrapupDone(agent: id, conversation: wrapup.key.conversation)))
            }
            if agent.presence != .ready, agent.current == nil {
                send(.agentState(AgentState(agent: id, state: .ready)))
            }
        }
    }

    /// Keeps who waits behind whom, and says who waits longer than the bound allows.
    private mutating func look(_ waits: inout [ConversationID: Wait], _ rules: RuleSet) {
        let waiting = checker.auditor.waiting.values.flatMap(\.values)
        let cycle =
            rules.offers.timeout.email + Self.handle + rules.queues[0].wrapupLimit.email + Self.longestBreak
        let inLine = Set(waiting.map(\.id))
        for id in waits.keys where !inLine.contains(id) { waits[id] = nil }
        for episode in waiting {
            if let opens = episode.opensAt, opens > now { continue }
            var wait = waits[episode.id] ?? Wait(episode: episode.episode, since: now)
            if wait.episode != episode.episode || isApartFromAll(episode.id) {
                wait = Wait(episode: episode.episode, since: now)
            }
            for other in waiting where other !== episode && other.isBefore(episode) { wait.ahead.insert(other.id) }
            waits[episode.id] = wait
            let bound = Int64(wait.ahead.count + 1) * cycle
            if now - wait.since > bound {
                checker.auditor.report(
                    "\(episode.id) waits \(now - wait.since) ms after the storm, and \(wait.ahead.count) were before it"
                )
            }
        }
    }
}
