import KapwaDomain

extension RoutingState {
    /// Sequence of the first event of whatever is not over: conversations that are open, breaks that are owed or run.
    /// `nil` when nothing is.
    public var oldestLive: Int64? {
        var oldest: Int64?
        func note(_ sequence: Int64) { oldest = min(oldest ?? sequence, sequence) }
        for slot in conversations.indices where conversations[slot].phase != .closed { note(conversations[slot].order) }
        for slot in agentOrder {
            for one in [agents[slot].currentBreak].compactMap({ $0 }) + agents[slot].nextBreaks {
                // `b` and the sequence of the event that first spoke of it.
                if let sequence = Int64(one.id.rawValue.dropFirst()) { note(sequence) }
            }
        }
        return oldest
    }
}
