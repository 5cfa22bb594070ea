import KapwaDomain

extension RulesChanged: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("version", &version)
        visitor.value("hash", &hash)
        visitor.value("lexicon", &lexicon)
        visitor.optional("by", &by)
        visitor.reason("reason", &reason)
    }
}

extension ModeChanged: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.optional("team", &team)
        visitor.value("routing", &routing)
        visitor.value("breaks", &breaks)
        visitor.value("was_routing", &wasRouting)
        visitor.value("was_breaks", &wasBreaks)
    }
}

extension DeliverySuspect: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("offers", &offers)
        visitor.value("expired", &expired)
    }
}

extension ClockGap: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("gap_ms", &gapMilliseconds)
    }
}

extension DaemonStarted: Visited {
    mutating func visit<V: FieldVisitor>(_ visitor: inout V) {
        visitor.value("version", &version)
        visitor.value("digest", &digest)
        visitor.value("replayed", &replayed)
        visitor.value("gap_ms", &gapMilliseconds)
    }
}
