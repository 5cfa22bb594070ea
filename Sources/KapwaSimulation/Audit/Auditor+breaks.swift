import KapwaDomain
import KapwaRules

/// Breaks: promised, started, never cut.
extension Auditor {
    private func model(_ body: BreakChanged) -> BreakModel {
        BreakModel(
            id: body.breakID, kind: body.kind, reason: body.reason, enforced: body.enforced, minutes: body.minutes,
            earliest: body.earliest, startBy: body.startBy, owedAt: now, startedAt: nil, endsAt: nil,
            immediate: body.immediate, because: body.because)
    }

    func planned(_ body: BreakChanged) {
        guard let agent = agent(body.agent) else { return }
        expect(body.kind != .stress, "plans a stress break")
        if let earliest = body.earliest { expect(earliest <= body.startBy, "has a window that ends before it begins") }
        agent.planned.removeAll { $0.id == body.breakID }
        agent.planned.append(model(body))
    }

    func owed(_ body: BreakChanged) {
        guard let agent = agent(body.agent) else { return }
        let policy = rules.breaks(for: agent.team)
        // One that binds already goes on binding, whatever it is lengthened for.
        let before = ([agent.current].compactMap { $0 } + agent.nexts).first { $0.id == body.breakID }
        let expected = rules.breaksMode(for: agent.team) == .enforce || before?.enforced ?? false
        if body.kind == .stress, body.reason == .care {
            expect(body.enforced == expected, "\(body.enforced ? "binds" : "does not bind") in this mode")
            let least = leastMinutes(body, agent, policy)
            expect(body.minutes >= least, "lasts \(body.minutes) minutes, not \(least)")
            // Behind another break its time counts from the end of that.
            let over = agent.current.map { $0.endsAt ?? ($0.startBy + .minutes(Int64($0.minutes))) } ?? now
            expect(body.startBy <= max(over, now) + policy.startWithin, "need not begin before \(body.startBy)")
            expect(body.paid, "is not paid")
            if body.because == "ledger" {
                let ledger = agent.ledger.value(at: now)
                expect(ledger > policy.threshold, "is owed with ledger \(ledger)")
            }
        }
        let known = [agent.current].compactMap { $0 } + agent.nexts + agent.planned
        let isKnown = known.contains { $0.id == body.breakID }
        expect(body.startBy >= now || isKnown, "should have begun before")
        let planned = agent.planned.first { $0.id == body.breakID }
        agent.planned.removeAll { $0.id == body.breakID }
        var owed = model(body)
        owed.postponed = planned?.postponed ?? false
        if let current = agent.current, current.id == body.breakID {
            expect(current.startedAt == nil, "runs already")
            owed.postponed = current.postponed
            owed.overdue = current.overdue
            agent.current = owed
        } else {
            // A graver contact may make one that is owed longer, but never adds a second of the same name.
            agent.nexts.removeAll { $0.id == body.breakID }
            putInLine(owed, of: agent)
        }
        deadlines.add(.breakOfAgent(agent.id), at: body.startBy)
    }

    /// How long a break for care lasts at least: what was offered as long as was offered, what is owed by its cause.
    private func leastMinutes(_ body: BreakChanged, _ agent: AgentModel, _ policy: BreakPolicy) -> Int {
        switch body.because {
        case "threat", "safety": return policy.graveMinutes
        case "cut": return 1
        case "stagger" where !body.immediate, "insult" where !body.immediate:
            // The agent accepts it: it is what the invitation says that stands open.
            guard let invitation = agent.invitation, invitation.reason == body.because, now < invitation.until else {
                found("was offered to nobody")
                return policy.minutes
            }
            expect(body.by == "agent", "is taken by \(body.by ?? "nobody"), and was offered to the agent")
            return invitation.minutes
        default: return policy.minutes
        }
    }

    /// What binds comes first, of that what follows a grave contact, then what is due first; what runs is over before either.
    private func putInLine(_ owed: BreakModel, of agent: AgentModel) {
        guard let current = agent.current else { return agent.current = owed }
        let goesFirst =
            owed.enforced == current.enforced ? owed.immediate && !current.immediate : owed.enforced
        if current.startedAt == nil, goesFirst {
            agent.current = owed
            return putBehind(current, of: agent)
        }
        putBehind(owed, of: agent)
    }

    private func putBehind(_ owed: BreakModel, of agent: AgentModel) {
        let place = agent.nexts.firstIndex {
            if $0.enforced != owed.enforced { return owed.enforced }
            return $0.immediate == owed.immediate ? owed.startBy < $0.startBy : owed.immediate
        }
        agent.nexts.insert(owed, at: place ?? agent.nexts.count)
    }

