import DequeModule
import KapwaDomain

extension RoutingState {
    /// A fingerprint of what is true, 32 hexadecimal digits: equal for equal journals, in any process and version.
    ///
    /// Sums one hash per thing, so that no order of tables shows. Personal facts (customer, name, topic, attributes)
    /// and leases, which are renewed without an event, stay out: a forgotten customer leaves it as it was.
    public var digest: String { digest { firstPartOfDigest() } }

    /// The part of a digest that most is left of when many conversations are over: another thread may make it of a
    /// copy, meanwhile.
    public struct DigestPart: Sendable {
        var sum = DigestSum()
        /// Closed conversations that are in it, from the oldest.
        var count = 0

        public init() {}
    }

    /// Of half of the conversations that are over.
    public func firstPartOfDigest() -> DigestPart {
        var part = DigestPart()
        part.count = closedInOrder.count / 2
        for key in closedInOrder[..<part.count] { addClosed(key, to: &part.sum) }
        return part
    }

    /// The digest.
    ///
    /// - Parameter part: gives ``firstPartOfDigest()`` of this very state; asked for last.
    public func digest(with part: () -> DigestPart) -> String {
        var sum = DigestSum()
        sum.add("tenant", tenant.rawValue, sequence, lastEventAt.milliseconds, Int64(rulesVersion))
        sum.add(
            "mode", "\(routingMode)/\(breaksMode)/\(rulesHash)", phaseCounts.opened, phaseCounts.closed, closings,
            startedAt.milliseconds, deliverySuspectAt?.milliseconds ?? 0)
        for end in offerEnds { sum.add("offer end", "\(end.expired)", end.at.milliseconds) }
        for key in closedInOrder[(closedInOrder.count / 2)...] { addClosed(key, to: &sum) }
        for key in departedInOrder {
            if let departed = departed[key.id] { add(departed, key.id, to: &sum) }
        }
        handleTimes.voice.add(to: &sum, name: "voice")
        handleTimes.chat.add(to: &sum, name: "chat")
        handleTimes.email.add(to: &sum, name: "email")
        for id in endedOffersInOrder {
            guard let ended = endedOffers[id] else { continue }
            var row = DigestRow("ended")
            row.text(id.rawValue)
            row.text(ended.agent.rawValue)
            row.text(ended.state)
            sum.add(row)
        }
        addCustomers(to: &sum)
        for own in teamModes { sum.add("team mode", "\(own.team)/\(own.mode.routing)/\(own.mode.breaks)") }
        for slot in agentOrder { add(agents[slot], to: &sum) }
        for conversation in conversations where conversationSlots[conversation.id] != nil {
            add(conversation, to: &sum)
        }
        let first = part()
        precondition(first.count == closedInOrder.count / 2, "a part of a digest is of the same state")
        sum.add(first.sum)
        return sum.hexadecimal
    }

    private func add(_ agent: AgentRecord, to sum: inout DigestSum) {
        sum.add(
            "agent", "\(agent.id)/\(agent.presence)/\(agent.effective)/\(agent.team?.rawValue ?? "")",
            Int64(agent.capacity), Int64(agent.load), Int64(agent.ledger.anchor),
            agent.ledger.anchoredAt.milliseconds, Int64(agent.ledger.pace.rawValue),
            agent.presenceSince.milliseconds, agent.idleSince.milliseconds, Int64(agent.strikes.count))
        for entry in agent.skills.entries { sum.add("skill", "\(agent.id)/\(entry.skill)", Int64(entry.level)) }
        for (index, slot) in agent.contacts.enumerated() {
            sum.add("contact", "\(agent.id)/\(conversations[slot].id)", Int64(index))
        }
        for id in agent.offers {
            guard let offer = offers[id] else { preconditionFailure("an agent's offers are open") }
            sum.add(
                "offer", "\(agent.id)/\(id)/\(conversations[offer.conversation].id)", Int64(offer.units),
                offer.madeAt.milliseconds, offer.expiresAt.milliseconds)
        }
        for wrapup in agent.wrapups {
            sum.add(
                "wrapup", "\(agent.id)/\(wrapup.conversation)/\(wrapup.exclusive)", Int64(wrapup.units),
                wrapup.deadline.milliseconds)
        }
        for end in agent.hardEnds { sum.add("hard", agent.id.rawValue, end.milliseconds) }
        if let reservation = agent.reservation {
            sum.add("reserved", "\(agent.id)/\(reservation.conversation)", reservation.until.milliseconds)
        }
        for strike in agent.strikes { sum.add("strike", agent.id.rawValue, strike.milliseconds) }
        for span in agent.worked.spans {
            sum.add("worked", agent.id.rawValue, span.from.milliseconds, span.to.milliseconds)
        }
        sum.add("working", "\(agent.id)/\(agent.isBackFromBreak)", agent.worked.runningSince?.milliseconds ?? 0)
        for ended in agent.endedContacts {
            sum.add(
                "had", "\(agent.id)/\(ended.conversation)/\(ended.wasReported)/\(ended.hadWords)",
                Int64(ended.episode), Int64(ended.booked), ended.handled)
        }
        sum.add(
            "landing", "\(agent.id)/\(agent.owesLanding)", agent.landingUntil?.milliseconds ?? 0,
            agent.landedAt?.milliseconds ?? 0, agent.unreadySince?.milliseconds ?? 0, Int64(agent.hardStreak))
        addBreaks(agent, to: &sum)
    }

    /// Who is kept apart, owed an answer or concerned by an incident, without anyone's name.
    private func addCustomers(to sum: inout DigestSum) {
        for serial in aversionsInOrder {
            guard let aversion = aversions[serial] else { continue }
            sum.add(
                "averse", "\(aversion.conversation)/\(aversion.agent)/\(aversion.kind)", serial,
                Int64(aversion.episode), aversion.until.milliseconds)
        }
        for serial in followupsInOrder {
            guard let id = followupSerials[serial], let followup = followups[id] else { continue }
            sum.add("followup", "\(id)/\(followup.reason)", serial, Int64(followup.episode))
        }
        for (place, incident) in incidents.enumerated() {
            sum.add(
                "incident", "\(incident.topic)/\(incident.drops.map(\.rawValue).joined(separator: "/"))", Int64(place),
                incident.until.milliseconds)
        }
    }
}
