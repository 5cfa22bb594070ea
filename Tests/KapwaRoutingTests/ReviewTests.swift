import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

@Suite struct ReviewTests {
    static let supervisor = Person(role: "supervisor", name: "Sol")

    static func retag(_ id: ConversationID, _ tags: [(Tag, Bool)]) -> Command.Body {
        .conversationRetag(
            ConversationRetag(
                conversation: id, tags: tags.map { TagCorrection(tag: $0.0, holds: $0.1) }, reason: "misread"))
    }

    @Test("a correction changes peaks, mood, points and place; points may fall by it and by nothing else")
    func retagsWaiting() throws {
        var floor = Floor()
        try floor.message("k1", [.distress: 900, .frustration: 800], priority: 10)
        let before = try #require(floor.conversation("k1")?.placement)
        #expect(before.points == 36)
        let events = try floor.send(Self.retag("k1", [(.distress, false)]), by: Self.supervisor)
        let body = try #require(events.retagged.first)
        #expect(body.corrected == ["distress"])
        #expect(body.tags.frustration == 800)
        #expect(body.placement?.points == 6)
        #expect(body.placement?.rank == before.rank + 30 * 60_000)
        #expect(body.by == Self.supervisor)
        let after = try #require(floor.conversation("k1"))
        #expect(after.peaks.distress == 0)
        #expect(after.mood.tags.distress == 0)
        #expect(after.placement?.points == 6)
        try floor.message("k1", [.distress: 900])
        #expect(floor.conversation("k1")?.placement?.points == 36, "new words count again")
    }

