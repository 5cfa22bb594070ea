import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// Who may end, cut, move or override a break, and who may not.
@Suite struct BreakRightsTests {
    private let lead = Person(role: "supervisor", name: "Lea")

    /// An agent on a stress break of ten minutes who has a chat that fell silent.
    private func resting(_ rules: RuleSet = .standard) throws -> KapwaRoutingTests.Floor {
        var floor = Floor(rules)
        try floor.agent("ana", capacity: 200)
        try floor.assigned("chat")
        for mail in ["m1", "m2", "m3"] { try floor.assigned(ConversationID(mail), channel: .email) }
        floor.pass(.minutes(3))
        for mail in ["m1", "m2", "m3"] {
            try floor.send(.stressReport(StressReport(agent: "ana", conversation: ConversationID(mail))))
        }
        return floor
    }

    /// An agent in a call after a threat, who owes a break.
    private func owing(_ rules: RuleSet = .standard) throws -> KapwaRoutingTests.Floor {
        var floor = Floor(rules)
        try floor.agent("ana", capacity: 200)
        try floor.assigned("call", channel: .voice)
        try floor.message("call", [.threat: 900], channel: nil)
        return floor
    }

    private func close(_ floor: inout KapwaRoutingTests.Floor, _ id: ConversationID) throws -> [Event] {
        try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
    }

    // MARK: Ending

