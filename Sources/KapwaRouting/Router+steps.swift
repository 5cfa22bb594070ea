public import KapwaDomain
import KapwaRules

/// Where a step of a queue is, for a conversation.
public enum StepState: String, CaseIterable, Sendable {
    /// Its needs are in force.
    case active
    /// An agent took the conversation by its needs.
    case joined
    /// Its time was over and the next began.
    case expired
    /// It has not begun.
    case inactive
}

extension Router {
    /// The step of a queue that is in force for a conversation: it is kept within a queue; another starts its own.
    func step(_ conversation: ConversationRecord, in queue: Queue) -> Int {
        guard let before = conversation.placement, before.queue == queue.id else { return 0 }
        return min(before.step, queue.steps.count)
    }

    /// When that step ends by itself; `nil` for the last.
    ///
    /// Over offers its time runs on; after an agent had the conversation it begins anew.
    func stepEnd(_ conversation: ConversationRecord, in queue: Queue, step: Int) -> Instant? {
        guard step < queue.steps.count else { return nil }
        if let before = conversation.placement, before.queue == queue.id, before.step == step,
            conversation.phase != .assigned, let end = before.stepEnds
        {
            return end
        }
        return queue.open(queue.steps[step].after, after: lastNow)
    }

    /// What a conversation needs at a step: the queue's and the sender's, relaxed, less what an incident drops.
    func needs(_ conversation: ConversationRecord, in queue: Queue, step: Int) -> Skills {
        let needs = queue.relaxed(queue.needs.merging(conversation.skills), steps: step)
        guard let incident = state.incident(conversation.topic) else { return needs }
        return Step(after: 0, drop: incident.drops).relaxed(needs)
    }

    /// The time of a step is over.
    mutating func endStep(_ id: ConversationID, _ episode: Int, _ timer: RoutingTimer, at now: Instant) {
        guard let slot = state.conversationSlots[id], state.conversations[slot].episode == episode,
            state.conversations[slot].placement?.stepEnds == timer.due
        else { return }
        relaxIfDue(slot, at: now)
    }

    /// Says that the next step began, if the time of the one in force is over. One that is offered waits for the
    /// answer.
    mutating func relaxIfDue(_ slot: Int, at now: Instant) {
        guard state.conversations[slot].phase == .queued, let before = state.conversations[slot].placement,
            let end = before.stepEnds, end <= now, let queue = rules.queue(before.queue),
            before.step < queue.steps.count
        else { return }
        let conversation = state.conversations[slot]
        var next = conversation
        next.placement?.step = before.step + 1
        next.placement?.stepEnds = nil
        let after = positioned(placement(next, in: queue), slot)
        emit(
            .conversationRelaxed(
                .with {
                    $0.conversation = conversation.id
                    $0.episode = conversation.episode
                    $0.placement = after
                    $0.reason = .word("step")
                    $0.until = after.stepEnds
                    $0.waitUntil = conversation.deadline ?? now
                    $0.onlyAgent = conversation.onlyAgent
                    $0.onlyUntil = conversation.onlyUntil
                }), at: now)
    }

    /// Every step of the queue in which a conversation waits or waited, from the first, with its needs.
    public func steps(of id: ConversationID) -> [(state: StepState, needs: Skills)] {
        guard let slot = state.conversationSlots[id] else { return [] }
        let conversation = state.conversations[slot]
        guard let placement = conversation.placement, let queue = rules.queue(placement.queue) else { return [] }
        return (0...queue.steps.count).map { step in
            let needs = self.needs(conversation, in: queue, step: step)
            if step < placement.step { return (.expired, needs) }
            if step > placement.step { return (.inactive, needs) }
            return (conversation.phase == .assigned ? .joined : .active, needs)
        }
    }
}
