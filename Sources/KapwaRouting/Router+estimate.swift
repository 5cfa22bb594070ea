import KapwaDomain
import KapwaRules

extension Router {
    /// How long one waits: a conversation where it stands, or one that would enter a queue now at its end.
    ///
    /// The waits are absent while the queue's pace is unknown, and when nobody who could serve is there.
    mutating func estimate(_ body: QueueEstimate, at now: Instant) throws(Refusal) -> Reply.Details {
        let position: Int
        let queue: QueueID
        let needs: Skills
        switch body.subject {
        case .conversation(let id):
            let slot = try requireConversation(id, closedMessage: "the conversation is closed and waits for nobody")
            guard state.conversations[slot].phase == .queued, let placement = state.conversations[slot].placement,
                let key = state.rankKey(slot)
            else {
                throw Refusal(
                    .wrongState, "conversation \"\(id)\" does not wait in a queue", field: "conversation",
                    state: state.conversations[slot].phase.rawValue)
            }
            queue = placement.queue
            needs = placement.needs
            position = state.queues[queue].waiting.position(of: key)
        case .queue(let id):
            try requireQueue(id)
            queue = id
            needs = rules.queue(id)?.needs ?? .none
            position = state.waiting(in: id) + 1
        }
        guard needsClass(of: needs).present > 0 else { return .estimate(position: position, p50: nil, p90: nil) }
        let wait = state.queues[queue].pace.wait(position: position, at: now)
        return .estimate(position: position, p50: wait?.p50, p90: wait?.p90)
    }
}
