import KapwaDomain
import KapwaRules

/// Queues, steps, ranks and points.
extension Auditor {
    func queued(_ body: ConversationPlaced) {
        guard let episode = episode(body.conversation, body.episode) else { return }
        enter(episode, body, from: [.open])
        if body.reason?.text == "closed" {
            guard let until = body.until else { return found("waits for the queue to open, and nobody knows when") }
            expect(until > now, "the queue is open already")
            episode.opensAt = until
        }
    }

    func requeued(_ body: ConversationPlaced) {
        guard let episode = episode(body.conversation, body.episode) else { return }
        if let agent = episode.agent.flatMap({ agents[$0] }) { leave(episode, agent) }
        enter(episode, body, from: [.queued, .offered, .assigned])
    }

    private func enter(_ episode: EpisodeModel, _ body: ConversationPlaced, from: Set<ConversationPhase>) {
        expect(episode.offer == nil, "still has the open offer \(String(describing: episode.offer))")
        let before = episode.placement
        // A new wait begins; back from an offer the old one goes on, with its hold.
        if episode.phase == .open || episode.phase == .assigned { episode.held = nil }
        move(episode, to: .queued, from: from)
        if let queue = before?.queue { waiting[queue]?[episode.id] = nil }
        if before?.queue != body.placement.queue || before == nil {
            episode.queuedSince = now
            episode.stepSince = now
            expect(
                body.placement.step == 0 || episode.points > 0 || before == nil, "a new queue begins at its first step")
        } else {
            // New rules may have fewer steps.
            let step = min(before?.step ?? 0, rules.queue(body.placement.queue)?.steps.count ?? 0)
            expect(body.placement.step == step, "comes back to another step")
        }
        episode.placement = body.placement
        waiting[body.placement.queue, default: [:]][episode.id] = episode
        episode.onlyAgent = body.onlyAgent
        episode.onlyUntil = body.onlyUntil
        if body.reason?.text == "transfer" || body.transferredFrom != nil {
            episode.transferredFrom = body.transferredFrom
        }
        episode.waitUntil = body.waitUntil
        episode.units = body.placement.units
        deadlines.add(.conversation(episode.id, episode: episode.episode), at: body.waitUntil)
        check(episode, body.placement)
        checkPosition(episode, body.placement)
    }

    func relaxed(_ body: ConversationPlaced) {
        guard let episode = episode(body.conversation, body.episode), let before = episode.placement else { return }
        expect(episode.phase == .queued || episode.phase == .offered, "\(episode.id) does not wait")
        expect(body.placement.queue == before.queue, "a step leads to another queue")
        expect(body.placement.step == before.step + 1, "step \(body.placement.step) follows \(before.step)")
        expect(before.stepEnds.map { now >= $0 } ?? false, "a step begins before the one before has ended")
        let steps = rules.queue(before.queue)?.steps ?? []
        expect(body.placement.step <= steps.count, "the queue has no step \(body.placement.step)")
        let isLast = body.placement.step >= steps.count
        expect((body.placement.stepEnds == nil) == isLast, "the last step ends, or another never does")
        episode.stepSince = now
        replace(episode, body.placement)
        check(episode, body.placement)
    }

    func replace(_ episode: EpisodeModel, _ placement: Placement) {
        if episode.phase == .queued, let queue = episode.placement?.queue { waiting[queue]?[episode.id] = nil }
        if episode.placement?.queue != placement.queue {
            episode.queuedSince = now
            episode.stepSince = now
        }
        episode.placement = placement
        if episode.phase == .queued { waiting[placement.queue, default: [:]][episode.id] = episode }
    }

    /// Holds needs, points, rank, target and units against the rules.
    func check(_ episode: EpisodeModel, _ placement: Placement) {
        guard let queue = rules.queue(placement.queue) else {
            return found("\(episode.id) waits in \(placement.queue), which the rules do not have")
        }
        checkNeeds(episode, placement, queue)
        let units = AuditArithmetic.units(episode.channel, hardness: episode.peaks.hardness.milli)
        expect(placement.units == units, "counts \(placement.units) units, not \(units)")
        let target = queue.target[episode.channel]
        expect(placement.targetMilliseconds >= target, "has target \(placement.targetMilliseconds), not \(target)")
        let isSafe = episode.safety == .explicit
        expect(
            placement.safety == isSafe, isSafe ? "a person in danger is not put first" : "is put first without danger")
        expect((0...240).contains(placement.points), "has \(placement.points) points")
        expect(placement.points >= episode.points, "points fall from \(episode.points) to \(placement.points)")
        checkPoints(episode, placement)
        episode.points = max(episode.points, placement.points)
        let rank =
            isSafe
            ? episode.since.milliseconds - 10_000_000_000_000
            : episode.since.milliseconds + placement.targetMilliseconds - 60_000 * Int64(placement.points)
        if queue.hours == nil || isSafe { expect(placement.rank == rank, "has rank \(placement.rank), not \(rank)") }
    }

    private func checkPoints(_ episode: EpisodeModel, _ placement: Placement) {
        let recently = (episode.customer.flatMap { badEpisodes[$0] } ?? []).filter { now - $0.at < .days(90) }
        guard rules.points == PointRules(), episode.safety != .explicit else { return }
        var tags = episode.peaks
        // What may be a danger is ranked as hard urgency.
        if episode.safety != nil { tags.urgency = max(tags.urgency, .strong) }
        let expected = AuditArithmetic.points(of: tags, priority: episode.priority, bad: recently.count >= 2)
        let most = max(expected, episode.points)
        expect(placement.points == most, "has \(placement.points) points, not \(most)")
    }

