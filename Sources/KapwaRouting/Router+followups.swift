import KapwaDomain

extension Router {
    /// Somebody has to come back to the customer: it was promised, or somebody in danger was left without an answer.
    mutating func oweFollowup(_ conversation: ConversationRecord, _ agent: Int?, _ outcome: Outcome, at now: Instant) {
        let reason: String
        if conversation.safety == .explicit && agent == nil {
            reason = Self.safetyFollowup
        } else if outcome == .callback {
            reason = "callback"
        } else {
            return
        }
        emit(
            .followupOwed(
                .with {
                    $0.conversation = conversation.id
                    $0.episode = conversation.episode
                    $0.reason = .word(reason)
                    $0.agent = agent.map { state.agents[$0].id }
                }), at: now)
    }

    mutating func closeFollowup(_ body: FollowupDone, by: Person?, at now: Instant) throws(Refusal) {
        guard let owed = state.followups[body.conversation] else {
            let isOpen = state.conversationSlots[body.conversation] != nil
            guard isOpen || state.closed[body.conversation] != nil else { throw Self.unknown(body.conversation) }
            throw Refusal(
                .wrongState, "no follow-up of conversation \"\(body.conversation)\" is owed", field: "conversation",
                state: "none")
        }
        emit(
            .followupDone(
                .with {
                    $0.conversation = body.conversation
                    $0.episode = owed.episode
                    $0.by = by
                }), at: now)
    }

    /// What the customer says afterwards; the comment's feeling stays, its words do not. Danger in them is heeded.
    mutating func recordFeedback(_ body: FeedbackRecord, at now: Instant) throws(Refusal) {
        let episode: Int
        let agent: AgentID?
        if let slot = state.conversationSlots[body.conversation] {
            let conversation = state.conversations[slot]
            episode = conversation.episode
            agent = conversation.lastAgent
        } else if let closed = state.closed[body.conversation] {
            guard now - closed.closedAt <= Limits.feedbackWithin else {
                throw Refusal(
                    .gone,
                    "the conversation ended more than \(Limits.feedbackWithin / .days(1)) days ago; feedback comes too"
                        + " late", field: "conversation")
            }
            episode = closed.episode
            agent = closed.lastAgent
        } else {
            throw Self.unknown(body.conversation)
        }
        emit(
            .feedbackRecorded(
                .with {
                    $0.conversation = body.conversation
                    $0.episode = episode
                    $0.agent = agent
                    $0.csat = body.csat
                    $0.nps = body.nps
                    $0.polarity = body.assessment.flatMap { $0.scored == .failed ? nil : $0.polarity }
                }), at: now)
        heedDanger(in: body.assessment, body.conversation, episode, at: now)
    }

    /// Somebody may be in danger, by what stands in a comment: the lead is told as of any other words. Where the
    /// conversation is over nobody is there who would answer, so that an explicit flag owes a follow-up besides.
    private mutating func heedDanger(
        in comment: Assessment?, _ id: ConversationID, _ episode: Int, at now: Instant
    ) {
        guard let level = comment?.safetyLevel, let flag = comment?.safety.first(where: { $0.level == level }) else {
            return
        }
        if let slot = state.conversationSlots[id] {
            guard state.conversations[slot].safety.map({ level > $0 }) ?? true else { return }
            raiseSafety(slot, flag.kind, level, round: 1, at: now)
            return heedFlag(slot, at: now)
        }
        guard state.followups[id]?.reason != Self.safetyFollowup else { return }
        guard level == .explicit || state.closed[id]?.safety == nil else { return }
        raiseSafety(afterTheEndOf: id, episode, flag.kind, level, at: now)
        guard level == .explicit else { return }
        emit(
            .followupOwed(
                .with {
                    $0.conversation = id
                    $0.episode = episode
                    $0.reason = .word(Self.safetyFollowup)
                }), at: now)
    }

    static let safetyFollowup = "safety"
}
