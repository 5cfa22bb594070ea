import KapwaDomain

// Every structure with a default for each field starts out blank.
extension Visited where Self: EventContent {
    static var blank: Self { Self() }
}

extension AgentUpdated: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("agent", &agent)
        visitor.personal("name", &name)
        visitor.value("skills", &skills)
        visitor.value("capacity", &capacity)
        visitor.optional("team", &team)
        visitor.personal("attributes", &attributes)
    }
}

extension AgentStateChanged: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("agent", &agent)
        visitor.value("state", &state)
        visitor.value("was", &was)
        visitor.reason("reason", &reason)
        visitor.value("effective", &effective)
        visitor.optional("lease_until", &leaseUntil)
    }
}

extension AgentRemoved: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("agent", &agent)
        visitor.reason("reason", &reason)
    }
}

extension AgentStressed: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("agent", &agent)
        visitor.optional("conversation", &conversation)
        visitor.optional("episode", &episode)
        visitor.value("points", &points)
        visitor.value("contact_points", &contactPoints)
        visitor.value("ledger", &ledger)
        visitor.reason("reason", &reason)
    }
}

extension WrapupStarted: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("agent", &agent)
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.value("units", &units)
        visitor.value("deadline", &deadline)
        visitor.value("exclusive", &exclusive)
    }
}

extension WrapupEnded: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("agent", &agent)
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.reason("reason", &reason)
        visitor.optional("disposition", &disposition)
        visitor.optional("hard", &hard)
    }
}

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
        visitor.value("start_by", &startBy)
        visitor.value("paid", &paid)
        visitor.optional("ends_at", &endsAt)
        visitor.optional("late_ms", &lateMilliseconds)
        visitor.reason("late_cause", &lateCause)
        visitor.optional("taken_ms", &takenMilliseconds)
        visitor.optional("completed", &completed)
        visitor.value("immediate", &immediate, cares ? .omitted : .plain)
        visitor.optional("because", &because, cares ? .omitted : .plain)
        visitor.optional("by", &by)
        visitor.reason("note", &note, cares ? .omitted : .plain)
    }
}
