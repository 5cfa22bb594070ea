import KapwaDomain

extension RoutingState {
    func rankKey(_ slot: Int) -> RankedList.Key? {
        conversations[slot].placement.map { RankedList.Key(rank: $0.rank, order: conversations[slot].order) }
    }

    /// Puts a queued conversation into the lists.
    mutating func list(_ slot: Int, at now: Instant) {
        guard let key = rankKey(slot), let queue = conversations[slot].placement?.queue else {
            preconditionFailure("a queued conversation has a placement")
        }
        let number = queues.number(of: queue)
        queued.insert(key, slot: slot)
        queues[number].waiting.insert(key, slot: slot)
        file(slot, queue: number, at: now)
    }

    /// Takes a conversation out of the lists, if it stands in them.
    mutating func unlist(_ slot: Int) {
        switch conversations[slot].phase {
        case .queued:
            guard let key = rankKey(slot), let place = conversations[slot].filed else {
                preconditionFailure("a queued conversation is filed")
            }
            queued.remove(key)
            queues[Int(place.group.queue)].waiting.remove(key)
            unfile(slot)
        case .offered:
            if let queue = conversations[slot].placement?.queue { queues[queue].offered -= 1 }
        case .open, .assigned, .closed:
            break
        }
    }

    /// Ends what an agent has of a conversation: the contact is over, not the conversation.
    mutating func leaveAgent(_ slot: Int, at now: Instant) {
        guard conversations[slot].phase == .assigned, let agent = conversations[slot].agent else { return }
        guard let index = agents[agent].contacts.firstIndex(of: slot) else {
            preconditionFailure("an assigned conversation stands among its agent's contacts")
        }
        agents[agent].contacts.remove(at: index)
        agents[agent].load -= conversations[slot].units
        agents[agent].idleSince = now
        agents[agent].hardStreak = contactIsHard(slot) ? agents[agent].hardStreak + 1 : 0
        if contactIsHard(slot) {
            agents[agent].hardEnds.removeAll { $0 <= now - .hours(4) }
            agents[agent].hardEnds.append(now)
            if agents[agent].hardEnds.count > Limits.hardContactsRememberedMax { agents[agent].hardEnds.removeFirst() }
        }
        agents[agent].endedContacts.append(
            AgentRecord.EndedContact(
                conversation: conversations[slot].id, episode: conversations[slot].episode,
                booked: conversations[slot].contact.booked, wasReported: conversations[slot].contact.wasReported,
                hadWords: conversations[slot].wordedMessages > 0, handled: now - conversations[slot].assignedAt))
        if agents[agent].endedContacts.count > Limits.endedContactsRememberedMax {
            agents[agent].endedContacts.removeFirst()
        }
        conversations[slot].agent = nil
        unpark(slot)
        stopWatchingSilence(slot)
        setBreakCheck(agent)
        freshAgents.append(agent)
        paceChanged(agent, at: now)
    }

    /// Whether what an agent has of a conversation is hard: its strain and threats over the episode, abuse since it was
    /// assigned.
    func contactIsHard(_ slot: Int) -> Bool {
        var tags = conversations[slot].peaks
        tags.abuse = conversations[slot].contact.abuse
        return tags.isHard
    }

    mutating func applyClosed(_ body: ConversationClosed, _ event: Event) {
        let slot = requireConversation(body.conversation, body.episode)
        if body.agent != nil {
            noteHandled(conversations[slot].channel, body.handledMilliseconds, at: event.at)
        }
        leaveAgent(slot, at: event.at)
        unlist(slot)
        setPhase(slot, .closed)
        setDeadline(slot, nil)
        for timer in conversations[slot].timers { timers.cancel(timer.key) }
        stopStep(slot)
        stopSafetyRounds(slot)
        remember(slot, body, at: event.at)
        conversationSlots[body.conversation] = nil
        conversations[slot] = ConversationRecord(id: "")
        conversations[slot].phase = .closed
        freeConversationSlots.append(slot)
    }

    private mutating func remember(_ slot: Int, _ body: ConversationClosed, at now: Instant) {
        let record = conversations[slot]
        closings += 1
        closed[body.conversation] = ClosedRecord(
            episode: record.episode, outcome: body.outcome, closedAt: now, since: record.since,
            channel: record.channel, customer: record.customer, topic: record.topic, attributes: record.attributes,
            priority: record.priority, skills: record.skills, requestedQueue: record.requestedQueue,
            placement: record.placement, mood: record.mood, peaks: record.peaks, polarity: record.polarity,
            language: record.language, lastAgent: record.lastAgent, messages: record.messages,
            safety: record.safety, safetyKind: record.safetyKind, safetyRound: record.safetyRound,
            isSafetyAcknowledged: record.isSafetyAcknowledged, serial: closings)
        closedInOrder.append(ClosedKey(id: body.conversation, serial: closings))
        while closedInOrder.count > Limits.closedConversationsMax {
            let oldest = closedInOrder.removeFirst()
            if closed[oldest.id]?.serial == oldest.serial { closed[oldest.id] = nil }
        }
        if let customer = record.customer { rememberCustomer(customer, record, body, at: now) }
    }
}
