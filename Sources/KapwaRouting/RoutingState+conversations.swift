import KapwaDomain

extension RoutingState {
    mutating func applyOpened(_ body: ConversationOpened, _ event: Event) {
        precondition(conversationSlots[body.conversation] == nil, "an episode opens once")
        var record = ConversationRecord(id: body.conversation)
        record.episode = body.episode
        record.channel = body.channel
        record.customer = body.customer
        record.topic = body.topic
        record.attributes = body.attributes
        record.priority = body.priority
        record.skills = body.skills
        record.preferredAgent = body.preferredAgent
        record.requestedQueue = body.queue
        record.since = body.since
        record.order = event.sequence
        record.openedAt = event.at
        record.lastMessageAt = event.at
        record.previousClosedAt = body.after?.closedAt
        if let after = body.after, let before = closed[body.conversation] {
            carry(after.carries, from: before, into: &record)
            if after.carries == .place { takeBackBadEpisode(body.conversation, before) }
        }
        closed[body.conversation] = nil
        let slot: Int
        if let free = freeConversationSlots.popLast() {
            conversations[free] = record
            slot = free
        } else {
            conversations.append(record)
            slot = conversations.count - 1
        }
        conversationSlots[body.conversation] = slot
        phaseCounts.opened += 1
        phaseCounts.open += 1
        setDeadline(slot, body.openUntil)
    }

    private func carry(
        _ carries: Continuation.Carries, from before: ClosedRecord, into record: inout ConversationRecord
    ) {
        guard carries != .nothing else { return }
        record.mood = before.mood
        record.polarity = before.polarity
        record.language = before.language
        record.lastAgent = before.lastAgent
        guard carries == .place else { return }
        // The same wait goes on. What was said in an earlier episode adds neither stress nor points to a new one.
        record.peaks = before.peaks
        record.placement = before.placement
        // Somebody in danger whose line broke is still in danger, and still first.
        record.safety = before.safety
        record.safetyKind = before.safetyKind
        record.safetyRound = before.safetyRound
        record.isSafetyAcknowledged = before.isSafetyAcknowledged
    }

    mutating func applyMessaged(_ body: ConversationMessaged, _ event: Event) {
        guard let slot = conversationSlots[body.conversation] else {
            closed[body.conversation]?.messages = body.message
            return
        }
        conversations[slot].messages = body.message
        conversations[slot].lastMessageAt = event.at
        if conversations[slot].phase == .assigned, let until = body.idleUntil {
            setDeadline(slot, until)
        }
        if let agent = conversations[slot].agent, conversations[slot].phase == .assigned {
            if conversations[slot].silenceTimer == nil { watchSilence(slot) }
            setBreakCheck(agent)
            followParkedMessage(slot, body, at: event.at)
        }
    }

    mutating func applyTagged(_ body: ConversationTagged, _ event: Event) {
        let found = body.assessment
        guard let slot = conversationSlots[body.conversation] else {
            closed[body.conversation]?.mood.record(found, tags: body.moodTags, trend: body.trend)
            closed[body.conversation]?.polarity = found.polarity
            return
        }
        conversations[slot].mood.record(found, tags: body.moodTags, trend: body.trend)
        for tag in Tag.allCases where found.tags[tag] > conversations[slot].peaks[tag] {
            conversations[slot].peaks[tag] = found.tags[tag]
        }
        // What could not be read was no words, as far as anybody here knows.
        if found.scored == .ok { conversations[slot].wordedMessages += 1 }
        conversations[slot].polarity = found.polarity
        conversations[slot].language = found.language
        conversations[slot].asksFor = found.asksFor ?? conversations[slot].asksFor
        refile(slot, at: event.at)
        conversations[slot].relief = (found.tags.relief >= .holds, conversations[slot].relief.last)
        if conversations[slot].strainedSince == nil,
            max(found.tags.frustration, found.tags.distress) >= Formulas.strainBegins
        {
            conversations[slot].strainedSince = event.at
        }
        if let level = found.safetyLevel,
            level > conversations[slot].safety ?? .possible
                || conversations[slot].safety == nil
        {
            conversations[slot].safety = level
        }
        if conversations[slot].phase == .assigned && !conversations[slot].isParked {
            countAbuse(found, slot)
        } else {
            if found.tags.threat >= .holds { conversations[slot].wasThreateningWhileWaiting = true }
            if conversations[slot].isParked {
                conversations[slot].abuseWhileParked = max(conversations[slot].abuseWhileParked, found.tags.abuse)
            }
        }
    }

    private mutating func countAbuse(_ found: Assessment, _ slot: Int) {
        conversations[slot].contact.abuse = max(conversations[slot].contact.abuse, found.tags.abuse)
        conversations[slot].contact.threat = max(conversations[slot].contact.threat, found.tags.threat)
        if found.tags.abuse >= .holds && found.abuse?.kind == .insult { conversations[slot].contact.insults += 1 }
    }

    mutating func applyPlaced(_ body: ConversationPlaced, _ event: Event) {
        let slot = requireConversation(body.conversation, body.episode)
        // A new wait begins; back from an offer the old one goes on, with the hold that it was under.
        if conversations[slot].phase == .open || conversations[slot].phase == .assigned {
            conversations[slot].heldUntil = nil
        }
        leaveAgent(slot, at: event.at)
        unlist(slot)
        setPhase(slot, .queued)
        conversations[slot].placement = body.placement
        conversations[slot].units = body.placement.units
        conversations[slot].onlyAgent = body.onlyAgent
        conversations[slot].onlyUntil = body.onlyUntil
        conversations[slot].advisedAgent = nil
        if body.reason == .word("transfer") { conversations[slot].transferredFrom = body.transferredFrom }
        if conversations[slot].transferredFrom != nil && !transferred.contains(slot) { transferred.append(slot) }
        list(slot, at: event.at)
        watchTarget(slot, at: event.at)
        setDeadline(slot, body.waitUntil)
        followStep(slot)
        setWaitTimer(slot, .only, body.onlyUntil.map { (.onlyUntil(body.conversation), $0) })
        freshConversations.append(slot)
    }