    func started(_ body: BreakChanged) {
        guard let agent = agent(body.agent) else { return }
        expect(agent.current?.startedAt == nil, "begins while another break runs")
        if let index = agent.nexts.firstIndex(where: { $0.id == body.breakID }) {
            // The graver goes first.
            let owed = agent.nexts.remove(at: index)
            if let current = agent.current { agent.nexts.append(current) }
            agent.current = owed
        }
        if let owed = agent.current, owed.id == body.breakID {
            expect(
                owed.earliest.map { now >= $0 } ?? true || body.by != nil || cause != .timer, "begins before its time")
        } else if let planned = agent.planned.first(where: { $0.id == body.breakID }) {
            if let current = agent.current { agent.nexts.append(current) }
            agent.current = nil
            let isAsked = cause != .timer
            expect(planned.earliest.map { now >= $0 } ?? true || isAsked, "begins before its window")
        } else if agent.current != nil {
            found("is not one that was owed")
        }
        if body.enforced {
            for id in agent.contacts {
                guard let episode = episodes[id] else { continue }
                expect(!episode.isLive(at: now), "\(agent.id) still talks with \(id)")
            }
            expect(agent.offers.isEmpty, "\(agent.id) has open offers")
        }
        checkLate(body, agent)
        let ends = now + .minutes(Int64(body.minutes))
        expect(body.endsAt == ends, "ends at \(String(describing: body.endsAt)), not \(ends)")
        var running = agent.current ?? model(body)
        running.startedAt = now
        running.endsAt = body.endsAt ?? ends
        running.minutes = body.minutes
        running.enforced = body.enforced
        agent.planned.removeAll { $0.id == body.breakID }
        agent.current = running
        agent.invitation = nil
        if body.enforced {
            for index in agent.wrapups.indices {
                agent.wrapups[index].deadline = ends + max(0, agent.wrapups[index].deadline - now)
                deadlines.add(.wrapup(agent.id), at: agent.wrapups[index].deadline)
            }
        }
        // What is owed behind this one is not late before this one is over.
        for index in agent.nexts.indices where agent.nexts[index].startBy < ends { agent.nexts[index].startBy = ends }
        agent.ledger.go(agent.pace, at: now)
        deadlines.add(.breakOfAgent(agent.id), at: running.endsAt ?? ends)
        checkShare(running, agent)
    }

    private func checkLate(_ body: BreakChanged, _ agent: AgentModel) {
        let late = agent.current.map { max(0, now - $0.startBy) } ?? max(0, now - body.startBy)
        guard body.enforced else { return }
        expect(body.lateMilliseconds == late, "is \(String(describing: body.lateMilliseconds)) ms late, not \(late)")
        guard late > 0 else { return }
        let cause = body.lateCause?.text
        expect(
            cause == "live_contact" || cause == "restart" || (cause == "floor" && body.kind != .stress),
            "is late for \(cause ?? "no reason")")
    }

    /// At most a fifth of a team is on stress breaks at once, unless a deadline or a grave contact forces it.
    private func checkShare(_ begun: BreakModel, _ agent: AgentModel) {
        let policy = rules.breaks(for: agent.team)
        // Whoever is not there leaves nobody alone.
        guard begun.kind == .stress, begun.reason == .care, begun.enforced, !begun.immediate, !begun.isPause,
            now < begun.startBy, now - begun.owedAt < policy.startWithin, policy.teamShareMax < 1_000,
            agent.presence != .offline
        else { return }
        var team = 0
        var resting = 0
        for other in agents.values where other.team == agent.team && other.presence != .offline {
            team += 1
            // One that binds nobody takes nobody from work.
            if let current = other.current, current.startedAt != nil, current.enforced, current.kind == .stress {
                resting += 1
            }
        }
        let most = max(1, team * policy.teamShareMax / 1_000)
        expect(resting <= most, "\(resting) of the \(team) in the team rest at once, and \(most) may")
    }

    func postponed(_ body: BreakChanged) {
        guard let agent = agent(body.agent) else { return }
        let policy = rules.breaks(for: agent.team)
        if var current = agent.current, current.id == body.breakID {
            expect(current.startedAt == nil, "runs already")
            expect(!current.postponed, "is moved a second time")
            expect(body.startBy - current.startBy <= policy.postponeMax, "is moved too far")
            expect(body.startBy >= current.startBy, "is moved back")
            current.startBy = body.startBy
            current.earliest = body.earliest
            current.postponed = true
            agent.current = current
        } else if let index = agent.nexts.firstIndex(where: { $0.id == body.breakID }) {
            expect(!agent.nexts[index].postponed, "is moved a second time")
            expect(body.startBy - agent.nexts[index].startBy <= policy.postponeMax, "is moved too far")
            agent.nexts[index].startBy = body.startBy
            agent.nexts[index].postponed = true
        } else if let index = agent.planned.firstIndex(where: { $0.id == body.breakID }) {
            expect(body.startBy - agent.planned[index].startBy <= policy.postponeMax, "is moved too far")
            agent.planned[index].startBy = body.startBy
            agent.planned[index].earliest = body.earliest
            if body.by == "agent" {
                expect(!agent.planned[index].postponed, "is moved a second time")
                agent.planned[index].postponed = true
            }
        } else {
            found("is neither owed nor planned")
        }
    }

