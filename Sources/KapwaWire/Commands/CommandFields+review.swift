import KapwaDomain

// The commands with which people plan, correct and look back.
extension CommandFields {
    mutating func agentShift() -> AgentShift {
        let shift = AgentShift(
            agent: required("agent", AgentID.self), startsAt: requiredInstant("starts_at"),
            endsAt: requiredInstant("ends_at"), mealAt: instant("meal_at"), zone: text("zone"))
        guard has("starts_at"), has("ends_at"), refusal == nil else { return shift }
        if shift.endsAt <= shift.startsAt || shift.endsAt - shift.startsAt > Limits.shiftMax {
            refuse(
                .invalidField, "ends_at",
                "is not within \(Limits.shiftMax / .hours(1)) hours after starts_at; it must be when the shift ends")
        } else if let meal = shift.mealAt, meal < shift.startsAt || meal >= shift.endsAt {
            refuse(.invalidField, "meal_at", "lies outside the shift; it must be from starts_at to ends_at")
        }
        return shift
    }

    mutating func breakPostpone() -> BreakPostpone {
        BreakPostpone(
            agent: required("agent", AgentID.self), kind: word("kind", of: BreakKind.self),
            minutes: integer("minutes", in: Limits.breakMinutes), reason: text("reason"))
    }

    mutating func conversationRetag(_ person: Person?) -> ConversationRetag {
        requirePerson(person, "a person corrects what was read")
        return ConversationRetag(
            conversation: required("conversation", ConversationID.self), tags: corrections("tags"),
            reason: requiredText("reason"))
    }

    /// Tags by name, each 1 or 0.
    private mutating func corrections(_ key: StaticString) -> [TagCorrection] {
        let shape = "an object of tags, each 1 (holds) or 0, for example {\"frustration\":0}"
        guard let json = value(key) else {
            missing(key, shape)
            return []
        }
        guard json.isObject, json.children.count > 0 else {
            invalid(key, json, shape)
            return []
        }
        var found: [Tag: Bool] = [:]
        for child in json.children {
            let name = String(decoding: child.key, as: UTF8.self)
            guard let tag = Tag(rawValue: name) else {
                let names = Tag.allCases.map(\.rawValue).joined(separator: ", ")
                refuse(.invalidField, "\(key).\(name)", "is no tag; it must be one of \(names)")
                return []
            }
            guard let level = child.integer, level == 0 || level == 1 else {
                let found = child.integer.map { "\($0)" } ?? child.kind
                refuse(.invalidField, "\(key).\(name)", "is \(found); it must be 1 or 0")
                return []
            }
            found[tag] = level == 1
        }
        let corrections = Tag.allCases.compactMap { tag in found[tag].map { TagCorrection(tag: tag, holds: $0) } }
        for correction in corrections { hash(word: correction.tag.rawValue, correction.holds ? 1 : 0) }
        return corrections
    }

    mutating func incidentDeclare(_ person: Person?) -> IncidentDeclare {
        requirePerson(person, "a person answers for it")
        return IncidentDeclare(
            topic: requiredText("topic"), text: text("text", limit: Limits.commentBytesMax),
            until: requiredInstant("until"), reason: requiredText("reason"))
    }

    mutating func incidentEnd(_ person: Person?) -> IncidentEnd {
        requirePerson(person, "a person answers for it")
        return IncidentEnd(topic: requiredText("topic"))
    }

    mutating func affinityLift(_ person: Person?) -> AffinityLift {
        requirePerson(person, "a person answers for it")
        let lift = AffinityLift(
            customer: required("customer", CustomerID.self), agent: required("agent", AgentID.self),
            reason: requiredText("reason"), agreed: boolean("agreed") ?? false)
        if !has("agreed") { missing("agreed", "true once the agent was asked and agreed") }
        return lift
    }

    mutating func feedbackRecord() -> FeedbackRecord {
        let feedback = FeedbackRecord(
            conversation: required("conversation", ConversationID.self), csat: integer("csat", in: Limits.csat),
            nps: integer("nps", in: Limits.nps), comment: text("comment", limit: Limits.commentBytesMax))
        if !has("csat") && !has("nps") && !has("comment") {
            refuse(Refusal(.missingField, "nothing to record; at least one of csat, nps, comment must be there"))
        }
        return feedback
    }

    mutating func queueEstimate() -> QueueEstimate {
        let conversation = identifier("conversation", of: ConversationID.self)
        let queue = identifier("queue", of: QueueID.self)
        switch (has("conversation"), has("queue")) {
        case (false, false): missing("conversation", "what is asked about: a conversation, or a queue in its place")
        case (true, true):
            refuse(.invalidField, "queue", "stands beside conversation; exactly one of the two must be there")
        default: break
        }
        return QueueEstimate(subject: conversation.map { .conversation($0) } ?? .queue(queue ?? ""))
    }

    /// A time that must be there; the epoch once it is refused.
    private mutating func requiredInstant(_ key: StaticString) -> Instant {
        if !has(key) { missing(key, "a time of RFC 3339 like 2026-11-21T19:30:00.123Z") }
        return instant(key) ?? Instant(milliseconds: 0)
    }
}
