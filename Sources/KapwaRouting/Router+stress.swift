import KapwaDomain
import KapwaRules

extension Router {
    /// Books what the contact has come to, if it grew: at assignment, at each customer message and at the end.
    mutating func bookContact(_ slot: Int, at now: Instant) {
        let conversation = state.conversations[slot]
        guard conversation.phase == .assigned, let agent = conversation.agent else { return }
        let hard = state.contactIsHard(slot)
        let minutes: Int
        if let strained = conversation.strainedSince {
            minutes = Int((now - max(strained, conversation.assignedAt)) / .minutes(1))
        } else {
            minutes = 0
        }
        let total = Formulas.contactPoints(
            peak: max(conversation.peaks.frustration, conversation.peaks.distress), minutes: minutes,
            abuse: conversation.contact.abuse, hard: hard)
        guard total > conversation.contact.booked else { return }
        emitStressed(
            agent, conversation.id, conversation.episode, points: total - conversation.contact.booked,
            contactPoints: total, reason: "contact", at: now)
        oweAfterBooking(agent, at: now)
    }

    /// At the end of a contact: the last booking, and what relief gives back.
    mutating func settleContact(_ slot: Int, at now: Instant) {
        bookContact(slot, at: now)
        let conversation = state.conversations[slot]
        guard let agent = conversation.agent, conversation.contact.booked > 0,
            conversation.relief.last || conversation.relief.before
        else { return }
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

    private mutating func oweAfterBooking(_ agent: Int, at now: Instant) {
        guard state.agents[agent].ledger.value(at: now) > rules.breaks.threshold else { return }
        oweCareBreak(agent, minutes: rules.breaks.minutes, immediate: false, because: "ledger", at: now)
    }

    /// After a message of the customer to an agent: what makes a break owed at once, and the pause after an insult.
    mutating func weighAbuse(_ slot: Int, _ found: Assessment, at now: Instant) {
        let conversation = state.conversations[slot]
        guard conversation.phase == .assigned, let agent = conversation.agent else { return }
        let threatened = found.tags.threat >= .holds
        let abused = found.tags.abuse >= .holds
        guard threatened || abused else { return }
        let grave = abused && (found.abuse?.kind == .sexual || found.abuse?.kind == .slur)
        if threatened || grave || conversation.contact.insults == 3 {
            oweCareBreak(
                agent, minutes: threatened ? rules.breaks.graveMinutes : rules.breaks.minutes, immediate: true,
                because: threatened ? "threat" : found.abuse?.kind.rawValue ?? "insult", at: now)
        } else if conversation.contact.insults == 1 && state.agents[agent].currentBreak == nil {
            emit(
                .breakInvited(
                    .with {
                        $0.agent = state.agents[agent].id
                        $0.reason = .word("insult")
                        $0.minutes = rules.breaks.insultMinutes
                        $0.until = now + rules.breaks.startWithin
                    }), at: now)
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
                    booked: contact.booked, wasReported: contact.wasReported, hadWords: true), at: now)
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

    /// Lifts a contact to what a reported one counts, once.
    mutating func bookReport(_ agent: Int, _ contact: AgentRecord.EndedContact, at now: Instant) {
        guard !contact.wasReported else { return }
        let total = max(contact.booked, Formulas.reportedContact)
        emitStressed(
            agent, contact.conversation, contact.episode, points: total - contact.booked, contactPoints: total,
            reason: "report", at: now)
        oweAfterBooking(agent, at: now)
    }
}
