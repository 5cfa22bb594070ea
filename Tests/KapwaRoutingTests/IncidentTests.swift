import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

@Suite struct IncidentTests {
    static let supervisor = Person(role: "supervisor", name: "Sol")
    static let rules: RuleSet = {
        var rules = RuleSet.standard
        rules.queues[0].needs = ["network": 2]
        rules.playbooks = [
            Playbook(topic: "outage", text: "Say sorry first.", announcement: "We know of it.", drop: ["network"])
        ]
        return rules
    }()

    static func declare(_ topic: String, until: Instant, text: String? = nil) -> Command.Body {
        .incidentDeclare(IncidentDeclare(topic: topic, text: text, until: until, reason: "many write"))
    }

    @Test("an incident brings its playbook: what waits of its topic needs less, while it lasts")
    func declared() throws {
        var floor = Floor(Self.rules)
        try floor.agent("ana")
        try floor.message("k1", topic: "outage")
        try floor.message("k2", topic: "billing")
        let events = try floor.send(Self.declare("outage", until: floor.now + .hours(2)), by: Self.supervisor)
        let body = try #require(events.incidents.first)
        #expect(body.text == "We know of it.")
        #expect(body.drops == ["network"])
        #expect(body.by == Self.supervisor)
        #expect(events.offersMade.map(\.conversation) == ["k1"])
        #expect(events.offersMade.first?.brief.incident == "Say sorry first.\nWe know of it.")
        #expect(floor.conversation("k2")?.placement?.needs == ["network": 2])
        try floor.message("k3", topic: "outage")
        #expect(floor.conversation("k3")?.placement?.needs == Skills.none)
        let ended = floor.pass(.hours(2))
        #expect(ended.types.contains("incident.ended"))
        #expect(floor.conversation("k3")?.placement?.needs == ["network": 2])
        #expect(try floor.message("k4", topic: "outage").offersMade.isEmpty)
    }

    @Test("it lasts four hours at most and not into the past; declared again it is extended")
    func extended() throws {
        var floor = Floor(Self.rules)
        for until in [floor.now, floor.now + .hours(4) + 1] {
            let refusal = #expect(throws: Refusal.self) {
                try floor.send(Self.declare("outage", until: until), by: Self.supervisor)
            }
            #expect(refusal?.code == .invalidField)
        }
        try floor.send(Self.declare("outage", until: floor.now + .hours(1)), by: Self.supervisor)
        let declaredAt = floor.now
        floor.pass(.minutes(50))
        try floor.send(
            Self.declare("outage", until: floor.now + .hours(4), text: "Until the evening."), by: Self.supervisor)
        #expect(!floor.pass(.hours(1)).types.contains("incident.ended"))
        let rows = try floor.router.read(StateRead(what: .incidents), at: floor.now)
        guard case .incidents(let lasting) = rows.rows else { throw Floor.Missing.offer }
        #expect(lasting.map(\.text) == ["Until the evening."])
        #expect(lasting.first?.declaredAt == declaredAt)
        #expect(floor.pass(.hours(3)).types.contains("incident.ended"))
    }

    @Test("a supervisor ends it early; one that does not last cannot be ended")
    func ended() throws {
        var floor = Floor(Self.rules)
        try floor.send(Self.declare("outage", until: floor.now + .hours(1)), by: Self.supervisor)
        let events = try floor.send(.incidentEnd(IncidentEnd(topic: "outage")), by: Self.supervisor)
        #expect(events.types == ["incident.ended"])
        let refusal = #expect(throws: Refusal.self) {
            try floor.send(.incidentEnd(IncidentEnd(topic: "outage")), by: Self.supervisor)
        }
        #expect(refusal?.code == .wrongState)
        #expect(!floor.pass(.hours(2)).types.contains("incident.ended"))
    }

    @Test("only so many last at once")
    func bounded() throws {
        var floor = Floor(Self.rules)
        for index in 1...Limits.incidentsMax {
            try floor.send(Self.declare("t\(index)", until: floor.now + .hours(1)), by: Self.supervisor)
        }
        let refusal = #expect(throws: Refusal.self) {
            try floor.send(Self.declare("more", until: floor.now + .hours(1)), by: Self.supervisor)
        }
        #expect(refusal?.code == .wrongState)
        try floor.send(Self.declare("t1", until: floor.now + .hours(2)), by: Self.supervisor)
    }

    @Test("it never lowers a break: who owes one is asked for nothing")
    func breaksStay() throws {
        var floor = Floor(Self.rules)
        try floor.agent("ana", ["network": 2])
        try floor.assigned("k1")
        try floor.message("k1", [.threat: 900])
        try floor.message("k2", topic: "outage")
        let events = try floor.send(Self.declare("outage", until: floor.now + .hours(1)), by: Self.supervisor)
        #expect(floor.agentRecord("ana")?.owesBreak == true)
        #expect(events.offersMade.isEmpty)
        #expect(events.breaks.isEmpty)
    }

    @Test("a replay knows the incident, and ends it in time")
    func replay() throws {
        var floor = Floor(Self.rules)
        try floor.send(Self.declare("outage", until: floor.now + .hours(1)), by: Self.supervisor)
        var replayed = RoutingState(tenant: "main")
        for event in floor.events { replayed.apply(event) }
        #expect(replayed.digest == floor.state.digest)
        var other = Router(state: replayed, rules: Self.rules, lexicon: "lexicon", version: "test")
        other.start(at: floor.now + .hours(2), digest: "")
        #expect(other.takeEvents().types.contains("incident.ended"))
    }
}

extension [Event] {
    var incidents: [IncidentDeclared] {
        compactMap { event in
            if case .incidentDeclared(let body) = event.body { body } else { nil }
        }
    }
}
