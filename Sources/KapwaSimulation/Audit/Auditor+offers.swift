import KapwaDomain
import KapwaRules

/// Who may be asked, and how asking ends.
extension Auditor {
    enum OfferEnd { case declined, expired, withdrawn }

    func made(_ body: OfferMade) {
        guard let episode = episode(body.conversation, body.episode), let agent = agent(body.agent) else { return }
        expect(body.offer.rawValue == "o\(sequence)", "is called \(body.offer)")
        expect(offers[body.offer] == nil, "was made before")
        expect(cause == .match, "was not decided by matching")
        if let failed = firstFailed(episode, agent) { found("\(agent.id) fails \(failed.rawValue) for \(episode.id)") }
        expect(isCandidate(agent, for: episode), "\(episode.id) is for \(String(describing: episode.onlyAgent)) alone")
        if let placement = episode.placement {
            expect(body.queue == placement.queue && body.step == placement.step, "is of another queue or step")
            expect(body.needs == placement.needs, "is of other needs than are in force")
            expect(body.rank == placement.rank, "has rank \(body.rank), not \(placement.rank)")
        }
        checkNumbers(body, episode, agent)
        checkHold(body, episode)
        noteOvertaken(by: episode, at: agent)
        move(episode, to: .offered, from: [.queued])
        offers[body.offer] = OfferModel(
            id: body.offer, key: episode.key, agent: body.agent, units: body.units, madeAt: now,
            expiresAt: body.expiresAt)
        episode.offer = body.offer
        agent.offers.append(body.offer)
        deadlines.add(.offer(body.offer), at: body.expiresAt)
    }

    private func checkNumbers(_ body: OfferMade, _ episode: EpisodeModel, _ agent: AgentModel) {
        let units = AuditArithmetic.units(episode.channel, hardness: episode.peaks.hardness.milli)
        let load = load(of: agent)
        let capacity = admitted(agent, units: units, load: load)
        expect(body.units == units, "counts \(body.units) units, not \(units)")
        expect(body.load == load, "counts load \(body.load), not \(load)")
        expect(body.capacity == capacity, "counts capacity \(body.capacity), not \(capacity)")
        expect(body.load + body.units <= body.capacity, "exceeds what the agent may carry")
        let queue = rules.queue(body.queue)
        let timeout = queue?.offerTimeout?[episode.channel] ?? rules.offers.timeout[episode.channel]
        expect(body.expiresAt == now + timeout, "stands until \(body.expiresAt), not for \(timeout) ms")
        checkCost(body.decision.winner, episode, agent, units: units, load: load, capacity: capacity)
        expect(body.decision.winner.agent == body.agent, "names \(body.decision.winner.agent) as the winner")
        if let other = body.decision.runnerUp { expect(other.agent != body.agent, "is its own runner-up") }
        expect(body.decision.eligible >= 1, "nobody was eligible")
    }

    /// Holds the terms that the events allow to compute against their formulas, and the sum against them all.
    private func checkCost(
        _ candidate: Decision.Candidate, _ episode: EpisodeModel, _ agent: AgentModel, units: Int, load: Int,
        capacity: Int
    ) {
        let terms = candidate.terms
        let weights = rules.weights
        let sum =
            weights.load * terms.load + weights.stress * terms.stress + weights.share * terms.share
            + weights.overSkill * terms.overSkill + weights.idle * terms.idle + weights.sticky * terms.sticky
            + weights.prefer * terms.prefer + weights.language * terms.language
        let cost = 1_000_000 * candidate.tier + sum
        expect(candidate.cost == cost, "costs \(candidate.cost), and tier and terms add up to \(cost)")
        expect(terms.load == 1_000 * (load + units) / capacity, "has load term \(terms.load)")
        let stress = min(1_000, agent.ledger.value(at: now) / 2) * episode.peaks.hardness.milli / 1_000
        expect(terms.stress == stress, "has stress term \(terms.stress), not \(stress)")
        let prefer = episode.preferred == nil || episode.preferred == agent.id ? 0 : 1_000
        expect(terms.prefer == prefer, "has prefer term \(terms.prefer), not \(prefer)")
        let needs = episode.placement?.needs ?? .none
        var over = 0
        for held in agent.skills.entries {
            let need = needs.level(of: held.skill)
            over += need == 0 ? 50 : 100 * max(0, held.level - need)
        }
        expect(terms.overSkill == min(1_000, over), "has over-skill term \(terms.overSkill), not \(min(1_000, over))")
        let spoken = max(1, agent.skills.level(of: "tagalog"))
        let isTagalog = episode.language == .tl || episode.language == .taglish
        let language = isTagalog ? 250 * (5 - spoken) : 0
        if episode.tagged > 0 {
            expect(terms.language == language, "has language term \(terms.language), not \(language)")
        }
        expect((0...1_000).contains(terms.share), "has share term \(terms.share)")
        let idle = 1_000 - Int(min(1_000, max(0, now - agent.idleSince) / 900))
        expect(terms.idle == idle, "has idle term \(terms.idle), not \(idle)")
        let tier = tier(episode, agent)
        expect(candidate.tier == tier, "has tier \(candidate.tier), not \(tier)")
    }

    /// A pair that burdens is made only after the conversation waited for another.
    private func checkHold(_ body: OfferMade, _ episode: EpisodeModel) {
        guard body.decision.winner.tier >= 2 else { return }
        guard let held = episode.held else { return found("goes to tier \(body.decision.winner.tier) without a hold") }
        expect(now >= held.until, "goes to tier \(body.decision.winner.tier) before the hold is over")
    }

