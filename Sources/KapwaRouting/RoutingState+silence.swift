import KapwaDomain

extension RoutingState {
    /// A chat without a message for so long counts half.
    static let silentAfter: Milliseconds = .minutes(10)
    /// Units that silent chats give back to one agent, at most.
    static let freedBySilenceMax = 25

    /// Sets when a chat that an agent has may have fallen silent.
    mutating func watchSilence(_ slot: Int) {
        stopWatchingSilence(slot)
        guard conversations[slot].channel.family == .chat else { return }
        conversations[slot].silenceTimer = timers.set(
            .silence(conversations[slot].id, episode: conversations[slot].episode),
            due: conversations[slot].lastMessageAt + Self.silentAfter)
    }

    mutating func stopWatchingSilence(_ slot: Int) {
        if let timer = conversations[slot].silenceTimer { timers.cancel(timer) }
        conversations[slot].silenceTimer = nil
    }

    /// Whether nobody has written for a while in a chat that an agent has.
    func isSilent(_ slot: Int, at now: Instant) -> Bool {
        conversations[slot].channel.family == .chat
            && now - conversations[slot].lastMessageAt >= Self.silentAfter
    }

    /// What an agent's contacts count now, in the order in which they came: silent chats half, until all of the agent's
    /// together have given back 25 units.
    func unitsOfContacts(_ agent: Int, at now: Instant) -> [(slot: Int, units: Int)] {
        var left = Self.freedBySilenceMax
        return agents[agent].contacts.map { slot in
            let full = unitsNow(slot)
            guard isSilent(slot, at: now) else { return (slot, full) }
            let freed = min(full / 2, left)
            left -= freed
            return (slot, full - freed)
        }
    }
}
