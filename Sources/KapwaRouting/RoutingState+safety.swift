import KapwaDomain

extension RoutingState {
    mutating func applySafetyRaised(_ body: SafetyRaised) {
        guard let slot = conversationSlots[body.conversation] else { return raiseClosed(body) }
        conversations[slot].safety = max(conversations[slot].safety ?? .possible, body.level)
        conversations[slot].safetyKind = body.kind
        conversations[slot].safetyRound = body.round
        conversations[slot].isSafetyAcknowledged = false
        stopSafetyRounds(slot)
        conversations[slot].safetyTimer = body.until.map {
            timers.set(.safetyRound(body.conversation, episode: body.episode), due: $0)
        }
    }

    /// Danger that stood in what was said after the end.
    private mutating func raiseClosed(_ body: SafetyRaised) {
        let known = closed[body.conversation]?.safety
        closed[body.conversation]?.safety = max(known ?? .possible, body.level)
        closed[body.conversation]?.safetyKind = body.kind
        closed[body.conversation]?.safetyRound = body.round
        closed[body.conversation]?.isSafetyAcknowledged = false
    }

    mutating func applySafetyAcknowledged(_ body: SafetyAcknowledged) {
        guard let slot = conversationSlots[body.conversation] else {
            closed[body.conversation]?.isSafetyAcknowledged = true
            return
        }
        conversations[slot].isSafetyAcknowledged = true
        stopSafetyRounds(slot)
    }

    mutating func stopSafetyRounds(_ slot: Int) {
        if let timer = conversations[slot].safetyTimer { timers.cancel(timer) }
        conversations[slot].safetyTimer = nil
    }
}
