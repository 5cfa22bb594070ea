import HeapModule
public import KapwaDomain
import KapwaRules

extension Router {
    /// Rows as they are now, in order of their id.
    public func read(_ body: StateRead, at now: Instant) throws(Refusal) -> StateRows {
        let limit = min(body.limit ?? Limits.rowsPerReadDefault, Limits.rowsPerReadMax)
        switch body.what {
        case .agents:
            let page = page(body, limit, state.agentOrder.map { state.agents[$0].id.rawValue })
            return rows(page, .agents(page.ids.map { agentRow(state.agentSlots[AgentID($0)] ?? 0) }))
        case .conversations:
            if let id = body.id, let closed = state.closed[ConversationID(id)] {
                return rows(([], nil), .conversations([Self.closedRow(ConversationID(id), closed)]))
            }
            let page = conversationPage(body, limit)
            let slots = page.ids.compactMap { state.conversationSlots[ConversationID($0)] }
            return rows(page, .conversations(slots.map(conversationRow)))
        case .offers:
            let ids = state.agentOrder.flatMap { state.agents[$0].offers }.map(\.rawValue).sorted()
            let page = page(body, limit, ids)
            return rows(page, .offers(page.ids.compactMap { state.offers[OfferID($0)] }.map(offerRow)))
        case .breaks:
            let agents = state.agentOrder.filter {
                state.agents[$0].currentBreak != nil || !state.agents[$0].plannedBreaks.isEmpty
            }
            let page = page(body, limit, agents.map { state.agents[$0].id.rawValue })
            return rows(page, .breaks(page.ids.flatMap { breakRows(state.agentSlots[AgentID($0)] ?? 0) }))
        case .queues:
            let page = page(body, limit, rules.queues.map(\.id.rawValue).sorted())
            return rows(page, .queues(page.ids.map { queueRow(QueueID($0), at: now) }))
        case .followups:
            let owed = state.followupsInOrder.compactMap { state.followupSerials[$0]?.rawValue }.sorted()
            let page = page(body, limit, owed)
            return rows(page, .followups(page.ids.compactMap { followupRow(ConversationID($0)) }))
        case .incidents:
            let page = page(body, limit, state.incidents.map(\.topic).sorted())
            return rows(page, .incidents(page.ids.compactMap(incidentRow)))
        }
    }

    /// A page of open conversations: one look-up for one row, else one walk over all that keeps the smallest ids.
    private func conversationPage(_ body: StateRead, _ limit: Int) -> (ids: ArraySlice<String>, next: String?) {
        if let id = body.id {
            return (state.conversationSlots[ConversationID(id)] == nil ? [] : [id], nil)
        }
        let after = body.after ?? ""
        var smallest = Heap<String>()
        for record in state.conversations {
            let id = record.id.rawValue
            guard id > after, state.conversationSlots[record.id] != nil else { continue }
            if smallest.count <= limit {
                smallest.insert(id)
            } else if let greatest = smallest.max, id < greatest {
                smallest.replaceMax(with: id)
            }
        }
        let ids = smallest.unordered.sorted()
        return (ids.prefix(limit), ids.count > limit ? ids[limit - 1] : nil)
    }

    private func rows(_ page: (ids: ArraySlice<String>, next: String?), _ rows: StateRows.Rows) -> StateRows {
        StateRows(rows: rows, next: page.next, sequence: state.sequence)
    }

    /// The ids of one page, and where the next begins.
    private func page(
        _ body: StateRead, _ limit: Int, _ sorted: [String]
    ) -> (ids: ArraySlice<String>, next: String?) {
        if let id = body.id { return (sorted.filter { $0 == id }[...], nil) }
        var begin = 0
        if let after = body.after {
            var high = sorted.count
            while begin < high {
                let middle = (begin + high) / 2
                if sorted[middle] <= after { begin = middle + 1 } else { high = middle }
            }
        }
        let end = min(sorted.count, begin + limit)
        return (sorted[begin..<end], end < sorted.count ? sorted[end - 1] : nil)
    }

    private func agentRow(_ slot: Int) -> AgentRow {
        let agent = state.agents[slot]
        return .with {
            $0.agent = agent.id
            $0.name = agent.name
            $0.state = agent.presence
            $0.effective = agent.effective
            $0.skills = agent.skills
            $0.capacity = agent.capacity
            $0.load = agent.load
            $0.team = agent.team
            $0.attributes = agent.attributes
            $0.conversations = agent.contacts.map { state.conversations[$0].id }
            $0.offers = agent.offers
            $0.wrapups = agent.wrapups.map(\.conversation)
            $0.leaseUntil = agent.leaseUntil
            $0.shift = agent.shift.map { shift in
                .with {
                    $0.startsAt = shift.startsAt
                    $0.endsAt = shift.endsAt
                    $0.mealAt = shift.mealAt
                }
            }
        }
    }

