import KapwaDomain
import KapwaRules

extension Router {
    /// Says which modes are others now, the tenant's and each team's, and takes back the offers of agents whom routing
    /// binds no more.
    mutating func changeModes(at now: Instant) {
        // What a team had is asked before the tenant's mode is another: it may have been that.
        let teams = Self.union(state.teamModes.map(\.team), rules.teams.map(\.id)).map { ($0, state.mode(of: $0)) }
        let before = state.mode(of: nil)
        let tenant = TeamMode(routing: rules.routingMode, breaks: rules.breaksMode)
        if before != tenant { emitMode(nil, tenant, was: before, at: now) }
        for (team, was) in teams {
            let mode = TeamMode(routing: rules.routingMode(for: team), breaks: rules.breaksMode(for: team))
            if mode != state.mode(of: team) { emitMode(team, mode, was: was, at: now) }
        }
        for slot in state.agentOrder where !state.agents[slot].offers.isEmpty {
            guard !rules.routingMode(for: state.agents[slot].team).binds else { continue }
            for offer in state.agents[slot].offers { withdraw(offer, reason: .word("mode"), at: now) }
        }
    }

    private mutating func emitMode(_ team: TeamID?, _ mode: TeamMode, was: TeamMode, at now: Instant) {
        emit(
            .modeChanged(
                .with {
                    $0.team = team
                    $0.routing = mode.routing
                    $0.breaks = mode.breaks
                    $0.wasRouting = was.routing
                    $0.wasBreaks = was.breaks
                }), at: now)
    }

    /// The teams of two ascending lists, each once, ascending.
    private static func union(_ left: [TeamID], _ right: [TeamID]) -> [TeamID] {
        var teams: [TeamID] = []
        for team in (left + right).sorted() where teams.last != team { teams.append(team) }
        return teams
    }
}

/// How far Kapwa's decisions bind.
struct TeamMode: Hashable, Sendable {
    var routing: Mode
    var breaks: Mode
}

extension RoutingState {
    /// A team whose modes are not the tenant's.
    struct OwnMode: Hashable, Sendable {
        var team: TeamID
        var mode: TeamMode
    }

    /// The modes of a team, or of the tenant.
    func mode(of team: TeamID?) -> TeamMode {
        teamModes.first { $0.team == team }?.mode ?? TeamMode(routing: routingMode, breaks: breaksMode)
    }

    mutating func applyModeChanged(_ body: ModeChanged) {
        let mode = TeamMode(routing: body.routing, breaks: body.breaks)
        guard let team = body.team else {
            routingMode = mode.routing
            breaksMode = mode.breaks
            return
        }
        teamModes.removeAll { $0.team == team }
        guard mode != self.mode(of: nil) else { return }
        let index = teamModes.firstIndex { team < $0.team } ?? teamModes.count
        teamModes.insert(OwnMode(team: team, mode: mode), at: index)
    }
}