    mutating func applyUpdated(_ body: ConversationUpdated) {
        let slot = requireConversation(body.conversation, body.episode)
        if let customer = body.customer {
            conversations[slot].customer = customer
            nameAversions(of: body.conversation, customer)
            // Whom the customer before must not meet again may be right for this one.
            if conversations[slot].phase == .queued { freshConversations.append(slot) }
        }
        if let queue = body.requestedQueue { conversations[slot].requestedQueue = queue }
        if let topic = body.topic { conversations[slot].topic = topic }
        if let priority = body.priority { conversations[slot].priority = priority }
        if let skills = body.skills { conversations[slot].skills = skills }
        if let attributes = body.attributes { conversations[slot].attributes = attributes }
        if let placement = body.placement { place(slot, placement) }
        if let units = body.units { setUnits(slot, units) }
    }

    /// Where a queued or offered conversation stands from now on.
    mutating func place(_ slot: Int, _ placement: Placement) {
        let wasListed = conversations[slot].phase == .queued
        if wasListed { unlist(slot) }
        moveOffered(slot, to: placement.queue)
        conversations[slot].placement = placement
        followStep(slot)
        guard wasListed else { return }
        conversations[slot].units = placement.units
        list(slot, at: lastEventAt)
        watchTarget(slot, at: lastEventAt)
        freshConversations.append(slot)
    }

    /// Units at the agent who has it.
    mutating func setUnits(_ slot: Int, _ units: Int) {
        guard let agent = conversations[slot].agent else { return }
        // Room that was given back may be what somebody waits for.
        if units < conversations[slot].units { freshAgents.append(agent) } else { touchedAgents.append(agent) }
        agents[agent].load += units - conversations[slot].units
        conversations[slot].units = units
    }

    /// Sets when the step in force ends, in place of the one before.
    private mutating func followStep(_ slot: Int) {
        stopStep(slot)
        conversations[slot].stepTimer = conversations[slot].placement?.stepEnds.map {
            timers.set(.step(conversations[slot].id, episode: conversations[slot].episode), due: $0)
        }
    }

    mutating func stopStep(_ slot: Int) {
        if let timer = conversations[slot].stepTimer { timers.cancel(timer) }
        conversations[slot].stepTimer = nil
    }

    private mutating func moveOffered(_ slot: Int, to queue: QueueID) {
        guard conversations[slot].phase == .offered, let before = conversations[slot].placement?.queue,
            before != queue
        else { return }
        queues[before].offered -= 1
        queues[queue].offered += 1
    }

    mutating func applyAssigned(_ body: ConversationAssigned, _ event: Event) {
        let slot = requireConversation(body.conversation, body.episode)
        let agent = requireAgent(body.agent)
        if let offer = body.offer { endOffer(offer, state: "accepted", at: event.at) }
        leaveAgent(slot, at: event.at)
        if conversations[slot].phase == .queued { noteServed(slot, at: event.at) }
        unlist(slot)
        setPhase(slot, .assigned)
        conversations[slot].agent = agent
        conversations[slot].lastAgent = body.agent
        conversations[slot].assignedAt = event.at
        conversations[slot].lastMessageAt = event.at
        conversations[slot].units = body.units
        conversations[slot].contact = ConversationRecord.Contact()
        conversations[slot].wasThreateningWhileWaiting = false
        unpark(slot)
        agents[agent].channelsHad.formUnion(ChannelFamilies(conversations[slot].channel))
        conversations[slot].onlyAgent = nil
        conversations[slot].onlyUntil = nil
        conversations[slot].advisedAgent = nil
        agents[agent].contacts.append(slot)
        agents[agent].load += body.units
        freshAgents.append(agent)
        setDeadline(slot, body.idleUntil)
        stopStep(slot)
        watchSilence(slot)
        setBreakCheck(agent)
        paceChanged(agent, at: event.at)
    }

    /// Sets when the phase ends by itself, in place of the deadline before.
    mutating func setDeadline(_ slot: Int, _ deadline: Instant?) {
        if let timer = conversations[slot].deadlineTimer { timers.cancel(timer) }
        conversations[slot].deadline = deadline
        conversations[slot].deadlineTimer = deadline.map {
            timers.set(.conversation(conversations[slot].id, episode: conversations[slot].episode), due: $0)
        }
    }

    /// Keeps the queue's pace, for the expected wait.
    mutating func noteServed(_ slot: Int, at now: Instant) {
        guard let queue = conversations[slot].placement?.queue else { return }
        queues[queue].pace.noteServed(at: now)
    }

    func requireConversation(_ id: ConversationID, _ episode: Int) -> Int {
        guard let slot = conversationSlots[id], conversations[slot].episode == episode else {
            preconditionFailure("an event speaks of an episode that is not closed")
        }
        return slot
    }

    mutating func setPhase(_ slot: Int, _ phase: ConversationPhase) {
        phaseCounts[conversations[slot].phase] -= 1
        phaseCounts[phase] += 1
        conversations[slot].phase = phase
        guard phase != .queued else { return }
        endReservation(slot)
        if let timer = conversations[slot].targetTimer { timers.cancel(timer) }
        conversations[slot].targetTimer = nil
    }
}
