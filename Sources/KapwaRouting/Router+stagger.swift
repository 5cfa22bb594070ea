import KapwaDomain
import KapwaRules

extension Router {
    // MARK: Room

    /// How many of a team may rest from stress at once: a fifth of those who are here, and always one.
    private func room(_ team: TeamID?) -> Int {
        max(1, (state.teams[team]?.present ?? 0) * rules.breaks(for: team).teamShareMax / 1_000)
    }

    /// Whether one more of the agent's team may rest from stress.
    func hasRoom(_ slot: Int) -> Bool {
        let team = state.agents[slot].team
        return (state.teams[team]?.onStressBreak ?? 0) < room(team)
    }

    /// There may be room in a team again: whoever waits for it goes, and what is left over is offered.
    mutating func passRoomOn(_ team: TeamID?, at now: Instant) {
        useRoom(team)
        inviteMostStressed(team, at: now)
    }

    /// Looks at those of a team who wait for room, the earliest deadline first.
    private mutating func useRoom(_ team: TeamID?) {
        var waiting: [Int] = []
        for slot in state.owing where state.agents[slot].team == team {
            if state.agents[slot].currentBreak?.waitsForRoom ?? false { waiting.append(slot) }
        }
        waiting.sort { deadline($0) > deadline($1) }
        breakChecks.append(contentsOf: waiting)
    }

    private func deadline(_ slot: Int) -> (Instant, AgentID) {
        (state.agents[slot].currentBreak?.startBy ?? lastNow, state.agents[slot].id)
    }

    // MARK: Invitations

    /// A contact is over, or more is known of one: who is near the threshold and between contacts may go early.
    mutating func inviteIfStressed(_ slot: Int, at now: Instant) {
        guard isNearThreshold(slot, at: now), !hasLiveContact(slot, at: now) else { return }
        inviteMostStressed(state.agents[slot].team, at: now)
    }

    /// Offers early breaks to the most stressed of a team, as many as there are places that nobody has, owes or was
    /// offered: an early break must not be what makes too many rest at once.
    private mutating func inviteMostStressed(_ team: TeamID?, at now: Instant) {
        guard rules.breaksMode(for: team) != .observe else { return }
        let counts = state.teams[team] ?? TeamCounts()
        var places = room(team) - counts.onStressBreak - counts.owingStress
        guard places > 0 else { return }
        var stressed: [(slot: Int, ledger: Int)] = []
        for slot in state.index.members(of: team) {
            if holdsPlace(slot, at: now) {
                places -= 1
            } else if isNearThreshold(slot, at: now), mayBeInvited(slot, at: now) {
                stressed.append((slot, state.agents[slot].ledger.value(at: now)))
            }
        }
        stressed.sort { ($1.ledger, state.agents[$0.slot].id) < ($0.ledger, state.agents[$1.slot].id) }
        for (slot, _) in stressed where places > 0 && floorsHold(without: slot, at: now) {
            emitInvited(
                slot, reason: "stagger", minutes: policy(slot).minutes,
                for: min(Formulas.invitationStands, policy(slot).startWithin), at: now)
            places -= 1
        }
    }

    /// From a share of the threshold on an early break is offered; where that is all of it, nobody is invited.
    private func isNearThreshold(_ slot: Int, at now: Instant) -> Bool {
        let policy = policy(slot)
        let least = policy.threshold * policy.inviteAt
        let ledger = state.agents[slot].ledger
        return policy.inviteAt < 1_000 && ledger.anchor * 1_000 >= least && ledger.value(at: now) * 1_000 >= least
    }

    /// Whether an early break was offered that the agent has neither taken nor let be.
    func holdsPlace(_ slot: Int, at now: Instant) -> Bool {
        guard state.agents[slot].currentBreak == nil, let invitation = state.agents[slot].invitation else {
            return false
        }
        return invitation.isEarly && now < invitation.until
    }

    /// Between contacts, where a break can begin at once. In the middle of them it would only cost the time in which the
    /// last of them end. Who let an early break be is not asked again at once.
    private func mayBeInvited(_ slot: Int, at now: Instant) -> Bool {
        guard state.agents[slot].presence == .ready, state.agents[slot].currentBreak == nil,
            !hasLiveContact(slot, at: now)
        else { return false }
        guard let last = state.agents[slot].invitation, last.isEarly else { return true }
        return now >= last.until + Formulas.invitationRests
    }

    /// - Parameter length: How long it stands.
    mutating func emitInvited(_ slot: Int, reason: String, minutes: Int, for length: Milliseconds, at now: Instant) {
        emit(
            .breakInvited(
                .with {
                    $0.agent = state.agents[slot].id
                    $0.reason = .word(reason)
                    $0.minutes = minutes
                    $0.until = now + length
                }), at: now)
    }
}
