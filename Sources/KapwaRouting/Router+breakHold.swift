public import KapwaDomain
import KapwaRules

/// What keeps a break from beginning, the first of what may.
public enum BreakHold: Sendable, Hashable {
    /// Contacts that are live.
    case live([ConversationID])
    /// Another break of the same agent runs, or is owed first.
    case behind(BreakID)
    /// The agent moved it.
    case moved(until: Instant)
    /// As many of the team as may rest from stress at once: so many of those who are here.
    case team(resting: Int, present: Int)
    /// Fewer than so many would be left of a floor that counts the agent.
    case floor(skill: SkillID?, team: TeamID?, least: Int)
}

extension Router {
    /// What keeps a break that is planned or owed from beginning now; `nil` when nothing does, and of a break that
    /// runs, is over, or whose time has not come.
    ///
    /// Changes nothing. For a moment of the past, replay the journal up to it, make a router of the state with the
    /// rules that were in force, and ask for that moment's time.
    public func whatHolds(_ id: BreakID, of agent: AgentID, at now: Instant) -> BreakHold? {
        guard let slot = state.agentSlots[agent] else { return nil }
        let record = state.agents[slot]
        if let current = record.currentBreak, record.nextBreaks.contains(where: { $0.id == id }) {
            return .behind(current.id)
        }
        if let planned = record.plannedBreaks.first(where: { $0.id == id }) {
            return planned.opensAt <= now ? whatHoldsPlanned(slot) : nil
        }
        guard let owed = record.currentBreak, owed.id == id, !owed.isRunning else { return nil }
        let live = record.contacts.filter { state.conversations[$0].isLive(at: now) }
        if !live.isEmpty { return .live(live.map { state.conversations[$0].id }) }
        if let earliest = owed.earliest, now < earliest { return .moved(until: earliest) }
        guard !mayBegin(slot, owed, at: now) else { return nil }
        let team = state.agentOrder.filter {
            state.agents[$0].team == record.team && state.agents[$0].presence != .offline
        }
        let resting = team.filter { state.agents[$0].isOnBreak && state.agents[$0].currentBreak?.kind == .stress }
        return .team(resting: resting.count, present: team.count)
    }

    /// When the answer to ``whatHolds(_:of:at:)`` may next be another though nothing happens: a window opens, a chat
    /// falls silent, what the agent asked for is over.
    public func whatHoldsMayChange(_ id: BreakID, of agent: AgentID, after now: Instant) -> Instant? {
        guard let slot = state.agentSlots[agent] else { return nil }
        let record = state.agents[slot]
        if let planned = record.plannedBreaks.first(where: { $0.id == id }) {
            return planned.opensAt > now ? planned.opensAt : nil
        }
        guard let owed = record.currentBreak, owed.id == id, !owed.isRunning else { return nil }
        let silent = record.contacts.map { state.conversations[$0] }.filter { $0.channel.family == .chat }
            .map { $0.lastMessageAt + Formulas.liveWithin }
        return ([owed.startBy, owed.earliest].compactMap { $0 } + silent).filter { $0 > now }.min()
    }

    /// What is planned goes as soon as every floor that counts its agent holds without, or else at its deadline.
    private func whatHoldsPlanned(_ slot: Int) -> BreakHold? {
        if let current = state.agents[slot].currentBreak { return .behind(current.id) }
        for floor in rules.floors where isOnFloor(slot, floor) {
            let left = state.agentOrder.count { $0 != slot && isOnFloor($0, floor) }
            if left < floor.least { return .floor(skill: floor.skill, team: floor.team, least: floor.least) }
        }
        return nil
    }
}
