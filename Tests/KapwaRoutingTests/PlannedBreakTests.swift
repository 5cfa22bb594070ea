import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

extension [Event] {
    /// Breaks of the plan, in the order in which they were planned.
    var planned: [BreakChanged] {
        compactMap { event in
            if case .breakPlanned(let body) = event.body { body } else { nil }
        }
    }

    var brokenFloors: [BreakFloorBroken] {
        compactMap { event in
            if case .breakFloorBroken(let body) = event.body { body } else { nil }
        }
    }

    func started(_ kind: BreakKind) -> [BreakChanged] { breaks.filter { $0.endsAt != nil && $0.kind == kind } }
    var owedBreaks: [BreakChanged] {
        compactMap { event in
            if case .breakOwed(let body) = event.body { body } else { nil }
        }
    }
}

/// Shifts, and the breaks that they plan.
@Suite struct PlannedBreakTests {
    /// Three hours into a shift the meal's window opens, five hours into it it closes.
    private func floor(
        _ rules: RuleSet = .standard, agents: [AgentID] = ["ana"], team: TeamID? = nil
    ) throws -> Floor {
        var floor = Floor(rules)
        for agent in agents {
            try floor.agent(agent, team: team)
            try floor.send(shift(agent, floor.now))
        }
        return floor
    }

    private func shift(_ agent: AgentID, _ start: Instant, hours: Int64 = 9, mealAt: Instant? = nil) -> Command.Body {
        .agentShift(AgentShift(agent: agent, startsAt: start, endsAt: start + .hours(hours), mealAt: mealAt))
    }

    @Test("a shift plans the breaks of the policy, each with its window, its pay and its least minutes")
    func plans() throws {
        let floor = try floor()
        let meal = try #require(floor.events.planned.first)
        #expect(floor.events.types.suffix(2) == ["agent.shift_changed", "break.planned"])
        #expect(meal.kind == .meal && meal.reason == .schedule && meal.minutes == 60 && !meal.paid)
        #expect(meal.earliest == floor.now + .hours(3))
        #expect(meal.startBy == floor.now + .hours(5))
        #expect(meal.minimumMinutes == 60)
    }

    @Test("the agent stays a candidate until the latest start less what nine of ten contacts last: chat 8 min")
    func candidateUntil() throws {
        var floor = try floor()
        floor.pass(.hours(5) - .minutes(8) - 1)
        #expect(floor.agentRecord("ana")?.effective == .ready)
        try floor.assigned("k1")
        try floor.message("k1", from: .agent, agent: "ana")
        let events = floor.pass(1)
        #expect(events.types == ["break.owed"])
        #expect(events.owedBreaks.first?.reason == .schedule)
        #expect(try floor.message("k2").offersMade.isEmpty)
    }

    @Test("who has had calls is a candidate until 6 min before, who has had email until 15 min before")
    func leadByChannel() throws {
        for (channel, minutes) in [(Channel.voice, Int64(6)), (.email, 15)] {
            var floor = try floor()
            try floor.assigned("k1", channel: channel)
            try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
            #expect(!floor.pass(.hours(5) - .minutes(minutes) - 1).types.contains("break.owed"))
            #expect(floor.pass(1).types.contains("break.owed"))
        }
    }

    @Test("when fifty contacts are known, what nine of ten of them lasted counts")
    func ninetieth() throws {
        var floor = try floor(agents: ["ana"])
        for index in 1...50 {
            let id = ConversationID("k\(index)")
            try floor.assigned(id)
            floor.pass(.minutes(2))
            try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
            floor.pass(.seconds(60))
        }
        #expect(floor.state.lead(0, at: floor.now) == .seconds(128))
        floor.pass(.days(8))
        #expect(floor.state.lead(0, at: floor.now) == .minutes(8))
    }

    @Test("a planned break starts when nothing is live, ends after its minutes and leaves the agent away")
    func taken() throws {
        var floor = try floor()
        floor.pass(.hours(5) - .minutes(8))
        #expect(floor.agentRecord("ana")?.isOnBreak == true)
        let started = try #require(floor.events.started(.meal).first)
        #expect(!started.paid && started.lateMilliseconds == 0)
        floor.pass(.minutes(60))
        #expect(floor.agentRecord("ana")?.presence == .away)
        #expect(floor.agentRecord("ana")?.plannedBreaks.isEmpty == true)
    }

