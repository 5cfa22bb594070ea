import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// Rare turns of events that once went wrong, or would go unnoticed for long.
@Suite struct EdgeTests {
    @Test("an old conversation that comes back from its agent waits anew and is not given up at once")
    func oldTransfer() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("mail", channel: .email)
        floor.pass(.hours(30))
        let events = try floor.send(
            .conversationTransfer(ConversationTransfer(conversation: "mail", reason: "billing")))
        #expect(events.types.contains("conversation.requeued"))
        floor.pass(.hours(23))
        #expect(floor.conversation("mail") != nil)
    }

    @Test("a declined offer does not prolong the wait after which it is given up")
    func waitGoesOn() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.message("k1")
        let deadline = try #require(floor.events.placements.first).waitUntil
        let offer = try #require(floor.events.offersMade.first)
        floor.pass(.seconds(10))
        try floor.send(.offerDecline(OfferAnswer(offer: offer.offer, agent: "ana")))
        #expect(floor.events.placements.last?.waitUntil == deadline)
    }

    @Test("danger gets into a full queue from a bot's hands too")
    func dangerFromHold() throws {
        var rules = RuleSet.standard
        rules.queues[0].maxLength = 1
        var floor = Floor(rules)
        try floor.message("first")
        try floor.message("held", hold: true)
        try floor.message("held", safety: .explicit)
        #expect(floor.conversation("held")?.phase == .queued)
    }

    @Test("an owed break that stops binding by a change of rules frees its agent for what waits")
    func modeChange() throws {
        var floor = Floor()
        try floor.agent("ana", ["chat": 1])
        try floor.assigned("k1")
        try floor.message("k1", [.threat: 900])
        try floor.message("k2", skills: ["chat": 1])
        var observing = RuleSet.standard
        observing.breaksMode = .observe
        observing.hash = "observing"
        floor.router.change(to: observing, lexicon: "lexicon", by: nil, at: floor.now)
        floor.router.match(at: floor.now)
        floor.events += floor.router.takeEvents()
        try floor.message("k1", [.abuse: 900], abuse: Abuse(kind: .slur, target: .agent))
        try floor.message("k3", skills: ["latin": 3])
        #expect(floor.router.brokenInvariants(at: floor.now).isEmpty)
    }

    @Test("what waits in a queue that the rules no longer have is filed again")
    func queueRemoved() throws {
        var rules = RuleSet.standard
        rules.queues = [Queue(id: "main"), Queue(id: "billing")]
        var floor = Floor(rules)
        try floor.message("k1", queue: "billing")
        var fewer = RuleSet.standard
        fewer.hash = "fewer"
        floor.router.change(to: fewer, lexicon: "lexicon", by: nil, at: floor.now)
        #expect(floor.conversation("k1")?.placement?.queue == "main")
        #expect(floor.state.waiting(in: "billing") == 0)
    }

    @Test("a lexicon other than the one that the journal names is told, at a reload and at a start")
    func lexiconChange() throws {
        func told(_ floor: inout Floor, _ lexicon: String) -> [String] {
            floor.router.change(to: .standard, lexicon: lexicon, by: "test", at: floor.now)
            return floor.router.takeEvents().compactMap {
                if case .rulesChanged(let body) = $0.body { "\(body.version) \(body.lexicon)" } else { nil }
            }
        }
        var floor = Floor()
        #expect(told(&floor, "lexicon").isEmpty)
        #expect(told(&floor, "other") == ["2 other"])
        let digest = floor.state.digest
        floor.router = Router(state: floor.state, rules: .standard, lexicon: "third", version: "test")
        #expect(floor.state.digest == digest)
        #expect(told(&floor, "other").isEmpty)
        floor.router = Router(state: floor.state, rules: .standard, lexicon: "third", version: "test")
        #expect(told(&floor, "third") == ["3 third"])
    }

    @Test("a queue asked for while a bot holds it is where it goes")
    func queueWhileHeld() throws {
        var rules = RuleSet.standard
        rules.queues = [Queue(id: "main"), Queue(id: "billing")]
        var floor = Floor(rules)
        try floor.message("k1", hold: true)
        try floor.send(.conversationUpdate(ConversationUpdate(conversation: "k1", queue: "billing")))
        try floor.message("k1")
        #expect(floor.conversation("k1")?.placement?.queue == "billing")
        try floor.send(.conversationUpdate(ConversationUpdate(conversation: "k1", topic: "x")))
        #expect(floor.conversation("k1")?.placement?.queue == "billing")
    }

    @Test("in observe, somebody else is named when the one who was gets full by another router's decision")
    func staleAdvice() throws {
        var rules = RuleSet.standard
        rules.routingMode = .observe
        var floor = Floor(rules)
        try floor.agent("ana")
        try floor.agent("ben")
        try floor.message("chat")
        let advised = try #require(floor.conversation("chat")?.advisedAgent)
        try floor.message("call", channel: .voice)
        let events = try floor.send(
            .conversationAssign(ConversationAssign(conversation: "call", agent: advised, source: .external)))
        #expect(events.types.contains("offer.advised"))
        #expect(floor.conversation("chat")?.advisedAgent != advised)
    }

    @Test("offline said twice is one change, lease or not")
    func offlineTwice() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.send(.agentState(AgentState(agent: "ana", state: .offline, leaseSeconds: 30)))
        floor.pass(.seconds(5))
        #expect(try floor.send(.agentState(AgentState(agent: "ana", state: .offline, leaseSeconds: 30))).isEmpty)
    }

    @Test("what was said yesterday adds neither stress nor points to a new episode")
    func history() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1", [.frustration: 900, .urgency: 900])
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        floor.pass(.hours(20))
        let ledger = floor.agentRecord("ana")?.ledger.value(at: floor.now)
        try floor.message("k1", channel: nil)
        #expect(floor.conversation("k1")?.placement?.points == 0)
        #expect(floor.conversation("k1")?.placement?.units == 25)
        #expect(floor.conversation("k1")?.lastAgent == "ana")
        let offer = try #require(floor.events.offersMade.last)
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        #expect(floor.agentRecord("ana")?.ledger.value(at: floor.now) == ledger)
    }

    @Test("relief does not take back what a report lifted a contact to")
    func reportStands() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        try floor.send(.stressReport(StressReport(agent: "ana", conversation: "k1")))
        try floor.message("k1", [.relief: 900])
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        #expect(floor.agentRecord("ana")?.ledger.value(at: floor.now) == 1_000)
    }

    @Test("a threat that came before anybody had it is owed to whoever gets it, once")
    func threatWhileWaiting() throws {
        var floor = Floor()
        try floor.message("k1", [.threat: 900])
        try floor.agent("ana")
        let offer = try #require(floor.events.offersMade.last)
        let events = try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        #expect(events.breaks.map(\.because) == ["threat"])
        #expect(events.breaks.first?.minutes == 15)
        try floor.agent("ben")
        try floor.send(.conversationTransfer(ConversationTransfer(conversation: "k1", reason: "r", agent: "ben")))
        let second = try #require(floor.events.offersMade.last)
        let again = try floor.send(.offerAccept(OfferAnswer(offer: second.offer, agent: "ben")))
        #expect(!again.types.contains("break.owed"))
    }

    @Test("a threat that also fills the ledger owes one break, not two")
    func oneBreak() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        for _ in 1...2 { try floor.send(.stressReport(StressReport(agent: "ana", conversation: "k1"))) }
        try floor.assigned("k2", [.frustration: 1_000])
        let events = try floor.message("k2", [.threat: 1_000, .frustration: 1_000])
        #expect(events.types.count { $0 == "break.owed" } <= 1)
    }

    @Test("given to an agent by name, a transfer may go back to the one who gave it away")
    func transferToSelf() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.agent("ben")
        try floor.assigned("k1")
        let agent = try #require(floor.conversation("k1")?.lastAgent)
        let events = try floor.send(
            .conversationTransfer(ConversationTransfer(conversation: "k1", reason: "r", agent: agent)))
        #expect(events.offersMade.first?.agent == agent)
    }
}

