import KapwaDomain

extension Router {
    /// A chat may have fallen silent.
    mutating func noteSilence(_ id: ConversationID, _ episode: Int, at now: Instant) {
        guard let slot = state.conversationSlots[id], state.conversations[slot].episode == episode,
            let agent = state.conversations[slot].agent, state.conversations[slot].phase == .assigned
        else { return }
        let isSilent = state.isSilent(slot, at: now)
        watchSilence(slot, isSilent: isSilent)
        if isSilent { settleUnits(agent, at: now) }
    }

    /// Says what an agent's contacts count now, where that changed: by mood, by silence, or because another one left.
    mutating func settleUnits(_ agent: Int, at now: Instant) {
        for contact in state.unitsOfContacts(agent, at: now)
        where contact.units != state.conversations[contact.slot].units {
            emit(
                .conversationUpdated(
                    .with {
                        $0.conversation = state.conversations[contact.slot].id
                        $0.episode = state.conversations[contact.slot].episode
                        $0.units = contact.units
                    }), at: now)
        }
    }
}
