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
        queues[body.queue, default: QueueState()].offered += 1
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
        endOffer(body.offer, state: state)
        noteOfferEnd(expired: state == "expired" && body.reason?.text != "restart", at: event.at)
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
        conversations[slot].timers.append(timers.set(.barEnd(conversations[slot].id), due: until))
        if conversations[slot].timers.count > Self.episodeTimersMax {
            timers.cancel(conversations[slot].timers.removeFirst())
        }
    }

    /// Takes the units back. The conversation stays `offered` until the event that queues, assigns or closes it,
    /// which follows at the same instant.
    mutating func endOffer(_ id: OfferID, state: String) {
        guard let offer = offers.removeValue(forKey: id) else { preconditionFailure("an offer ends once") }
        timers.cancel(offer.timer)
        agents[offer.agent].offers.removeAll { $0 == id }
        agents[offer.agent].load -= offer.units
        conversations[offer.conversation].offer = nil
        conversations[offer.conversation].agent = nil
        freshAgents.append(offer.agent)
        endedOffers[id] = EndedOffer(agent: agents[offer.agent].id, state: state)
        endedOffersInOrder.append(id)
        if endedOffersInOrder.count > Self.endedOffersMax { endedOffers[endedOffersInOrder.removeFirst()] = nil }
    }

    /// Bars and transfers of one episode that are watched at once; an older bar then ends unnoticed until the next
    /// matching.
    private static let episodeTimersMax = 64

    /// Ended offers that a late answer still finds.
    static let endedOffersMax = 100_000

    private mutating func noteOfferEnd(expired: Bool, at now: Instant) {
        dropOldOfferEnds(at: now)
        offerEnds.append(OfferEnd(at: now, expired: expired))
        if expired { expiredEnds += 1 }
        if offerEnds.count > Self.endedOffersMax { dropFirstOfferEnd() }
    }

    /// Leaves the ends of the last minute.
    mutating func dropOldOfferEnds(at now: Instant) {
        while let first = offerEnds.first, first.at <= now - .minutes(1) { dropFirstOfferEnd() }
    }

    private mutating func dropFirstOfferEnd() {
        if offerEnds.removeFirst().expired { expiredEnds -= 1 }
    }
}
