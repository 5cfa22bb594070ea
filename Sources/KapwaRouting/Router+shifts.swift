import KapwaDomain

extension Router {
    mutating func setShift(_ body: AgentShift, at now: Instant) throws(Refusal) {
        let slot = try requireAgent(body.agent)
        guard body.startsAt - now <= Limits.shiftAheadMax else {
            throw Refusal(
                .invalidField, "starts_at lies more than \(Limits.shiftAheadMax / .days(1)) days ahead",
                field: "starts_at")
        }
        emit(
            .agentShiftChanged(
                .with {
                    $0.agent = state.agents[slot].id
                    $0.startsAt = body.startsAt
                    $0.endsAt = body.endsAt
                    $0.mealAt = body.mealAt
                    $0.zone = body.zone
                }), at: now)
    }

    mutating func postponeBreak(_ body: BreakPostpone, at now: Instant) throws(Refusal) {
        _ = try requireAgent(body.agent)
        throw Refusal(.wrongState, "agent \"\(body.agent)\" has no break to postpone", field: "agent", state: "none")
    }
}
