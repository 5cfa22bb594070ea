import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

extension [Event] {
    var requeuedBecause: [String] {
        compactMap { event in
            if case .conversationRequeued(let body) = event.body { body.reason?.text } else { nil }
        }
    }

    var parked: [ConversationParked] {
        compactMap { event in
            if case .conversationParked(let body) = event.body { body } else { nil }
        }
    }

    var resumed: [ConversationParked] {
        compactMap { event in
            if case .conversationResumed(let body) = event.body { body } else { nil }
        }
    }
}

/// What waits while its agent is on a break, and what goes to somebody else.
@Suite struct ParkingTests {
    /// An agent on a break of ten minutes who has an email.
    private func resting(minutes: Int = 10) throws -> KapwaRoutingTests.Floor {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("mail", channel: .email)
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: minutes)))
        return floor
    }

    @Test("when a break starts everything else is parked, with the time at which the agent is expected back")
    func parked() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("mail", channel: .email)
        try floor.assigned("chat")
        floor.pass(.minutes(3))
        let events = try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 10)))
        #expect(events.types == ["break.owed", "break.started", "conversation.parked", "conversation.parked"])
        #expect(Set(events.parked.map(\.conversation)) == ["mail", "chat"])
        #expect(events.parked.allSatisfy { $0.until == floor.now + .minutes(10) && $0.agent == "ana" })
        #expect(floor.conversation("mail")?.phase == .assigned)
    }

    @Test("a parked customer who writes in need goes to somebody else at once, with the old rank")
    func inNeed() throws {
        for safety in [SafetyFlag.Level?.none, .possible, .explicit] {
            var floor = try resting()
            try floor.agent("ben")
            let since = floor.conversation("mail")?.since
            floor.pass(.minutes(1))
            let events = try floor.message(
                "mail", safety == nil ? [.urgency: 700] : [:], channel: nil, safety: safety)
            #expect(events.requeuedBecause == ["parked"])
            #expect(events.offersMade.map(\.agent) == ["ben"])
            #expect(floor.conversation("mail")?.since == since)
        }
    }

    @Test("one who writes anything else waits two minutes, then goes to somebody else")
    func twoMinutes() throws {
        var floor = try resting()
        #expect(try floor.message("mail", [.urgency: 699], channel: nil).requeuedBecause.isEmpty)
        floor.pass(.minutes(1))
        try floor.message("mail", channel: nil)
        #expect(floor.pass(.minutes(1) - 1).requeuedBecause.isEmpty)
        #expect(floor.pass(1).requeuedBecause == ["parked"])
    }

    @Test("what is said to somebody on a break is no strain of that agent's, also when another takes it over")
    func strainWhileParked() throws {
        var floor = try resting()
        var events = try floor.message("mail", [.frustration: 900], channel: nil)
        events += floor.pass(.minutes(2))
        #expect(events.requeuedBecause == ["parked"])
        #expect(events.stressed.isEmpty)
        #expect(floor.agentRecord("ana")?.ledger.value(at: floor.now) == 0)
    }

    @Test("danger that the agent had read is the agent's when it ends while parked; danger said meanwhile is not")
    func dangerWhileParked() throws {
        for isRead in [true, false] {
            var floor = Floor()
            try floor.agent("ana")
            let made = try #require(
                try floor.message("mail", channel: .email, safety: isRead ? .explicit : nil).offersMade.first)
            try floor.send(.offerAccept(OfferAnswer(offer: made.offer, agent: "ana")))
            try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 10)))
            #expect(floor.conversation("mail")?.isParked == true)
            let events =
                isRead
                ? try floor.send(.conversationClose(ConversationClose(conversation: "mail", outcome: .resolved)))
                : try floor.message("mail", channel: nil, safety: .explicit)
            #expect(events.owedBreaks.map(\.because) == (isRead ? ["safety"] : []))
        }
    }

    @Test("who does not write waits for the agent")
    func silent() throws {
        var floor = try resting()
        #expect(floor.pass(.minutes(9)).requeuedBecause.isEmpty)
    }

    @Test("an agent who is back within the two minutes goes on with it")
    func backInTime() throws {
        var floor = try resting()
        floor.pass(.minutes(9))
        try floor.message("mail", channel: nil)
        let events = try floor.send(.breakEnd(BreakEnd(agent: "ana")))
        #expect(events.resumed.map(\.conversation) == ["mail"])
        #expect(events.resumed.first?.reason == .word("break_over"))
        #expect(floor.pass(.minutes(5)).requeuedBecause.isEmpty)
    }

    @Test("a break that ran out brings nobody back: what is parked waits until ready")
    func untilReady() throws {
        var floor = try resting()
        #expect(floor.pass(.minutes(11)).resumed.isEmpty)
        let events = try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        #expect(events.resumed.count == 1)
    }

    @Test("an agent who writes in a parked conversation goes on with it")
    func agentWrites() throws {
        var floor = try resting()
        try floor.message("mail", channel: nil)
        let events = try floor.message("mail", from: .agent, channel: nil, agent: "ana")
        #expect(events.resumed.first?.reason == .word("message"))
        #expect(floor.pass(.minutes(5)).requeuedBecause.isEmpty)
    }

    @Test("what is written to a parked conversation is booked to nobody until somebody reads it")
    func unread() throws {
        var floor = try resting()
        try floor.message(
            "mail", [.frustration: 900, .abuse: 600], channel: nil, abuse: Abuse(kind: .insult, target: .agent))
        #expect(floor.agentRecord("ana")?.ledger.anchor == 0)
        try floor.send(.breakEnd(BreakEnd(agent: "ana")))
        #expect(floor.agentRecord("ana")?.ledger.value(at: floor.now) == 2_200)
    }

    @Test("a threat that came while parked owes its break to the agent who goes on with it")
    func threat() throws {
        var floor = try resting()
        #expect(try floor.message("mail", [.threat: 900], channel: nil).owedBreaks.isEmpty)
        let events = try floor.send(.breakEnd(BreakEnd(agent: "ana")))
        #expect(events.owedBreaks.map(\.because) == ["threat"])
        #expect(floor.agentRecord("ana")?.isOnBreak == true)
    }

    @Test("danger that an agent never read owes that agent nothing")
    func dangerUnread() throws {
        var floor = try resting()
        try floor.message("mail", channel: nil, safety: .explicit)
        #expect(floor.conversation("mail")?.phase == .queued)
        #expect(floor.agentRecord("ana")?.nextBreaks.isEmpty == true)
    }

    @Test("a chat that is parked keeps no next break from starting")
    func nextBreak() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 200)
        for id in ["k1", "k2", "k3"] { try floor.assigned(ConversationID(id)) }
        floor.pass(.minutes(3))
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .private, minutes: 5)))
        for id in ["k1", "k2", "k3"] {
            try floor.send(.stressReport(StressReport(agent: "ana", conversation: ConversationID(id))))
        }
        floor.pass(.minutes(4))
        try floor.message("k1", channel: nil)
        let events = try floor.send(.breakEnd(BreakEnd(agent: "ana")))
        #expect(events.started(.stress).count == 1)
        #expect(events.resumed.isEmpty)
        #expect(events.parked.map(\.until) == Array(repeating: floor.now + .minutes(10), count: 3))
    }

    @Test("a wrap-up that meets a break waits until after: what was left of its time runs from the end")
    func wrapup() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("call", channel: .voice)
        try floor.send(.conversationClose(ConversationClose(conversation: "call", outcome: .resolved)))
        let limit = try #require(floor.agentRecord("ana")?.wrapups.first?.deadline) - floor.now
        floor.pass(.seconds(10))
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 10)))
        #expect(
            floor.agentRecord("ana")?.wrapups.first?.deadline == floor.now + .minutes(10) + limit - .seconds(10))
    }

    // MARK: Hand-over

    /// An agent with two chats who owes a break since a threat in the first, both kept awake until its latest start.
    private func busy() throws -> KapwaRoutingTests.Floor {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        try floor.assigned("k2")
        try floor.message("k1", [.threat: 900])
        try keepAwake(&floor, minutes: 14)
        return floor
    }

    private func keepAwake(_ floor: inout KapwaRoutingTests.Floor, minutes: Int) throws {
        for _ in 0..<minutes {
            floor.pass(.minutes(1))
            for id in ["k1", "k2"] where floor.conversation(ConversationID(id))?.phase == .assigned {
                try floor.message(ConversationID(id), from: .agent, channel: nil, agent: "ana")
            }
        }
    }

    @Test("chats that are live at the latest start are offered for hand-over, ten minutes later handed over")
    func handover() throws {
        var floor = try busy()
        try floor.agent("ben")
        let startBy = try #require(floor.agentRecord("ana")?.currentBreak?.startBy)
        #expect(!floor.events.types.contains("handover.offered"))
        try keepAwake(&floor, minutes: 1)
        let offered = floor.events.compactMap { event in
            if case .handoverOffered(let body) = event.body { body } else { nil }
        }
        #expect(offered.map(\.conversation) == ["k1", "k2"])
        #expect(offered.allSatisfy { $0.until == startBy + .minutes(10) && $0.agent == "ana" })
        try keepAwake(&floor, minutes: 9)
        #expect(floor.events.requeuedBecause.isEmpty)
        let events = floor.pass(.minutes(1))
        #expect(
            events.types.prefix(4) == [
                "break.overdue", "conversation.requeued", "conversation.requeued", "break.started",
            ])
        #expect(events.requeuedBecause == ["handover", "handover"])
        #expect(events.offersMade.first?.agent == "ben")
        #expect(events.started(.stress).first?.lateMilliseconds == .minutes(10))
    }

    @Test("a chat that falls silent after the latest start lets the break begin")
    func silence() throws {
        var floor = try busy()
        let events = floor.pass(.minutes(4))
        #expect(events.started(.stress).first?.lateMilliseconds == .minutes(2))
        #expect(events.started(.stress).first?.lateCause == .word("live_contact"))
    }

    @Test("a call is waited for, and a chat that wakes beside an overdue break is handed over at once")
    func callAndChat() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 200)
        try floor.assigned("call", channel: .voice)
        try floor.assigned("k1")
        try floor.message("call", [.threat: 900], channel: nil)
        floor.pass(.minutes(26))
        #expect(floor.conversation("k1")?.phase == .assigned)
        #expect(try floor.message("k1", channel: nil).requeuedBecause == ["handover"])
        #expect(floor.agentRecord("ana")?.isOnBreak == false)
        let events = try floor.send(.conversationClose(ConversationClose(conversation: "call", outcome: .resolved)))
        #expect(events.started(.stress).first?.lateMilliseconds == .minutes(11))
    }

    @Test("a chat may be handed over sooner with a transfer; the break begins with the last one")
    func transferred() throws {
        var floor = try busy()
        try floor.agent("ben")
        for id in ["k1", "k2"] {
            let events = try floor.send(
                .conversationTransfer(ConversationTransfer(conversation: ConversationID(id), reason: "break")))
            #expect(events.types.contains("break.started") == (id == "k2"))
        }
    }
}
