import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

@Suite struct DangerInFeedbackTests {
    static func comment(_ id: ConversationID, _ level: SafetyFlag.Level) -> Command.Body {
        .feedbackRecord(
            FeedbackRecord(
                conversation: id, csat: 1, comment: "words", assessment: assessment([:], safety: level)))
    }

    /// A floor on which ana has served juan.
    static func floor() throws -> Floor {
        var rules = RuleSet.standard
        rules.safetyEscalation = ["lead", "nurse"]
        var floor = Floor(rules)
        try floor.agent("ana")
        try floor.assigned("k1")
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        return floor
    }

    @Test("danger in a comment after the end is told to the lead, and a follow-up is owed until it is done")
    func afterTheEnd() throws {
        var floor = try Self.floor()
        let events = try floor.send(Self.comment("k1", .explicit))
        #expect(events.types == ["feedback.recorded", "safety.raised", "followup.owed"])
        #expect(events.raised.map(\.to) == ["lead"])
        #expect(events.raised.first?.level == .explicit)
        #expect(floor.state.followups["k1"]?.reason == "safety")
        #expect(floor.pass(.minutes(2)).raised.isEmpty, "nobody is there who would go on")
        #expect(try floor.send(Self.comment("k1", .explicit)).types == ["feedback.recorded"])
        let lead = Person(role: "lead", name: "Lea")
        let acknowledge = Command.Body.safetyAcknowledge(SafetyAcknowledge(conversation: "k1"))
        #expect(try floor.send(acknowledge, by: lead).types == ["safety.acknowledged"])
        try floor.send(.followupDone(FollowupDone(conversation: "k1")))
        #expect(try floor.send(Self.comment("k1", .explicit)).types.contains("followup.owed"))
        var replayed = RoutingState(tenant: "main")
        for event in floor.events { replayed.apply(event) }
        #expect(replayed.digest == floor.state.digest)
    }

    @Test("a possible danger in a comment is told once, and owes nothing")
    func possible() throws {
        var floor = try Self.floor()
        #expect(try floor.send(Self.comment("k1", .possible)).types == ["feedback.recorded", "safety.raised"])
        #expect(try floor.send(Self.comment("k1", .possible)).types == ["feedback.recorded"])
    }

    @Test("while the conversation is open, danger in a comment counts as in any other words")
    func whileOpen() throws {
        var floor = try Self.floor()
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        try floor.message("k2")
        try floor.message("k3", hold: true)
        let waiting = try floor.send(Self.comment("k2", .explicit))
        #expect(waiting.types == ["feedback.recorded", "safety.raised", "conversation.updated"])
        #expect(floor.conversation("k2")?.placement?.safety == true)
        #expect(floor.pass(.seconds(60)).raised.map(\.to) == ["nurse"])
        try floor.send(Self.comment("k3", .explicit))
        #expect(floor.conversation("k3")?.phase == .queued)
        #expect(floor.state.followups["k2"] == nil)
        #expect(try floor.send(Self.comment("k2", .explicit)).types == ["feedback.recorded"])
    }
}
