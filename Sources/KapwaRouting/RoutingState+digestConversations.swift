import KapwaDomain

/// Conversations are most of a large state: one row each.
extension RoutingState {
    func add(_ conversation: ConversationRecord, to sum: inout DigestSum) {
        var row = DigestRow("conversation")
        row.text(conversation.id.rawValue)
        row.text(conversation.phase.rawValue)
        row.text(conversation.channel.rawValue)
        row.text(conversation.agent.map { agents[$0].id.rawValue })
        row.number(conversation.episode)
        row.number(conversation.since)
        row.number(conversation.order)
        row.number(conversation.messages)
        row.number(conversation.units)
        row.number(conversation.deadline)
        row.number(conversation.priority)
        row.skills(conversation.skills)
        row.placement(conversation.placement)
        row.tags(conversation.peaks)
        row.mood(conversation.mood)
        addWait(conversation, to: &row)
        addContact(conversation, to: &row)
        sum.add(row)
    }

    private func addWait(_ conversation: ConversationRecord, to row: inout DigestRow) {
        row.text(conversation.lastAgent?.rawValue)
        row.text(conversation.advisedAgent?.rawValue)
        row.text(conversation.transferredFrom?.rawValue)
        row.text(conversation.onlyAgent?.rawValue)
        row.text(conversation.preferredAgent?.rawValue)
        row.text(conversation.requestedQueue?.rawValue)
        row.number(conversation.onlyUntil)
        row.number(conversation.heldUntil)
        row.number(conversation.openedAt)
        row.number(conversation.previousClosedAt)
        row.number(conversation.bars.count)
        for bar in conversation.bars {
            row.text(bar.agent.rawValue)
            row.number(bar.until)
            row.number(bar.times)
        }
    }

    private func addContact(_ conversation: ConversationRecord, to row: inout DigestRow) {
        row.flag(conversation.relief.last)
        row.flag(conversation.relief.before)
        row.flag(conversation.isSafetyAcknowledged)
        row.flag(conversation.contact.wasReported)
        row.flag(conversation.wasThreateningWhileWaiting)
        row.flag(conversation.isParked)
        row.text(conversation.safetyWhenParked?.rawValue)
        row.text(conversation.language?.rawValue)
        row.text(conversation.safety?.rawValue)
        row.text(conversation.safetyKind?.rawValue)
        row.number(conversation.safetyRound)
        row.number(conversation.lastMessageAt)
        row.number(conversation.assignedAt)
        row.number(conversation.strainedSince)
        row.number(conversation.wordedMessages)
        row.number(conversation.contact.booked)
        row.number(conversation.contact.abuse.milli)
        row.number(conversation.contact.threat.milli)
        row.number(conversation.contact.insults)
        row.number(conversation.polarity.milli)
        row.number(conversation.abuseWhileParked.milli)
    }

    func addClosed(_ key: ClosedKey, to sum: inout DigestSum) {
        guard let closed = closed[key.id], closed.serial == key.serial else { return }
        var row = DigestRow("closed")
        row.text(key.id.rawValue)
        row.text(closed.outcome.rawValue)
        row.text(closed.lastAgent?.rawValue)
        row.text(closed.channel.rawValue)
        row.text(closed.safety?.rawValue)
        row.text(closed.safetyKind?.rawValue)
        row.text(closed.language?.rawValue)
        row.text(closed.requestedQueue?.rawValue)
        row.number(closed.episode)
        row.number(closed.closedAt)
        row.number(closed.since)
        row.number(closed.serial)
        row.number(closed.messages)
        row.number(closed.safetyRound)
        row.flag(closed.isSafetyAcknowledged)
        row.number(closed.polarity.milli)
        row.number(closed.priority)
        row.skills(closed.skills)
        row.placement(closed.placement)
        row.tags(closed.peaks)
        row.mood(closed.mood)
        sum.add(row)
    }
}

extension DigestRow {
    fileprivate mutating func skills(_ skills: Skills) {
        number(skills.entries.count)
        for entry in skills.entries {
            text(entry.skill.rawValue)
            number(entry.level)
        }
    }

    /// Position and expected wait are what they were once; they decide nothing.
    fileprivate mutating func placement(_ placement: Placement?) {
        guard let placement else { return flag(false) }
        flag(true)
        text(placement.queue.rawValue)
        skills(placement.needs)
        number(placement.rank)
        number(placement.points)
        number(placement.step)
        number(placement.stepEnds)
        number(placement.units)
        flag(placement.safety)
    }

    fileprivate mutating func tags(_ tags: Tags) {
        number(tags.frustration.milli)
        number(tags.urgency.milli)
        number(tags.family.milli)
        number(tags.distress.milli)
        number(tags.relief.milli)
        number(tags.abuse.milli)
        number(tags.threat.milli)
    }

    fileprivate mutating func mood(_ mood: Mood) {
        let past = mood.past
        tags(mood.tags)
        text(mood.trend.rawValue)
        number(past.messages)
        number(past.start.milli)
        number(past.peak.milli)
        number(past.surePeak.milli)
    }
}