    func held(_ body: ConversationHeld) {
        guard let episode = episode(body.conversation, body.episode) else { return }
        expect(episode.phase == .queued, "\(episode.id) does not wait")
        expect(episode.held == nil, "\(episode.id) is held already")
        expect(episode.safety != .explicit, "a person in danger is held")
        let hold = rules.offers.hold[episode.channel]
        expect(body.until == now + hold, "is held until \(body.until), not for \(hold) ms")
        episode.held = (now, body.until)
    }

    /// The agent alone that a transfer named, for its minute; everybody else always.
    func isCandidate(_ agent: AgentModel, for episode: EpisodeModel) -> Bool {
        guard let only = episode.onlyAgent, let until = episode.onlyUntil, until > now else { return true }
        return only == agent.id
    }

    /// The hard tests in their order; the first that fails.
    func firstFailed(_ episode: EpisodeModel, _ agent: AgentModel) -> HardTest? {
        if agent.presence != .ready || !binds(agent) { return .notReady }
        if agent.owes { return .breakOwed }
        if agent.isOnBreak { return .onBreak }
        if agent.wrapups.contains(where: \.exclusive) { return .wrapUp }
        if !meets(agent, episode.placement?.needs ?? .none) { return .skill }
        let units = AuditArithmetic.units(episode.channel, hardness: episode.peaks.hardness.milli)
        let load = load(of: agent)
        if load + units > admitted(agent, units: units, load: load) { return .capacity }
        if let kept = reservation(of: agent), kept != episode.id {
            // Danger passes what is kept for others, but not what is kept for another in danger.
            let isForDanger = episodes[kept]?.safety == .explicit
            if episode.safety != .explicit || isForDanger { return .reserved }
        }
        if episode.safety != .explicit, isApart(episode, agent.id) { return .negativeAffinity }
        if episode.transferredFrom == agent.id, hasOther(episode, than: agent) { return .transferredFrom }
        if let bar = episode.bars[agent.id], bar.until > now { return .declined }
        return nil
    }

    /// Whether a customer is not routed to an agent any more.
    func isApart(_ episode: EpisodeModel, _ agent: AgentID) -> Bool {
        (aversions[agent] ?? []).contains { one in
            one.until > now
                && (one.conversation == episode.id || (one.customer != nil && one.customer == episode.customer))
        }
    }

    /// The conversation for which an agent is kept free, while that waits.
    func reservation(of agent: AgentModel) -> ConversationID? {
        guard let reservation = reservations[agent.id], reservation.until > now else { return nil }
        return episodes[reservation.conversation]?.phase == .queued ? reservation.conversation : nil
    }

    private func hasOther(_ episode: EpisodeModel, than agent: AgentModel) -> Bool {
        let needs = episode.placement?.needs ?? .none
        return agents.values.contains {
            $0 !== agent && $0.presence != .offline && meets($0, needs)
                && (episode.safety == .explicit || !isApart(episode, $0.id))
        }
    }

    func ended(_ body: OfferEnded, as end: OfferEnd) {
        guard let offer = offers.removeValue(forKey: body.offer) else { return found("\(body.offer) is not open") }
        expect(offer.agent == body.agent, "was made to \(offer.agent)")
        expect(
            offer.key == ContactKey(conversation: body.conversation, episode: body.episode), "was of another episode")
        guard let agent = agent(body.agent) else { return }
        agent.offers.removeAll { $0 == body.offer }
        guard let episode = episodes[body.conversation] else { return }
        episode.offer = nil
        if end == .expired {
            expect(now >= offer.expiresAt, "expired before its time")
            let isOfRestart = offer.expiresAt <= lastDaemonStart
            expect(
                (body.reason?.text == "restart") == isOfRestart,
                "expires for \(body.reason?.text ?? "nothing"), \(isOfRestart ? "while" : "and not while") it was away")
        }
        expect(end == .expired || !body.strike, "counts as a strike, and was no silence")
        if body.strike {
            expect(agent.strikes.last != now, "strikes twice for one silence")
            agent.strikes.removeAll { now - $0 >= .minutes(10) }
            agent.strikes.append(now)
            expect(body.reason?.text == "no_answer", "strikes for \(body.reason?.text ?? "nothing")")
        } else if body.reason?.text == "no_answer" {
            expect(agent.strikes.last == now, "is no strike, and was a silence of its own")
        }
        guard end != .withdrawn, body.reason?.text != "restart" else { return }
        let times = (episode.bars[agent.id]?.times ?? 0) + 1
        let until = now + rules.offers.hold[episode.channel] * Int64(times)
        if let barred = body.barredUntil {
            expect(barred == until, "bars the pair until \(barred), not \(until)")
            episode.bars[agent.id] = BarModel(until: barred, times: times)
        } else {
            expect(end == .expired && !body.strike, "does not bar the pair")
        }
    }

    func advised(_ body: OfferAdvised) {
        guard let episode = episode(body.conversation, body.episode), let agent = agent(body.agent) else { return }
        expect(episode.phase == .queued, "\(episode.id) does not wait")
        expect(!binds(agent), "\(agent.id) is advised where Kapwa decides")
        expect(body.mode == routingMode(agent.team), "is advised in mode \(body.mode)")
    }

    func handoverOffered(_ body: HandoverOffered) {
        guard let episode = episode(body.conversation, body.episode), let agent = agent(body.agent) else { return }
        expect(episode.phase == .assigned, "nobody has \(episode.id)")
        expect(agent.owes || agent.isOnBreak, "\(agent.id) has no break to go to")
    }
}