    @Test("a supervisor who ends a break says why, and not before its least minutes")
    func supervisorEnds() throws {
        var floor = try resting()
        floor.pass(.minutes(5))
        let unsaid = #expect(throws: Refusal.self) {
            try floor.send(.breakEnd(BreakEnd(agent: "ana")), by: lead)
        }
        #expect(unsaid?.code == .missingField)
        var early = try resting()
        early.pass(.minutes(5) - 1)
        let refused = #expect(throws: Refusal.self) {
            try early.send(.breakEnd(BreakEnd(agent: "ana", reason: "storm")), by: lead)
        }
        #expect(refused?.until == early.now + 1)
    }

    @Test("what was cut is owed again: nothing new comes, the parked goes on, and the rest begins in its window")
    func cut() throws {
        var floor = try resting()
        floor.pass(.minutes(6))
        let events = try floor.send(.breakEnd(BreakEnd(agent: "ana", reason: "storm")), by: lead)
        let owed = try #require(events.owedBreaks.first)
        #expect(owed.because == "cut" && owed.minutes == 5 && owed.startBy == floor.now + .minutes(15))
        #expect(events.resumed.count == 4)
        #expect(try floor.message("new").offersMade.isEmpty)
        #expect(floor.pass(.minutes(15) - 1).started(.stress).isEmpty)
        let started = floor.pass(1).started(.stress)
        #expect(started.map(\.lateMilliseconds) == [0])
    }

    @Test("the agent takes what was cut as soon as it suits")
    func cutTaken() throws {
        var floor = try resting()
        floor.pass(.minutes(6))
        try floor.send(.breakEnd(BreakEnd(agent: "ana", reason: "storm")), by: lead)
        #expect(try floor.send(.breakStart(BreakStart(agent: "ana"))).started(.stress).count == 1)
    }

    @Test("what the agent leaves out by an own choice is not owed again")
    func ownChoice() throws {
        var floor = try resting()
        floor.pass(.minutes(6))
        let events = try floor.send(.breakEnd(BreakEnd(agent: "ana")))
        #expect(events.owedBreaks.isEmpty)
        #expect(floor.agentRecord("ana")?.effective == .ready)
    }

    @Test("a meal that a supervisor cut is owed again, unpaid as it was")
    func cutMeal() throws {
        var rules = RuleSet.standard
        rules.breaks.planned[0].minimumMinutes = 20
        var floor = Floor(rules)
        try floor.agent("ana")
        try floor.send(.agentShift(AgentShift(agent: "ana", startsAt: floor.now, endsAt: floor.now + .hours(9))))
        floor.pass(.hours(4))
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .meal)))
        floor.pass(.minutes(20))
        let events = try floor.send(.breakEnd(BreakEnd(agent: "ana", reason: "storm")), by: lead)
        let owed = try #require(events.owedBreaks.first)
        #expect(owed.kind == .meal && owed.minutes == 40 && !owed.paid && owed.because == "cut")
    }

    // MARK: Moving

    @Test("an owed break is moved once, by at most fifteen minutes, and excludes its agent meanwhile")
    func moved() throws {
        var floor = try owing()
        let startBy = try #require(floor.agentRecord("ana")?.currentBreak?.startBy)
        for minutes in [0, 16] {
            let refused = #expect(throws: Refusal.self) {
                try floor.send(.breakPostpone(BreakPostpone(agent: "ana", minutes: minutes)))
            }
            #expect(refused?.code == .invalidField)
        }
        try floor.send(.breakPostpone(BreakPostpone(agent: "ana", minutes: 10)))
        #expect(floor.agentRecord("ana")?.currentBreak?.startBy == startBy + .minutes(10))
        #expect(try close(&floor, "call").started(.stress).isEmpty)
        #expect(try floor.message("k2").offersMade.isEmpty)
        #expect(throws: Refusal.self) { try floor.send(.breakPostpone(BreakPostpone(agent: "ana", minutes: 1))) }
        let events = floor.pass(.minutes(10))
        #expect(events.started(.stress).map(\.lateMilliseconds) == [0])
    }

    @Test("a break that was moved begins sooner when the agent says so")
    func movedAndTaken() throws {
        var floor = try owing()
        try floor.send(.breakPostpone(BreakPostpone(agent: "ana")))
        _ = try close(&floor, "call")
        #expect(try floor.send(.breakStart(BreakStart(agent: "ana"))).started(.stress).count == 1)
    }

    @Test("a break that was moved and is owed for more is not moved again")
    func movedAndGraver() throws {
        var floor = try owing()
        try floor.send(.breakPostpone(BreakPostpone(agent: "ana", minutes: 5)))
        try floor.message("call", [.abuse: 900], channel: nil, abuse: Abuse(kind: .slur, target: .agent))
        #expect(throws: Refusal.self) { try floor.send(.breakPostpone(BreakPostpone(agent: "ana", minutes: 5))) }
    }

    @Test("who has no break cannot move one, and one that runs is not moved")
    func nothingToMove() throws {
        var floor = try resting()
        let running = #expect(throws: Refusal.self) { try floor.send(.breakPostpone(BreakPostpone(agent: "ana"))) }
        #expect(running?.state == "on_break")
        try floor.agent("ben")
        let none = #expect(throws: Refusal.self) { try floor.send(.breakPostpone(BreakPostpone(agent: "ben"))) }
        #expect(none?.state == "ready")
    }

    // MARK: Overriding

    @Test("no override of a supervisor sets a break aside, owed or running")
    func noOverride() throws {
        for isOwed in [true, false] {
            var floor = isOwed ? try owing() : try resting()
            try floor.message("new")
            let refused = #expect(throws: Refusal.self) {
                try floor.send(
                    .conversationAssign(
                        ConversationAssign(
                            conversation: "new", agent: "ana", source: .supervisor, reason: "r",
                            overrides: Override.allCases)), by: lead)
            }
            #expect(refused?.state == (isOwed ? "break_owed" : "on_break"))
        }
    }

    @Test("a transfer to an agent who owes or takes a break is not offered to that agent")
    func transfer() throws {
        for isOwed in [true, false] {
            var floor = isOwed ? try owing() : try resting()
            try floor.agent("ben")
            try floor.assigned("k9")
            let events = try floor.send(
                .conversationTransfer(ConversationTransfer(conversation: "k9", reason: "r", agent: "ana")))
            #expect(events.offersMade.isEmpty)
            #expect(floor.pass(.seconds(60)).offersMade.allSatisfy { $0.agent == "ben" })
        }
    }

    @Test("an assignment by another router is a fact: it says what it broke, and the break stays")
    func external() throws {
        var floor = try resting()
        try floor.message("new")
        let (reply, events) = try floor.batch(
            .conversationAssign(ConversationAssign(conversation: "new", agent: "ana", source: .external)))
        guard case .violations(let violations) = reply.details else { throw Floor.Missing.offer }
        #expect(violations.contains("on_break"))
        #expect(!events.types.contains("break.ended"))
        #expect(floor.agentRecord("ana")?.isOnBreak == true)
    }

    @Test("new rules take no break away that binds, whatever mode they bring")
    func reload() throws {
        var floor = try owing()
        var observing = RuleSet.standard
        observing.breaksMode = .observe
        observing.breaks.minimumMinutes = 1
        observing.hash = "observing"
        floor.router.change(to: observing, lexicon: "lexicon", by: nil, at: floor.now)
        try floor.message("call", [.threat: 900], channel: nil)
        #expect(floor.agentRecord("ana")?.owesBreak == true)
        #expect(try floor.message("k2").offersMade.isEmpty)
        #expect(try close(&floor, "call").started(.stress).count == 1)
        floor.pass(.minutes(4))
        #expect(throws: Refusal.self) { try floor.send(.breakEnd(BreakEnd(agent: "ana"))) }
    }

    @Test("presence neither ends nor starts a break")
    func presence() throws {
        var floor = try resting()
        for state in [Presence.away, .offline, .ready] {
            let events = try floor.send(.agentState(AgentState(agent: "ana", state: state)))
            #expect(!events.types.contains("break.ended"))
        }
        #expect(floor.agentRecord("ana")?.isOnBreak == true)
        #expect(try floor.message("new").offersMade.isEmpty)
    }

    @Test("an agent who was removed and is created again owes what was owed, due no earlier than then")
    func removedWhileOwing() throws {
        var rules = RuleSet.standard
        rules.breaks.minutes = 30
        var floor = try resting(rules)
        try floor.agent("ben", capacity: 200)
        for mail in ["n1", "n2", "n3"] {
            try floor.assigned(ConversationID(mail), channel: .email)
            try floor.send(.stressReport(StressReport(agent: "ben", conversation: ConversationID(mail))))
        }
        #expect(floor.agentRecord("ben")?.owesBreak == true)
        try floor.send(.agentRemove(AgentRemove(agent: "ben", reason: "left")))
        floor.pass(.minutes(20))
        try floor.agent("ben")
        #expect(floor.agentRecord("ben")?.isOnBreak == true)
        #expect(floor.events.started(.stress).last?.lateMilliseconds == 0)
    }

    @Test("the plan and the streak of an agent come back with the agent too")
    func planComesBack() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.send(.agentShift(AgentShift(agent: "ana", startsAt: floor.now, endsAt: floor.now + .hours(9))))
        try floor.assigned("k1", [.frustration: 900])
        _ = try close(&floor, "k1")
        try floor.send(.agentRemove(AgentRemove(agent: "ana", reason: "left")))
        try floor.agent("ana")
        #expect(floor.agentRecord("ana")?.hardStreak == 1)
        #expect(floor.pass(.hours(5)).started(.meal).count == 1)
    }

    // MARK: Immediate kinds

    @Test("with the policy of the Brazilian norm any abuse at the agent owes a break at once")
    func anyAbuse() throws {
        var rules = RuleSet.standard
        rules.breaks.immediateAfterAnyAbuse = true
        var floor = Floor(rules)
        try floor.agent("ana")
        try floor.assigned("k1")
        let events = try floor.message(
            "k1", [.abuse: 500], channel: nil, abuse: Abuse(kind: .insult, target: .agent))
        #expect(events.owedBreaks.map(\.immediate) == [true])
        #expect(events.owedBreaks.first?.because == "insult")
        #expect(events.invited.isEmpty)
    }

    @Test("sexual harassment owes ten minutes at once, a threat fifteen")
    func harassment() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        let first = try floor.message(
            "k1", [.abuse: 600], channel: nil, abuse: Abuse(kind: .sexual, target: .agent))
        #expect(first.owedBreaks.map(\.minutes) == [10])
        let second = try floor.message("k1", [.threat: 500], channel: nil)
        #expect(second.owedBreaks.map(\.minutes) == [15])
        #expect(second.owedBreaks.map(\.breakID) == first.owedBreaks.map(\.breakID))
        #expect(second.owedBreaks.map(\.startBy) == first.owedBreaks.map(\.startBy))
    }

    // MARK: Modes

    @Test("where a team's breaks do not bind they exclude nobody, and what they would have prevented is said")
    func teamMode() throws {
        var rules = RuleSet.standard
        var team = TeamRules(id: "pilot")
        team.breaksMode = .advise
        rules.teams = [team]
        var floor = Floor(rules)
        try floor.agent("ana", team: "pilot")
        try floor.assigned("k1")
        let owed = try floor.message("k1", [.threat: 900], channel: nil).owedBreaks
        #expect(owed.map(\.enforced) == [false])
        let offer = try #require(try floor.message("k2").offersMade.first)
        let events = try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        guard case .conversationAssigned(let body) = events.first?.body else { throw Floor.Missing.offer }
        #expect(body.prevented == "break_owed")
        try floor.agent("ben", team: "other")
        floor.pass(.minutes(15))
        #expect(floor.agentRecord("ana")?.currentBreak == nil)
    }

    @Test("where breaks bind nothing is prevented silently")
    func boundMode() throws {
        var floor = Floor()
        try floor.agent("ana")
        let offer = try #require(try floor.message("k1").offersMade.first)
        let events = try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        guard case .conversationAssigned(let body) = events.first?.body else { throw Floor.Missing.offer }
        #expect(body.prevented == nil)
    }

    @Test("an owed break that binds nobody stands in no way of the agent's own")
    func unbound() throws {
        var rules = RuleSet.standard
        rules.breaksMode = .observe
        var floor = Floor(rules)
        try floor.agent("ana")
        try floor.assigned("mail", channel: .email)
        try floor.message("mail", [.threat: 900], channel: nil)
        let events = try floor.send(.breakStart(BreakStart(agent: "ana", kind: .meal)))
        #expect(events.started(.meal).count == 1)
    }

    @Test("a break that is granted stands in no way of what binds nobody, one owed behind another included")
    func grantedOverUnbound() throws {
        var rules = RuleSet.standard
        rules.breaksMode = .observe
        rules.breaks.planned = [
            PlannedBreakRule(
                kind: .rest, minutes: 15,
                timing: .window(earliest: .afterStart(.minutes(1)), startBy: .afterStart(.minutes(20))))
        ]
        var floor = Floor(rules)
        try floor.agent("ana")
        try floor.assigned("mail", channel: .email)
        try floor.message("mail", [.threat: 900], channel: nil)
        try floor.send(
            .agentShift(AgentShift(agent: "ana", startsAt: floor.now, endsAt: floor.now + .hours(8))))
        floor.pass(.minutes(13))
        #expect(floor.agentRecord("ana")?.currentBreak?.kind == .stress)
        #expect(floor.agentRecord("ana")?.nextBreaks.map(\.kind) == [.rest])
        let events = try floor.send(.breakGrant(BreakGrant(agent: "ana", minutes: 10, reason: "a hard day")), by: lead)
        #expect(events.started(.rest).map(\.reason) == [.granted])
    }

    @Test("what is owed and binds excludes its agent, behind a break that began while breaks did not bind as well")
    func boundBehindUnbound() throws {
        var rules = RuleSet.standard
        rules.breaksMode = .observe
        rules.hash = "observing"
        var floor = Floor(rules)
        try floor.agent("ana")
        try floor.assigned("mail", channel: .email)
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .personal, minutes: 10)))
        rules.breaksMode = .enforce
        rules.hash = "enforcing"
        floor.router.change(to: rules, lexicon: "lexicon", by: nil, at: floor.now)
        #expect(try floor.message("k1").offersMade.count == 1)
        let events = try floor.message("mail", [.threat: 900], channel: nil)
        #expect(events.types.contains("offer.withdrawn"))
        #expect(try floor.message("k2").offersMade.isEmpty)
        floor.pass(.minutes(9) + .seconds(55))
        #expect(try floor.message("k3").offersMade.isEmpty)
        #expect(floor.pass(.seconds(5)).started(.stress).count == 1)
    }

    @Test("a break that was owed while breaks bound nobody binds from the next hard word on when they do")
    func bindsFromThenOn() throws {
        var rules = RuleSet.standard
        rules.breaksMode = .observe
        var floor = Floor(rules)
        try floor.agent("ana")
        try floor.assigned("call", channel: .voice)
        try floor.message("call", [.threat: 900], channel: nil)
        #expect(floor.agentRecord("ana")?.effective == .ready)
        rules.breaksMode = .enforce
        rules.hash = "binding"
        floor.router.change(to: rules, lexicon: "lexicon", by: nil, at: floor.now)
        let events = try floor.message("call", [.threat: 900], channel: nil)
        #expect(events.owedBreaks.map(\.enforced) == [true])
        #expect(events.owedBreaks.map(\.breakID) == floor.events.owedBreaks.prefix(1).map(\.breakID))
        #expect(floor.agentRecord("ana")?.effective == .breakOwed)
    }

    @Test("a change of a team's modes is told, and its agents' offers are taken back where routing binds no more")
    func teamModesTold() throws {
        var rules = RuleSet.standard
        rules.hash = "first"
        var floor = Floor(rules)
        try floor.agent("ana", team: "pilot")
        try floor.message("k1")
        var team = TeamRules(id: "pilot")
        team.routingMode = .observe
        rules.teams = [team]
        rules.hash = "second"
        func told(_ rules: RuleSet) -> [String] {
            floor.router.change(to: rules, lexicon: "lexicon", by: nil, at: floor.now)
            let events = floor.router.takeEvents()
            floor.events += events
            return events.compactMap {
                if case .modeChanged(let body) = $0.body {
                    "\(body.team ?? "-") \(body.routing) \(body.wasRouting)"
                } else {
                    nil
                }
            }
        }
        #expect(told(rules) == ["pilot observe enforce"])
        #expect(floor.agentRecord("ana")?.offers.isEmpty == true)
        rules.routingMode = .observe
        rules.teams[0].routingMode = .enforce
        rules.hash = "third"
        #expect(told(rules) == ["- observe enforce", "pilot enforce observe"])
        rules.teams = []
        rules.hash = "fourth"
        #expect(told(rules) == ["pilot observe enforce"])
        #expect(told(rules).isEmpty)
        var replayed = RoutingState(tenant: "main")
        for event in floor.events { replayed.apply(event) }
        #expect(replayed.digest == floor.state.digest)
    }

    @Test("a person who says that there was a threat has a break owed at once")
    func retaggedThreat() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        let events = try floor.send(
            .conversationRetag(
                ConversationRetag(
                    conversation: "k1", tags: [TagCorrection(tag: .threat, holds: true)], reason: "heard it")),
            by: lead)
        #expect(events.owedBreaks.map(\.because) == ["threat"])
    }
}
