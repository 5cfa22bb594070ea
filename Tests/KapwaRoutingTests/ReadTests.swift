import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

/// Rows as they are now, page by page.
@Suite struct ReadTests {
    private func ids(_ rows: StateRows) -> [String] {
        switch rows.rows {
        case .agents(let rows): rows.map(\.agent.rawValue)
        case .conversations(let rows): rows.map(\.conversation.rawValue)
        case .offers(let rows): rows.map(\.offer.rawValue)
        case .breaks(let rows): rows.map(\.agent.rawValue)
        case .queues(let rows): rows.map(\.queue.rawValue)
        case .followups(let rows): rows.map(\.conversation.rawValue)
        case .incidents(let rows): rows.map(\.topic)
        }
    }

    /// Everything of a kind, in pages of so many; each page but the last is full and says where the next begins.
    private func pages(_ floor: Floor, _ what: StateRead.What, of limit: Int) throws -> [[String]] {
        var pages: [[String]] = []
        var after: String?
        repeat {
            let rows = try floor.router.read(StateRead(what: what, after: after, limit: limit), at: floor.now)
            let page = ids(rows)
            #expect(rows.sequence == floor.state.sequence)
            #expect(rows.next == nil || (page.count == limit && rows.next == page.last))
            pages.append(page)
            after = rows.next
        } while after != nil && pages.count < 100
        return pages
    }

    @Test("agents, conversations, offers and queues are read in order of their id, page by page", arguments: 1...7)
    func pageByPage(limit: Int) throws {
        var rules = RuleSet.standard
        rules.queues = ["main", "a", "z", "k"].map { Queue(id: QueueID($0)) }
        var floor = Floor(rules)
        for id in ["dan", "ana", "eve", "ben", "cat"] { try floor.agent(AgentID(id), capacity: 25) }
        for id in ["k3", "k1", "k7", "k2", "k5", "k6", "k4"] { try floor.message(ConversationID(id)) }
        try floor.send(.conversationClose(ConversationClose(conversation: "k5", outcome: .abandoned)))
        let expected: [(StateRead.What, [String])] = [
            (.agents, ["ana", "ben", "cat", "dan", "eve"]), (.conversations, ["k1", "k2", "k3", "k4", "k6", "k7"]),
            (.queues, ["a", "k", "main", "z"]),
            (.offers, floor.state.agentOrder.flatMap { floor.state.agents[$0].offers }.map(\.rawValue).sorted()),
        ]
        for (what, all) in expected {
            let pages = try pages(floor, what, of: limit)
            #expect(pages.flatMap { $0 } == all, "\(what)")
            #expect(pages.count == (all.count + limit - 1) / limit, "\(what)")
        }
    }

    @Test("an id between two rows is as good a place to go on from as a row")
    func between() throws {
        var floor = Floor()
        for id in ["ana", "cat", "eve"] { try floor.agent(AgentID(id)) }
        for (after, left) in [("", 3), ("ana", 2), ("ben", 2), ("dan", 1), ("eve", 0), ("zoe", 0)] {
            let rows = try floor.router.read(StateRead(what: .agents, after: after), at: floor.now)
            #expect(ids(rows).count == left && rows.next == nil, "after \(after)")
        }
    }

    @Test("one row is read by its id: open, closed with what it ended as, or none")
    func byID() throws {
        var floor = Floor()
        try floor.agent("ana")
        try floor.message("k1")
        try floor.message("k2")
        try floor.send(.conversationClose(ConversationClose(conversation: "k2", outcome: .resolved)))
        for (id, state) in [("k1", ConversationPhase.offered), ("k2", .closed)] {
            let rows = try floor.router.read(StateRead(what: .conversations, id: id), at: floor.now)
            guard case .conversations(let found) = rows.rows else { throw Floor.Missing.offer }
            #expect(found.map(\.state) == [state])
        }
        #expect(ids(try floor.router.read(StateRead(what: .conversations, id: "k3"), at: floor.now)).isEmpty)
        #expect(ids(try floor.router.read(StateRead(what: .agents, id: "ana"), at: floor.now)) == ["ana"])
        #expect(ids(try floor.router.read(StateRead(what: .agents, id: "an"), at: floor.now)).isEmpty)
    }

    @Test("a queue counts what waits in it and what is offered from it, also after it was moved there")
    func queueCounts() throws {
        var rules = RuleSet.standard
        rules.queues.append(Queue(id: "other"))
        var floor = Floor(rules)
        func counts() throws -> [String] {
            let rows = try floor.router.read(StateRead(what: .queues), at: floor.now)
            guard case .queues(let queues) = rows.rows else { throw Floor.Missing.offer }
            return queues.map { "\($0.queue) \($0.waiting) \($0.offered)" }
        }
        func move(_ queue: QueueID) throws {
            try floor.send(.conversationUpdate(ConversationUpdate(conversation: "k1", queue: queue)))
        }
        try floor.message("k1")
        try move("other")
        #expect(try counts() == ["main 0 0", "other 1 0"])
        try floor.agent("ana")
        #expect(try counts() == ["main 0 0", "other 0 1"])
        try move("main")
        #expect(try counts() == ["main 0 1", "other 0 0"])
        let offer = try #require(floor.events.offersMade.last)
        try floor.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        #expect(try counts() == ["main 0 0", "other 0 0"])
    }
}
