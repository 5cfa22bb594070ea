import DequeModule
import KapwaDomain

/// A customer and an agent who are kept apart for some time.
///
/// The state remembers which contact brought it about, and finds it by customer as well: when the customer is
/// forgotten, the conversation still stands.
struct Aversion: Sendable {
    enum Key: Hashable, Sendable {
        case conversation(ConversationID)
        case customer(CustomerID)
    }

    var agent: AgentID
    var conversation: ConversationID
    var episode: Int
    var customer: CustomerID?
    /// `threat`, `sexual`, `slur` or `insult`.
    var kind: String
    var until: Instant
    var timer: TimerQueue.Key

    /// How long they are kept apart.
    static let lasts: Milliseconds = .days(30)
}

extension RoutingState {
    mutating func applyAffinitySet(_ body: AffinitySet, _ event: Event) {
        guard let conversation = body.conversation else { return }
        forgetAversions(endedBy: event.at)
        let aversion = Aversion(
            agent: body.agent, conversation: conversation, episode: body.episode, customer: body.customer,
            kind: body.kind, until: body.until, timer: timers.set(.affinityEnd(body.agent), due: body.until))
        aversions[event.sequence] = aversion
        aversionsInOrder.append(event.sequence)
        aversionIndex[.conversation(conversation), default: []].append(event.sequence)
        if let customer = body.customer { aversionIndex[.customer(customer), default: []].append(event.sequence) }
        freshenTransferredApart()
    }

    mutating func applyAffinityLifted(_ body: AffinityLifted) {
        guard let conversation = body.conversation else { return }
        for serial in aversionIndex[.conversation(conversation)] ?? [] where aversions[serial]?.agent == body.agent {
            removeAversion(serial)
        }
        // Whoever waits may be routed there again.
        if let slot = conversationSlots[conversation], conversations[slot].phase == .queued {
            freshConversations.append(slot)
        }
        if let agent = agentSlots[body.agent] { freshAgents.append(agent) }
    }

    /// All last equally long, so that what ends first stands at the front.
    private mutating func forgetAversions(endedBy now: Instant) {
        while let first = aversionsInOrder.first {
            if let aversion = aversions[first] {
                guard aversion.until <= now || aversions.count >= Limits.aversionsMax else { break }
                removeAversion(first)
                // One that is forgotten before its time ends without a timer.
                if let agent = agentSlots[aversion.agent] { freshAgents.append(agent) }
            }
            aversionsInOrder.removeFirst()
        }
        if aversionsInOrder.count > 2 * Limits.aversionsMax { aversionsInOrder.removeAll { aversions[$0] == nil } }
    }

    private mutating func removeAversion(_ serial: Int64) {
        guard let aversion = aversions.removeValue(forKey: serial) else { return }
        timers.cancel(aversion.timer)
        dropFromIndex(.conversation(aversion.conversation), serial)
        if let customer = aversion.customer { dropFromIndex(.customer(customer), serial) }
    }

    private mutating func dropFromIndex(_ key: Aversion.Key, _ serial: Int64) {
        aversionIndex[key]?.removeAll { $0 == serial }
        if aversionIndex[key]?.isEmpty ?? false { aversionIndex[key] = nil }
    }

    /// The customer of a conversation became known, and with that whom it concerns besides.
    mutating func nameAversions(of conversation: ConversationID, _ customer: CustomerID) {
        for serial in aversionIndex[.conversation(conversation)] ?? [] where aversions[serial]?.customer == nil {
            aversions[serial]?.customer = customer
            aversionIndex[.customer(customer), default: []].append(serial)
        }
    }

    // MARK: Questions

    /// Aversions of a conversation or a customer that have not ended, oldest first.
    func aversions(_ key: Aversion.Key, at now: Instant) -> [Aversion] {
        guard let serials = aversionIndex[key] else { return [] }
        return serials.compactMap { aversions[$0] }.filter { $0.until > now }
    }

    /// The agents whom a conversation is not routed to; empty for somebody in danger. Usually empty: ask once per
    /// conversation, not once per pair.
    func averseAgents(_ conversation: Int, at now: Instant) -> [AgentID] {
        guard !aversionIndex.isEmpty, conversations[conversation].safety != .explicit else { return [] }
        var found = aversions(.conversation(conversations[conversation].id), at: now)
        if let customer = conversations[conversation].customer { found += aversions(.customer(customer), at: now) }
        return found.map(\.agent)
    }

    /// Whether a conversation is not routed to an agent, because of what its customer did.
    func isAverse(_ conversation: Int, _ agent: Int, at now: Instant) -> Bool {
        guard !aversionIndex.isEmpty else { return false }
        return averseAgents(conversation, at: now).contains(agents[agent].id)
    }
}
