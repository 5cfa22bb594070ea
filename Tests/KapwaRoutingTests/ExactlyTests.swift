import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// What holds at exactly a bound, and what a millisecond or a thousandth beside it.
@Suite struct ExactlyTests {
    @Test("a threat of 500 is one: it keeps customer and agent apart and owes a break")
    func threat() throws {
        for (score, isOne) in [(499, false), (500, true)] {
            var floor = Floor()
            try floor.agent("ana")
            try floor.assigned("k1")
            let events = try floor.message("k1", [.threat: score], channel: nil)
            #expect(events.types.contains("affinity.set") == isOne)
            #expect(events.types.contains("break.owed") == isOne)
        }
    }

    @Test("thanks with a strain of 500 in them are more than thanks")
    func thanks() throws {
        for tags: [Tag: Int] in [
            [.relief: 500, .frustration: 499], [.relief: 499], [.relief: 500, .frustration: 500],
        ] {
            var floor = Floor()
            try floor.message("k1")
            try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
            let isThanks = tags == [.relief: 500, .frustration: 499]
            #expect(try floor.message("k1", tags).types.contains("conversation.opened") != isThanks)
        }
    }

    @Test("messages of an episode are numbered from one, thanks after its end included")
    func messageNumbers() throws {
        var floor = Floor()
        try floor.message("k1")
        try floor.message("k1", from: .bot)
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        for _ in 1...2 { try floor.message("k1", [.relief: 700]) }
        try floor.message("k1")
        var numbers: [String: [Int]] = [:]
        for event in floor.events {
            if case .conversationMessaged(let body) = event.body {
                numbers["messaged", default: []].append(body.message)
            }
            if case .conversationTagged(let body) = event.body { numbers["tagged", default: []].append(body.message) }
        }
        #expect(numbers["messaged"] == [1, 2, 3, 4, 1])
        #expect(numbers["tagged"] == [1, 3, 4, 1])
    }

    @Test("who says no priority has none, and what comes after an end keeps none")
    func priority() throws {
        var floor = Floor()
        func opened(_ events: [Event]) -> [Int] {
            events.compactMap { event in
                if case .conversationOpened(let body) = event.body { body.priority } else { nil }
            }
        }
        #expect(opened(try floor.message("k1")) == [0])
        #expect(opened(try floor.message("k2", priority: 7)) == [7])
        try floor.send(.conversationClose(ConversationClose(conversation: "k2", outcome: .resolved)))
        floor.pass(.minutes(2))
        #expect(opened(try floor.message("k2")) == [0])
    }

    @Test("a break that begins a millisecond after its latest start is late, and says why")
    func late() throws {
        for late in [Milliseconds(0), 1] {
            var floor = Floor()
            try floor.agent("ana")
            try floor.assigned("call", channel: .voice)
            let owed = try #require(try floor.message("call", [.threat: 900], channel: nil).owedBreaks.first)
            floor.pass(owed.startBy - floor.now + late)
            let events = try floor.send(
                .conversationClose(ConversationClose(conversation: "call", outcome: .resolved)))
            let started = try #require(events.started(.stress).first)
            #expect(started.lateMilliseconds == late)
            #expect(started.lateCause == (late == 0 ? nil : .word("live_contact")))
        }
    }

    @Test("where nothing may be moved, nothing is moved, not by a minute")
    func postponeNothing() throws {
        for (most, minutes, isRefused) in [
            (Milliseconds.minutes(0), 1, true), (.minutes(15), 16, true), (.minutes(15), 15, false),
            (.minutes(15), 1, false),
        ] {
            var rules = RuleSet.standard
            rules.breaks.postponeMax = most
            var floor = Floor(rules)
            try floor.agent("ana")
            try floor.assigned("call", channel: .voice)
            try floor.message("call", [.threat: 900], channel: nil)
            let body = Command.Body.breakPostpone(BreakPostpone(agent: "ana", minutes: minutes))
            if isRefused {
                let refused = #expect(throws: Refusal.self) { try floor.send(body) }
                #expect(refused?.field == "minutes")
            } else {
                #expect(try floor.send(body).types == ["break.postponed"])
            }
        }
    }

