import KapwaDomain

extension Tags: Visited {
    static var blank: Tags { Tags() }

    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("frustration", &frustration)
        visitor.value("urgency", &urgency)
        visitor.value("family", &family)
        visitor.value("distress", &distress)
        visitor.value("relief", &relief)
        visitor.value("abuse", &abuse)
        visitor.value("threat", &threat)
    }
}

extension Abuse: Visited {
    static var blank: Abuse { Abuse(kind: .insult, target: .other) }

    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("kind", &kind)
        visitor.value("target", &target)
    }
}

extension Evidence: Visited {
    static var blank: Evidence { Evidence(tag: "", text: "", start: 0, end: 0, weight: 0) }

    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("tag", &tag)
        visitor.value("text", &text)
        visitor.value("start", &start)
        visitor.value("end", &end)
        visitor.value("weight", &weight)
        visitor.optional("reason", &reason)
        var fired: [String]? = rules.isEmpty ? nil : rules
        visitor.optional("rules", &fired)
        rules = fired ?? []
        visitor.optional("source", &source)
    }
}

extension SafetyFlag: Visited {
    static var blank: SafetyFlag { SafetyFlag(kind: .medical, level: .possible, text: "", start: 0, end: 0) }

    // The words are personal while the flag is not: whoever has flags sees to them.
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("kind", &kind)
        visitor.value("level", &level)
        visitor.value("start", &start)
        visitor.value("end", &end)
    }
}

/// The tags of a conversation so far and where they are going, side by side in one object.
struct MoodFields: Visited {
    var tags = Tags()
    var trend = Mood.Trend.steady

    static var blank: MoodFields { MoodFields() }

    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        tags.visit(&visitor)
        visitor.value("trend", &trend)
    }
}

extension Assessment: Visited {
    static var blank: Assessment { Assessment() }

    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.object("tags", &tags)
        visitor.optionalObject("abuse", &abuse)
        visitor.objects("safety", &safety, .sealed)
        var words = safety.allSatisfy(\.text.isEmpty) ? [] : safety.map(\.text)
        visitor.personal("safety_texts", &words)
        for index in safety.indices { safety[index].text = index < words.count ? words[index] : "" }
        visitor.optional("asks_for", &asksFor)
        visitor.value("polarity", &polarity)
        visitor.value("language", &language)
        visitor.value("register", &register)
        visitor.value("coverage", &coverage)
        visitor.value("scored", &scored)
        visitor.objects("evidence", &evidence, .personal)
    }
}
