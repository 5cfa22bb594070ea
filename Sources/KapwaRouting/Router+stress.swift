import KapwaDomain
import KapwaRules

extension Router {
    /// Books what the contact has come to, if it grew: at assignment, at each customer message and at the end.
    mutating func bookContact(_ slot: Int, at now: Instant) {
        let conversation = state.conversations[slot]
        // While it is parked its agent reads nothing of it.
        guard conversation.phase == .assigned, !conversation.isParked, let agent = conversation.agent else { return }
        let total = contactPoints(slot, at: now)
        guard total > conversation.contact.booked else { return }
        emitStressed(
            agent, conversation.id, conversation.episode, points: total - conversation.contact.booked,
            contactPoints: total, reason: "contact", at: now)
        oweAfterBooking(agent, at: now)
    }

    /// What a contact counts by what is known of it now.
    private func contactPoints(_ slot: Int, at now: Instant) -> Int {
        let conversation = state.conversations[slot]
        var minutes = 0
        if let strained = conversation.strainedSince {
            minutes = Int((now - max(strained, conversation.assignedAt)) / .minutes(1))
        }
        return Formulas.contactPoints(
            peak: max(conversation.peaks.frustration, conversation.peaks.distress), minutes: minutes,
            abuse: conversation.contact.abuse, hard: state.contactIsHard(slot))
    }

    /// Books a contact anew after a person corrected its tags: the ledger follows, down as well as up. What a report
    /// lifted it to stays, and so does a break that is owed.
    ///
    /// Called when the state holds the corrected peaks.
    mutating func rebook(_ slot: Int, at now: Instant) {
        let conversation = state.conversations[slot]
        guard conversation.phase == .assigned, let agent = conversation.agent else { return }
        let least = conversation.contact.wasReported ? Formulas.reportedContact : 0
        let total = max(contactPoints(slot, at: now), least)
        guard total != conversation.contact.booked else { return }
        emitStressed(
            agent, conversation.id, conversation.episode, points: total - conversation.contact.booked,
            contactPoints: total, reason: "retag", at: now)
        if total > conversation.contact.booked { oweAfterBooking(agent, at: now) }
    }

    /// At the end of a contact: the last booking, and what relief gives back.
    mutating func settleContact(_ slot: Int, at now: Instant) {
        bookContact(slot, at: now)
        let conversation = state.conversations[slot]
        guard let agent = conversation.agent, conversation.relief.last || conversation.relief.before else { return }
        let floor = conversation.contact.wasReported ? Formulas.reportedContact : 0
        let back = min(
            conversation.contact.booked * Formulas.reliefGivesBack / 1_000, conversation.contact.booked - floor)
        guard back > 0 else { return }
        emitStressed(
            agent, conversation.id, conversation.episode, points: -back,
            contactPoints: conversation.contact.booked - back, reason: "relief", at: now)
    }

    private mutating func emitStressed(
        _ agent: Int, _ conversation: ConversationID, _ episode: Int, points: Int, contactPoints: Int, reason: String,
        at now: Instant
    ) {
        let ledger = max(0, state.agents[agent].ledger.value(at: now) + points)
        emit(
            .agentStressed(
                .with {
                    $0.agent = state.agents[agent].id
                    $0.conversation = conversation
                    $0.episode = episode
                    $0.points = points
                    $0.contactPoints = contactPoints
                    $0.ledger = min(ledger, StressLedger.valueMax)
                    $0.reason = .word(reason)
                }), at: now)
    }

    /// A ledger above the threshold owes a break; one that comes near it brings an early one, between contacts.
    private mutating func oweAfterBooking(_ agent: Int, at now: Instant) {
        guard state.agents[agent].ledger.value(at: now) > policy(agent).threshold else {
            return inviteIfStressed(agent, at: now)
        }
        oweCareBreak(agent, minutes: policy(agent).minutes, immediate: false, because: "ledger", at: now)
    }

