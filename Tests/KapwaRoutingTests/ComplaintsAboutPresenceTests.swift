import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// What users of other routers complain about when it comes to breaks, notes and who is there; numbers as in
/// `docs/complaints.md`.
@Suite struct ComplaintsAboutPresenceTests {
    private func closed(_ floor: inout Floor, _ id: ConversationID) throws {
        try floor.send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
    }

    @Test("8: a wrap-up keeps its time whatever comes between: another contact, another wrap-up, a change of presence")
    func wrapupKept() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 200)
        try floor.assigned("call", channel: .voice)
        try closed(&floor, "call")
        let deadline = try #require(floor.agentRecord("ana")?.wrapups.first?.deadline)
        #expect(deadline == floor.now + .seconds(90))
        floor.pass(.seconds(10))
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        try floor.send(
            .conversationMessage(
                ConversationMessage(conversation: "own", from: .agent, text: "hi", agent: "ana", channel: .chat)))
        try closed(&floor, "own")
        let wrapups = try #require(floor.agentRecord("ana")?.wrapups)
        #expect(wrapups.map(\.conversation) == ["call", "own"])
        #expect(wrapups.first?.deadline == deadline)
        floor.now = deadline + -1
        floor.pass(0)
        #expect(floor.agentRecord("ana")?.wrapups.first?.conversation == "call")
        #expect(floor.pass(1).types.contains("wrapup.ended"))
    }

    @Test("8: notes belong to the agent who had the contact last, and nobody else is freed by them")
    func wrapupOfLast() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("call", channel: .voice)
        try floor.agent("ben")
        try floor.send(
            .conversationAssign(ConversationAssign(conversation: "call", agent: "ben", source: .external)))
        try closed(&floor, "call")
        #expect(floor.agentRecord("ana")?.wrapups.isEmpty == true)
        #expect(floor.agentRecord("ben")?.wrapups.map(\.conversation) == ["call"])
        try floor.send(.wrapupDone(WrapupDone(agent: "ben", conversation: "call")))
        #expect(floor.agentRecord("ben")?.load == 0)
    }

    @Test("9: a supervisor sees who is finishing notes, of which contact")
    func wrapupSeen() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("call", channel: .voice)
        try closed(&floor, "call")
        guard case .agents(let rows) = try floor.router.read(StateRead(what: .agents), at: floor.now).rows else {
            Issue.record("agents are read as agents")
            return
        }
        #expect(rows.map(\.wrapups) == [["call"]] && rows.map(\.load) == [100])
    }

    @Test("10: nothing overrides a break: no state, no failed call, no supervisor, no other router, no own contact")
    func breakStays() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .meal, minutes: 60)))
        let running = try #require(floor.agentRecord("ana")?.currentBreak)
        #expect(running.isRunning)
        try floor.message("k1")
        let reply = try floor.batch(.agentState(AgentState(agent: "ana", state: .away))).reply
        #expect(reply.details == .presence(.onBreak))
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready)))
        #expect(floor.agentRecord("ana")?.effective == .onBreak)
        let refused = #expect(throws: Refusal.self) {
            try floor.send(
                .conversationAssign(
                    ConversationAssign(
                        conversation: "k1", agent: "ana", source: .supervisor, reason: "now",
                        overrides: Override.allCases)), by: Person(role: "supervisor", name: "Lea"))
        }
        #expect(refused?.state == "on_break")
        try floor.send(
            .conversationAssign(ConversationAssign(conversation: "k1", agent: "ana", source: .external)))
        try closed(&floor, "k1")
        try floor.send(
            .conversationMessage(
                ConversationMessage(conversation: "own", from: .agent, text: "hi", agent: "ana", channel: .voice)))
        try closed(&floor, "own")
        floor.pass(.minutes(59))
        #expect(floor.agentRecord("ana")?.currentBreak?.id == running.id)
        #expect(floor.agentRecord("ana")?.currentBreak?.endsAt == running.endsAt)
        #expect(floor.events.offersMade.isEmpty)
    }

    @Test("10: a break asked for during a contact is not lost: it is owed and begins when the contact ends")
    func breakWaits() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("call", channel: .voice)
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .meal, minutes: 60)))
        try floor.message("k2")
        try closed(&floor, "call")
        #expect(floor.agentRecord("ana")?.isOnBreak == true)
        #expect(floor.conversation("k2")?.phase == .queued)
    }

    @Test("12: kind, begin, end and what was taken of a break are the same after a restart")
    func breakSurvives() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.send(.breakStart(BreakStart(agent: "ana", kind: .personal, minutes: 30, reason: "bank")))
        floor.pass(.minutes(12))
        var state = RoutingState(tenant: "main")
        for event in floor.events { state.apply(event) }
        let (before, after) = (floor.agentRecord("ana")?.currentBreak, state.agents[0].currentBreak)
        #expect(before != nil && after == before)
        floor.router = Router(state: state, rules: floor.router.rules, lexicon: "lexicon", version: "test")
        floor.router.start(at: floor.now, digest: state.digest)
        let ended = try floor.send(.breakEnd(BreakEnd(agent: "ana"))).breaks
        #expect(ended.map(\.kind) == [.personal] && ended.map(\.takenMilliseconds) == [.minutes(12)])
    }

    @Test("13: whoever joins is offline until it is said otherwise, so nothing rings in between")
    func joinsOffline() throws {
        var floor = Floor()
        try floor.message("k1")
        #expect(try floor.send(.agentUpsert(AgentUpsert(agent: "ana", skills: Skills.none))).offersMade.isEmpty)
        #expect(try floor.send(.agentState(AgentState(agent: "ana", state: .away))).offersMade.isEmpty)
        // Ready and away within one batch: the last word counts, because matching comes after both.
        for (id, state) in [("c-1", Presence.ready), ("c-2", .away)] {
            let command = Command(
                id: CommandID(id), by: nil, body: .agentState(AgentState(agent: "ana", state: state)))
            _ = try floor.router.handle(command, at: floor.now).get()
        }
        floor.router.match(at: floor.now)
        #expect(floor.router.takeEvents().offersMade.isEmpty)
    }

    @Test("19: work of an agent who is gone goes back to the queue with its age: calls at once, chats after 30 s")
    func workComesBack() throws {
        var floor = Floor()
        try floor.agent("ana", capacity: 200)
        try floor.assigned("call", channel: .voice)
        try floor.assigned("chat")
        let opened = floor.now
        floor.pass(.minutes(2))
        try floor.send(.agentState(AgentState(agent: "ana", state: .offline)))
        #expect(floor.conversation("call")?.phase == .queued)
        floor.pass(.seconds(30))
        #expect(floor.conversation("chat")?.phase == .queued)
        #expect(floor.conversation("chat")?.since == opened && floor.conversation("call")?.since == opened)
        try floor.agent("ben", capacity: 200)
        #expect(Set(floor.events.offersMade.filter { $0.agent == "ben" }.map(\.conversation)) == ["call", "chat"])
    }

    @Test("20: presence is a lease: who no longer says so is offline, and who never answers is away")
    func presenceEnds() throws {
        var floor = Floor()
        try floor.send(.agentUpsert(AgentUpsert(agent: "ana", skills: Skills.none)))
        try floor.send(.agentState(AgentState(agent: "ana", state: .ready, leaseSeconds: 30)))
        floor.pass(.seconds(30))
        #expect(floor.agentRecord("ana")?.presence == .offline)
        try floor.agent("locked", capacity: 75)
        for number in 1...3 {
            try floor.message(ConversationID("k\(number)"))
            floor.pass(.seconds(20))
        }
        #expect(floor.agentRecord("locked")?.presence == .away)
        #expect(floor.agentRecord("locked")?.currentBreak == nil)
    }

    @Test("21: away and back, or a restart, moves no contact to another queue or agent")
    func contactsStay() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.agent("ben")
        let offer = try #require(try floor.message("chat").offersMade.first)
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: offer.agent)))
        try floor.send(.agentState(AgentState(agent: offer.agent, state: .away)))
        try floor.send(.agentState(AgentState(agent: offer.agent, state: .ready)))
        var state = RoutingState(tenant: "main")
        for event in floor.events { state.apply(event) }
        floor.router = Router(state: state, rules: floor.router.rules, lexicon: "lexicon", version: "test")
        floor.router.start(at: floor.now, digest: state.digest)
        floor.router.match(at: floor.now)
        let after = floor.router.takeEvents()
        #expect(!after.types.contains("conversation.requeued") && !after.types.contains("offer.made"))
        #expect(floor.conversation("chat")?.agent.map { floor.state.agents[$0].id } == offer.agent)
    }
}
