import KapwaDomain

/// What makes two states one.
extension Exploration {
    /// 128 bits of a state's description: by chance two of a million agree once in 10²⁶ walks.
    struct Key: Hashable, Sendable {
        var high: UInt64
        var low: UInt64
    }

    var key: Key {
        let plain = description(Self.agents, Self.conversations, mirrored: false)
        let mirror = description(Self.agents.reversed(), Self.conversations.reversed(), mirrored: true)
        return Self.hash(min(plain, mirror))
    }

    private static func hash(_ text: String) -> Key {
        var key = Key(high: 0xCBF2_9CE4_8422_2325, low: 0x9AE1_6A3B_2F90_404F)
        for byte in text.utf8 {
            key.high = (key.high ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
            key.low = (key.low ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
            key.low ^= key.low >> 29
        }
        return key
    }

    /// Everything that the auditor knows, with places for names and distances for times.
    private func description(_ agents: [AgentID], _ conversations: [ConversationID], mirrored: Bool) -> String {
        let auditor = checker.auditor
        var text = ""
        func place(_ agent: AgentID?) -> String { agent.flatMap { agents.firstIndex(of: $0) }.map { "\($0)" } ?? "-" }
        func place(_ id: ConversationID) -> String { conversations.firstIndex(of: id).map { "\($0)" } ?? "-" }
        func queue(_ id: QueueID) -> String { (id == Self.queues[0]) != mirrored ? "0" : "1" }
        func away(_ instant: Instant?) -> String { instant.map { "\($0 - now)" } ?? "-" }
        for id in agents {
            guard let agent = auditor.agents[id] else { continue }
            text +=
                "A\(agent.presence)|\(agent.contacts.map(place))|\(agent.ledger.value(at: now))|\(agent.ledger.pace)"
            text +=
                "|\(min(900_000, now - agent.idleSince))|\(agent.strikes.map { now - $0 })|\(away(agent.landingUntil))"
            text += "|\(min(7_200_000, agent.lastLandingAt.map { now - $0 } ?? 7_200_000))|\(agent.returnsFromBreak)"
            text += "|\(min(1_800_000, agent.absentSince.map { now - $0 } ?? 0))|\(agent.streak)"
            for part in [agent.current].compactMap({ $0 }) + agent.nexts {
                text += "|B\(part.kind)\(part.reason)\(part.minutes)\(part.immediate)\(part.overdue)\(part.postponed)"
                text += "\(away(part.startBy))\(away(part.startedAt))\(away(part.endsAt))"
            }
            for wrapup in agent.wrapups {
                text += "|W\(place(wrapup.key.conversation))\(wrapup.units)\(away(wrapup.deadline))\(wrapup.exclusive)"
            }
            if let reservation = auditor.reservation(of: agent) { text += "|R\(place(reservation))" }
        }
        for id in conversations {
            if let before = auditor.closed[id] {
                text += "C\(before.outcome)|\(min(86_400_000, now - before.at))|\(place(before.agent))"
                text += "|\(before.peaks.hardness)"
            }
            guard let episode = auditor.episodes[id] else { continue }
            text += "E\(episode.phase)|\(now - episode.since)|\(episode.peaks)|\(episode.mood)|\(episode.trend)"
            text += "|\(min(600_000, now - episode.lastMessageAt))|\(place(episode.agent))|\(episode.units)"
            text += "|\(episode.silent)"
            text += "|\(episode.parked)|\(episode.contact)|\(away(episode.held?.until))"
            text += "|\(place(episode.transferredFrom))"
            text += "|\(away(episode.assignedAt))|\(away(episode.idleUntil))|\(episode.relief)"
            if let placement = episode.placement {
                text += "|P\(queue(placement.queue))\(placement.step)\(placement.points)\(away(episode.stepSince))"
            }
            for agent in agents {
                guard let bar = episode.bars[agent] else { continue }
                text += "|b\(place(agent))\(max(0, bar.until - now))\(bar.times)"
            }
            if let offer = episode.offer.flatMap({ auditor.offers[$0] }) {
                text += "|O\(place(offer.agent))\(away(offer.expiresAt))"
            }
        }
        return text
    }
}