    /// After a message of the customer to an agent: what makes a break owed at once, and the pause after an insult.
    mutating func weighAbuse(_ slot: Int, _ found: Assessment, at now: Instant) {
        let conversation = state.conversations[slot]
        guard let agent = conversation.agent else { return }
        let policy = policy(agent)
        let threatened = found.tags.threat >= .holds
        let abused = found.tags.abuse >= .holds
        guard threatened || abused else { return }
        let grave = abused && (found.abuse?.kind == .sexual || found.abuse?.kind == .slur)
        let suffices = abused && policy.immediateAfterAnyAbuse
        if threatened || grave || suffices || conversation.contact.insults == Formulas.insultsThatOwe {
            oweCareBreak(
                agent, minutes: threatened ? policy.graveMinutes : policy.minutes, immediate: true,
                because: threatened ? "threat" : found.abuse?.kind.rawValue ?? "insult", at: now)
        } else if conversation.contact.insults == 1, state.agents[agent].currentBreak == nil,
            // An early break is on offer, and longer.
            !holdsPlace(agent, at: now)
        {
            emitInvited(agent, reason: "insult", minutes: policy.insultMinutes, for: policy.startWithin, at: now)
        }
    }

    /// "That was hard": always believed, once per contact.
    mutating func report(_ body: StressReport, at now: Instant) throws(Refusal) {
        let slot = try requireAgent(body.agent)
        let agent = state.agents[slot]
        let current = agent.contacts.last {
            body.conversation == nil || state.conversations[$0].id == body.conversation
        }
        if let current {
            let contact = state.conversations[current].contact
            bookReport(
                slot,
                AgentRecord.EndedContact(
                    conversation: state.conversations[current].id, episode: state.conversations[current].episode,
                    booked: contact.booked, wasReported: contact.wasReported, hadWords: true, handled: 0), at: now)
        } else if let ended = agent.endedContacts.last(where: {
            body.conversation == nil || $0.conversation == body.conversation
        }) {
            bookReport(slot, ended, at: now)
        } else {
            if let id = body.conversation, state.conversationSlots[id] == nil, state.closed[id] == nil {
                throw Self.unknown(id)
            }
            throw Refusal(
                .wrongState, "agent \"\(body.agent)\" has and had no contact of late that could be reported",
                field: "conversation", state: "no_contact")
        }
    }

    /// Lifts a contact to what a reported one counts, once. From the fourth report of a shift on it starts no break by
    /// itself: somebody should talk with the agent.
    private mutating func bookReport(_ agent: Int, _ contact: AgentRecord.EndedContact, at now: Instant) {
        guard !contact.wasReported else { return }
        let total = max(contact.booked, Formulas.reportedContact)
        emitStressed(
            agent, contact.conversation, contact.episode, points: total - contact.booked, contactPoints: total,
            reason: "report", at: now)
        let reports = reportsInShift(agent, at: now)
        guard reports >= Formulas.reportsThatTalk else { return oweAfterBooking(agent, at: now) }
        emit(
            .talkSuggested(
                .with {
                    $0.agent = state.agents[agent].id
                    $0.reports = reports
                }), at: now)
    }

    /// Reports since the shift began; where none is known, of the last twelve hours.
    private func reportsInShift(_ agent: Int, at now: Instant) -> Int {
        let shift = state.agents[agent].shift.flatMap { $0.startsAt <= now && now < $0.endsAt ? $0 : nil }
        let since = shift?.startsAt ?? now - Formulas.shiftWhenUnknown
        return state.agents[agent].reports.count { $0 >= since }
    }

    /// The agent's word after a contact of which nothing could be read: an ordinary strain for its duration, and abuse
    /// where the disposition names it.
    mutating func bookDisposition(_ agent: Int, _ ended: AgentRecord.EndedContact, _ body: WrapupDone, at now: Instant)
    {
        guard !ended.hadWords else { return }
        let abused = body.disposition.map(Formulas.abuseDispositions.contains) ?? false
        guard body.hard ?? abused else { return }
        let total = Formulas.contactPoints(
            peak: Formulas.wordlessPeak, minutes: Int(ended.handled / .minutes(1)), abuse: abused ? .one : .zero,
            hard: true)
        guard total > ended.booked else { return }
        emitStressed(
            agent, ended.conversation, ended.episode, points: total - ended.booked, contactPoints: total,
            reason: "disposition", at: now)
        oweAfterBooking(agent, at: now)
    }

    /// Where breaks do not bind: which test they would have failed; counted, so that a site knows before it switches.
    func preventedByBreaks(_ agent: Int) -> String? {
        guard let current = state.agents[agent].currentBreak, !current.enforced else { return nil }
        return (current.isRunning ? HardTest.onBreak : .breakOwed).rawValue
    }
}
