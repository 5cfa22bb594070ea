import KapwaDomain

extension RoutingState {
    /// A person's word stands in place of what was read: peaks and mood follow, up to the next message.
    mutating func applyRetagged(_ body: ConversationRetagged) {
        let corrected = Tag.allCases.filter { body.corrected.contains($0.rawValue) }
        guard let slot = conversationSlots[body.conversation], conversations[slot].episode == body.episode else {
            for tag in corrected {
                closed[body.conversation]?.peaks[tag] = body.tags[tag]
                closed[body.conversation]?.mood.tags[tag] = body.tags[tag]
            }
            // Should the customer come back to the same place, points are counted anew from what is left.
            closed[body.conversation]?.placement?.points = 0
            return
        }
        conversations[slot].peaks = body.tags
        for tag in corrected {
            conversations[slot].mood.tags[tag] = body.tags[tag]
            correct(tag, holds: body.tags[tag] >= .holds, slot)
        }
        if max(body.tags.frustration, body.tags.distress) < Formulas.strainBegins {
            conversations[slot].strainedSince = nil
        } else if conversations[slot].strainedSince == nil {
            conversations[slot].strainedSince = lastEventAt
        }
        if let placement = body.placement { place(slot, placement) }
        if let units = body.units { setUnits(slot, units) }
    }

    /// What else is remembered of a tag besides its peak.
    private mutating func correct(_ tag: Tag, holds: Bool, _ slot: Int) {
        let isAssigned = conversations[slot].phase == .assigned
        switch tag {
        case .abuse:
            guard isAssigned else { return }
            conversations[slot].contact.abuse = conversations[slot].peaks.abuse
            if !holds { conversations[slot].contact.insults = 0 }
        case .threat:
            if isAssigned {
                conversations[slot].contact.threat = conversations[slot].peaks.threat
            } else {
                conversations[slot].wasThreateningWhileWaiting = holds
            }
        case .relief:
            conversations[slot].relief = (holds, holds && conversations[slot].relief.before)
        case .frustration, .distress, .urgency, .family:
            return
        }
    }
}
