import KapwaDomain

extension FieldVisitor {
    /// Who stands behind it: the role in the open part, the name in the personal one.
    mutating func person(_ person: inout Person?) {
        var role = person?.role
        var name = person?.name ?? ""
        optional("by", &role)
        personal("by_name", &name)
        person = role.map { Person(role: $0, name: name) }
    }
}

extension AffinitySet: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.personal("customer", &customer, .omitted)
        visitor.value("agent", &agent)
        visitor.optional("conversation", &conversation)
        visitor.value("episode", &episode)
        // What an agent had to hear is told to nobody by this; that the two are kept apart is.
        visitor.value("kind", &kind, .word("care"))
        visitor.value("until", &until)
    }
}

extension AffinityLifted: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.personal("customer", &customer, .omitted)
        visitor.value("agent", &agent)
        visitor.optional("conversation", &conversation)
        visitor.person(&by)
        visitor.reason("reason", &reason)
    }
}

extension FeedbackRecorded: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.optional("agent", &agent)
        visitor.optional("csat", &csat)
        visitor.optional("nps", &nps)
        visitor.optional("polarity", &polarity)
    }
}

extension FollowupOwed: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.reason("reason", &reason)
        visitor.optional("agent", &agent)
    }
}

extension FollowupClosed: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.person(&by)
    }
}

extension IncidentDeclared: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("topic", &topic)
        visitor.optional("text", &text)
        visitor.value("until", &until)
        visitor.value("drops", &drops)
        visitor.person(&by)
        visitor.reason("reason", &reason)
    }
}

extension IncidentEnded: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("topic", &topic)
        visitor.person(&by)
        visitor.reason("reason", &reason)
    }
}
