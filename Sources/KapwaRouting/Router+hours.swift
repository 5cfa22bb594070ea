import KapwaDomain
import KapwaRules

extension Queue {
    /// When the queue will have been open for so long, counted from an instant.
    func open(_ time: Milliseconds, after start: Instant) -> Instant {
        hours?.instant(after: time, from: start) ?? start + time
    }

    /// When it opens, if it is closed now.
    func opensLater(than now: Instant) -> Instant? {
        guard let hours, !hours.isOpen(at: now) else { return nil }
        return hours.opens(after: now)
    }
}

extension Router {
    /// Whether a queue offers nothing now.
    func isClosed(queue id: QueueID, at now: Instant) -> Bool {
        guard rules.hasHours, let place = rules.place(ofQueue: id), let hours = rules.queues[place].hours else {
            return false
        }
        return !hours.isOpen(at: now)
    }

    /// Whether the queue of what waits in a group offers nothing now; danger never waits for it to open.
    func isClosed(_ group: WaitingGroup, at now: Instant) -> Bool {
        rules.hasHours && !group.isSafety && isClosed(queue: state.queues.id(Int(group.queue)), at: now)
    }

    /// Whether a conversation waits for its queue to open; somebody in danger never does.
    func isClosed(_ conversation: Int, at now: Instant) -> Bool {
        guard let placement = state.conversations[conversation].placement, !placement.safety else { return false }
        return isClosed(queue: placement.queue, at: now)
    }

    /// Sets when each queue opens next. These timers follow from the rules, not from events: they are set again at
    /// every start and with every change of the rules.
    mutating func followHours(at now: Instant) {
        for opening in openings { cancelTimer(opening.timer) }
        openings = []
        for queue in rules.queues { followHours(of: queue, at: now) }
    }

    private mutating func followHours(of queue: Queue, at now: Instant) {
        guard let opens = queue.hours?.nextOpening(after: now) else { return }
        openings.append((queue.id, setTimer(.queueOpens(queue.id), due: opens)))
    }

    /// Whatever waits in a queue that opens is looked at again.
    mutating func openQueue(_ id: QueueID, at now: Instant) {
        var waiting: [Int] = []
        state.queues[id].waiting.forEach { entry in
            waiting.append(entry.slot)
            return true
        }
        for slot in waiting { freshen(slot, at: now) }
        openings.removeAll { $0.queue == id }
        if let queue = rules.queue(id) { followHours(of: queue, at: now) }
    }
}
