import KapwaDomain

extension AgentRow: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("agent", &agent)
        visitor.optional("name", &name)
        visitor.value("state", &state)
        visitor.value("effective", &effective)
        visitor.value("skills", &skills)
        visitor.value("capacity", &capacity)
        visitor.value("load", &load)
        visitor.optional("team", &team)
        visitor.value("attributes", &attributes)
        visitor.value("conversations", &conversations)
        visitor.value("offers", &offers)
        visitor.value("wrapups", &wrapups)
        visitor.optional("lease_until", &leaseUntil)
        visitor.optionalObject("shift", &shift)
    }
}

extension ShiftRow: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("starts_at", &startsAt)
        visitor.value("ends_at", &endsAt)
        visitor.optional("meal_at", &mealAt)
    }
}

extension ConversationRow: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.value("state", &state)
        visitor.value("channel", &channel)
        visitor.optional("customer", &customer)
        visitor.optional("topic", &topic)
        visitor.value("priority", &priority)
        visitor.value("opened_at", &openedAt)
        visitor.optional("parked", &isParked)
        visitor.optionalObject("placement", &placement)
        visitor.optional("agent", &agent)
        visitor.optional("offer", &offer)
        visitor.value("messages", &messages)
        var mood = MoodFields(tags: moodTags, trend: trend)
        visitor.object("mood", &mood)
        moodTags = mood.tags
        trend = mood.trend
        visitor.optional("safety", &safety)
        visitor.optional("outcome", &outcome)
    }
}

extension OfferRow: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("offer", &offer)
        visitor.value("conversation", &conversation)
        visitor.value("agent", &agent)
        visitor.value("units", &units)
        visitor.value("made_at", &madeAt)
        visitor.value("expires_at", &expiresAt)
    }
}

extension BreakRow: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("break", &breakID)
        visitor.value("agent", &agent)
        // A row goes to whoever may read: as in the public events, care stays care.
        let cares = visitor.masks && kind == .stress
        visitor.value("kind", &kind, cares ? .word("care") : .plain)
        visitor.value("reason", &reason, cares ? .word("care") : .plain)
        visitor.value("state", &state)
        visitor.value("enforced", &enforced)
        visitor.value("minutes", &minutes)
        visitor.optional("earliest", &earliest)
        visitor.value("start_by", &startBy)
        visitor.optional("started_at", &startedAt)
        visitor.optional("ends_at", &endsAt)
        visitor.value("paid", &paid)
    }
}

extension BreakStage: WireWord {}

extension QueueRow: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("queue", &queue)
        visitor.value("waiting", &waiting)
        visitor.value("offered", &offered)
        visitor.value("target_ms", &targetMilliseconds)
        visitor.value("longest_wait_ms", &longestWaitMilliseconds)
        visitor.value("needs", &needs)
    }
}

extension FollowupRow: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.value("reason", &reason)
        visitor.optional("agent", &agent)
        visitor.value("owed_at", &owedAt)
    }
}

extension IncidentRow: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("topic", &topic)
        visitor.optional("text", &text)
        visitor.value("declared_at", &declaredAt)
        visitor.value("until", &until)
        visitor.value("drops", &drops)
    }
}
