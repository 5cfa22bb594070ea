import KapwaDomain
import KapwaRules

extension Router {
    /// Somebody answers for it, and may.
    static func requireSupervisor(_ by: Person?, to what: String) throws(Refusal) {
        guard by?.role != "supervisor" else { return }
        let role = by.map { "role \"\($0.role)\"" } ?? "nobody in particular"
        throw Refusal(.notPermitted, "\(role) may not \(what); a supervisor may", field: "by.role")
    }

    /// A person corrects what was read: 1 is the whole of a tag, 0 none of it. Units and place follow; points may fall
    /// here, and nowhere else while a conversation waits.
    mutating func retag(_ body: ConversationRetag, by: Person?, at now: Instant) throws(Refusal) {
        try Self.requireSupervisor(by, to: "correct what was read")
        guard let slot = state.conversationSlots[body.conversation] else {
            guard let closed = state.closed[body.conversation] else { throw Self.unknown(body.conversation) }
            return retagClosed(body, closed, by: by, at: now)
        }
        let before = state.conversations[slot]
        var after = before
        after.peaks = Self.corrected(before.peaks, body.tags)
        for part in body.tags { after.mood.tags[part.tag] = after.peaks[part.tag] }
        var placement: Placement?
        if let place = before.placement, before.phase == .queued || before.phase == .offered,
            let queue = rules.queue(place.queue)
        {
            after.placement?.points = 0
            placement = positioned(self.placement(after, in: queue), slot)
        }
        emitRetagged(body, before.episode, tags: after.peaks, placement: placement, by: by, at: now)
        guard before.phase == .assigned, let agent = before.agent else { return }
        settleUnits(agent, at: now)
        if body.tags.contains(where: { $0.tag == .threat && $0.holds }) {
            setAffinity(
                before.id, before.episode, before.customer, state.agents[agent].id, "threat", at: now)
            if before.contact.threat < .holds && !before.isParked {
                oweCareBreak(agent, minutes: policy(agent).graveMinutes, immediate: true, because: "threat", at: now)
            }
        }
        rebook(slot, at: now)
    }

    private mutating func retagClosed(
        _ body: ConversationRetag, _ closed: ClosedRecord, by: Person?, at now: Instant
    ) {
        emitRetagged(
            body, closed.episode, tags: Self.corrected(closed.peaks, body.tags), placement: nil, by: by, at: now)
        guard let agent = closed.lastAgent, body.tags.contains(where: { $0.tag == .threat && $0.holds }) else { return }
        setAffinity(body.conversation, closed.episode, closed.customer, agent, "threat", at: now)
    }

    private mutating func emitRetagged(
        _ body: ConversationRetag, _ episode: Int, tags: Tags, placement: Placement?, by: Person?, at now: Instant
    ) {
        emit(
            .conversationRetagged(
                .with {
                    $0.conversation = body.conversation
                    $0.episode = episode
                    $0.tags = tags
                    $0.corrected = body.tags.map(\.tag.rawValue)
                    $0.placement = placement
                    $0.by = by
                    $0.reason = .free(body.reason)
                }), at: now)
        let gone = body.tags.filter { !$0.holds }.map(\.tag)
        let lifted = state.aversions(.conversation(body.conversation), at: now).filter {
            $0.episode == episode && gone.contains($0.kind == "threat" ? .threat : .abuse)
        }
        lift(lifted, by: by, reason: .word("retagged"), at: now)
    }

    private static func corrected(_ tags: Tags, _ corrections: [TagCorrection]) -> Tags {
        var tags = tags
        for part in corrections { tags[part.tag] = part.holds ? .one : 0 }
        return tags
    }
}
