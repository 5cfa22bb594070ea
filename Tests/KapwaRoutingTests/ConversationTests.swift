import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

@Suite struct ConversationTests {
    @Test("a customer's first message opens, is tagged, queued and offered to the agent who is ready")
    func opens() throws {
        var floor = Floor()
        try floor.agent("ana")
        let events = try floor.message("k1", [.frustration: 600])
        #expect(
            events.types == [
                "conversation.opened", "conversation.messaged", "conversation.tagged", "conversation.queued",
                "offer.made",
            ])
        #expect(events.offersMade.first?.agent == "ana")
        #expect(events.map(\.sequence) == Array((events[0].sequence)...(events[0].sequence + 4)))
    }

    @Test("the first message needs a channel")
    func needsChannel() throws {
        var floor = Floor()
        #expect(throws: Refusal.self) { try floor.message("k1", channel: nil) }
        #expect(floor.conversation("k1") == nil)
    }

    @Test("without words nothing is tagged")
    func withoutWords() throws {
        var floor = Floor()
        let events = try floor.message("k1", channel: .voice, text: "")
        #expect(
            events.types == [
                "conversation.opened", "conversation.messaged", "conversation.queued",
                "conversation.unroutable",
            ])
    }

    @Test("a held conversation is queued by a message without hold, or at once by a safety flag")
    func held() throws {
        var floor = Floor()
        #expect(try floor.message("k1", hold: true).types.contains("conversation.queued") == false)
        #expect(try floor.message("k1", hold: true).types.contains("conversation.queued") == false)
        #expect(try floor.message("k1").types.contains("conversation.queued"))
        #expect(try floor.message("k2", safety: .possible, hold: true).types.contains("conversation.queued"))
    }

    @Test("a bot's message opens and does not queue; an agent's opens and is assigned to that agent")
    func botAndAgentOpen() throws {
        var floor = Floor()
        try floor.agent("ana")
        #expect(try floor.message("k1", from: .bot).types == ["conversation.opened", "conversation.messaged"])
        let events = try floor.message("k2", from: .agent, agent: "ana")
        #expect(events.types == ["conversation.opened", "conversation.messaged", "conversation.assigned"])
        #expect(floor.agentRecord("ana")?.load == 25)
    }

    @Test("words of distress move a waiting conversation forward; angry words do not")
    func reranks() throws {
        var floor = Floor()
        try floor.message("calm")
        try floor.message("worried")
        #expect(try floor.message("worried", [.frustration: 1_000]).types.contains("conversation.updated") == true)
        #expect(floor.conversation("worried")?.placement?.points == 0)
        try floor.message("worried", [.distress: 900])
        #expect(floor.conversation("worried")?.placement?.points == 30)
        #expect(floor.state.queuedSlots.first == floor.state.conversationSlots["worried"])
    }

    @Test("a site's own points count once while their condition holds, and never beyond four hours")
    func ownPoints() throws {
        var rules = RuleSet.standard
        var medicine = Condition()
        medicine.topics = ["medicine"]
        rules.points.own = [PointRule(condition: medicine, points: 20), PointRule(condition: Condition(), points: 235)]
        var floor = Floor(rules)
        try floor.message("k1")
        #expect(floor.conversation("k1")?.placement?.points == 235)
        try floor.send(.conversationUpdate(ConversationUpdate(conversation: "k1", topic: "medicine")))
        #expect(floor.conversation("k1")?.placement?.points == 240)
    }

    @Test("thanks within ten minutes stay on the closed episode; anything else begins a new one")
    func thanks() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        let thanks = try floor.message("k1", [.relief: 800], channel: nil)
        #expect(thanks.types == ["conversation.messaged", "conversation.tagged"])
        let again = try floor.message("k1", [.frustration: 800], channel: nil)
        guard case .conversationOpened(let opened) = again[0].body else {
            Issue.record("a complaint opens a new episode")
            return
        }
        #expect(opened.episode == 2)
        #expect(opened.after?.carries == .history)
    }

    @Test("whoever gave up and is back within 60 s keeps age and points; after a day nothing is carried")
    func backAfterGivingUp() throws {
        var floor = Floor()
        try floor.message("k1", [.distress: 900])
        let since = floor.now
        floor.pass(.seconds(30))
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .abandoned)))
        floor.pass(.seconds(59))
        try floor.message("k1", channel: nil)
        #expect(floor.conversation("k1")?.since == since)
        #expect(floor.conversation("k1")?.placement?.points == 30)
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)))
        floor.pass(.hours(25))
        try floor.message("k1", channel: nil)
        #expect(floor.conversation("k1")?.since == floor.now)
        #expect(floor.conversation("k1")?.mood.peak == .zero)
    }

    @Test("a new fact says where it stands now, and nothing where it stands as before")
    func updatedPlace() throws {
        var floor = Floor()
        for id in ["k1", "k2", "k3"] as [ConversationID] {
            try floor.message(id)
            floor.pass(1_000)
        }
        func place(_ body: ConversationUpdate) throws -> Placement? {
            guard case .conversationUpdated(let body) = try floor.send(.conversationUpdate(body)).first?.body else {
                return nil
            }
            return body.placement
        }
        #expect(try place(ConversationUpdate(conversation: "k3", priority: 100))?.position == 1)
        #expect(try place(ConversationUpdate(conversation: "k2", customer: "juan")) == nil)
        #expect(try place(ConversationUpdate(conversation: "k2", topic: "refund")) == nil)
    }

    @Test("what nobody could serve any more is told when it is said, not when the customer gave up")
    func updatedBeyondEverybody() throws {
        var floor = Floor()
        try floor.agent("ana", ["english": 3])
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)))
        try floor.message("k1")
        let harder = ConversationUpdate(conversation: "k1", skills: ["english": 5])
        #expect(
            try floor.send(.conversationUpdate(harder)).types == ["conversation.updated", "conversation.unroutable"])
        let easier = ConversationUpdate(conversation: "k1", skills: ["english": 3])
        #expect(try floor.send(.conversationUpdate(easier)).types == ["conversation.updated"])
    }

    @Test("a transfer keeps the age and does not go back while another, not offline, could serve")
    func transferDoesNotReturn() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        try floor.send(.agentUpsert(AgentUpsert(agent: "ben", skills: Skills.none)))
        try floor.send(.agentState(AgentState(agent: "ben", state: .away)))
        let since = floor.conversation("k1")?.since
        floor.pass(.seconds(5))
        let events = try floor.send(.conversationTransfer(ConversationTransfer(conversation: "k1", reason: "billing")))
        #expect(events.types == ["conversation.requeued"])
        #expect(floor.conversation("k1")?.since == since)
        let back = try floor.send(.agentState(AgentState(agent: "ben", state: .offline)))
        #expect(back.offersMade.first?.agent == "ana")
    }

    @Test("a transfer queues what was held, for the first time")
    func transferOfHeld() throws {
        var floor = Floor()
        try floor.message("k1", hold: true)
        let events = try floor.send(.conversationTransfer(ConversationTransfer(conversation: "k1", reason: "billing")))
        #expect(events.types.first == "conversation.queued")
    }

    @Test("a transfer to one agent is that agent's alone for 60 s, then everyone's")
    func transferToOne() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.assigned("k1")
        try floor.agent("ben")
        try floor.send(.agentUpsert(AgentUpsert(agent: "eva", skills: Skills.none)))
        try floor.send(
            .conversationTransfer(ConversationTransfer(conversation: "k1", reason: "knows it", agent: "eva")))
        #expect(floor.conversation("k1")?.phase == .queued)
        let events = floor.pass(.seconds(61))
        #expect(events.offersMade.first?.agent == "ben")
    }

    @Test("a queue that is full refuses, and lets danger in")
    func fullQueue() throws {
        var rules = RuleSet.standard
        rules.queues[0].maxLength = 1
        var floor = Floor(rules)
        try floor.message("k1")
        let refusal = #expect(throws: Refusal.self) { try floor.message("k2") }
        #expect(refusal?.code == .queueFull)
        #expect(floor.conversation("k2") == nil)
        try floor.message("k3", safety: .explicit)
        #expect(floor.conversation("k3")?.placement?.safety == true)
    }

    @Test("danger comes first, whatever the others' points and age")
    func safetyFirst() throws {
        var floor = Floor()
        try floor.message("old", [.distress: 1_000, .urgency: 1_000, .family: 1_000], priority: 100)
        floor.pass(.hours(3))
        try floor.message("danger", safety: .explicit)
        try floor.agent("ana", capacity: 25)
        #expect(floor.events.offersMade.last?.conversation == "danger")
    }

    @Test("every phase ends by itself: held and waiting after 24 h, silent assignments by channel")
    func deadlines() throws {
        var floor = Floor()
        try floor.message("held", hold: true)
        try floor.message("waiting", skills: ["latin": 5])
        floor.pass(.hours(24))
        #expect(floor.conversation("held") == nil)
        #expect(floor.conversation("waiting") == nil)
        try floor.agent("ana")
        try floor.assigned("silent")
        floor.pass(.hours(2))
        #expect(floor.conversation("silent") == nil)
    }

    @Test("a closed conversation is read by its own id, and no longer listed")
    func closedRow() throws {
        var floor = Floor()
        try floor.message("k1")
        try floor.send(.conversationClose(ConversationClose(conversation: "k1", outcome: .spam)))
        func rows(_ id: String?) throws -> [ConversationRow] {
            guard
                case .conversations(let rows) = try floor.router.read(
                    StateRead(what: .conversations, id: id), at: floor.now
                ).rows
            else { return [] }
            return rows
        }
        #expect(try rows("k1").map(\.outcome) == [.spam])
        #expect(try rows(nil).isEmpty)
    }
}
