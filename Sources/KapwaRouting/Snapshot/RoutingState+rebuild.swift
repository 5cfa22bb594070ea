import KapwaDomain

/// What a state makes from its other parts when it was read.
extension RoutingState {
    mutating func rebuildDerived() {
        for slot in conversations.indices where conversations[slot].id.rawValue.isEmpty {
            // A place that is free looks as closing left it.
            conversations[slot].phase = .closed
        }
        agentSlots = Dictionary(minimumCapacity: agents.count)
        for slot in agentOrder { agentSlots[agents[slot].id] = slot }
        conversationSlots = Dictionary(minimumCapacity: conversations.count)
        for slot in conversations.indices where conversations[slot].phase != .closed {
            conversationSlots[conversations[slot].id] = slot
        }
        index = MatchingIndex()
        for slot in agentOrder { reindex(slot) }
        queued.forEach { entry in
            guard let needs = conversations[entry.slot].placement?.needs,
                let group = conversations[entry.slot].filed?.group
            else {
                return true
            }
            let place = FiledPlace(number: index.number(of: needs), group: group)
            queues[Int(group.queue)].waiting.insert(entry.key, slot: entry.slot)
            conversations[entry.slot].filed = place
            index.file(entry.slot, entry.key, place, only: conversations[entry.slot].filedOnlyFor)
            return true
        }
        _ = index.takeLonely()
    }

    /// Whether every slot that is named holds something: what is not there would end the process later.
    var refersToWhatIsThere: Bool {
        let slots = conversations.indices
        guard agentOrder.allSatisfy({ agents.indices.contains($0) && !agents[$0].id.rawValue.isEmpty }) else {
            return false
        }
        let lists = [freeAgentSlots, owing].allSatisfy { $0.allSatisfy(agents.indices.contains) }
        guard lists, (freeConversationSlots + transferred).allSatisfy(slots.contains) else { return false }
        var held = 0
        for (place, agent) in agents.enumerated() {
            guard agent.contacts.allSatisfy(slots.contains), agent.reservation.map(isThere) ?? true else {
                return false
            }
            for id in agent.offers {
                guard let offer = offers[id], offer.agent == place, slots.contains(offer.conversation) else {
                    return false
                }
                held += 1
            }
        }
        guard held == offers.count else { return false }
        for record in conversations {
            guard record.agent.map(agents.indices.contains) ?? true,
                record.reservedAgent.map(agents.indices.contains) ?? true
            else { return false }
        }
        return queued.listed.allSatisfy {
            guard slots.contains($0.slot), let queue = conversations[$0.slot].placement?.queue,
                let place = conversations[$0.slot].filed, queues.has(Int(place.group.queue))
            else { return false }
            return queues.id(Int(place.group.queue)) == queue
        }
    }

    private func isThere(_ reservation: AgentRecord.Reservation) -> Bool {
        conversations.indices.contains(reservation.slot) && queues.has(reservation.queue)
    }
}