    private func checkNeeds(_ episode: EpisodeModel, _ placement: Placement, _ queue: Queue) {
        guard episode.safety != .explicit else {
            let needs: Skills = ["safety": 1]
            expect(placement.needs == needs || placement.needs.isEmpty, "a person in danger needs \(placement.needs)")
            return
        }
        var needs = queue.relaxed(queue.needs.merging(episode.skills), steps: placement.step)
        if let topic = topicOf[episode.id], let incident = incidents[topic] {
            needs = Skills(needs.entries.filter { !incident.drops.contains($0.skill) })
        }
        expect(
            placement.needs == needs,
            "needs \(placement.needs.entries.map { "\($0.skill) \($0.level)" }), not "
                + "\(needs.entries.map { "\($0.skill) \($0.level)" })")
    }

    /// Position counts from 1 within the queue; ties go by the order of opening.
    private func checkPosition(_ episode: EpisodeModel, _ placement: Placement) {
        guard let queue = waiting[placement.queue], queue.count <= 500 else { return }
        var position = 1
        for other in queue.values where other !== episode && other.isBefore(episode) { position += 1 }
        expect(placement.position == position, "says position \(placement.position), which is \(position)")
    }

    func updated(_ body: ConversationUpdated) {
        guard let episode = episode(body.conversation, body.episode) else { return }
        if let priority = body.priority { episode.priority = priority }
        if let skills = body.skills { episode.skills = skills }
        if let customer = body.customer {
            episode.customer = customer
            // Whoever had no name when it happened has one now; another customer's doing stays that customer's.
            for agent in aversions.keys {
                for place in aversions[agent, default: []].indices {
                    let one = aversions[agent, default: []][place]
                    guard one.conversation == episode.id, one.customer == nil else { continue }
                    aversions[agent, default: []][place].customer = customer
                }
            }
        }
        if let topic = body.topic { topicOf[episode.id] = topic }
        if let placement = body.placement {
            expect(episode.phase == .queued || episode.phase == .offered, "\(episode.id) does not wait")
            replace(episode, placement)
            check(episode, placement)
        }
        if let units = body.units { recount(episode, units: units) }
    }

    func retagged(_ body: ConversationRetagged) {
        guard let episode = episodes[body.conversation] else {
            expect(closed[body.conversation]?.episode == body.episode, "is of no episode that was")
            closed[body.conversation]?.peaks = body.tags
            // What a person takes back takes its points with it.
            closed[body.conversation]?.points = 0
            return
        }
        expect(body.by != nil, "nobody stands behind the correction")
        for tag in Tag.allCases where !body.corrected.contains(tag.rawValue) {
            expect(body.tags[tag] == episode.peaks[tag], "changes \(tag), which nobody corrected")
        }
        episode.peaks = body.tags
        let corrected = Set(body.corrected)
        if max(body.tags.frustration, body.tags.distress) < 600 {
            episode.contact.strainedSince = nil
        } else if episode.contact.strainedSince == nil {
            episode.contact.strainedSince = now
        }
        if corrected.contains("relief") {
            // Relief there was, in what was written last; or there was none in either.
            episode.relief = body.tags.relief >= .holds ? episode.relief.dropLast() + [body.tags.relief] : []
        }
        if corrected.contains("abuse") { correctAbuse(episode, body.tags.abuse) }
        if corrected.contains("threat") { correctThreat(episode, body.tags.threat) }
        if let placement = body.placement {
            replace(episode, placement)
            // What a person takes back takes its points with it.
            episode.points = min(episode.points, placement.points)
            check(episode, placement)
        }
        if let units = body.units { recount(episode, units: units) }
    }

    private func correctAbuse(_ episode: EpisodeModel, _ abuse: Score) {
        if episode.agent != nil { episode.contact.abuse = abuse }
        guard abuse < .holds else { return }
        episode.contact.insults = 0
        episode.contact.slur = false
        episode.contact.sexual = false
    }

    private func correctThreat(_ episode: EpisodeModel, _ threat: Score) {
        guard let agent = episode.agent else {
            episode.threatWhileWaiting = threat
            return
        }
        let isNew = threat >= .holds && episode.contact.threat < .holds
        episode.contact.threat = threat
        // While it is parked its agent rests and reads nothing of it.
        guard isNew, !episode.parked else { return }
        touched.owing[agent] = "a threat that a person names"
        touched.agents.insert(agent)
    }

    func unroutable(_ body: ConversationUnroutable) {
        guard let episode = episode(body.conversation, body.episode) else { return }
        expect(episode.phase == .queued, "\(episode.id) does not wait")
        guard let queue = rules.queue(body.queue), episode.safety != .explicit else { return }
        let last = queue.relaxed(queue.needs.merging(episode.skills), steps: queue.steps.count)
        for agent in agents.values.sorted(by: { $0.id < $1.id }) where meets(agent, last) {
            return found("\(agent.id) could meet its last step")
        }
    }

    func meets(_ agent: AgentModel, _ needs: Skills) -> Bool {
        needs.entries.allSatisfy { agent.skills.level(of: $0.skill) >= $0.level }
    }
}
