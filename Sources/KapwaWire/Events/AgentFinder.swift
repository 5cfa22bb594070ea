public import KapwaDomain

extension Event.Body {
    /// Whether the event names an agent: is about that agent, or says what the agent did or is to do.
    public func names(_ agent: AgentID) -> Bool {
        var finder = AgentFinder(agent: agent)
        var body = self
        body.visit(&finder)
        return finder.isFound
    }
}

/// Goes over the fields of an event and looks for an agent in them.
private struct AgentFinder: FieldVisitor {
    let agent: AgentID
    let masks = false
    private(set) var isFound = false

    init(agent: AgentID) { self.agent = agent }

    mutating func value<T: WireValue>(_ key: StaticString, _ value: inout T, _ part: Part, _ mask: Mask) {
        if let found = value as? AgentID, found == agent { isFound = true }
    }

    mutating func optional<T: WireValue>(_ key: StaticString, _ value: inout T?, _ part: Part, _ mask: Mask) {
        if let found = value as? AgentID, found == agent { isFound = true }
    }

    // What stands deeper weighs the agent against others, and is told with the event that names the agent.
    mutating func object<T: Visited>(_ key: StaticString, _ value: inout T, _ part: Part, _ mask: Mask) {}
    mutating func optionalObject<T: Visited>(_ key: StaticString, _ value: inout T?, _ part: Part, _ mask: Mask) {}
    mutating func objects<T: Visited>(_ key: StaticString, _ values: inout [T], _ part: Part) {}

    mutating func optionalInline<T: Visited>(_ marker: StaticString, _ value: inout T?) {
        guard var present = value else { return }
        present.visit(&self)
    }

    mutating func word(_ key: StaticString, _ word: StaticString) {}
}