    @Test("a correction of what is over takes its points from whoever comes back to the same place")
    func retagsClosedPlace() throws {
        var floor = Floor()
        try floor.message("k1", [.distress: 900], priority: 10)
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .abandoned)))
        var untouched = floor
        try floor.send(Self.retag("k1", [(.distress, false)]), by: Self.supervisor)
        try floor.message("k1", priority: 10)
        try untouched.message("k1", priority: 10)
        #expect(floor.conversation("k1")?.placement?.points == 6)
        #expect(untouched.conversation("k1")?.placement?.points == 36)
    }

    @Test("1 is the whole of a tag: hard urgency moves forward, units follow frustration")
    func retagsUp() throws {
        var floor = Floor()
        try floor.message("k1")
        try floor.send(Self.retag("k1", [(.urgency, true), (.frustration, true)]), by: Self.supervisor)
        #expect(floor.conversation("k1")?.placement?.points == 30)
        #expect(floor.conversation("k1")?.units == 50)
    }

    @Test("units and ledger of the agent who has it follow, up and down; a report keeps its thousand")
    func retagsAssigned() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1", [.frustration: 850])
        #expect(floor.agentRecord("ana")?.ledger.value(at: floor.now) == 1_000)
        #expect(floor.agentRecord("ana")?.load == 43)
        try floor.send(Self.retag("k1", [(.frustration, false)]), by: Self.supervisor)
        #expect(floor.agentRecord("ana")?.ledger.value(at: floor.now) == 0)
        #expect(floor.agentRecord("ana")?.load == 25)
        try floor.send(Self.retag("k1", [(.frustration, true)]), by: Self.supervisor)
        #expect(floor.agentRecord("ana")?.ledger.value(at: floor.now) == 1_200)
        try floor.send(.stressReport(StressReport(agent: "ana", conversation: "k1")))
        try floor.send(Self.retag("k1", [(.frustration, false)]), by: Self.supervisor)
        #expect(floor.agentRecord("ana")?.ledger.value(at: floor.now) == 1_000)
    }

    @Test("a correction takes back the affinity that its words had set, and sets one for a threat that was missed")
    func retagsAffinity() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.message("k1", customer: "juan")
        try floor.accept()
        try floor.message("k1", [.threat: 800])
        let events = try floor.send(Self.retag("k1", [(.threat, false)]), by: Self.supervisor)
        #expect(events.types == ["conversation.retagged", "affinity.lifted"])
        #expect(floor.state.aversions.isEmpty)
        let again = try floor.send(Self.retag("k1", [(.threat, true)]), by: Self.supervisor)
        #expect(again.affinities.first?.kind == "threat")
    }

    @Test("abuse that was none lifts what a slur had set, and leaves what a threat had")
    func retagsItsOwn() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        try floor.message("k1", [.threat: 800])
        try floor.send(Self.retag("k1", [(.abuse, false)]), by: Self.supervisor)
        #expect(floor.state.aversions.count == 1)
    }

    @Test("the last episode can be corrected after its end")
    func retagsClosed() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        try floor.message("k1", [.threat: 800])
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        let events = try floor.send(Self.retag("k1", [(.threat, false)]), by: Self.supervisor)
        #expect(events.types == ["conversation.retagged", "affinity.lifted"])
        #expect(floor.state.closed["k1"]?.peaks.threat == 0)
        let missed = try floor.send(Self.retag("k1", [(.threat, true)]), by: Self.supervisor)
        #expect(missed.affinities.first?.agent == "ana")
    }

    @Test("only a supervisor corrects, declares, ends and lifts")
    func supervisorsOnly() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.message("k1")
        let incident = IncidentDeclare(topic: "outage", until: floor.now + .hours(1), reason: "many")
        for body: Command.Body in [
            Self.retag("k1", [(.abuse, true)]), .incidentDeclare(incident),
            .incidentEnd(IncidentEnd(topic: "outage")),
            .affinityLift(AffinityLift(customer: "juan", agent: "ana", reason: "talked", agreed: true)),
        ] {
            for by in [nil, Person(role: "agent", name: "Ana"), Person(role: "lead", name: "Lea")] {
                let refusal = #expect(throws: Refusal.self) { try floor.send(body, by: by) }
                #expect(refusal?.code == .notPermitted)
            }
        }
    }

    // MARK: Feedback

    @Test("contentment makes the agent the customer's own for thirty days, and the comment's feeling is kept")
    func contentment() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.agent("ben")
        try floor.message("k1", customer: "juan")
        try floor.accept()
        let agent = try #require(floor.events.offersMade.last?.agent)
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        #expect(floor.state.customers["juan"]?.goodAgent == nil)
        let events = try floor.send(
            .feedbackRecord(
                FeedbackRecord(
                    conversation: "k1", csat: 4, nps: 9, comment: "salamat", assessment: assessment([.relief: 700]))))
        let body = try #require(events.feedback.first)
        #expect(body.agent == agent)
        #expect(body.csat == 4)
        #expect(body.nps == 9)
        #expect(body.polarity == 700)
        #expect(floor.state.customers["juan"]?.goodAgent == agent)
        #expect(floor.state.customers["juan"]?.goodUntil == floor.now + .days(30))
    }

    @Test("discontent is a bad experience, once per episode, and two of them are ten minutes of head start")
    func discontent() throws {
        var floor = Floor()
        try floor.agent("ana")
        for index in 1...2 {
            let id = ConversationID("k\(index)")
            try floor.message(id, customer: "juan")
            try floor.accept()
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
            for _ in 1...2 { try floor.send(.feedbackRecord(FeedbackRecord(conversation: id, csat: 2))) }
            #expect(floor.state.badEpisodes(of: "juan", at: floor.now) == index)
            floor.pass(.minutes(2))
        }
        try floor.message("k3", customer: "juan")
        #expect(floor.conversation("k3")?.placement?.points == 10)
        floor.pass(.days(90))
        #expect(floor.state.badEpisodes(of: "juan", at: floor.now) == 1, "the one given up after a day of waiting")
    }

    @Test("a customer's own word counts more than words of thanks: no longer the agent who ended it well")
    func discontentAfterThanks() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.message("k1", [.relief: 800], customer: "juan")
        try floor.accept()
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        #expect(floor.state.customers["juan"]?.goodAgent == "ana")
        try floor.send(.feedbackRecord(FeedbackRecord(conversation: "k1", csat: 1)))
        #expect(floor.state.customers["juan"]?.goodAgent == nil)
    }

    @Test("feedback on what is unknown or long over is refused; on what is not over it is kept")
    func feedbackRefused() throws {
        var floor = Floor()
        let unknown = #expect(throws: Refusal.self) {
            try floor.send(.feedbackRecord(FeedbackRecord(conversation: "k1", csat: 3)))
        }
        #expect(unknown?.code == .unknownConversation)
        try floor.message("k1", customer: "juan")
        #expect(try floor.send(.feedbackRecord(FeedbackRecord(conversation: "k1", nps: 3))).feedback.count == 1)
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        floor.pass(.days(30))
        #expect(try floor.send(.feedbackRecord(FeedbackRecord(conversation: "k1", csat: 3))).feedback.count == 1)
        floor.pass(1)
        let late = #expect(throws: Refusal.self) {
            try floor.send(.feedbackRecord(FeedbackRecord(conversation: "k1", csat: 3)))
        }
        #expect(late?.code == .gone)
    }

    // MARK: Follow-ups

    @Test("a promised callback is owed until somebody did it")
    func followups() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        let events = try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .callback)))
        #expect(events.types.contains("followup.owed"))
        let rows = try floor.router.read(StateRead(what: .followups), at: floor.now)
        guard case .followups(let owed) = rows.rows else { throw Floor.Missing.offer }
        #expect(owed.map(\.conversation) == ["k1"])
        #expect(owed.first?.agent == "ana")
        #expect(owed.first?.reason == "callback")
        #expect(try floor.send(.followupDone(FollowupDone(conversation: "k1"))).types == ["followup.done"])
        let again = #expect(throws: Refusal.self) {
            try floor.send(.followupDone(FollowupDone(conversation: "k1")))
        }
        #expect(again?.code == .wrongState)
        let unknown = #expect(throws: Refusal.self) {
            try floor.send(.followupDone(FollowupDone(conversation: "k2")))
        }
        #expect(unknown?.code == .unknownConversation)
    }
}

extension [Event] {
    var retagged: [ConversationRetagged] {
        compactMap { event in
            if case .conversationRetagged(let body) = event.body { body } else { nil }
        }
    }

    var feedback: [FeedbackRecorded] {
        compactMap { event in
            if case .feedbackRecorded(let body) = event.body { body } else { nil }
        }
    }
}
