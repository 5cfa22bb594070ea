import KapwaDomain
import KapwaRules

/// Presence, reservations and after-contact work.
extension Auditor {
    func updated(_ body: AgentUpdated) {
        if agents[body.agent] == nil {
            let agent = departed.removeValue(forKey: body.agent) ?? AgentModel(id: body.agent, at: now)
            agent.presence = .offline
            agent.presenceSince = now
            agent.absentSince = now
            agent.landingUntil = nil
            agent.lastLandingAt = nil
            agent.returnsFromBreak = false
            // Nobody could take meanwhile what was owed: it is due no earlier than now.
            if let owed = agent.current, owed.startedAt == nil { agent.current?.startBy = max(owed.startBy, now) }
            for index in agent.nexts.indices { agent.nexts[index].startBy = max(agent.nexts[index].startBy, now) }
            agent.ledger.anchor(agent.ledger.value(at: now), at: now)
            agents[body.agent] = agent
        }
        guard let agent = agents[body.agent] else { return }
        agent.skills = body.skills
        agent.capacity = body.capacity
        agent.team = body.team
    }

    func stateChanged(_ body: AgentStateChanged) {
        guard let agent = agent(body.agent) else { return }
        expect(body.was == agent.presence, "was \(body.was), and was \(agent.presence) before")
        if body.reason?.text == "lost" { expect(agent.leaseUntil != nil, "loses a lease that it never had") }
        if body.reason?.text == "no_answer" {
            let strikes = agent.strikes.filter { now - $0 < .minutes(10) }.count
            expect(strikes >= rules.offers.strikes, "is sent away after \(strikes) strikes")
            agent.strikes = []
        }
        if body.state == .ready && agent.presence != .ready {
            agent.idleSince = now
            land(agent, until: body.landingUntil, mayBeLongAway: true)
        } else {
            expect(body.landingUntil == nil, "lands without coming back")
        }
        if body.state != .ready && agent.presence == .ready { agent.absentSince = now }
        if body.state != agent.presence { agent.presenceSince = now }
        agent.presence = body.state
        agent.leaseUntil = body.leaseUntil
        agent.ledger.go(agent.pace, at: now)
        let effective: EffectivePresence =
            if agent.isOnBreak { .onBreak } else if agent.owes && agent.presence == .ready { .breakOwed } else {
                EffectivePresence(rawValue: agent.presence.rawValue) ?? .offline
            }
        expect(body.effective == effective, "amounts to \(body.effective), not \(effective)")
    }

    /// Ready after a break of five minutes, or half an hour away: the first minutes are softer.
    func land(_ agent: AgentModel, until: Instant?, mayBeLongAway: Bool) {
        let policy = rules.breaks(for: agent.team)
        let wasAway = mayBeLongAway && (agent.absentSince.map { now - $0 >= policy.landingAfterAway } ?? false)
        let mayLand = agent.lastLandingAt.map { now - $0 >= policy.landingEvery } ?? true
        // A break that bound is followed by a landing although breaks do not bind any more.
        let binds = rules.breaksMode(for: agent.team) == .enforce || !mayBeLongAway
        let lands = binds && (agent.returnsFromBreak || (wasAway && mayLand))
        let expected = lands ? now + policy.landing : nil
        expect(until == expected, "lands until \(text(until)), not \(text(expected))")
        if let until {
            agent.landingUntil = until
            agent.lastLandingAt = now
        }
        agent.returnsFromBreak = false
        agent.absentSince = nil
    }

    func text(_ instant: Instant?) -> String { instant.map { "\($0.milliseconds)" } ?? "never" }

    func removed(_ body: AgentRemoved) {
        guard let agent = agent(body.agent) else { return }
        expect(agent.contacts.isEmpty, "still has \(agent.contacts)")
        expect(agent.offers.isEmpty, "still has offers")
        expect(agent.wrapups.isEmpty, "still wraps up")
        agent.presence = .offline
        agent.ledger.go(agent.pace, at: now)
        agents[body.agent] = nil
        if let before = reservations.removeValue(forKey: body.agent) { reservedFor[before.conversation] = nil }
        departed[body.agent] = agent
    }

