import KapwaDomain
import KapwaRules

/// The life of an episode.
extension Auditor {
    func opened(_ body: ConversationOpened) {
        let id = body.conversation
        expect(episodes[id] == nil, "\(id) is open already")
        let before = closed[id]
        if let before {
            expect(body.episode == before.episode + 1, "is episode \(body.episode) after \(before.episode)")
            expect(body.after?.episode == before.episode, "does not say which episode it follows")
            let carries = self.carries(before)
            expect(body.after?.carries == carries, "carries \(String(describing: body.after?.carries)), not \(carries)")
        } else if body.after == nil {
            expect(body.episode == 1, "is episode \(body.episode) and follows none")
        }
        let since = body.after?.carries == .place ? before?.since ?? body.since : now
        expect(body.since == since, "waits since \(body.since), not \(since)")
        let episode = EpisodeModel(
            id: id, episode: body.episode, channel: body.channel, since: body.since, order: sequence, at: now)
        episode.priority = body.priority
        episode.skills = body.skills
        episode.customer = body.customer
        episode.preferred = body.preferredAgent
        episode.openUntil = body.openUntil
        if let before, body.after?.carries == .place {
            episode.safety = before.safety
            episode.acknowledged = before.acknowledged
            // The danger goes on: the next one may be told at once.
            episode.raised = before.raised.map { ($0.round, $0.at - rules.safetyRound) }
        }
        if let before, let carries = body.after?.carries, carries != .nothing { episode.polarity = before.polarity }
        // The same wait goes on; what was said in an earlier episode adds nothing to a later one.
        if let before, body.after?.carries == .place {
            // Back within a minute: it did not end badly after all.
            let key = ContactKey(conversation: id, episode: before.episode)
            if let customer = before.customer { badEpisodes[customer]?.removeAll { $0.key == key } }
            episode.peaks = before.peaks
            episode.points = before.points
        }
        episode.units = AuditArithmetic.units(body.channel, hardness: episode.peaks.hardness.milli)
        episodes[id] = episode
        topicOf[id] = body.topic
        closed[id] = nil
        totals.move(from: nil, to: .open)
        if let until = body.openUntil { deadlines.add(.conversation(id, episode: body.episode), at: until) }
    }

    private func carries(_ before: ClosedModel) -> Continuation.Carries {
        if before.outcome == .abandoned && now - before.at <= .seconds(60) { return .place }
        return now - before.at <= .hours(24) ? .history : .nothing
    }

    func messaged(_ body: ConversationMessaged) {
        guard let episode = episodes[body.conversation] else {
            // Thanks within ten minutes belong to the episode that is closed.
            guard let before = closed[body.conversation] else {
                return found("of \(body.conversation), which is unknown")
            }
            expect(body.episode == before.episode, "of episode \(body.episode), and the last was \(before.episode)")
            expect(body.from == .customer && now - before.at <= .minutes(10), "comes after the end, and is no thanks")
            return
        }
        expect(episode.episode == body.episode, "of episode \(body.episode), and this is \(episode.episode)")
        expect(body.message == episode.messages + 1, "is message \(body.message) after \(episode.messages)")
        episode.messages = body.message
        episode.lastMessageAt = now
        if episode.silent { wake(episode) }
        if episode.phase == .assigned {
            let until = now + rules.offers.maxIdle[episode.channel]
            expect(body.idleUntil == until, "idle until \(String(describing: body.idleUntil)), not \(until)")
            idle(episode, until: body.idleUntil ?? until)
        }
    }

    private func idle(_ episode: EpisodeModel, until: Instant) {
        episode.idleUntil = until
        deadlines.add(.conversation(episode.id, episode: episode.episode), at: until)
    }

    func tagged(_ body: ConversationTagged) {
        guard let episode = episodes[body.conversation] else {
            expect(closed[body.conversation] != nil, "of \(body.conversation), which is unknown")
            closed[body.conversation]?.polarity = body.assessment.polarity
            return
        }
        expect(episode.tagged < body.message && body.message == episode.messages, "does not tag the last message")
        episode.tagged = body.message
        let found = body.assessment
        for tag in Tag.allCases {
            episode.peaks[tag] = max(episode.peaks[tag], found.tags[tag])
        }
        episode.mood = body.moodTags
        episode.trend = body.trend
        episode.polarity = found.polarity
        episode.language = found.language
        episode.relief = episode.relief.suffix(1) + [found.tags.relief]
        if found.scored != .ok { episode.unread = true }
        if let level = found.safetyLevel { episode.safety = max(episode.safety ?? level, level) }
        if max(found.tags.frustration, found.tags.distress) >= 600, episode.contact.strainedSince == nil {
            episode.contact.strainedSince = now
        }
        if episode.agent != nil {
            suffered(found, by: episode)
        } else {
            episode.threatWhileWaiting = max(episode.threatWhileWaiting, found.tags.threat)
        }
    }

