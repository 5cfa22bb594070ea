import KapwaDomain

extension RoutingState {
    mutating func applyHeld(_ body: ConversationHeld, _ event: Event) {
        let slot = requireConversation(body.conversation, body.episode)
        precondition(conversations[slot].phase == .queued, "only a queued conversation is held")
        conversations[slot].heldUntil = body.until
        setWaitTimer(slot, .hold, (.holdEnd(body.conversation), body.until))
        refile(slot, at: event.at)
    }

    mutating func applyReserved(_ body: AgentReserved) {
        let slot = requireConversation(body.conversation, body.episode)
        let agent = requireAgent(body.agent)
        guard conversations[slot].phase == .queued, let queue = conversations[slot].filed.map({ Int($0.group.queue) })
        else {
            preconditionFailure("an agent is reserved for what waits")
        }
        endReservation(slot)
        forgetReservation(ofAgent: agent)
        agents[agent].reservation = AgentRecord.Reservation(
            conversation: body.conversation, slot: slot, queue: queue, until: body.until,
            timer: timers.set(.reservationEnd(body.agent), due: body.until))
        conversations[slot].reservedAgent = agent
        conversations[slot].isReservationOver = false
        queues[queue].reserved += 1
        touchedAgents.append(agent)
        refile(slot, at: lastEventAt)
    }

    /// The conversation no longer waits, or somebody else is kept for it: whoever was is free again.
    mutating func endReservation(_ slot: Int) {
        if let agent = conversations[slot].reservedAgent { forgetReservation(ofAgent: agent) }
    }

    /// Forgets what an agent was kept for.
    mutating func forgetReservation(ofAgent agent: Int) {
        guard let reservation = agents[agent].reservation else { return }
        timers.cancel(reservation.timer)
        loseReservation(agent, at: lastEventAt)
        agents[agent].reservation = nil
        conversations[reservation.slot].reservedAgent = nil
    }

    /// The time is over. What events said stays as it is, so that replay agrees; nobody is bound any longer.
    mutating func loseReservation(_ agent: Int, at now: Instant) {
        guard let reservation = agents[agent].reservation, !conversations[reservation.slot].isReservationOver else {
            return
        }
        conversations[reservation.slot].isReservationOver = true
        queues[reservation.queue].reserved -= 1
        freshAgents.append(agent)
        guard conversations[reservation.slot].phase == .queued else { return }
        refile(reservation.slot, at: now)
        freshConversations.append(reservation.slot)
    }

    /// Whether an agent is kept for a conversation.
    func isReservedFor(_ slot: Int) -> Bool {
        conversations[slot].reservedAgent != nil && !conversations[slot].isReservationOver
    }

    /// Whether an agent is kept for anything: of the same time as the timer that ends it.
    func isKept(_ agent: Int) -> Bool {
        agents[agent].reservation.map { !conversations[$0.slot].isReservationOver } ?? false
    }

    /// Whether an agent is kept for something else that still waits.
    func isReserved(_ agent: Int, except slot: Int, at now: Instant) -> Bool {
        guard let reservation = agents[agent].reservation else { return false }
        return reservation.slot != slot && reservation.until > now
    }

    /// When a conversation should have been answered by, if that is to come.
    mutating func watchTarget(_ slot: Int, at now: Instant) {
        if let timer = conversations[slot].targetTimer { timers.cancel(timer) }
        conversations[slot].targetTimer = nil
        guard let due = targetAt(slot), due > now else { return }
        conversations[slot].targetTimer = timers.set(.target(conversations[slot].id), due: due)
    }

    /// When a conversation should have been answered by: its rank without the head start. `nil` for danger.
    func targetAt(_ slot: Int) -> Instant? {
        guard let placement = conversations[slot].placement, !placement.safety else { return nil }
        return Instant(milliseconds: placement.rank + 60_000 * Int64(placement.points))
    }
}