    func reserved(_ body: AgentReserved) {
        guard let agent = agent(body.agent), let episode = episode(body.conversation, body.episode) else { return }
        expect(episode.phase == .queued, "\(episode.id) does not wait")
        expect(agent.presence == .ready && !agent.owes && !agent.isOnBreak, "\(agent.id) is not ready")
        expect(body.until - now <= .minutes(10) && body.until > now, "is kept free until \(body.until)")
        if let kept = reservation(of: agent), kept != episode.id {
            // Somebody in danger does not wait until nobody is kept for something less.
            let isForLess = episode.safety == .explicit && episodes[kept]?.safety != .explicit
            expect(isForLess, "is kept free for another")
        }
        if let placement = episode.placement {
            expect(meets(agent, placement.needs), "\(agent.id) could not serve it")
            if episode.safety != .explicit {
                expect(
                    now.milliseconds >= episode.since.milliseconds + placement.targetMilliseconds,
                    "\(episode.id) is not past its target")
            }
        }
        let units = AuditArithmetic.units(episode.channel, hardness: episode.peaks.hardness.milli)
        expect(body.units == units, "reserves \(body.units) units, not \(units)")
        if let before = reservations[body.agent] { reservedFor[before.conversation] = nil }
        if let before = reservedFor.updateValue(body.agent, forKey: body.conversation) { reservations[before] = nil }
        reservations[body.agent] = (body.conversation, body.until, episode.placement?.queue)
        checkReservedShare(of: episode)
    }

    /// At most a fifth of a queue's ready agents is kept free, but always one may be.
    private func checkReservedShare(of episode: EpisodeModel) {
        guard let placement = episode.placement, episode.safety != .explicit else { return }
        var able = 0
        var kept = 0
        for agent in agents.values where agent.presence == .ready && meets(agent, placement.needs) {
            able += 1
            if reservation(of: agent) != nil, reservations[agent.id]?.queue == placement.queue { kept += 1 }
        }
        expect(kept <= max(1, able / 5), "\(kept) of \(able) ready agents of the queue are kept free")
    }

    // MARK: Wrap-up

    func wrapupStarted(_ body: WrapupStarted) {
        guard let agent = agent(body.agent) else { return }
        let key = ContactKey(conversation: body.conversation, episode: body.episode)
        expect(!agent.wrapups.contains { $0.key == key }, "wraps it up twice")
        if let before = closed[body.conversation], before.episode == body.episode {
            expect(before.agent == body.agent, "wraps up what \(String(describing: before.agent)) had")
        }
        expect(body.deadline > now, "is over already")
        if let before = closed[body.conversation], before.episode == body.episode {
            let queue = before.queue.flatMap { rules.queue($0) } ?? rules.queues[0]
            let excludes = queue.exclusive || before.channel.family == .voice
            expect(body.exclusive == excludes, "\(excludes ? "does not exclude" : "excludes") the agent meanwhile")
        }
        agent.wrapups.append(
            WrapupModel(key: key, units: body.units, deadline: body.deadline, exclusive: body.exclusive))
        deadlines.add(.wrapup(body.agent), at: body.deadline)
    }

    func wrapupEnded(_ body: WrapupEnded) {
        guard let agent = agent(body.agent) else { return }
        let key = ContactKey(conversation: body.conversation, episode: body.episode)
        guard let index = agent.wrapups.firstIndex(where: { $0.key == key }) else {
            return found("nothing is wrapped up")
        }
        let wrapup = agent.wrapups.remove(at: index)
        if body.reason?.text == "limit" { expect(now >= wrapup.deadline, "is cut before its limit") }
    }
}
