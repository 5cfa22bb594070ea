import KapwaDomain

extension Continuation: Visited {
    static var blank: Continuation {
        Continuation(episode: 0, outcome: .resolved, closedAt: Instant(milliseconds: 0), carries: .nothing)
    }

    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("episode", &episode)
        visitor.value("outcome", &outcome)
        visitor.value("closed_at", &closedAt)
        visitor.value("carries", &carries)
    }
}

extension ConversationOpened: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.optionalObject("after", &after)
        visitor.value("channel", &channel)
        visitor.optional("queue", &queue)
        visitor.personal("topic", &topic)
        visitor.personal("customer", &customer, .omitted)
        visitor.value("priority", &priority)
        visitor.value("skills", &skills)
        visitor.optional("prefer_agent", &preferredAgent)
        visitor.personal("attributes", &attributes)
        visitor.value("since", &since)
        visitor.optional("open_until", &openUntil)
    }
}

extension ConversationMessaged: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.value("from", &from)
        visitor.value("message", &message)
        visitor.optional("agent", &agent)
        visitor.optional("idle_until", &idleUntil)
    }
}

extension ConversationTagged: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.value("message", &message)
        assessment.visit(&visitor)
        var mood = MoodFields(tags: moodTags, trend: trend)
        visitor.object("mood", &mood)
        moodTags = mood.tags
        trend = mood.trend
    }
}

extension Placement: Visited {
    static var blank: Placement { Placement() }

    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("queue", &queue)
        visitor.value("step", &step)
        visitor.optional("step_until", &stepEnds)
        visitor.value("needs", &needs)
        visitor.value("rank", &rank)
        visitor.value("points", &points)
        visitor.value("target_ms", &targetMilliseconds)
        visitor.value("position", &position)
        visitor.optional("expected_wait_ms", &expectedWaitMilliseconds)
        visitor.value("units", &units)
        visitor.value("safety", &safety)
    }
}

extension ConversationPlaced: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        placement.visit(&visitor)
        visitor.reason("reason", &reason)
        visitor.reason("note", &note)
        visitor.optional("until", &until)
        visitor.value("wait_until", &waitUntil)
        visitor.optional("only_agent", &onlyAgent)
        visitor.optional("only_until", &onlyUntil)
        visitor.optional("transferred_from", &transferredFrom)
    }
}

extension ConversationUpdated: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.personal("customer", &customer, .omitted)
        visitor.personal("topic", &topic)
        visitor.optional("priority", &priority)
        visitor.optional("skills", &skills)
        visitor.personal("attributes", &attributes)
        visitor.optionalInline("queue", &placement)
        visitor.optional("requested_queue", &requestedQueue)
        visitor.optional("assigned_units", &units)
    }
}

extension ConversationHeld: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.value("queue", &queue)
        visitor.value("step", &step)
        visitor.value("position", &position)
        // That agents land softly, or had two hard contacts in a row, is theirs alone to know.
        let cares = reason?.text != Override.declinedBefore.rawValue
        visitor.reason("reason", &reason, cares ? .word("care") : .plain)
        visitor.value("until", &until)
    }
}

extension ConversationParked: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.value("agent", &agent)
        visitor.reason("reason", &reason)
        visitor.optional("until", &until)
    }
}

extension ConversationRetagged: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.object("tags", &tags)
        visitor.value("corrected", &corrected)
        visitor.optionalInline("queue", &placement)
        visitor.optional("assigned_units", &units)
        visitor.person(&by)
        visitor.reason("reason", &reason)
    }
}

extension ConversationUnroutable: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.value("queue", &queue)
        visitor.value("needs", &needs)
    }
}

extension ConversationAssigned: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.value("agent", &agent)
        visitor.optional("offer", &offer)
        visitor.optional("queue", &queue)
        visitor.value("as", &source)
        visitor.value("units", &units)
        visitor.value("load", &load)
        visitor.value("capacity", &capacity)
        visitor.value("waited_ms", &waitedMilliseconds)
        visitor.value("idle_until", &idleUntil)
        if visitor.masks {
            var (aside, broken) = (Override.publicNames(overrides.map(\.rawValue)), Override.publicNames(violations))
            visitor.value("override", &aside)
            visitor.value("violations", &broken)
        } else {
            visitor.value("override", &overrides)
            visitor.value("violations", &violations)
        }
        visitor.optional("prevented", &prevented)
        visitor.optionalObject("decision", &decision)
        visitor.optional("by", &by)
        visitor.reason("note", &note)
    }
}

extension ConversationClosed: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.value("outcome", &outcome)
        visitor.optional("agent", &agent)
        visitor.value("waited_ms", &waitedMilliseconds)
        visitor.value("handled_ms", &handledMilliseconds)
        visitor.reason("reason", &reason)
    }
}

extension SafetyRaised: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.sealed("kind", &kind)
        visitor.sealed("level", &level)
        visitor.value("to", &to)
        visitor.value("round", &round)
        visitor.optional("until", &until)
    }
}

extension SafetyAcknowledged: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.person(&by)
    }
}
