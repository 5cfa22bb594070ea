/// Puts the replies to one peer into the order of its messages, whatever order they come in.
struct ReplyOrder {
    /// What is to be done with a reply that came.
    enum Verdict: Equatable {
        /// It is its turn (or it needs none): send it now, then ``popReady()`` until that is empty.
        case send(delimiter: Bool)
        /// Earlier ones are missing: ``hold(_:ticket:)`` it.
        case hold
        /// Nobody waits for it: answered before, or never asked.
        case unknown
    }

    private enum Slot {
        case waiting(delimiter: Bool)
        case ready(delimiter: Bool, FrameList)
        case excused
    }

    private var slots = FIFO<Slot>()
    /// The ticket of the first slot.
    private var base: UInt64 = 0
    /// Excused tickets that are still to be answered, with their delimiter.
    private var excused: [UInt64: Bool] = [:]

    /// Messages that were not answered yet, or whose reply waits for an earlier one.
    var pending: Int { slots.count + excused.count }

    /// The ticket of a message that came.
    mutating func admit(delimiter: Bool) -> UInt64 {
        slots.append(.waiting(delimiter: delimiter))
        return base + UInt64(slots.count) - 1
    }

    mutating func answer(_ ticket: UInt64) -> Verdict {
        if let delimiter = excused.removeValue(forKey: ticket) { return .send(delimiter: delimiter) }
        guard let offset = offset(of: ticket), case .waiting(let delimiter) = slots[offset] else { return .unknown }
        guard offset == 0 else { return .hold }
        advance()
        return .send(delimiter: delimiter)
    }

    /// Keeps a reply that was judged `.hold`.
    mutating func hold(_ reply: FrameList, ticket: UInt64) {
        guard let offset = offset(of: ticket), case .waiting(let delimiter) = slots[offset] else { return }
        slots[offset] = .ready(delimiter: delimiter, reply)
    }

    /// The next reply whose turn it is.
    mutating func popReady() -> (delimiter: Bool, frames: FrameList)? {
        while !slots.isEmpty {
            switch slots[0] {
            case .waiting: return nil
            case .excused: advance()
            case .ready(let delimiter, let frames):
                advance()
                return (delimiter, frames)
            }
        }
        return nil
    }

    /// Takes an unanswered message out of the order: its reply may come whenever it likes and holds up none.
    /// Afterwards replies may be ready.
    mutating func excuse(_ ticket: UInt64) {
        guard let offset = offset(of: ticket), case .waiting(let delimiter) = slots[offset] else { return }
        slots[offset] = .excused
        excused[ticket] = delimiter
    }

    private mutating func advance() {
        _ = slots.popFirst()
        base += 1
    }

    private func offset(of ticket: UInt64) -> Int? {
        guard ticket >= base, ticket - base < UInt64(slots.count) else { return nil }
        return Int(ticket - base)
    }
}