    func ended(_ body: BreakChanged) {
        guard let agent = agent(body.agent) else { return }
        // It was owed what it was owed for; time alone took it back in the same batch.
        if body.kind == .stress { touched.owing[agent.id] = nil }
        guard let current = agent.current, current.id == body.breakID, let startedAt = current.startedAt else {
            // What was owed or planned may be given up without having begun.
            expect(body.takenMilliseconds ?? 0 == 0, "was taken, and never began")
            agent.planned.removeAll { $0.id == body.breakID }
            if agent.current?.id == body.breakID { agent.current = nil }
            agent.nexts.removeAll { $0.id == body.breakID }
            return
        }
        let taken = now - startedAt
        expect(body.takenMilliseconds == taken, "took \(String(describing: body.takenMilliseconds)) ms, not \(taken)")
        let isWhole = taken >= .minutes(Int64(current.minutes))
        if let completed = body.completed { expect(completed == isWhole, "is called \(completed ? "whole" : "cut")") }
        if !isWhole {
            expect(body.by != "timer" && body.by != nil, "is cut by nobody")
            let policy = rules.breaks(for: agent.team)
            if current.kind == .stress, current.enforced {
                let least = min(current.minutes, policy.minimumMinutes)
                expect(taken >= .minutes(Int64(least)), "is cut after \(taken) ms")
                expect(!current.immediate || body.by == "agent", "after a grave contact nobody else may cut it")
            }
        }
        if taken >= .minutes(5) {
            agent.returnsFromBreak = agent.returnsFromBreak || current.enforced
            agent.streak = 0
        }
        if let until = body.landingUntil { land(agent, until: until, mayBeLongAway: false) }
        agent.idleSince = now
        agent.current = agent.nexts.isEmpty ? nil : agent.nexts.removeFirst()
        agent.ledger.go(agent.pace, at: now)
    }

    func overdue(_ body: BreakChanged) {
        guard let agent = agent(body.agent) else { return }
        if let index = agent.nexts.firstIndex(where: { $0.id == body.breakID }) {
            expect(
                !agent.nexts[index].overdue && now >= agent.nexts[index].startBy, "is not overdue yet, or said twice")
            agent.nexts[index].overdue = true
            return
        }
        guard var current = agent.current, current.id == body.breakID else { return found("is not owed") }
        expect(current.startedAt == nil, "runs already")
        expect(now >= current.startBy, "is not overdue yet")
        expect(!current.overdue, "is said twice")
        current.overdue = true
        agent.current = current
    }

    func invited(_ body: BreakInvited) {
        guard let agent = agent(body.agent) else { return }
        expect(!agent.owes && !agent.isOnBreak, "\(agent.id) owes or takes a break already")
        let policy = rules.breaks(for: agent.team)
        let reason = body.reason?.text ?? ""
        // An early break is there to be taken between two contacts: what is not, goes to somebody else.
        let stands = reason == "stagger" ? min(.minutes(5), policy.startWithin) : policy.startWithin
        expect(body.until == now + stands, "stands until \(body.until)")
        agent.invitation = InvitationModel(reason: reason, minutes: body.minutes, until: body.until)
        switch reason {
        case "insult":
            expect(body.minutes == policy.insultMinutes, "offers \(body.minutes) minutes after an insult")
            let wasInsulted = agent.contacts.contains { episodes[$0]?.contact.insults ?? 0 > 0 }
            expect(wasInsulted, "nobody insulted \(agent.id)")
        case "stagger":
            expect(body.minutes == policy.minutes, "offers \(body.minutes) minutes")
            let ledger = agent.ledger.value(at: now)
            expect(ledger * 1_000 >= policy.threshold * policy.inviteAt, "is invited with ledger \(ledger)")
        default: found("invites for \(reason)")
        }
    }

    // MARK: Parking

    func parked(_ body: ConversationParked) {
        guard let episode = episode(body.conversation, body.episode), let agent = agent(body.agent) else { return }
        expect(episode.phase == .assigned && episode.agent == body.agent, "\(body.agent) does not have it")
        // A second break may follow at once: it is parked for longer.
        expect(!episode.parked || agent.current?.startedAt == now, "is parked already")
        expect(agent.isResting || agent.owes, "\(body.agent) takes no break")
        expect(!episode.isLive(at: now), "is parked while somebody writes")
        episode.parked = true
    }

    func resumed(_ body: ConversationParked) {
        guard let episode = episode(body.conversation, body.episode) else { return }
        expect(episode.parked, "was not parked")
        episode.parked = false
    }
}
