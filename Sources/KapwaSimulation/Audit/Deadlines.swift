import KapwaDomain

/// Instants at which something must have happened, soonest first.
struct Deadlines {
    enum Kind {
        case offer(OfferID)
        case conversation(ConversationID, episode: Int)
        case wrapup(AgentID)
        case breakOfAgent(AgentID)
        case safety(ConversationID)
    }

    struct Entry {
        var due: Instant
        var kind: Kind
    }

    private var heap: [Entry] = []

    mutating func add(_ kind: Kind, at due: Instant) {
        heap.append(Entry(due: due, kind: kind))
        var child = heap.count - 1
        while child > 0, heap[child].due < heap[(child - 1) / 2].due {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The next that is over; `nil` when none is.
    mutating func pop(before now: Instant) -> Entry? {
        guard let first = heap.first, first.due <= now else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].due < heap[least].due
            {
                least = child
            }
            if least == parent { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
