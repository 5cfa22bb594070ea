public import KapwaDomain

extension RoutingState {
    /// Where a conversation stands, for who may act on it; `nil` when nobody knows it.
    public func whereabouts(of id: ConversationID) -> Caller.Whereabouts? {
        if let slot = conversationSlots[id] {
            let record = conversations[slot]
            let holder = record.phase == .assigned ? record.agent.map { agents[$0].id } : nil
            return Caller.Whereabouts(
                isOpen: true, queue: record.placement?.queue ?? record.requestedQueue, agent: holder)
        }
        return closed[id].map {
            Caller.Whereabouts(isOpen: false, queue: $0.placement?.queue ?? $0.requestedQueue, agent: $0.lastAgent)
        }
    }

    /// The same of the conversation that was offered.
    public func whereabouts(of id: OfferID) -> Caller.Whereabouts? {
        offers[id].flatMap { whereabouts(of: conversations[$0.conversation].id) }
    }
}