    @Test("reports in the very moment in which the shift begins are of the shift")
    func reportsAtShiftStart() throws {
        var rules = RuleSet.standard
        rules.breaks.threshold = 3_500
        var floor = Floor(rules)
        try floor.agent("ana", capacity: 300)
        try floor.send(.agentShift(AgentShift(agent: "ana", startsAt: floor.now, endsAt: floor.now + .hours(8))))
        for index in 1...4 {
            try floor.assigned(ConversationID("k\(index)"), channel: .email)
            let events = try floor.send(
                .stressReport(StressReport(agent: "ana", conversation: ConversationID("k\(index)"))))
            #expect(events.types.contains("talk.suggested") == (index == 4))
        }
    }

    @Test("a disposition adds nothing to a contact that a report has lifted as high")
    func dispositionAfterReport() throws {
        for (minutes, points) in [(Int64(8), [Int]()), (9, [50])] {
            var floor = Floor()
            try floor.agent("ana")
            let offer = try #require(try floor.message("call", channel: .voice, text: "").offersMade.first)
            try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
            try floor.send(.stressReport(StressReport(agent: "ana", conversation: "call")))
            floor.pass(.minutes(minutes))
            try floor.send(.conversationClose(ConversationClose(conversation: "call", outcome: .resolved)))
            let events = try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: "call", hard: true)))
            #expect(events.stressed.map(\.points) == points)
        }
    }

    @Test("what cannot be reported is refused: an unknown conversation, and one that the agent never had")
    func reportsOfNothing() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.message("k1", skills: ["billing": 5])
        try floor.message("k2", skills: ["billing": 5])
        try floor.send(.conversationClose(ConversationClose(conversation: "k2", outcome: .abandoned)))
        for (id, code) in [
            ("nothing", RefusalCode.unknownConversation), ("k1", .wrongState), ("k2", .wrongState), (nil, .wrongState),
        ] as [(String?, RefusalCode)] {
            let refused = #expect(throws: Refusal.self) {
                try floor.send(.stressReport(StressReport(agent: "ana", conversation: id.map { ConversationID($0) })))
            }
            #expect(refused?.code == code, "\(id ?? "none named")")
        }
    }

    @Test("a strain of 600 that a correction leaves goes on counting its minutes")
    func correctedStrain() throws {
        for (left, goesOn) in [(600, true), (599, false)] {
            var floor = Floor()
            try floor.agent("ana")
            try floor.assigned("k1")
            let begun = floor.now
            try floor.message("k1", [.frustration: left, .distress: 800], channel: nil)
            #expect(floor.conversation("k1")?.strainedSince == begun)
            floor.pass(.minutes(1))
            try floor.send(ReviewTests.retag("k1", [(.distress, false)]), by: ReviewTests.supervisor)
            #expect(floor.conversation("k1")?.strainedSince == (goesOn ? begun : nil))
        }
    }

    @Test("a correction to a threat that was read as one owes no second break")
    func correctedThreat() throws {
        for (read, owes) in [(500, false), (499, true)] {
            var floor = Floor()
            try floor.agent("ana")
            try floor.assigned("k1")
            try floor.message("k1", [.threat: read], channel: nil)
            floor.pass(.minutes(20))
            try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
            #expect(floor.conversation("k1")?.isParked == false && floor.agentRecord("ana")?.currentBreak == nil)
            let events = try floor.send(ReviewTests.retag("k1", [(.threat, true)]), by: ReviewTests.supervisor)
            #expect(events.types.contains("break.owed") == owes)
        }
    }

    @Test("who wrote before the break began has not written to somebody on a break, and waits")
    func wroteBefore() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("mail", channel: .email)
        try floor.message("mail", channel: nil)
        floor.pass(.minutes(1))
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 10)))
        #expect(floor.conversation("mail")?.isParked == true)
        #expect(floor.pass(.minutes(9)).requeuedBecause.isEmpty)
    }

    @Test("who is away and begins a break breaks no floor: nobody counted on the agent")
    func awayBreaksNoFloor() throws {
        for state in [Presence.ready, .away] {
            var rules = RuleSet.standard
            rules.floors = [KapwaRules.Floor(least: 1)]
            var floor = Floor(rules)
            try floor.agent("ana")
            try floor.send(.agentShift(AgentShift(agent: "ana", startsAt: floor.now, endsAt: floor.now + .hours(9))))
            try floor.send(.agentState(AgentState(agent: "ana", state: state)))
            let events = floor.pass(.hours(5))
            #expect(events.started(.meal).count == 1)
            #expect(events.brokenFloors.count == (state == .ready ? 1 : 0))
        }
    }
}
