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
        visitor.optional("landing_until", &landingUntil, .omitted)
    }
}

extension AgentShiftChanged: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("agent", &agent)
        visitor.value("starts_at", &startsAt)
        visitor.value("ends_at", &endsAt)
        visitor.optional("meal_at", &mealAt)
        visitor.optional("zone", &zone)
    }
}

extension AgentReserved: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("agent", &agent)
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.value("units", &units)
        visitor.value("until", &until)
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
        visitor.sealed("points", &points)
        visitor.sealed("contact_points", &contactPoints)
        visitor.sealed("ledger", &ledger)
        visitor.reason("reason", &reason, in: .sealed)
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
        // The agent's own word.
        visitor.optional("hard", &hard, .omitted)
    }
}

extension HandoverOffered: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("agent", &agent)
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.value("until", &until)
    }
}

extension TalkSuggested: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("agent", &agent)
        visitor.value("reports", &reports)
    }
}