    private func conversationRow(_ slot: Int) -> ConversationRow {
        let conversation = state.conversations[slot]
        return .with {
            $0.conversation = conversation.id
            $0.episode = conversation.episode
            $0.state = conversation.phase
            $0.channel = conversation.channel
            $0.customer = conversation.customer
            $0.topic = conversation.topic
            $0.priority = conversation.priority
            $0.openedAt = conversation.since
            $0.isParked = conversation.isParked ? true : nil
            let isPlaced = conversation.phase == .queued || conversation.phase == .offered
            $0.placement = isPlaced ? conversation.placement : nil
            $0.agent = conversation.agent.map { state.agents[$0].id }
            $0.offer = conversation.offer
            $0.messages = conversation.messages
            $0.moodTags = conversation.mood.tags
            $0.trend = conversation.mood.trend
            $0.safety = conversation.safety
        }
    }

    /// A closed episode is read by its id alone, as long as it is remembered.
    private static func closedRow(_ id: ConversationID, _ closed: ClosedRecord) -> ConversationRow {
        .with {
            $0.conversation = id
            $0.episode = closed.episode
            $0.state = .closed
            $0.channel = closed.channel
            $0.customer = closed.customer
            $0.topic = closed.topic
            $0.priority = closed.priority
            $0.openedAt = closed.since
            $0.agent = closed.lastAgent
            $0.messages = closed.messages
            $0.moodTags = closed.mood.tags
            $0.trend = closed.mood.trend
            $0.safety = closed.safety
            $0.outcome = closed.outcome
        }
    }

    private func offerRow(_ offer: OfferRecord) -> OfferRow {
        .with {
            $0.offer = offer.id
            $0.conversation = state.conversations[offer.conversation].id
            $0.agent = state.agents[offer.agent].id
            $0.units = offer.units
            $0.madeAt = offer.madeAt
            $0.expiresAt = offer.expiresAt
        }
    }

    /// What an agent takes or owes, in that order, and what is planned. A page holds whole agents.
    private func breakRows(_ slot: Int) -> [BreakRow] {
        let agent = state.agents[slot]
        let due = [agent.currentBreak].compactMap { $0 } + agent.nextBreaks
        return due.map { breakRow($0, agent.id, $0.isRunning ? .running : .owed) }
            + agent.plannedBreaks.map { breakRow($0, agent.id, .planned) }
    }

    private func breakRow(_ one: AgentBreak, _ agent: AgentID, _ stage: BreakStage) -> BreakRow {
        .with {
            $0.breakID = one.id
            $0.agent = agent
            $0.kind = one.kind
            $0.reason = one.reason
            $0.state = stage
            $0.enforced = one.enforced
            $0.minutes = one.minutes
            $0.earliest = one.earliest
            $0.startBy = one.startBy
            $0.startedAt = one.startedAt
            $0.endsAt = one.endsAt
            $0.paid = one.paid
        }
    }

    private func queueRow(_ id: QueueID, at now: Instant) -> QueueRow {
        let queue = state.queues[id]
        var longest: Milliseconds = 0
        queue.waiting.forEach { entry in
            longest = max(longest, now - state.conversations[entry.slot].since)
            return true
        }
        return .with {
            $0.queue = id
            $0.waiting = queue.waiting.count
            $0.offered = queue.offered
            $0.targetMilliseconds = rules.queue(id)?.target.chat ?? 0
            $0.longestWaitMilliseconds = longest
            $0.needs = rules.queue(id)?.needs ?? .none
        }
    }

    private func followupRow(_ id: ConversationID) -> FollowupRow? {
        guard let followup = state.followups[id] else { return nil }
        return .with {
            $0.conversation = id
            $0.episode = followup.episode
            $0.reason = followup.reason
            $0.agent = followup.agent
            $0.owedAt = followup.owedAt
        }
    }

    private func incidentRow(_ topic: String) -> IncidentRow? {
        guard let incident = state.incident(topic) else { return nil }
        return .with {
            $0.topic = incident.topic
            $0.text = incident.text
            $0.declaredAt = incident.declaredAt
            $0.until = incident.until
            $0.drops = incident.drops.map(\.rawValue)
        }
    }
}
