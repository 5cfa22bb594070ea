import DequeModule
import KapwaDomain
import KapwaRules

extension Router {
    private func requireOffer(_ body: OfferAnswer) throws(Refusal) -> OfferRecord? {
        _ = try requireAgent(body.agent)
        if let offer = state.offers[body.offer] {
            guard state.agents[offer.agent].id == body.agent else { throw Self.notTheirs(body) }
            return offer
        }
        guard let ended = state.endedOffers[body.offer] else {
            throw Refusal(
                .unknownOffer, "no offer \"\(body.offer)\" was made, or it ended long ago", field: "offer")
        }
        guard ended.agent == body.agent else { throw Self.notTheirs(body) }
        return nil
    }

    private static func notTheirs(_ body: OfferAnswer) -> Refusal {
        Refusal(
            .notPermitted,
            "offer \"\(body.offer)\" was not made to agent \"\(body.agent)\"; only the agent it names"
                + " can answer it", field: "agent")
    }

    private func late(_ body: OfferAnswer, unless state: String) throws(Refusal) {
        let ended = self.state.endedOffers[body.offer]?.state ?? "expired"
        guard ended != state else { return }
        throw Refusal(.wrongState, "the offer is over: it was \(ended)", field: "offer", state: ended)
    }

    mutating func accept(_ body: OfferAnswer, at now: Instant) throws(Refusal) {
        guard let offer = try requireOffer(body) else { return try late(body, unless: "accepted") }
        emitAssigned(offer.conversation, offer.agent, source: .offer, offer: offer.id, at: now)
    }

    mutating func decline(_ body: OfferAnswer, at now: Instant) throws(Refusal) {
        guard let offer = try requireOffer(body) else { return try late(body, unless: "declined") }
        emit(
            .offerDeclined(
                ended(offer, reason: body.reason.map(Reason.free)) {
                    $0.barredUntil = barUntil(offer, at: now)
                }), at: now)
        requeue(offer.conversation, reason: .word("declined"), at: now)
    }

    private func ended(
        _ offer: OfferRecord, reason: Reason?, _ fill: (inout OfferEnded) -> Void = { _ in }
    ) -> OfferEnded {
        .with {
            $0.offer = offer.id
            $0.conversation = state.conversations[offer.conversation].id
            $0.episode = state.conversations[offer.conversation].episode
            $0.agent = state.agents[offer.agent].id
            $0.reason = reason
            fill(&$0)
        }
    }

    /// The pair is barred for the channel's hold, times how often it happened.
    private func barUntil(_ offer: OfferRecord, at now: Instant) -> Instant {
        let conversation = state.conversations[offer.conversation]
        let agent = state.agents[offer.agent].id
        let times = (conversation.bars.first { $0.agent == agent }?.times ?? 0) + 1
        return now + rules.offers.hold[conversation.channel] * Int64(times)
    }

    mutating func withdraw(_ id: OfferID, reason: Reason, requeues: Bool = true, at now: Instant) {
        guard let offer = state.offers[id] else { return }
        emit(.offerWithdrawn(ended(offer, reason: reason)), at: now)
        if requeues { requeue(offer.conversation, reason: .word("withdrawn"), at: now) }
    }

    /// No answer is not a break: three within ten minutes set the agent away, unless the feed is broken. Offers of one
    /// agent that end at the same instant are one silence, and one strike.
    mutating func expireOffer(_ id: OfferID, _ timer: RoutingTimer, at now: Instant) {
        guard let offer = state.offers[id], offer.expiresAt == timer.due else { return }
        let duringRestart = offer.expiresAt <= state.startedAt
        let brokenFeed = !duringRestart && feedIsBroken(at: now)
        let reason = duringRestart ? "restart" : brokenFeed ? "broken_feed" : "no_answer"
        let strike = !duringRestart && !brokenFeed && state.agents[offer.agent].strikes.last != now
        emit(
            .offerExpired(
                ended(offer, reason: .word(reason)) {
                    $0.barredUntil = duringRestart ? nil : barUntil(offer, at: now)
                    $0.strike = strike
                }), at: now)
        requeue(offer.conversation, reason: .word("expired"), at: now)
        // Of the last ten minutes: the event left no older ones.
        let strikes = state.agents[offer.agent].strikes.count
        if strike && strikes >= rules.offers.strikes && state.agents[offer.agent].presence == .ready {
            changePresence(
                offer.agent, to: .away, reason: .word("no_answer"),
                leaseUntil: state.agents[offer.agent].leaseUntil, at: now)
        }
    }

    /// More than 30 % of the last minute's offers, of at least ten, ended without an answer.
    private mutating func feedIsBroken(at now: Instant) -> Bool {
        let (recent, recentlyExpired) = recentOfferEnds(at: now)
        let ended = recent + 1
        let expired = recentlyExpired + 1
        guard ended >= 10, expired * 10 > ended * 3 else { return false }
        if state.deliverySuspectAt.map({ now - $0 >= .minutes(1) }) ?? true {
            emit(
                .deliverySuspect(
                    .with {
                        $0.offers = ended
                        $0.expired = expired
                    }), at: now)
        }
        return true
    }

    /// Ends of offers within the last minute, and how many of them expired. What is older stands at the front.
    private func recentOfferEnds(at now: Instant) -> (ended: Int, expired: Int) {
        var ended = state.offerEnds.count
        var expired = state.expiredEnds
        for end in state.offerEnds {
            guard end.at <= now - .minutes(1) else { break }
            ended -= 1
            if end.expired { expired -= 1 }
        }
        return (ended, expired)
    }

    /// How long an offer stands: as the queue says, else as the rules say for all.
    func offerTimeout(_ placement: Placement, _ channel: Channel) -> Milliseconds {
        (rules.queue(placement.queue)?.offerTimeout ?? rules.offers.timeout)[channel]
    }

    // MARK: Assignment

    /// Gives a conversation to an agent, and books what it has come to while waiting.
    mutating func emitAssigned(
        _ slot: Int, _ agent: Int, source: AssignmentSource, offer: OfferID? = nil, overrides: [Override] = [],
        violations: [String] = [], decision: Decision? = nil, by: String? = nil, note: Reason? = nil, at now: Instant
    ) {
        let conversation = state.conversations[slot]
        let offered = offer.flatMap { state.offers[$0]?.units } ?? 0
        let load = state.agents[agent].load - offered
        let units = offer == nil ? state.unitsNow(slot) : max(offered, 0)
        emit(
            .conversationAssigned(
                .with {
                    $0.conversation = conversation.id
                    $0.episode = conversation.episode
                    $0.agent = state.agents[agent].id
                    $0.offer = offer
                    $0.queue = conversation.placement?.queue
                    $0.source = source
                    $0.units = units
                    $0.load = load
                    $0.capacity = state.agents[agent].admittedCapacity(for: units, at: now, carried: load)
                    $0.waitedMilliseconds = now - conversation.since
                    $0.idleUntil = now + rules.offers.maxIdle[conversation.channel]
                    $0.overrides = overrides
                    $0.violations = violations
                    $0.decision = decision
                    $0.prevented = preventedByBreaks(agent)
                    $0.by = by
                    $0.note = note
                }), at: now)
        let current = state.unitsNow(slot)
        if current != units {
            emit(
                .conversationUpdated(
                    .with {
                        $0.conversation = conversation.id
                        $0.episode = conversation.episode
                        $0.units = current
                    }), at: now)
        }
        if conversation.wasThreateningWhileWaiting { readThreat(conversation, agent, at: now) }
        bookContact(slot, at: now)
    }
}
