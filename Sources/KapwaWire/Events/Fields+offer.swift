import KapwaDomain

/// Terms as the wire shows them: stress, share and what the tier says of streak and landing as one band, all that
/// others than the agent may see of them.
struct TermFields: Visited {
    static var blank: TermFields { TermFields(terms: CostTerms(), care: .low) }

    var terms: CostTerms
    var care: CareBand

    private var careWord: StaticString {
        switch care {
        case .low: "low"
        case .middle: "middle"
        case .high: "high"
        }
    }

    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("load", &terms.load)
        visitor.value("stress", &terms.stress, .omitted)
        visitor.value("share", &terms.share, .omitted)
        visitor.word("care", careWord)
        visitor.value("over_skill", &terms.overSkill)
        visitor.value("idle", &terms.idle)
        visitor.value("sticky", &terms.sticky)
        visitor.value("prefer", &terms.prefer)
        visitor.value("language", &terms.language)
    }
}

extension Decision.Candidate: Visited {
    static var blank: Self { Self(agent: "", cost: 0, terms: CostTerms()) }

    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("agent", &agent)
        // With the sum and the other terms at hand the hidden ones could be worked out.
        visitor.value("cost", &cost, .omitted)
        visitor.value("tier", &tier, .omitted)
        var fields = TermFields(terms: terms, care: care)
        visitor.object("terms", &fields)
        terms = fields.terms
    }
}

extension Decision.Failure: Visited {
    static var blank: Self { Self(test: .notReady, agents: 0) }

    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("test", &test)
        visitor.value("agents", &agents)
    }
}

extension Decision: Visited {
    static var blank: Decision { Decision() }

    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.object("winner", &winner)
        visitor.optionalObject("runner_up", &runnerUp)
        visitor.value("eligible", &eligible)
        visitor.objects("failed", &failed)
        visitor.object("tags", &tags)
        visitor.value("rules", &rules)
        visitor.value("rules_version", &rulesVersion)
        visitor.value("lexicon", &lexicon)
        visitor.value("round", &round)
    }
}

extension Brief: Visited {
    static var blank: Brief { Brief() }

    // The topic is personal while the rest is not: whoever has a brief sees to it.
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        var fields = MoodFields(tags: mood, trend: trend)
        visitor.object("mood", &fields)
        mood = fields.tags
        trend = fields.trend
        visitor.value("language", &language)
        visitor.optional("asks_for", &asksFor)
        visitor.value("waited_ms", &waitedMilliseconds)
        visitor.value("episode", &episode)
        visitor.optional("last_agent", &lastAgent)
        visitor.optional("safety", &safety)
        visitor.optional("incident", &incident)
    }
}

extension OfferMade: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("offer", &offer)
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.value("agent", &agent)
        visitor.value("queue", &queue)
        visitor.value("step", &step)
        visitor.value("needs", &needs)
        visitor.value("units", &units)
        visitor.value("load", &load)
        visitor.value("capacity", &capacity)
        visitor.value("rank", &rank)
        visitor.value("expires_at", &expiresAt)
        visitor.object("decision", &decision)
        visitor.object("brief", &brief, .omitted)
        visitor.personal("topic", &brief.topic, .omitted)
    }
}

extension OfferAdvised: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.value("agent", &agent)
        visitor.value("mode", &mode)
        visitor.object("decision", &decision)
    }
}

extension OfferEnded: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("offer", &offer)
        visitor.value("conversation", &conversation)
        visitor.value("episode", &episode)
        visitor.value("agent", &agent)
        visitor.reason("reason", &reason)
        visitor.optional("barred_until", &barredUntil)
        visitor.value("strike", &strike)
    }
}
