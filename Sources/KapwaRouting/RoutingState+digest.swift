import DequeModule
import KapwaDomain

extension RoutingState {
    /// A fingerprint of what is true, 32 hexadecimal digits: equal for equal journals, in any process and version.
    ///
    /// Sums one hash per thing, so that no order of tables shows. Personal facts (customer, name, topic, attributes)
    /// and leases, which are renewed without an event, stay out: a forgotten customer leaves it as it was.
    public var digest: String {
        var sum = DigestSum()
        sum.add("tenant", tenant.rawValue, sequence, lastEventAt.milliseconds, Int64(rulesVersion))
        sum.add(
            "mode", "\(routingMode)/\(breaksMode)/\(rulesHash)", phaseCounts.opened, phaseCounts.closed, closings,
            startedAt.milliseconds, deliverySuspectAt?.milliseconds ?? 0)
        for end in offerEnds { sum.add("offer end", "\(end.expired)", end.at.milliseconds) }
        for key in closedInOrder { addClosed(key, to: &sum) }
        for key in departedInOrder {
            if let departed = departed[key.id] { add(departed, key.id, to: &sum) }
        }
        handleTimes.voice.add(to: &sum, name: "voice")
        handleTimes.chat.add(to: &sum, name: "chat")
        handleTimes.email.add(to: &sum, name: "email")
        for id in endedOffersInOrder {
            guard let ended = endedOffers[id] else { continue }
            sum.add("ended", "\(id)/\(ended.agent)/\(ended.state)")
        }
        addCustomers(to: &sum)
        for own in teamModes { sum.add("team mode", "\(own.team)/\(own.mode.routing)/\(own.mode.breaks)") }
        for slot in agentOrder { add(agents[slot], to: &sum) }
        for conversation in conversations where conversationSlots[conversation.id] != nil {
            add(conversation, to: &sum)
        }
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

    private func add(_ conversation: ConversationRecord, to sum: inout DigestSum) {
        let agent = conversation.agent.map { agents[$0].id.rawValue } ?? ""
        sum.add(
            "conversation", "\(conversation.id)/\(conversation.phase)/\(conversation.channel)/\(agent)",
            Int64(conversation.episode), conversation.since.milliseconds, conversation.order,
            Int64(conversation.messages), Int64(conversation.units), conversation.deadline?.milliseconds ?? 0,
            Int64(conversation.contact.booked), Int64(conversation.priority))
        addContact(conversation, to: &sum)
        for need in conversation.skills.entries {
            sum.add("asked", "\(conversation.id)/\(need.skill)", Int64(need.level))
        }
        for need in conversation.placement?.needs.entries ?? [] {
            sum.add("need", "\(conversation.id)/\(need.skill)", Int64(need.level))
        }
        if let placement = conversation.placement {
            sum.add(
                "placement", "\(conversation.id)/\(placement.queue)", placement.rank, Int64(placement.points),
                Int64(placement.step), Int64(placement.units), placement.stepEnds?.milliseconds ?? 0,
                placement.safety ? 1 : 0)
        }
        for tag in Tag.allCases {
            sum.add(
                "tag", "\(conversation.id)/\(tag)", Int64(conversation.peaks[tag].milli),
                Int64(conversation.mood.tags[tag].milli))
        }
        for bar in conversation.bars {
            sum.add("bar", "\(conversation.id)/\(bar.agent)", bar.until.milliseconds, Int64(bar.times))
        }
    }
}

extension RoutingState {
    private func addContact(_ conversation: ConversationRecord, to sum: inout DigestSum) {
        let names = [
            conversation.lastAgent, conversation.advisedAgent, conversation.transferredFrom, conversation.onlyAgent,
            conversation.preferredAgent,
        ].map { $0?.rawValue ?? "" }
        sum.add(
            "contact state",
            "\(conversation.id)/\(names.joined(separator: "/"))/\(conversation.requestedQueue?.rawValue ?? "")/"
                + "\(conversation.mood.trend)/\(conversation.relief)/\(conversation.isSafetyAcknowledged)/"
                + "\(conversation.contact.wasReported)/\(conversation.wasThreateningWhileWaiting)/"
                + "\(conversation.isParked)/\(conversation.safetyWhenParked?.rawValue ?? "")/"
                + "\(conversation.language?.rawValue ?? "")/\(conversation.safetyKind?.rawValue ?? "")",
            conversation.onlyUntil?.milliseconds ?? 0, conversation.heldUntil?.milliseconds ?? 0,
            conversation.lastMessageAt.milliseconds,
            conversation.assignedAt.milliseconds, conversation.strainedSince?.milliseconds ?? 0,
            Int64(conversation.wordedMessages), Int64(conversation.contact.abuse.milli),
            Int64(conversation.contact.threat.milli), Int64(conversation.contact.insults),
            Int64(conversation.safetyRound), conversation.safety == .explicit ? 2 : conversation.safety == nil ? 0 : 1,
            Int64(conversation.polarity.milli), Int64(conversation.abuseWhileParked.milli),
            conversation.openedAt.milliseconds,
            conversation.previousClosedAt?.milliseconds ?? 0)
        add(conversation.mood, "\(conversation.id)", to: &sum)
    }