    private func suffered(_ found: Assessment, by episode: EpisodeModel) {
        guard !episode.parked else {
            // Its agent rests and reads nothing of it.
            episode.unread = true
            return
        }
        episode.contact.abuse = max(episode.contact.abuse, found.tags.abuse)
        episode.contact.threat = max(episode.contact.threat, found.tags.threat)
        if let abuse = found.abuse, abuse.target == .agent, found.tags.abuse >= .holds {
            switch abuse.kind {
            case .insult: episode.contact.insults += 1
            case .slur: episode.contact.slur = true
            case .sexual: episode.contact.sexual = true
            }
        }
        let isAbuse = found.abuse?.target == .agent && found.tags.abuse >= .holds
        let isInsult = isAbuse && found.abuse?.kind == .insult
        let isGrave = found.tags.threat >= .holds || (isAbuse && (!isInsult || episode.contact.insults >= 3))
        if let agent = episode.agent, isGrave, let why = grave(episode) {
            touched.owing[agent] = why
            touched.agents.insert(agent)
        }
    }

    // MARK: Having it

    func assigned(_ body: ConversationAssigned) {
        guard let episode = episode(body.conversation, body.episode), let agent = agent(body.agent) else { return }
        let before = episode.agent
        if body.source == .offer {
            guard let id = body.offer, let offer = offers.removeValue(forKey: id) else {
                return found("of an offer that is not open")
            }
            expect(offer.agent == body.agent && offer.key == episode.key, "goes to another than was offered it")
            expect(now < offer.expiresAt, "was accepted after its time")
            expect(body.units == offer.units, "counts \(body.units) units, and the offer \(offer.units)")
            agent.offers.removeAll { $0 == id }
            episode.offer = nil
        } else {
            expect(body.offer == nil, "names an offer, and came about otherwise")
            expect(episode.offer == nil, "still has the open offer \(String(describing: episode.offer))")
        }
        if let before, before != body.agent { agents[before].map { leave(episode, $0) } }
        let from: Set<ConversationPhase> = body.source == .offer ? [.offered] : [.open, .queued, .offered, .assigned]
        move(episode, to: .assigned, from: from)
        checkLoad(body, episode, agent)
        if before != body.agent {
            agent.contacts.removeAll { $0 == episode.id }
            agent.contacts.append(episode.id)
            episode.contact.booked = 0
            episode.contact.reported = false
            episode.contact.abuse = 0
            episode.contact.threat = episode.threatWhileWaiting
            episode.contact.insults = 0
            episode.contact.slur = false
            episode.contact.sexual = false
            episode.assignedAt = now
            // Nobody has had the time to write: what was just taken is as live as what was just written.
            episode.lastMessageAt = now
        }
        touched.agents.insert(body.agent)
        episode.agent = body.agent
        if before != body.agent, !episode.wasThreatRead, let why = grave(episode) { touched.owing[body.agent] = why }
        episode.wasThreatRead = episode.threatWhileWaiting >= .holds
        episode.parked = false
        episode.silent = false
        episode.units = body.units
        episode.held = nil
        agent.ledger.go(agent.pace, at: now)
        expect(body.idleUntil == now + rules.offers.maxIdle[episode.channel], "has another time to be idle")
        idle(episode, until: body.idleUntil)
    }

    private func checkLoad(_ body: ConversationAssigned, _ episode: EpisodeModel, _ agent: AgentModel) {
        let units = AuditArithmetic.units(episode.channel, hardness: episode.peaks.hardness.milli)
        // What became harder while it was offered is counted anew right after.
        expect(body.units == units || body.source == .offer, "counts \(body.units) units, not \(units)")
        let load = load(of: agent, without: episode)
        expect(body.load == load, "counts load \(body.load), not \(load)")
        if body.source == .supervisor {
            expect(!agent.owes && !agent.isOnBreak, "is forced on \(agent.id), who owes or takes a break")
            let exceeds = load + units > admitted(agent, units: units, load: load)
            expect(!exceeds || body.overrides.contains(.capacity), "exceeds capacity, which nobody set aside")
        }
    }

    /// The agent has it no longer.
    func leave(_ episode: EpisodeModel, _ agent: AgentModel) {
        agent.contacts.removeAll { $0 == episode.id }
        agent.booked[episode.key] = episode.contact.booked
        agent.streak = wasHard(episode) ? agent.streak + 1 : 0
        agent.idleSince = now
        agent.ledger.go(agent.pace, at: now)
        touched.agents.insert(agent.id)
        episode.agent = nil
        episode.idleUntil = nil
        episode.parked = false
        episode.silent = false
    }

