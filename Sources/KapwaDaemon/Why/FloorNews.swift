import KapwaDomain

/// What changes for conversations besides what is said and done about each: incidents and rules.
struct FloorNews {
    static let types: Set<String> = ["rules.changed", "incident.declared", "incident.ended"]

    /// Since the conversation was opened, and before that what still lasted then.
    private var events: [Event] = []
    /// The incidents that last, by topic.
    private var lasting: [String: Event] = [:]
    private var rules: String?

    /// News of one episode that are kept; of more, the oldest go first.
    private static let eventsMax = 200

    mutating func take(_ event: Event) {
        switch event.body {
        case .incidentDeclared(let body): lasting[body.topic] = event
        case .incidentEnded(let body): lasting[body.topic] = nil
        case .rulesChanged(let body):
            let before = rules
            rules = body.hash
            // The first rules are no change, and neither is another lexicon.
            guard let before, before != body.hash else { return }
        default: return
        }
        events.append(event)
        if events.count > Self.eventsMax { events.removeFirst() }
    }

    /// An episode begins: what was before is told no more.
    mutating func begin() { events = lasting.values.sorted { $0.sequence < $1.sequence } }

    /// What concerns a conversation that had these topics, up to an event.
    func concerning(_ topics: Set<String>, until sequence: Int64) -> [Event] {
        events.filter { event in
            guard event.sequence <= sequence else { return false }
            switch event.body {
            case .incidentDeclared(let body): return topics.contains(body.topic)
            case .incidentEnded(let body): return topics.contains(body.topic)
            default: return true
            }
        }
    }
}