    private func add(_ mood: Mood, _ name: String, to sum: inout DigestSum) {
        let past = mood.past
        sum.add(
            "mood", "\(name)/\(mood.trend)", Int64(past.messages), Int64(past.start.milli), Int64(past.peak.milli),
            Int64(past.surePeak.milli))
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

    private func addClosed(_ key: ClosedKey, to sum: inout DigestSum) {
        guard let closed = closed[key.id], closed.serial == key.serial else { return }
        sum.add(
            "closed", "\(key.id)/\(closed.outcome)/\(closed.lastAgent?.rawValue ?? "")", Int64(closed.episode),
            closed.closedAt.milliseconds, closed.since.milliseconds, closed.serial, Int64(closed.messages),
            Int64(closed.safetyRound), closed.isSafetyAcknowledged ? 1 : 0, Int64(closed.polarity.milli),
            Int64(closed.priority), Int64(closed.placement?.points ?? 0), Int64(closed.placement?.step ?? 0),
            closed.placement?.stepEnds?.milliseconds ?? 0)
        sum.add(
            "closed state",
            "\(key.id)/\(closed.channel)/\(closed.safety?.rawValue ?? "")/\(closed.safetyKind?.rawValue ?? "")/"
                + "\(closed.language?.rawValue ?? "")/\(closed.requestedQueue?.rawValue ?? "")/"
                + "\(closed.placement?.queue.rawValue ?? "")")
        add(closed.mood, "closed \(key.id)", to: &sum)
        for need in closed.skills.entries {
            sum.add("closed asked", "\(key.id)/\(need.skill)", Int64(need.level))
        }
        for tag in Tag.allCases {
            sum.add(
                "closed tag", "\(key.id)/\(tag)", Int64(closed.peaks[tag].milli), Int64(closed.mood.tags[tag].milli))
        }
    }
}

/// A sum of 128-bit hashes: FNV-1a over the bytes of each row, in two lanes of different start.
struct DigestSum {
    private var high: UInt64 = 0
    private var low: UInt64 = 0

    mutating func add(_ kind: String, _ name: String, _ numbers: Int64...) {
        var first: UInt64 = 0xCBF2_9CE4_8422_2325
        var second: UInt64 = 0x9AE1_6A3B_2F90_404F
        func mix(_ byte: UInt8) {
            first = (first ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
            second = (second ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
            second ^= second >> 29
        }
        for byte in kind.utf8 { mix(byte) }
        mix(0)
        for byte in name.utf8 { mix(byte) }
        for number in numbers {
            mix(0xFF)
            for shift in stride(from: 0, to: 64, by: 8) { mix(UInt8(truncatingIfNeeded: number >> Int64(shift))) }
        }
        high &+= first
        low &+= second
    }

    var hexadecimal: String { Self.digits(high) + Self.digits(low) }

    private static func digits(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