    @Test("the agent takes a planned break at any moment of its window")
    func takenEarly() throws {
        var floor = try floor()
        let planned = try #require(floor.events.planned.first)
        floor.pass(.hours(3))
        let events = try floor.send(.breakStart(BreakStart(agent: "ana", kind: .meal)))
        #expect(events.started(.meal).map(\.breakID) == [planned.breakID])
        floor.pass(.hours(6))
        #expect(floor.events.started(.meal).count == 1)
    }

    @Test("before the window opens a break of the kind is the agent's own, and the planned one stays")
    func beforeWindow() throws {
        var floor = try floor()
        floor.pass(.hours(1))
        let events = try floor.send(.breakStart(BreakStart(agent: "ana", kind: .meal, minutes: 20)))
        #expect(events.started(.meal).first?.reason == .requested)
        #expect(floor.agentRecord("ana")?.plannedBreaks.count == 1)
    }

    @Test("nobody ends a meal before its least minutes, not even the agent")
    func leastMinutes() throws {
        var floor = try floor()
        floor.pass(.hours(5) - .minutes(8))
        floor.pass(.minutes(59))
        let refused = #expect(throws: Refusal.self) { try floor.send(.breakEnd(BreakEnd(agent: "ana"))) }
        #expect(refused?.state == "on_break" && refused?.until == floor.now + .minutes(1))
    }

    @Test("a changed shift plans anew what has not begun, and nothing that was begun or is owed")
    func replanned() throws {
        var floor = try floor()
        let start = floor.now
        floor.pass(.hours(2))
        let events = try floor.send(shift("ana", start + .hours(1)))
        #expect(events.planned.map(\.earliest) == [start + .hours(4)])
        #expect(floor.agentRecord("ana")?.plannedBreaks.map(\.earliest) == [start + .hours(4)])
        floor.pass(.hours(4) - .minutes(8))
        #expect(floor.agentRecord("ana")?.isOnBreak == true)
        #expect(try floor.send(shift("ana", start + .hours(2))).planned.isEmpty)
    }

    @Test("the same shift said twice changes nothing")
    func saidTwice() throws {
        var floor = try floor()
        #expect(try floor.send(shift("ana", floor.now)).isEmpty)
    }

    @Test("who is not there takes no planned break: it lapses, and one who comes in time takes it")
    func absent() throws {
        var floor = try floor(agents: ["ana", "ben"])
        for agent in ["ana", "ben"] {
            try floor.send(.agentState(AgentState(agent: AgentID(agent), state: .offline)))
        }
        floor.pass(.hours(5) - .minutes(3))
        #expect(floor.events.started(.meal).isEmpty)
        let back = try floor.send(.agentState(AgentState(agent: "ben", state: .ready)))
        #expect(back.started(.meal).map(\.agent) == ["ben"])
        let events = floor.pass(.minutes(3))
        #expect(events.breaks.map(\.agent) == ["ana"])
        #expect(events.breaks.first?.completed == false)
    }

