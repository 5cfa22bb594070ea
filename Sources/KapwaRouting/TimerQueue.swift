import HeapModule
import KapwaDomain

/// Something that happens by itself at a time. Timers are data: they are set by events and fired by commands.
struct RoutingTimer: Hashable, Comparable, Sendable {
    enum Subject: Hashable, Sendable {
        /// The phase of an episode ends: held, waiting or idle for too long.
        case conversation(ConversationID, episode: Int)
        case offer(OfferID)
        case wrapup(AgentID, ConversationID, episode: Int)
        case lease(AgentID)
        /// Contacts of an agent who went offline go back to the queue.
        case offlineGrace(AgentID, Channel)
        /// A live contact may have fallen silent while a break is owed.
        case breakCheck(AgentID)
        case breakOverdue(AgentID, BreakID)
        case breakEnd(AgentID, BreakID)
        /// A pair may be matched again.
        case barEnd(ConversationID)
        /// A transfer to one agent opens to everyone.
        case onlyUntil(ConversationID)
    }

    var due: Instant
    /// Sequence of the event that set it: timers due at the same time fire in this order.
    var order: Int64
    var subject: Subject

    static func < (left: Self, right: Self) -> Bool { (left.due, left.order) < (right.due, right.order) }
}

/// Timers by (due, order). A timer whose subject has moved on is recognised when it fires and does nothing.
struct TimerQueue: Sendable {
    private var heap = Heap<RoutingTimer>()

    var first: RoutingTimer? { heap.min }
    var count: Int { heap.count }

    mutating func set(_ subject: RoutingTimer.Subject, due: Instant, order: Int64) {
        heap.insert(RoutingTimer(due: due, order: order, subject: subject))
    }

    /// Takes the next timer that is due.
    mutating func popDue(at now: Instant) -> RoutingTimer? {
        guard let first = heap.min, first.due <= now else { return nil }
        return heap.removeMin()
    }
}
