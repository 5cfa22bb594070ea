import KapwaDomain

extension RoutingState {
    mutating func applyOfferMade(_ body: OfferMade, _ event: Event) {
        let slot = requireConversation(body.conversation, body.episode)
        let agent = requireAgent(body.agent)
        precondition(conversations[slot].phase == .queued, "only a queued conversation is offered")
        precondition(body.load == agents[agent].load, "an offer carries the agent's load")
        precondition(body.load + body.units <= body.capacity, "no offer exceeds admitted capacity")
        unlist(slot)
        noteServed(slot, at: event.at)
        setPhase(slot, .offered)
        queues[body.queue].offered += 1
        conversations[slot].agent = agent
        conversations[slot].offer = body.offer
        conversations[slot].units = body.units
        agents[agent].offers.append(body.offer)
        agents[agent].load += body.units
        touchedAgents.append(agent)
        offers[body.offer] = OfferRecord(
            id: body.offer, conversation: slot, agent: agent, units: body.units, madeAt: event.at,
            expiresAt: body.expiresAt, timer: timers.set(.offer(body.offer), due: body.expiresAt))
    }

    mutating func applyOfferAdvised(_ body: OfferAdvised) {
        conversations[requireConversation(body.conversation, body.episode)].advisedAgent = body.agent
    }

    mutating func applyOfferEnded(_ body: OfferEnded, _ state: String, _ event: Event) {
        let slot = requireConversation(body.conversation, body.episode)
        let agent = requireAgent(body.agent)
        let isUnanswered = state == "expired" && body.reason?.text != "restart"
        endOffer(body.offer, state: state, isUnanswered: isUnanswered, at: event.at)
        if let until = body.barredUntil { bar(body.agent, from: slot, until: until) }
        if body.strike {
            agents[agent].strikes.removeAll { $0 <= event.at - .minutes(10) }
            agents[agent].strikes.append(event.at)
        }
    }

    private mutating func bar(_ agent: AgentID, from slot: Int, until: Instant) {
        let times = conversations[slot].bars.first { $0.agent == agent }?.times ?? 0
        conversations[slot].bars.removeAll { $0.agent == agent }
        conversations[slot].bars.append(ConversationRecord.Bar(agent: agent, until: until, times: times + 1))
        if conversations[slot].bars.count > Limits.barsPerConversationMax { conversations[slot].bars.removeFirst() }
        watchBars(slot, at: lastEventAt)
    }

    /// Has a conversation looked at when the first of its bars ends, and after that when the next one does.
    mutating func watchBars(_ slot: Int, at now: Instant) {
        let next = conversations[slot].bars.lazy.map(\.until).filter { $0 > now }.min()
        setWaitTimer(slot, .bar, next.map { (.barEnd(conversations[slot].id), $0) })
    }

    /// Sets a timer of a wait in place of the one that had this role.
    mutating func setWaitTimer(
        _ slot: Int, _ role: ConversationRecord.WaitTimer.Role, _ timer: (subject: RoutingTimer.Subject, due: Instant)?
    ) {
        if let place = conversations[slot].timers.firstIndex(where: { $0.role == role }) {
            timers.cancel(conversations[slot].timers.remove(at: place).key)
        }
        guard let timer else { return }
        let key = timers.set(timer.subject, due: timer.due)
        conversations[slot].timers.append(ConversationRecord.WaitTimer(role: role, key: key))
    }

    /// Takes the units back. The conversation stays `offered` until the event that queues, assigns or closes it,
    /// which follows at the same instant.
    mutating func endOffer(_ id: OfferID, state: String, isUnanswered: Bool = false, at now: Instant) {
        guard let offer = offers.removeValue(forKey: id) else { preconditionFailure("an offer ends once") }
        timers.cancel(offer.timer)
        agents[offer.agent].offers.removeAll { $0 == id }
        agents[offer.agent].load -= offer.units
        conversations[offer.conversation].offer = nil
        conversations[offer.conversation].agent = nil
        freshAgents.append(offer.agent)
        noteOfferEnd(expired: isUnanswered, at: now)
        endedOffers[id] = EndedOffer(agent: agents[offer.agent].id, state: state)
        endedOffersInOrder.append(id)
        if endedOffersInOrder.count > Limits.endedOffersMax { endedOffers[endedOffersInOrder.removeFirst()] = nil }
    }

    private mutating func noteOfferEnd(expired: Bool, at now: Instant) {
        dropOldOfferEnds(at: now)
        offerEnds.append(OfferEnd(at: now, expired: expired))
        if expired { expiredEnds += 1 }
        if offerEnds.count > Limits.endedOffersMax { dropFirstOfferEnd() }
    }

    /// Leaves the ends of the last minute.
    mutating func dropOldOfferEnds(at now: Instant) {
        while let first = offerEnds.first, first.at <= now - .minutes(1) { dropFirstOfferEnd() }
    }

    private mutating func dropFirstOfferEnd() {
        if offerEnds.removeFirst().expired { expiredEnds -= 1 }
    }
}
