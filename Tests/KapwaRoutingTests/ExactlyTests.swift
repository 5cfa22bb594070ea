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

    @Test("a ledger of the threshold owes nothing, one above it owes a break")
    func threshold() throws {
        for (threshold, owes) in [(2_000, false), (1_999, true)] {
            var rules = RuleSet.standard
            rules.breaks.threshold = threshold
            rules.breaks.inviteAt = 1_000
            var floor = Floor(rules)
            try floor.agent("ana", ["ana": 1], capacity: 300)
            try floor.strain("ana", reports: 2)
            #expect(floor.agentRecord("ana")?.ledger.value(at: floor.now) == 2_000)
            #expect(floor.events.types.contains("break.owed") == owes)
        }
    }

    @Test("at the end of a shift its reports are those of the last twelve hours, as where no shift is known")
    func reportsAtShiftEnd() throws {
        for (at, suggested) in [(Milliseconds.hours(14) - 1, true), (.hours(14), false)] {
            var rules = RuleSet.standard
            rules.breaks.threshold = 6_000
            rules.breaks.planned = []
            var floor = Floor(rules)
            try floor.agent("ana", ["ana": 1], capacity: 300)
            let start = floor.now
            try floor.send(.agentShift(AgentShift(agent: "ana", startsAt: start, endsAt: start + .hours(14))))
            try floor.strain("ana", reports: 3)
            floor.pass(start + at - floor.now)
            try floor.strain("ana", reports: 1)
            #expect(floor.events.types.contains("talk.suggested") == suggested)
        }
    }

    @Test("danger that is carried over and said again is told once, not twice")
    func carriedDanger() throws {
        for (before, after, rounds) in [
            (SafetyFlag.Level.possible, SafetyFlag.Level.explicit, [1]), (.explicit, .explicit, [2]),
            (.explicit, .possible, [2]), (.possible, .possible, []),
        ] {
            var floor = Floor()
            try floor.message("k1", safety: before)
            try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .abandoned)))
            floor.pass(.seconds(5))
            #expect(try floor.message("k1", safety: after).raised.map(\.round) == rounds, "\(before), \(after)")
        }
    }

    @Test("to be given a calm contact while landing breaks no rule, a hard one does")
    func landingAssigned() throws {
        let cases: [([Tag: Int], [String])] = [([:], []), ([.frustration: 800], ["soft_landing"])]
        for (tags, violations) in cases {
            var floor = Floor()
            try floor.agent("ana", capacity: 200)
            try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 10)))
            floor.pass(.minutes(10))
            try floor.message("k1", tags, hold: true)
            try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
            #expect(floor.agentRecord("ana")?.isLanding(at: floor.now) == true)
            let events = try floor.send(
                .conversationAssign(ConversationAssign(conversation: "k1", agent: "ana", source: .external)))
            #expect(events.assigned.first?.violations == violations)
        }
    }

    @Test("strikes count for ten minutes: at ten minutes the first of three no longer does")
    func strikes() throws {
        for (wait, isAway) in [(Milliseconds.minutes(10) - 1, true), (.minutes(10), false)] {
            var floor = Floor()
            try floor.agent("ana")
            func expire(_ id: ConversationID) throws {
                try floor.message(id)
                floor.pass(.seconds(20))
                try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .abandoned)))
            }
            try expire("k1")
            let first = floor.now
            try expire("k2")
            floor.pass(first + wait - .seconds(20) - floor.now)
            try expire("k3")
            #expect(floor.agentRecord("ana")?.presence == (isAway ? .away : .ready))
        }
    }

    @Test("what others give breaks the capacity from one unit on; what was offered before is not counted twice")
    func violatedCapacity() throws {
        for (capacity, isOffered, violations) in [
            (50, false, []), (49, false, ["capacity"]), (51, false, []), (50, true, []),
        ] as [(Int, Bool, [String])] {
            var floor = Floor()
            try floor.agent("ana", capacity: capacity)
            try floor.assigned("k1")
            try floor.message("k2", hold: !isOffered)
            #expect(floor.events.offersMade.count == (isOffered ? 2 : 1))
            let events = try floor.send(
                .conversationAssign(ConversationAssign(conversation: "k2", agent: "ana", source: .external)))
            #expect(events.assigned.first?.violations == violations, "\(capacity)")
        }
    }

    @Test("a shift begins at most thirty-one days ahead")
    func shiftAhead() throws {
        for (ahead, isRefused) in [(Milliseconds.days(31), false), (.days(31) + 1, true)] {
            var floor = Floor()
            try floor.agent("ana")
            let start = floor.now + ahead
            let body = Command.Body.agentShift(AgentShift(agent: "ana", startsAt: start, endsAt: start + .hours(8)))
            if isRefused {
                let refused = #expect(throws: Refusal.self) { try floor.send(body) }
                #expect(refused?.field == "starts_at")
            } else {
                #expect(try floor.send(body).types.first == "agent.shift_changed")
            }
        }
    }

    @Test("only what waits has a wait to be told; anything else says what it is instead")
    func estimateOfWhatWaits() throws {
        var floor = Floor()
        try floor.agent("ana")
        func state(_ id: ConversationID) -> String? {
            let refused = #expect(throws: Refusal.self) {
                try floor.batch(.queueEstimate(QueueEstimate(subject: .conversation(id))))
            }
            return refused?.state
        }
        try floor.message("open", hold: true)
        #expect(state("open") == "open")
        let offer = try #require(try floor.message("k1").offersMade.first)
        #expect(state("k1") == "offered")
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        #expect(state("k1") == "assigned")
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        #expect(state("k1") == "closed")
    }

    @Test("other rules leave an open offer where routing still binds")
    func offersOverRules() throws {
        var floor = Floor()
        try floor.agent("ana")
        let offer = try #require(try floor.message("k1").offersMade.first)
        var rules = RuleSet.standard
        for (mode, stands) in [(Mode.enforce, true), (.observe, false)] {
            rules.routingMode = mode
            rules.hash = mode.rawValue
            floor.router.change(to: rules, lexicon: "lexicon", by: nil, at: floor.now)
            floor.router.match(at: floor.now)
            #expect((floor.state.offers[offer.offer] != nil) == stands)
        }
    }

    @Test("contacts of an agent who is gone come back at once, after thirty seconds, or after eight hours")
    func grace() throws {
        for channel in [Channel.chat, .social, .email] {
            let grace: Milliseconds = channel == .email ? .hours(8) : .seconds(30)
            var floor = Floor()
            try floor.agent("ana")
            try floor.assigned("k1", channel: channel)
            try floor.send(.agentState(AgentState(agent: "ana", state: .offline)))
            #expect(floor.pass(grace - 1).requeuedBecause.isEmpty)
            #expect(floor.pass(1).requeuedBecause == ["agent_lost"])
        }
    }

    @Test("words that change nothing of a place say nothing of it")
    func samePlace() throws {
        var floor = Floor()
        try floor.message("k1", [.urgency: 700])
        #expect(try floor.message("k1", [.urgency: 900]).types == ["conversation.messaged", "conversation.tagged"])
        #expect(try floor.message("k1", [.distress: 700]).types.last == "conversation.updated")
        #expect(try floor.message("k1", [.distress: 700]).types.last == "conversation.tagged")
    }
}
