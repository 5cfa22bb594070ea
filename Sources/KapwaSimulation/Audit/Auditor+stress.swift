import KapwaDomain
import KapwaRules

/// Stress as it is booked, recomputed.
extension Auditor {
    func stressed(_ body: AgentStressed) {
        guard let agent = agent(body.agent) else { return }
        let before = agent.ledger.value(at: now)
        let after = max(0, before + body.points)
        expect(body.ledger == after, "leaves ledger \(body.ledger), not \(after) (\(before) and \(body.points) points)")
        agent.ledger.anchor(body.ledger, at: now)
        if body.points > 0, body.ledger > rules.breaks(for: agent.team).threshold {
            touched.owing[body.agent] = "a ledger of \(body.ledger)"
        }
        guard let id = body.conversation, let number = body.episode else { return }
        let key = ContactKey(conversation: id, episode: number)
        if let episode = episodes[id], episode.episode == number, episode.agent == body.agent {
            book(body, episode)
        } else {
            let booked = (agent.booked[key] ?? 0) + body.points
            expect(body.contactPoints == booked, "says the contact has \(body.contactPoints), which is \(booked)")
            agent.booked[key] = body.contactPoints
        }
    }

    private func book(_ body: AgentStressed, _ episode: EpisodeModel) {
        let booked = episode.contact.booked + body.points
        expect(body.contactPoints == booked, "says the contact has \(body.contactPoints), which is \(booked)")
        switch body.reason?.text {
        case "contact":
            expect(body.points > 0, "books \(body.points) for a contact")
            let due = points(of: episode)
            if !episode.unread && episode.tagged > 0 {
                expect(body.contactPoints == due, "books \(body.contactPoints), and the contact weighs \(due)")
            }
        case "relief":
            // What an agent reported stays a whole contact.
            let least = episode.contact.reported ? 1_000 : 0
            let back = min(episode.contact.booked * 30 / 100, max(0, episode.contact.booked - least))
            expect(abs(-body.points - back) <= 1, "gives \(-body.points) back, not \(back)")
            expect(episode.relief.contains { $0 >= .holds }, "gives back without relief")
        case "report":
            expect(!episode.contact.reported, "believes a report twice")
            expect(body.contactPoints >= 1_000, "lifts the contact to \(body.contactPoints) only")
            episode.contact.reported = true
        default: break
        }
        episode.contact.booked = body.contactPoints
    }

    /// Whether a contact is hard for whoever has it: abuse counts where it was borne, a threat is read by whoever gets
    /// it.
    func wasHard(_ episode: EpisodeModel) -> Bool {
        var borne = episode.peaks
        borne.abuse = episode.contact.abuse
        return borne.isHard || episode.contact.threat >= .holds
    }

    /// What a contact weighs now, by the formula.
    func points(of episode: EpisodeModel) -> Int {
        let peaks = episode.peaks
        let isHard = wasHard(episode)
        let strained = episode.contact.strainedSince ?? now
        let minutes = Int(max(0, now - max(episode.assignedAt, strained)) / .minutes(1))
        return AuditArithmetic.points(
            peak: max(peaks.frustration, peaks.distress).milli, minutes: minutes, abuse: episode.contact.abuse.milli,
            hard: isHard)
    }

    /// Whether this contact owes its agent a break at once, and why.
    func grave(_ episode: EpisodeModel) -> String? {
        if episode.contact.threat >= .holds { return "threat" }
        if episode.contact.sexual { return "sexual" }
        if episode.contact.slur { return "slur" }
        if episode.contact.insults >= 3 { return "insult" }
        return nil
    }

    func affinitySet(_ body: AffinitySet) {
        // An agent who left may come back within the month.
        expect(agents[body.agent] != nil || departed[body.agent] != nil, "speaks of \(body.agent), who never was")
        expect(body.until == now + .days(30), "keeps them apart until \(body.until)")
        expect(["threat", "sexual", "slur", "insult"].contains(body.kind), "is set for \(body.kind)")
        guard let conversation = body.conversation else { return found("\(body.agent) is kept apart from nothing") }
        aversions[body.agent, default: []].removeAll { $0.until <= now }
        aversions[body.agent, default: []].append(
            AversionModel(conversation: conversation, customer: body.customer, until: body.until))
    }

    func affinityLifted(_ body: AffinityLifted) {
        let before = aversions[body.agent] ?? []
        let left = before.filter { $0.conversation != body.conversation }
        expect(left.count < before.count, "nothing keeps them apart")
        aversions[body.agent] = left
    }

    /// A comment was scored and dropped: what the same command says next may be of danger that stood in it.
    func followupOwed(_ body: FollowupOwed) {
        guard body.reason?.text == "safety", closed[body.conversation] != nil else { return }
        touched.followups.insert(body.conversation)
    }

    func raised(_ body: SafetyRaised) {
        let isOfComment = touched.comments[body.conversation] == cause
        if isOfComment, closed[body.conversation] != nil { return raisedAfterTheEnd(body) }
        guard let episode = episode(body.conversation, body.episode) else { return }
        if isOfComment { episode.safety = max(episode.safety ?? body.level, body.level) }
        expect(episode.safety != nil, "nobody in \(episode.id) is in danger")
        expect(!episode.acknowledged || body.round == 1, "was acknowledged already")
        let list = rules.safetyEscalation
        expect(list.contains(body.to), "tells \(body.to), who is not on the list")
        if body.round == 1 {
            expect(body.to == list[0], "tells \(body.to) first, not \(list[0])")
        } else if let raised = episode.raised {
            expect(body.round == raised.round + 1, "is round \(body.round) after \(raised.round)")
            expect(now - raised.at >= rules.safetyRound, "tells the next one too early")
            expect(
                body.to == list[min(body.round, list.count) - 1] || body.to == list[(body.round - 1) % list.count],
                "tells \(body.to) in round \(body.round)")
        } else {
            found("is round \(body.round) of none")
        }
        episode.raised = (body.round, now)
        if body.round == 1 { episode.acknowledged = false }
        if body.level == .explicit { deadlines.add(.safety(episode.id), at: now + rules.safetyRound) }
    }

    /// Told once, and of an explicit flag a follow-up is owed.
    private func raisedAfterTheEnd(_ body: SafetyRaised) {
        expect(body.round == 1 && body.until == nil, "goes on after the end")
        expect(body.to == rules.safetyEscalation[0], "tells \(body.to) first")
        let known = closed[body.conversation]?.safety
        closed[body.conversation]?.safety = max(known ?? body.level, body.level)
        closed[body.conversation]?.raised = (body.round, now)
        closed[body.conversation]?.acknowledged = false
        if body.level == .explicit { touched.owedFollowups.insert(body.conversation) }
    }

    func acknowledged(_ body: SafetyAcknowledged) {
        guard let episode = episodes[body.conversation] else {
            closed[body.conversation]?.acknowledged = true
            return
        }
        expect(episode.raised != nil, "nothing was raised for \(episode.id)")
        episode.acknowledged = true
    }

    func declared(_ body: IncidentDeclared) {
        expect(body.until > now && body.until - now <= .hours(4), "lasts until \(body.until)")
        expect(body.by != nil, "nobody stands behind it")
        incidents[body.topic] = (body.until, body.drops.map { SkillID($0) })
    }
}
