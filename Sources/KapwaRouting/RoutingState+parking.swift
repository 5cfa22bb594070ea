import KapwaDomain

extension RoutingState {
    /// How long a customer who writes to a parked conversation waits for its agent.
    static let parkedPatience: Milliseconds = .minutes(2)

    mutating func applyParked(_ body: ConversationParked) {
        let slot = requireConversation(body.conversation, body.episode)
        // Parked anew by the next break, it keeps what its agent had read.
        if !conversations[slot].isParked { conversations[slot].safetyWhenParked = conversations[slot].safety }
        conversations[slot].isParked = true
    }

    mutating func applyResumed(_ body: ConversationParked) {
        let slot = requireConversation(body.conversation, body.episode)
        conversations[slot].contact.abuse = max(
            conversations[slot].contact.abuse, conversations[slot].abuseWhileParked)
        conversations[slot].wasThreateningWhileWaiting = false
        unpark(slot)
        if let agent = conversations[slot].agent { setBreakCheck(agent) }
    }

    mutating func unpark(_ slot: Int) {
        conversations[slot].isParked = false
        conversations[slot].abuseWhileParked = 0
        conversations[slot].safetyWhenParked = nil
        if let timer = conversations[slot].parkedTimer { timers.cancel(timer) }
        conversations[slot].parkedTimer = nil
    }

    /// The customer writes to somebody who is on a break: not for long.
    mutating func followParkedMessage(_ slot: Int, _ body: ConversationMessaged, at now: Instant) {
        guard conversations[slot].isParked, conversations[slot].parkedTimer == nil, body.from == .customer else {
            return
        }
        conversations[slot].parkedTimer = timers.set(
            .parked(body.conversation, episode: body.episode), due: now + Self.parkedPatience)
    }
}
