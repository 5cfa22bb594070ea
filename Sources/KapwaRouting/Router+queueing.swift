import KapwaDomain
import KapwaRules

extension Router {
    /// Which queue a conversation belongs to: what the sender named, else the first route that matches.
    func chooseQueue(_ conversation: ConversationRecord, named: QueueID?) -> Queue {
        if let named, let queue = rules.queue(named) { return queue }
        if let requested = conversation.requestedQueue, let queue = rules.queue(requested) { return queue }
        let route = rules.routes.first { matches($0.condition, conversation) }
        return route.flatMap { rules.queue($0.queue) } ?? rules.queues[0]
    }

    private func matches(_ condition: Condition, _ conversation: ConversationRecord) -> Bool {
        if !condition.channels.isEmpty && !condition.channels.contains(conversation.channel) { return false }
        if !condition.topics.isEmpty && !condition.topics.contains(conversation.topic ?? "") { return false }
        if !condition.languages.isEmpty && !condition.languages.contains(conversation.language ?? .other) {
            return false
        }
        if let level = condition.safety, (conversation.safety.map { $0 >= level } ?? false) == false { return false }
        for part in condition.tags where conversation.peaks[part.tag] < part.atLeast { return false }
        for part in condition.attributes where conversation.attributes[part.name] != part.value { return false }
        return matchesPast(condition, conversation) && condition.holds(at: lastNow)
    }

    /// How it feels so far, and what its customer went through before.
    private func matchesPast(_ condition: Condition, _ conversation: ConversationRecord) -> Bool {
        if !condition.mood.isEmpty,
            !condition.mood.holds(trend: conversation.mood.trend, polarity: conversation.polarity)
        {
            return false
        }
        guard !condition.history.isEmpty else { return true }
        let ofCustomer = conversation.customer.flatMap { state.customers[$0] }?.lastClosedAt
        let last = [conversation.previousClosedAt, ofCustomer].compactMap { $0 }.max()
        return condition.history.holds(
            badEpisodes: state.badEpisodes(of: conversation.customer, at: lastNow),
            sinceLast: last.map { max(0, conversation.openedAt - $0) })
    }

    /// Where a conversation would stand now, position left out.
    func placement(of slot: Int, queue named: QueueID? = nil) -> Placement {
        let conversation = state.conversations[slot]
        return placement(conversation, in: chooseQueue(conversation, named: named))
    }

    func placement(_ conversation: ConversationRecord, in queue: Queue) -> Placement {
        var placement = Placement()
        placement.queue = queue.id
        placement.targetMilliseconds = queue.target[conversation.channel]
        placement.units = Formulas.units(conversation.channel, hardness: conversation.peaks.hardness)
        // Points never fall while waiting, and a transfer keeps what was gained.
        placement.points = max(points(conversation), conversation.placement?.points ?? 0)
        placement.step = step(conversation, in: queue)
        if conversation.safety == .explicit {
            placement.safety = true
            placement.rank = Formulas.safetyRank(since: conversation.since)
            placement.needs = safetyNeeds
        } else {
            placement.stepEnds = stepEnd(conversation, in: queue, step: placement.step)
            placement.needs = needs(conversation, in: queue, step: placement.step)
            // The clock of the target stands while the queue is closed.
            let due = queue.open(placement.targetMilliseconds, after: conversation.since)
            placement.rank = Formulas.rank(since: due, target: 0, points: placement.points)
        }
        return placement
    }

    /// Somebody in danger needs a person trained for it, or anyone when none of those is ready.
    var safetyNeeds: Skills {
        state.index.classes[MatchingIndex.danger].ready > 0 ? MatchingIndex.dangerNeeds : .none
    }

    func points(_ conversation: ConversationRecord) -> Int {
        var tags = conversation.peaks
        // A possible danger ranks as hard urgency.
        if conversation.safety == .possible { tags.urgency = max(tags.urgency, .strong) }
        let bad = state.badEpisodes(of: conversation.customer, at: lastNow)
        let points = Formulas.points(
            priority: conversation.priority, tags: tags, badExperiences: bad >= 2,
            hardUrgency: rules.points.hardUrgency, strongDistress: rules.points.strongDistress,
            familyInNeed: rules.points.familyInNeed, bad: rules.points.badExperiences)
        let own = rules.points.own.reduce(0) { $0 + (matches($1.condition, conversation) ? $1.points : 0) }
        return min(points + own, Limits.pointsMax)
    }

    /// Refuses when the queue is full; somebody in danger always gets in.
    func checkRoom(for placement: Placement) throws(Refusal) {
        guard !placement.safety, let queue = rules.queue(placement.queue) else { return }
        let waiting = state.queues[queue.id].waiting.count
        guard waiting >= queue.maxLength else { return }
        throw Refusal(
            .queueFull,
            "queue \"\(queue.id)\" holds \(queue.maxLength) conversations, its most; retrying will not help",
            field: "queue")
    }

    func checkRoom(
        forOpening opened: ConversationOpened, _ found: Assessment?, danger: SafetyFlag.Level?
    ) throws(Refusal) {
        var record = ConversationRecord(id: opened.conversation)
        record.channel = opened.channel
        record.topic = opened.topic
        record.attributes = opened.attributes
        record.requestedQueue = opened.queue
        record.customer = opened.customer
        record.openedAt = lastNow
        record.previousClosedAt = opened.after?.closedAt
        if let found {
            record.peaks = found.tags
            record.language = found.language
        }
        record.safety = danger
        try checkRoom(for: placement(record, in: chooseQueue(record, named: nil)))
    }