/// A break cannot be slipped past.
@Suite struct UnavoidableBreakTests {
    @Test("what becomes owed while another break runs is owed when that one ends, and begins at once")
    func duringAnotherBreak() throws {
        var floor = Floor()
        try floor.agent("ana")
        let mails: [ConversationID] = ["m1", "m2", "m3"]
        for mail in mails { try floor.assigned(mail, channel: .email) }
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .personal, minutes: 1)))
        for mail in mails { try floor.send(.stressReport(StressReport(agent: "ana", conversation: mail))) }
        #expect(floor.events.breaks.last?.because == "ledger")
        #expect(floor.agentRecord("ana")?.currentBreak?.kind == .personal)
        try floor.send(.breakEnd(BreakEnd(agent: "ana")))
        #expect(floor.agentRecord("ana")?.isOnBreak == true)
        #expect(try floor.message("k1").offersMade.isEmpty)
        #expect(floor.agentRecord("ana")?.currentBreak?.minutes == 10)
    }

    @Test("removing an agent and creating it again ends no break and empties no ledger")
    func removedAndBack() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        try floor.message("k1", [.threat: 900])
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        let ledger = floor.agentRecord("ana")?.ledger.value(at: floor.now)
        try floor.send(.agentRemove(AgentRemove(agent: "ana", reason: "left")))
        try floor.agent("ana")
        #expect(floor.agentRecord("ana")?.isOnBreak == true)
        #expect(floor.agentRecord("ana")?.ledger.value(at: floor.now) == ledger)
        #expect(try floor.message("k2").offersMade.isEmpty)
        #expect(floor.pass(.minutes(15)).types.contains("break.ended"))
    }

    @Test("an agent who goes and comes often is remembered once, and stands in nobody's way")
    func departedOnce() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.send(.agentUpsert(AgentUpsert(agent: "ben", skills: Skills.none)))
        try floor.assigned("k1", channel: .email)
        try floor.send(.stressReport(StressReport(agent: "ana")))
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        for _ in 1...5 {
            try floor.send(.agentRemove(AgentRemove(agent: "ana", reason: "late shift")))
            #expect(floor.state.departedInOrder.map(\.id) == ["ana"])
            try floor.send(.agentUpsert(AgentUpsert(agent: "ana", skills: Skills.none)))
            #expect(floor.state.departedInOrder.isEmpty)
        }
        #expect(floor.agentRecord("ana")?.ledger.value(at: floor.now) == 1_000)
    }

    @Test("only a supervisor acts for another")
    func roles() throws {
        var floor = Floor()
        try floor.agent("ana")
        let customer = Person(role: "customer", name: "C")
        let refused = #expect(throws: Refusal.self) {
            try floor.send(.breakGrant(BreakGrant(agent: "ana", reason: "r")), by: customer)
        }
        #expect(refused?.code == .notPermitted)
    }

    @Test("an agent's own stress break is not shorter than the least, and another kind does not replace an owed one")
    func leastMinutes() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .stress, minutes: 1)))
        #expect(floor.agentRecord("ana")?.currentBreak?.minutes == 5)
        try floor.agent("ben")
        try floor.assigned("call", channel: .voice)
        try floor.message("call", [.threat: 900])
        let other = #expect(throws: Refusal.self) {
            try floor.send(.breakStart(BreakStart(agent: "ben", kind: .meal)))
        }
        #expect(other?.state == "break_owed")
    }
}