    func closed(_ body: ConversationClosed) {
        guard let episode = episode(body.conversation, body.episode) else { return }
        expect(episode.offer == nil, "still has the open offer \(String(describing: episode.offer))")
        expect(body.agent == nil || body.agent == episode.agent || episode.agent == nil, "names another agent")
        if let word = body.reason?.text, body.reason?.isFree == false { checkEnd(word, of: episode, body) }
        move(episode, to: .closed, from: [.open, .queued, .offered, .assigned])
        if let customer = episode.customer, isBad(episode, body.outcome) {
            noteBad(customer, episode.key)
        }
        let agent = episode.agent.flatMap { agents[$0] }
        closed[episode.id] = ClosedModel(
            episode: episode.episode, customer: episode.customer, outcome: body.outcome, at: now, agent: episode.agent,
            since: episode.since,
            peaks: episode.peaks, polarity: episode.polarity, points: episode.points,
            step: episode.placement?.step ?? 0,
            queue: episode.placement?.queue, channel: episode.channel,
            safety: episode.safety, raised: episode.raised, acknowledged: episode.acknowledged)
        if let agent { leave(episode, agent) }
        episodes[episode.id] = nil
    }

    private func checkEnd(_ word: String, of episode: EpisodeModel, _ body: ConversationClosed) {
        let due: Instant?
        switch word {
        case "max_wait": due = episode.waitUntil
        case "max_idle": due = episode.idleUntil
        case "max_open": due = episode.openUntil
        default: return
        }
        guard let due else { return found("ends for \(word), which it did not wait for") }
        expect(now >= due, "ends for \(word) before its time")
    }

    private func isBad(_ episode: EpisodeModel, _ outcome: Outcome) -> Bool {
        outcome == .abandoned || (episode.polarity < 0 && !episode.relief.contains { $0 >= .holds })
    }

    private func noteBad(_ customer: CustomerID, _ key: ContactKey) {
        let known = badEpisodes[customer]?.contains { $0.key == key } ?? false
        guard !known else { return }
        badEpisodes[customer, default: []].append(BadModel(key: key, at: now))
        // So many are remembered, and what is forgotten does not come back when a later one is taken back.
        if badEpisodes[customer, default: []].count > Limits.badEpisodesRememberedMax {
            badEpisodes[customer]?.removeFirst()
        }
    }

    /// What the customer says afterwards may make a bad experience of what had seemed none.
    func recorded(_ body: FeedbackRecorded) {
        touched.comments[body.conversation] = cause
        let customer = episodes[body.conversation].map(\.customer) ?? closed[body.conversation]?.customer
        guard let customer, let csat = body.csat, csat <= 2 else { return }
        noteBad(customer, ContactKey(conversation: body.conversation, episode: body.episode))
    }

    // MARK: Units

    /// The sum of what an agent carries, taken anew.
    func load(of agent: AgentModel, without other: EpisodeModel? = nil) -> Int {
        var load = 0
        for id in agent.contacts where id != other?.id { load += episodes[id]?.units ?? 0 }
        for id in agent.offers {
            guard let offer = offers[id], offer.key != other?.key else { continue }
            load += offer.units
        }
        for wrapup in agent.wrapups { load += wrapup.units }
        return load
    }

    func admitted(_ agent: AgentModel, units: Int, load: Int) -> Int {
        let capacity = agent.isLanding(at: now) ? agent.capacity / 2 : agent.capacity
        return load == 0 ? max(capacity, units) : capacity
    }

    private func wake(_ episode: EpisodeModel) {
        episode.silent = false
        episode.units = AuditArithmetic.units(episode.channel, hardness: episode.peaks.hardness.milli)
    }

    /// New units of a contact: full after a change of mood or a message, half after ten silent minutes.
    func recount(_ episode: EpisodeModel, units: Int) {
        expect(episode.phase == .assigned, "changes units of \(episode.id), which nobody has")
        let full = AuditArithmetic.units(episode.channel, hardness: episode.peaks.hardness.milli)
        let isSilent = now - episode.lastMessageAt >= .minutes(10) && episode.channel.family == .chat
        if units == full {
            episode.silent = false
        } else {
            expect(isSilent, "counts \(units) units, not \(full)")
            expect(units >= full / 2, "frees \(full - units) of \(full) units of a silent chat")
            episode.silent = true
        }
        episode.units = units
        if let agent = episode.agent { touched.agents.insert(agent) }
    }
}
