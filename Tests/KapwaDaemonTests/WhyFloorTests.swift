import KapwaDomain
import KapwaRouting
import Testing

@testable import KapwaDaemon

/// What an answer tells of what happened around a conversation.
@Suite struct WhyFloorTests {
    static let lead = Person(role: "supervisor", name: "Liza")
    static let dispatch = """
        queues:
          - {id: main, needs: {dispatch: 2}}
          - {id: other, needs: {billing: 1}}
        playbooks:
          - {topic: typhoon, text: Say sorry, drop: [dispatch]}
        """

    static func declare(_ topic: String, _ day: Day) -> Command.Body {
        .incidentDeclare(IncidentDeclare(topic: topic, until: day.now + .hours(1), reason: "storm"))
    }

    @Test("an incident that changes what is needed is named, and what is needed then")
    func incident() throws {
        var day = try Day(rules: Self.dispatch)
        try day.agent("ana", .none)
        try day.open("k1", topic: "typhoon")
        try day.pass(.minutes(1))
        try day.send(Self.declare("flood", day), by: Self.lead)
        try day.send(Self.declare("typhoon", day), by: Self.lead)
        try day.accept("k1")
        #expect(
            told(try day.why("k1")) == """
                Why this agent:
                ana was asked at 02:01:00. ana took it at 02:01:00, 1 min after it began to wait.
                Nobody else could have taken it.
                Why this long:
                02:00:00 opened by chat.
                02:00:00 entered queue main as number 1, needs dispatch 2.
                  Then nobody could take it: of 1 agent 1 without the skill.
                02:00:00 nobody, ready or not, has what it needs.
                02:01:00 the incident typhoon was declared, until 03:01:00: dispatch is needed no longer for it.
                02:01:00 needs nothing in particular now.
                02:01:00 ana was asked, to answer by 02:01:20.
                02:01:00 ana took it after 1 min.
                """)
    }

    @Test("an incident that lasted when the conversation came is named as well, one that was over is not")
    func incidentBefore() throws {
        var day = try Day(rules: Self.dispatch)
        try day.agent("ana", .none)
        try day.send(Self.declare("typhoon", day), by: Self.lead)
        try day.pass(.minutes(1))
        try day.open("k1", topic: "typhoon")
        #expect(told(try day.why("k1")).contains("02:00:00 the incident typhoon was declared"))
        try day.send(.agentState(AgentState(agent: "ana", state: .away)))
        try day.send(.incidentEnd(IncidentEnd(topic: "typhoon")), by: Self.lead)
        #expect(
            told(try day.why("k1")).contains(
                "02:01:00 the incident typhoon was over.\n02:01:00 needs dispatch 2 now."))
        try day.open("k2", topic: "typhoon")
        #expect(!told(try day.why("k2")).contains("incident"))
    }

    @Test("a change of the rules is named; another lexicon is none")
    func rules() throws {
        var day = try Day(rules: Self.dispatch)
        try day.agent("ana", .none)
        try day.open("k1")
        try day.pass(.minutes(1))
        day.router.change(to: day.router.rules, lexicon: "another", by: nil, at: day.now)
        try day.change(rules: "queues: [{id: main}, {id: other}]")
        let words = told(try day.why("k1"))
        #expect(
            words.contains(
                "02:01:00 the rules were changed; this is version 3.\n02:01:00 needs nothing in particular now."))
        #expect(words.ranges(of: "rules were changed").count == 1)
    }

    @Test("another queue and other skills are named when somebody says so")
    func updated() throws {
        var day = try Day(rules: Self.dispatch)
        try day.agent("ana", ["billing": 1])
        try day.open("k1")
        try day.pass(.minutes(1))
        let moved = ConversationUpdate(conversation: "k1", queue: "other", skills: ["billing": 3])
        try day.send(.conversationUpdate(moved))
        #expect(told(try day.why("k1")).contains("02:01:00 went to queue other as number 1, needs billing 3."))
        try day.send(.conversationUpdate(ConversationUpdate(conversation: "k1", priority: 50)))
        try day.send(.conversationUpdate(ConversationUpdate(conversation: "k1", skills: Skills.none)))
        let words = told(try day.why("k1"))
        #expect(words.contains("02:01:00 needs billing 1 now.\n02:01:00 ana was asked"))
    }

    @Test("who let an offer pass did not answer, and is not said to have declined")
    func silent() throws {
        var day = try Day()
        try day.agent("ana", .none)
        try day.open("k1")
        try day.pass(.seconds(30))
        #expect(told(try day.why("k1")).contains("ana did not answer 1 time; may be asked again from 02:01:20."))
        try day.pass(.seconds(80))
        #expect(
            told(try day.why("k1")).contains(
                "It is held until 02:02:20 for somebody who has not left it unanswered."))
        try day.agent("ben", .none)
        let words = told(try day.why("k1"))
        #expect(words.contains("ana was next: did not answer before."))
        #expect(words.contains("ana could have taken it, but did not answer before."))
        #expect(!words.contains("declined it"))
        let made = try day.offer(of: "k1")
        try day.send(.offerDecline(OfferAnswer(offer: made.offer, agent: made.agent)))
        try day.agent("carla", .none)
        let later = told(try day.why("k1"))
        #expect(later.contains("ben declined it 1 time"))
        #expect(later.contains("ana could have taken it, but did not answer before"))
    }

    @Test("what an assignment broke of an agent's care is one word for everyone, and named to an auditor")
    func violations() throws {
        var day = try Day()
        try day.agent("ana", .none)
        try day.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 10)))
        try day.pass(.minutes(10))
        try day.send(.agentState(AgentState(agent: "ana", state: .ready)))
        var found = Assessment()
        found.tags.frustration = Score(milli: 900)
        try day.open("k1", found)
        try day.send(
            .conversationAssign(
                ConversationAssign(conversation: "k1", agent: "ana", source: .external, reason: nil, overrides: [])))
        let answer = try day.why("k1")
        #expect(told(answer).contains("another router gave it to ana, against care"))
        #expect(!String(decoding: answer.json(), as: UTF8.self).contains("soft_landing"))
        #expect(told(answer, .auditor).contains("against soft_landing"))
    }
}
