import KapwaDomain

/// What is going to happen, by time; at the same instant in the order in which it was entered.
struct Agenda {
    /// What can happen. Numbers name contacts, agents and commands; a generation makes what was entered for a state of
    /// affairs that has passed come to nothing.
    enum Action {
        case arrive(Int32)
        case waitingMessage(Int32, generation: Int32)
        case giveUp(Int32, generation: Int32)
        case comeBack(Int32)
        case customerMessage(Int32, generation: Int32)
        case agentMessage(Int32, generation: Int32)
        case finish(Int32, generation: Int32)
        case wrapupDone(agent: Int32, contact: Int32)
        case beginDuty(agent: Int32, duty: Int32)
        case endDuty(agent: Int32, duty: Int32)
        case leave(agent: Int32)
        case renewLease(agent: Int32, generation: Int32)
        case dropOff(agent: Int32)
        case reconnect(agent: Int32)
        case sayReady(agent: Int32, generation: Int32)
        case answer(contact: Int32, offer: Int64)
        case privateBreak(agent: Int32)
        case mealIfNone(agent: Int32, generation: Int32)
        case takeInvitation(agent: Int32)
        case report(agent: Int32, contact: Int32)
        case acknowledge(Int32)
        case handOver(agent: Int32, contact: Int32)
        case transfer(Int32, generation: Int32)
        case postpone(agent: Int32)
        case comment(Int32)
        case sample
        case deliver(Int64)
        case retry(Int64)
        case fault(Int32)
        case restart
        case space
    }

    struct Entry {
        var due: Int64
        var order: Int64
        var action: Action

        static func < (left: Entry, right: Entry) -> Bool {
            left.due != right.due ? left.due < right.due : left.order < right.order
        }
    }

    private var heap: [Entry] = []
    private var entered: Int64 = 0

    var nextDue: Instant? { heap.first.map { Instant(milliseconds: $0.due) } }

    mutating func enter(_ action: Action, at due: Instant) {
        entered += 1
        heap.append(Entry(due: due.milliseconds, order: entered, action: action))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child] < heap[parent] else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func popDue(at now: Instant) -> Action? {
        guard let first = heap.first, first.due <= now.milliseconds else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first.action }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            let child = 2 * parent + 1
            if child < heap.count && heap[child] < heap[least] { least = child }
            if child + 1 < heap.count && heap[child + 1] < heap[least] { least = child + 1 }
            guard least != parent else { return first.action }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