    /// Puts a conversation into its queue for the first time.
    mutating func enqueue(_ slot: Int, queue: QueueID?, at now: Instant) {
        let placed = self.placed(slot, placement(of: slot, queue: queue))
        emit(.conversationQueued(placed), at: now)
        relaxIfDue(slot, at: now)
        sayIfUnroutable(slot, at: now)
    }

    private func placed(_ slot: Int, _ placement: Placement) -> ConversationPlaced {
        let phase = state.conversations[slot].phase
        let queue = rules.queue(placement.queue)
        let maxWait = queue?.maxWait ?? .hours(24)
        let opens = placement.safety ? nil : queue?.opensLater(than: lastNow)
        return .with {
            $0.conversation = state.conversations[slot].id
            $0.episode = state.conversations[slot].episode
            $0.placement = positioned(placement, slot)
            if opens != nil && phase == .open { $0.reason = .word("closed") }
            $0.until = opens ?? placement.stepEnds
            // Back from an agent, or new: the wait begins now. Back from an offer: it goes on.
            let goesOn = phase == .queued || phase == .offered
            $0.waitUntil =
                (goesOn ? state.conversations[slot].deadline : nil) ?? queue?.open(maxWait, after: lastNow) ?? lastNow
                + maxWait
        }
    }

    /// With the position that it has or would have, and how long that takes at the queue's pace.
    func positioned(_ placement: Placement, _ slot: Int) -> Placement {
        var placement = placement
        let key = RankedList.Key(rank: placement.rank, order: state.conversations[slot].order)
        let queue = state.queues[placement.queue]
        placement.position = queue.waiting.position(of: key)
        if let own = state.rankKey(slot), own < key, state.conversations[slot].phase == .queued,
            state.conversations[slot].placement?.queue == placement.queue
        {
            placement.position -= 1
        }
        placement.expectedWaitMilliseconds =
            state.index.isAnyonePresent(meeting: placement.needs)
            ? queue.pace.wait(position: placement.position, at: lastNow)?.p50 : nil
        return placement
    }

    /// Back to the queue with its age and points. Ends its offer or contact first.
    mutating func requeue(
        _ slot: Int, reason: Reason, note: Reason? = nil, queue: QueueID? = nil, onlyAgent: AgentID? = nil,
        transferredFrom: AgentID? = nil, looksAtBreak: Bool = true, at now: Instant
    ) {
        let agent = state.conversations[slot].phase == .assigned ? state.conversations[slot].agent : nil
        if agent != nil { settleContact(slot, at: now) }
        let wasSafety = state.conversations[slot].wasDangerForAgent
        var placed = self.placed(
            slot, placement(of: slot, queue: queue ?? state.conversations[slot].placement?.queue))
        placed.reason = placed.reason ?? reason
        placed.note = note
        placed.onlyAgent = onlyAgent
        placed.onlyUntil = onlyAgent == nil ? nil : now + .seconds(60)
        placed.transferredFrom = transferredFrom
        // What a bot still held enters a queue for the first time.
        let isFirst = state.conversations[slot].phase == .open
        emit(isFirst ? .conversationQueued(placed) : .conversationRequeued(placed), at: now)
        relaxIfDue(slot, at: now)
        if let agent { leaveContact(agent, wasSafety: wasSafety, looksAtBreak: looksAtBreak, at: now) }
        sayIfUnroutable(slot, at: now)
    }

    /// What every end of a contact brings the agent: rest after danger, the break that was owed, or an early one.
    mutating func leaveContact(_ agent: Int, wasSafety: Bool, looksAtBreak: Bool = true, at now: Instant) {
        settleUnits(agent, at: now)
        if wasSafety {
            oweCareBreak(agent, minutes: policy(agent).graveMinutes, immediate: true, because: "safety", at: now)
        }
        guard looksAtBreak else { return }
        checkOwedBreak(state.agents[agent].id, at: now)
        inviteIfStressed(agent, at: now)
    }

    /// At queueing, not after the customer gave up.
    mutating func sayIfUnroutable(_ slot: Int, at now: Instant) {
        guard let placement = state.conversations[slot].placement else { return }
        var needs = placement.needs
        if !placement.safety, let queue = rules.queue(placement.queue) {
            needs = self.needs(state.conversations[slot], in: queue, step: queue.steps.count)
        }
        guard !isServable(needs) else { return }
        emit(
            .conversationUnroutable(
                .with {
                    $0.conversation = state.conversations[slot].id
                    $0.episode = state.conversations[slot].episode
                    $0.queue = placement.queue
                    $0.needs = needs
                }), at: now)
    }

    /// Whether an agent of any presence meets these needs.
    private mutating func isServable(_ needs: Skills) -> Bool { needsClass(of: needs).known > 0 }

    /// After new words or facts: says where it stands now, if that changed.
    mutating func rerank(_ slot: Int, at now: Instant) {
        let conversation = state.conversations[slot]
        guard let before = conversation.placement else { return }
        // A position costs more than all the rest, and is asked for by nobody where nothing else is new.
        let unplaced = placement(of: slot, queue: before.queue)
        guard isAnotherPlace(unplaced, than: before, slot) else { return }
        let after = positioned(unplaced, slot)
        emit(
            .conversationUpdated(
                .with {
                    $0.conversation = conversation.id
                    $0.episode = conversation.episode
                    $0.placement = after
                }), at: now)
    }

    /// Whether more of a place is new than its position, which others change all the time. An open offer keeps the
    /// units that it was made with.
    func isAnotherPlace(_ after: Placement, than before: Placement, _ slot: Int) -> Bool {
        after.queue != before.queue || after.rank != before.rank || after.needs != before.needs
            || after.points != before.points || after.step != before.step || after.stepEnds != before.stepEnds
            || (after.units != before.units && state.conversations[slot].phase == .queued)
    }
}
