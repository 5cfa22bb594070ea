public import KapwaDomain
import KapwaRules

/// What must hold when a batch is through.
extension Auditor {
    func checkAfterBatch() {
        for id in touched.conversations { if let episode = episodes[id] { checkSettled(episode) } }
        for id in touched.agents { if let agent = agents[id] { checkSettled(agent) } }
        let forgotten = touched.owedFollowups.subtracting(touched.followups)
        expect(forgotten.isEmpty, "nobody owes a follow-up to \(forgotten.map(\.rawValue).sorted())")
        while let entry = deadlines.pop(before: now) { check(entry) }
        checkServed(agents: touched.agents, conversations: touched.conversations)
    }

    /// Looks at everything, touched or not. Findings are those of ``watch(_:at:)`` that time alone may bring.
    public func checkEverything(at now: Instant) {
        self.now = now
        current = (sequence, "the whole floor")
        var counted = Totals()
        counted.opened = totals.opened
        counted.closed = totals.closed
        for episode in episodes.values {
            counted[episode.phase] += 1
            checkSettled(episode)
        }
        expect(counted == totals, "counts \(totals), and there are \(counted)")
        let sum = counted.open + counted.queued + counted.offered + counted.assigned + counted.closed
        expect(sum == totals.opened, "\(totals.opened) were opened, and the states hold \(sum)")
        for agent in agents.values { checkSettled(agent) }
        var waitingCount = 0
        for queue in waiting.values { waitingCount += queue.count }
        expect(waitingCount == totals.queued, "\(totals.queued) are queued, and the queues hold \(waitingCount)")
        for offer in offers.values {
            expect(offer.expiresAt > now, "\(offer.id) still stands after its time")
            expect(episodes[offer.key.conversation]?.offer == offer.id, "\(offer.id) is of nothing that is offered")
        }
        checkServed(agents: Set(agents.keys), conversations: Set(episodes.keys))
    }

    private func checkSettled(_ episode: EpisodeModel) {
        switch episode.phase {
        case .offered: expect(episode.offer != nil, "\(episode.id) is offered to nobody")
        case .assigned:
            let holder = episode.agent.flatMap { agents[$0] }
            expect(holder?.contacts.contains(episode.id) == true, "\(episode.id) is assigned to nobody")
            let full = AuditArithmetic.units(episode.channel, hardness: episode.peaks.hardness.milli)
            expect(episode.units == full || episode.silent, "\(episode.id) holds \(episode.units) units, not \(full)")
        case .open:
            expect(episode.safety != .explicit, "\(episode.id) is held by a bot, with a person in danger")
        case .queued, .closed: expect(episode.agent == nil, "\(episode.id) waits, and somebody has it")
        }
        if episode.safety != nil, episode.phase != .open {
            expect(episode.raised != nil, "nobody was told of the danger in \(episode.id)")
        }
    }

    private func checkSettled(_ agent: AgentModel) {
        if agent.presence != .ready || agent.owes || agent.isOnBreak {
            expect(agent.offers.isEmpty, "\(agent.id) is no candidate and has open offers")
        }
        let live = agent.contacts.compactMap { episodes[$0] }.filter { $0.isLive(at: now) }
        if let current = agent.current, current.enforced, current.startedAt == nil, current.reason != .schedule {
            // Grave ones and those that somebody asked for begin at once, others when their share of the team allows.
            let isUrgent = current.earliest == nil && (current.immediate || current.reason != .care)
            expect(
                !live.isEmpty || (now < current.startBy && !isUrgent),
                "\(agent.id) owes a break since \(current.owedAt), and nothing keeps it from beginning")
        }
        let freed = agent.contacts.compactMap { episodes[$0] }.filter(\.silent).reduce(0) {
            $0 + AuditArithmetic.units($1.channel, hardness: $1.peaks.hardness.milli) - $1.units
        }
        expect(freed <= 25, "silent chats free \(freed) units of \(agent.id)")
        if let ends = agent.current?.endsAt, agent.current?.startedAt != nil {
            // What was over when it came back into being ends with the next batch.
            expect(now < ends || touched.agents.contains(agent.id), "the break of \(agent.id) is over and does not end")
        }
        if agent.presence == .offline {
            for episode in live where episode.channel == .voice && episode.assignedAt < agent.presenceSince {
                found("\(agent.id) went offline with call \(episode.id)")
            }
        }
        guard let why = touched.owing[agent.id] else { return }
        expect(agent.current != nil || !agent.nexts.isEmpty, "\(agent.id) is owed a break after \(why), and owes none")
    }

    private func check(_ entry: Deadlines.Entry) {
        switch entry.kind {
        case .offer(let id):
            guard let offer = offers[id] else { return }
            expect(offer.expiresAt > now, "\(id) still stands after its time")
        case .conversation(let id, let number):
            guard let episode = episodes[id], episode.episode == number else { return }
            switch episode.phase {
            case .open: expect(episode.openUntil.map { $0 > now } ?? true, "\(id) is open beyond its time")
            case .queued: expect(episode.waitUntil.map { $0 > now } ?? true, "\(id) waits beyond its time")
            case .assigned: expect(episode.idleUntil.map { $0 > now } ?? true, "\(id) is idle beyond its time")
            case .offered, .closed: break
            }
        case .wrapup(let id):
            guard let agent = agents[id] else { return }
            for wrapup in agent.wrapups {
                expect(wrapup.deadline > now, "\(id) wraps \(wrapup.key.conversation) up beyond its limit")
            }
        case .breakOfAgent(let id):
            if let agent = agents[id] { checkSettled(agent) }
        case .safety(let id):
            guard let episode = episodes[id], let raised = episode.raised, !episode.acknowledged else { return }
            let isLast = raised.round >= rules.safetyEscalation.count
            expect(isLast || now - raised.at < rules.safetyRound, "nobody acknowledged \(id), and the next is not told")
        }
    }

    // MARK: Nobody waits who could be served

    /// Pairs of which one side was touched: the others were looked at when they were.
    private func checkServed(agents some: Set<AgentID>, conversations: Set<ConversationID>) {
        guard totals.queued > 0 else { return }
        let free = some.compactMap { agents[$0] }.filter(couldBeAsked)
        for agent in free {
            for queue in waiting.values {
                for episode in queue.values { checkServed(episode, agent) }
            }
        }
        let waits = conversations.compactMap { episodes[$0] }.filter { $0.phase == .queued }
        guard !waits.isEmpty else { return }
        for agent in agents.values where couldBeAsked(agent) {
            for episode in waits { checkServed(episode, agent) }
        }
    }

    /// Cheap tests first: most agents have no room.
    private func couldBeAsked(_ agent: AgentModel) -> Bool {
        guard agent.presence == .ready, !agent.owes, !agent.isOnBreak, binds(agent) else { return false }
        let load = load(of: agent)
        return load == 0 || load + 15 <= agent.capacity
    }

    private func checkServed(_ episode: EpisodeModel, _ agent: AgentModel) {
        if let opens = episode.opensAt, opens > now { return }
        guard isCandidate(agent, for: episode), firstFailed(episode, agent) == nil else { return }
        if let held = episode.held, held.until > now { return }
        found("\(episode.id) waits, and \(agent.id) passes every hard test")
    }
}