    @Test("a planned break that comes while another runs follows it, and is not late before that one ends")
    func behindAnother() throws {
        var floor = try floor()
        floor.pass(.hours(5) - .minutes(10))
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .private, minutes: 20)))
        #expect(floor.pass(.minutes(10)).owedBreaks.count == 1)
        let events = floor.pass(.minutes(10))
        #expect(events.types.prefix(2) == ["break.ended", "break.started"] || events.started(.meal).count == 1)
        #expect(events.started(.meal).first?.lateMilliseconds == 0)
    }

    @Test("a break for care does not wait for a meal that the agent put off: it begins when nothing is live")
    func putOff() throws {
        var floor = try floor()
        try floor.assigned("m0", channel: .email)
        try floor.send(.conversationClose(ConversationClose(conversation: "m0", outcome: .resolved)))
        floor.pass(.hours(5) - .minutes(16))
        try floor.assigned("k1")
        for mail in ["m1", "m2", "m3"] { try floor.assigned(ConversationID(mail), channel: .email) }
        for mail in ["m1", "m2"] {
            try floor.send(.stressReport(StressReport(agent: "ana", conversation: ConversationID(mail))))
        }
        floor.pass(.minutes(1))
        #expect(floor.agentRecord("ana")?.currentBreak?.kind == .meal)
        try floor.send(.breakPostpone(BreakPostpone(agent: "ana", minutes: 5)))
        let close = ConversationClose(conversation: "k1", outcome: .resolved)
        #expect(try floor.send(.conversationClose(close)).started(.meal).isEmpty)
        let begun = try floor.send(.stressReport(StressReport(agent: "ana", conversation: "m3")))
        #expect(begun.started(.stress).map(\.agent) == ["ana"])
        #expect(floor.pass(.minutes(10)).started(.meal).map(\.lateMilliseconds) == [0])
    }

    @Test("a stress break is never counted as the meal: both are taken, what follows a threat first")
    func neverTheMeal() throws {
        var floor = try floor()
        floor.pass(.hours(4))
        try floor.assigned("call", channel: .voice)
        floor.pass(.minutes(54))
        #expect(floor.agentRecord("ana")?.currentBreak?.kind == .meal)
        try floor.message("call", [.threat: 900])
        #expect(floor.agentRecord("ana")?.currentBreak?.kind == .stress)
        #expect(floor.agentRecord("ana")?.nextBreaks.map(\.kind) == [.meal])
        try floor.send(.conversationClose(ConversationClose(conversation: "call", outcome: .resolved)))
        #expect(floor.agentRecord("ana")?.currentBreak?.isRunning == true)
        let events = floor.pass(.minutes(15))
        #expect(events.started(.meal).first?.lateMilliseconds == 0)
        #expect(floor.agentRecord("ana")?.currentBreak?.endsAt == floor.now + .hours(1))
    }

    @Test("the agent moves a planned break once, inside its window")
    func postponed() throws {
        var floor = try floor()
        let start = floor.now
        floor.pass(.hours(3))
        let events = try floor.send(.breakPostpone(BreakPostpone(agent: "ana", kind: .meal, minutes: 15)))
        guard case .breakPostponed(let body) = events.first?.body else { throw Floor.Missing.offer }
        #expect(body.earliest == floor.now + .minutes(15))
        #expect(body.startBy == start + .hours(5))
        let again = #expect(throws: Refusal.self) {
            try floor.send(.breakPostpone(BreakPostpone(agent: "ana", minutes: 5)))
        }
        #expect(again?.state == "postponed")
        #expect(again?.until == nil, "it will never be right again")
    }

    @Test("moved in its last minutes, a planned break excludes its agent as before and begins at its latest start")
    func postponedLate() throws {
        var floor = try floor()
        let start = floor.now
        floor.pass(.hours(5) - .minutes(10))
        try floor.send(.breakPostpone(BreakPostpone(agent: "ana", minutes: 15)))
        floor.pass(.minutes(2))
        #expect(floor.agentRecord("ana")?.effective == .breakOwed)
        let events = floor.pass(.minutes(8))
        #expect(events.started(.meal).first?.lateMilliseconds == 0)
        #expect(floor.now == start + .hours(5))
    }

    @Test("rows of breaks show what is planned beside what is owed")
    func rows() throws {
        let floor = try floor()
        let rows = try floor.router.read(StateRead(what: .breaks), at: floor.now)
        guard case .breaks(let breaks) = rows.rows else { throw Floor.Missing.offer }
        #expect(breaks.map(\.state) == [.planned])
        #expect(breaks.first?.earliest == floor.now + .hours(3))
    }

    @Test("how long contacts last is kept in steps of an eighth, and nothing is said of fewer than fifty")
    func handleTimes() {
        for (length, rounded) in [
            (Milliseconds.seconds(1), Milliseconds.seconds(2)), (.seconds(60), .seconds(64)),
            (.minutes(8), .seconds(512)),
            (.hours(30), .seconds(114_688)),
        ] {
            var times = HandleTimes()
            let now = Instant(milliseconds: 1_800_000_000_000)
            for _ in 1...49 { times.add(length, at: now) }
            #expect(times.ninetieth(at: now) == nil)
            times.add(length, at: now)
            #expect(times.ninetieth(at: now) == rounded)
            for _ in 1...5 { times.add(.days(9), at: now) }
            #expect(times.ninetieth(at: now) == rounded)
            #expect(times.ninetieth(at: now + .days(7)) == nil)
        }
    }

    @Test("where breaks do not bind a planned one excludes nobody and lapses")
    func observed() throws {
        var rules = RuleSet.standard
        rules.breaksMode = .observe
        var floor = try floor(rules)
        #expect(floor.events.planned.first?.enforced == false)
        floor.pass(.hours(5) - .minutes(8))
        #expect(try floor.message("k1").offersMade.count == 1)
        #expect(floor.pass(.minutes(8)).types.contains("break.ended"))
    }

    // MARK: Coverage

    private func floors(_ least: Int, skill: SkillID? = nil) -> RuleSet {
        var rules = RuleSet.standard
        rules.floors = [KapwaRules.Floor(skill: skill, least: least)]
        return rules
    }

    @Test("floors slide planned breaks inside their windows, the highest ledger first")
    func slides() throws {
        var floor = try floor(floors(2), agents: ["ana", "ben", "cat"])
        try floor.assigned("k1", [.frustration: 800])
        let stressed = try #require(floor.conversation("k1")?.lastAgent)
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        floor.pass(.hours(3))
        #expect(floor.events.started(.meal).map(\.agent) == [stressed])
        floor.pass(.minutes(60))
        #expect(floor.events.started(.meal).count == 1)
        try floor.send(.agentState(AgentState(agent: stressed, state: .ready)))
        floor.pass(.minutes(1))
        #expect(floor.events.started(.meal).count == 2)
        #expect(floor.events.brokenFloors.isEmpty)
    }

    @Test("who went and came back before the window opened slides from its opening on like everybody else")
    func cameBack() throws {
        var floor = try floor(floors(1), agents: ["ana", "ben"])
        floor.pass(.hours(1))
        for agent in ["ana", "ben"] as [AgentID] {
            for state in [Presence.offline, .ready] {
                try floor.send(.agentState(AgentState(agent: agent, state: state)))
                floor.pass(.minutes(1))
            }
        }
        floor.pass(.hours(2) - .minutes(4) - 1)
        #expect(floor.events.started(.meal).isEmpty)
        #expect(floor.pass(1).started(.meal).count == 1)
    }

    @Test("a hard deadline wins against a floor, and the supervisor is told")
    func deadlineWins() throws {
        var floor = try floor(floors(1), agents: ["ana"])
        #expect(!floor.pass(.hours(5) - .minutes(8) - 1).types.contains("break.owed"))
        let events = floor.pass(1)
        #expect(events.types.prefix(3) == ["break.owed", "break.floor_broken", "break.started"])
        let told = try #require(events.brokenFloors.first)
        #expect((told.least, told.left) == (1, 0))
    }

    @Test("a floor that keeps its least is not broken, and nobody is told")
    func leastIsKept() throws {
        var floor = try floor(floors(1), agents: ["ana"])
        try floor.agent("ben")
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .rest, minutes: 5)))
        floor.pass(.minutes(5))
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        floor.pass(.hours(5))
        #expect(floor.events.started(.meal).count == 1 && floor.events.brokenFloors.isEmpty)
    }

    @Test("a floor of a skill counts only who has it")
    func floorOfSkill() throws {
        var rules = floors(1, skill: "billing")
        rules.floors[0].level = 2
        var floor = Floor(rules)
        try floor.agent("ana", ["billing": 2])
        try floor.agent("ben", ["billing": 1])
        for agent in ["ana", "ben"] { try floor.send(shift(AgentID(agent), floor.now)) }
        floor.pass(.hours(5))
        #expect(floor.events.brokenFloors.map(\.agent) == ["ana"])
    }

    @Test("without floors nothing slides: the agent is a candidate to the last")
    func noFloors() throws {
        var floor = try floor(agents: ["ana", "ben"])
        floor.pass(.hours(4))
        #expect(floor.events.started(.meal).isEmpty)
    }
}
