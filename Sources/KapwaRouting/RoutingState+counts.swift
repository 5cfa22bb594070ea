public import KapwaDomain

/// How many of what there are now: what metrics and views show.
public struct FloorCounts: Sendable {
    /// Episodes by state; `closed` counts all that ever closed.
    public var conversations: [ConversationPhase: Int] = [:]
    public var agents: [EffectivePresence: Int] = [:]
    public var breaksPlanned = 0
    public var breaksOwed = 0
    public var breaksRunning = 0
    public var followups = 0
    public var incidents = 0
}

extension RoutingState {
    /// Counted anew: for a few times a second, not for every command.
    public var counts: FloorCounts {
        var counts = FloorCounts()
        for phase in ConversationPhase.allCases { counts.conversations[phase] = phaseCounts[phase] }
        for presence in EffectivePresence.allCases { counts.agents[presence] = 0 }
        for slot in agentOrder {
            counts.agents[agents[slot].effective, default: 0] += 1
            counts.breaksPlanned += agents[slot].plannedBreaks.count
            guard let current = agents[slot].currentBreak else { continue }
            if current.isRunning { counts.breaksRunning += 1 } else { counts.breaksOwed += 1 }
            counts.breaksOwed += agents[slot].nextBreaks.count
        }
        counts.followups = followups.count
        counts.incidents = incidents.count
        return counts
    }

    /// Conversations that wait in a queue.
    public func waiting(in queue: QueueID) -> Int { queues[queue].waiting.count }

    /// Whether an episode of the conversation is not closed.
    public func isOpen(_ id: ConversationID) -> Bool { conversationSlots[id] != nil }

    /// The customer of a conversation, of its open episode or the last one; `nil` when nobody said or it is forgotten.
    public func customer(of id: ConversationID) -> CustomerID? {
        if let slot = conversationSlots[id] { return conversations[slot].customer }
        return closed[id]?.customer
    }
}

extension RoutingState {
    /// Stress ledgers of everybody who is not offline, milli-contacts, in the order of their ids and without them: what
    /// a floor is like, not who somebody is.
    public func ledgers(at now: Instant) -> [Int] {
        agentOrder.compactMap { agents[$0].presence == .offline ? nil : agents[$0].ledger.value(at: now) }
    }
}
