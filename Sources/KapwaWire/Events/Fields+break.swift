import KapwaDomain

extension BreakInvited: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("agent", &agent)
        visitor.reason("reason", &reason)
        visitor.value("minutes", &minutes)
        visitor.value("until", &until)
    }
}

extension BreakChanged: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        // Colleagues see that there is a break for care, not what brought it about.
        let cares = visitor.masks && kind == .stress
        visitor.value("break", &breakID)
        visitor.value("agent", &agent)
        visitor.value("kind", &kind, cares ? .word("care") : .plain)
        visitor.value("reason", &reason, cares ? .word("care") : .plain)
        visitor.value("enforced", &enforced)
        visitor.value("minutes", &minutes)
        visitor.optional("earliest", &earliest)
        visitor.value("start_by", &startBy)
        visitor.value("paid", &paid)
        visitor.optional("minimum_minutes", &minimumMinutes, cares ? .omitted : .plain)
        visitor.optional("ends_at", &endsAt)
        visitor.optional("late_ms", &lateMilliseconds)
        visitor.reason("late_cause", &lateCause)
        visitor.optional("taken_ms", &takenMilliseconds)
        visitor.optional("landing_until", &landingUntil, .omitted)
        visitor.optional("completed", &completed)
        visitor.value("immediate", &immediate, cares ? .omitted : .plain)
        visitor.optional("because", &because, cares ? .omitted : .plain)
        visitor.optional("by", &by)
        visitor.reason("note", &note, cares ? .omitted : .plain)
    }
}

extension BreakFloorBroken: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("break", &breakID)
        visitor.value("agent", &agent)
        visitor.optional("skill", &skill)
        visitor.optional("team", &team)
        visitor.value("least", &least)
        visitor.value("left", &left)
    }
}
