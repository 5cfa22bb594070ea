import KapwaDomain
import KapwaRules

extension Router {
    /// Tells who is next on the site's list that somebody may be in danger.
    ///
    /// An explicit flag that nobody acknowledges goes down the list, one round after the other, and then down it again,
    /// sixty rounds in all. A possible one is told once.
    mutating func raiseSafety(
        _ slot: Int, _ kind: SafetyFlag.Kind, _ level: SafetyFlag.Level, round: Int, at now: Instant
    ) {
        let list = rules.safetyEscalation
        let goesOn = level == .explicit && round < Limits.safetyRoundsMax
        emit(
            .safetyRaised(
                .with {
                    $0.conversation = state.conversations[slot].id
                    $0.episode = state.conversations[slot].episode
                    $0.kind = kind
                    $0.level = level
                    $0.to = list[(round - 1) % list.count]
                    $0.round = round
                    $0.until = goesOn ? now + rules.safetyRound : nil
                }), at: now)
    }

    /// Tells the first on the list, once, of an episode that is over: what is owed after that is a follow-up.
    mutating func raiseSafety(
        afterTheEndOf conversation: ConversationID, _ episode: Int, _ kind: SafetyFlag.Kind,
        _ level: SafetyFlag.Level, at now: Instant
    ) {
        emit(
            .safetyRaised(
                .with {
                    $0.conversation = conversation
                    $0.episode = episode
                    $0.kind = kind
                    $0.level = level
                    $0.to = rules.safetyEscalation[0]
                    $0.round = 1
                }), at: now)
    }

    /// A conversation was flagged otherwise than by a message: it is queued, stands where it should, or goes to
    /// somebody who is there.
    mutating func heedFlag(_ slot: Int, at now: Instant) {
        switch state.conversations[slot].phase {
        case .open: enqueue(slot, queue: nil, at: now)
        case .queued, .offered: rerank(slot, at: now)
        case .assigned: if state.conversations[slot].isParked { requeue(slot, reason: .word("parked"), at: now) }
        case .closed: preconditionFailure("a closed episode is not among the open ones")
        }
    }

    /// Nobody has acknowledged it in time.
    mutating func raiseSafetyAgain(_ id: ConversationID, _ episode: Int, at now: Instant) {
        guard let slot = state.conversationSlots[id], state.conversations[slot].episode == episode else { return }
        raiseNextRound(slot, at: now)
    }

    /// Whoever was in danger when the line broke, and is back, is raised again unless somebody knows.
    mutating func raiseCarriedSafety(_ slot: Int, at now: Instant) {
        let conversation = state.conversations[slot]
        // Words of the message that opened it may have raised it already.
        guard conversation.safetyRound > 0, conversation.safetyTimer == nil, conversation.safety == .explicit else {
            return
        }
        raiseNextRound(slot, at: now)
    }

    private mutating func raiseNextRound(_ slot: Int, at now: Instant) {
        let conversation = state.conversations[slot]
        guard !conversation.isSafetyAcknowledged, let level = conversation.safety, let kind = conversation.safetyKind,
            conversation.safetyRound < Limits.safetyRoundsMax
        else { return }
        raiseSafety(slot, kind, level, round: conversation.safetyRound + 1, at: now)
    }

    mutating func acknowledge(_ body: SafetyAcknowledge, by: Person?) throws(Refusal) {
        guard let slot = state.conversationSlots[body.conversation] else {
            guard let closed = state.closed[body.conversation] else { throw Self.unknown(body.conversation) }
            return try acknowledgeClosed(body, closed, by: by)
        }
        let conversation = state.conversations[slot]
        guard conversation.safetyRound > 0 else {
            throw Refusal(
                .wrongState, "no safety flag was raised for this conversation", field: "conversation",
                state: conversation.phase.rawValue)
        }
        guard !conversation.isSafetyAcknowledged else { return }
        emitAcknowledged(body.conversation, conversation.episode, by: by)
    }

    private mutating func acknowledgeClosed(
        _ body: SafetyAcknowledge, _ closed: ClosedRecord, by: Person?
    ) throws(Refusal) {
        guard closed.safety != nil else {
            throw Self.closed(body.conversation, "no safety flag was raised for this conversation")
        }
        guard !closed.isSafetyAcknowledged else { return }
        emitAcknowledged(body.conversation, closed.episode, by: by)
    }

    private mutating func emitAcknowledged(_ id: ConversationID, _ episode: Int, by: Person?) {
        emit(
            .safetyAcknowledged(
                .with {
                    $0.conversation = id
                    $0.episode = episode
                    $0.by = by
                }), at: lastNow)
    }
}
