import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaSimulation

/// An auditor that never complains proves nothing: what a router must not say, said to it.
@Suite struct AuditorTests {
    /// A small true story: an agent, a chat, an offer that is accepted, the end.
    private static func story() -> [Event] {
        var checker = Checker(rules: .standard, at: SimulatedDay.begin)
        var events = checker.lastBatch
        var now = SimulatedDay.begin
        var count = 0
        func command(_ body: Command.Body) -> Command {
            count += 1
            return Command(id: CommandID("c\(count)"), body: body)
        }
        for body: Command.Body in [
            .agentUpsert(AgentUpsert(agent: "ana", skills: ["billing": 3])),
            .agentState(AgentState(agent: "ana", state: .ready)),
            .conversationMessage(
                ConversationMessage(conversation: "k1", from: .customer, text: "words", channel: .chat)),
        ] {
            events += checker.batch([command(body)], at: now).events
            now = now + .seconds(1)
        }
        let offer = OfferAnswer(offer: OfferID("o\(events.count)"), agent: "ana")
        events += checker.batch([command(.offerAccept(offer))], at: now).events
        now = now + .minutes(3)
        events += checker.pass(to: now)
        let close = ConversationClose(conversation: "k1", outcome: .resolved)
        events += checker.batch([command(.conversationClose(close))], at: now).events
        #expect(checker.auditor.findings == [])
        return events
    }

    /// Tells the story with one event changed or left out, and returns what the auditor says.
    private func told(_ change: (inout Event) -> Bool) -> [String] {
        let auditor = Auditor(rules: .standard)
        var batch: [Event] = []
        for event in Self.story() {
            var event = event
            guard change(&event) else { continue }
            if let last = batch.last, last.at < event.at {
                auditor.watch(batch, at: last.at)
                batch = []
            }
            batch.append(event)
        }
        auditor.watch(batch, at: batch[batch.count - 1].at)
        return auditor.findings
    }

    @Test("a true story is believed")
    func truth() { #expect(told { _ in true } == []) }

    @Test("a sequence with a gap, or a wrong predecessor, is found")
    func envelope() {
        #expect(told { $0.body.type != "conversation.messaged" }.contains { $0.contains("no gaps") })
        let wrong = told {
            if $0.body.type == "offer.made" { $0.previous = 1 }
            return true
        }
        #expect(wrong.contains { $0.contains("last of its topic") })
    }

    @Test("an offer with a wrong load, capacity, rank, needs or expiry is found", arguments: 0..<6)
    func offers(field: Int) {
        let findings = told {
            guard case .offerMade(var body) = $0.body else { return true }
            switch field {
            case 0: body.load += 1
            case 1: body.capacity -= 1
            case 2: body.rank += 1
            case 3: body.needs = ["billing": 1]
            case 4: body.expiresAt = body.expiresAt + 1
            default: body.decision.winner.cost += 1
            }
            $0.body = .offerMade(body)
            return true
        }
        #expect(!findings.isEmpty)
    }

    @Test("an assignment to another than was asked, or with other units, is found", arguments: 0..<2)
    func assignment(field: Int) {
        let findings = told {
            guard case .conversationAssigned(var body) = $0.body else { return true }
            if field == 0 { body.units += 1 } else { body.offer = "o1" }
            $0.body = .conversationAssigned(body)
            return true
        }
        #expect(!findings.isEmpty)
    }

    /// Two chats wait while their only agent is away, who has room for one of them.
    private static func turn() -> (checker: Checker, events: [Event]) {
        var checker = Checker(rules: .standard, at: SimulatedDay.begin)
        var events = checker.lastBatch
        var bodies: [Command.Body] = [.agentUpsert(AgentUpsert(agent: "ana", capacity: 25))]
        for id in ["k1", "k2"] as [ConversationID] {
            bodies.append(
                .conversationMessage(
                    ConversationMessage(conversation: id, from: .customer, text: "words", channel: .chat)))
        }
        bodies.append(.agentState(AgentState(agent: "ana", state: .ready)))
        for (count, body) in bodies.enumerated() {
            events += checker.batch([Command(id: CommandID("c\(count)"), body: body)], at: SimulatedDay.begin).events
        }
        return (checker, events)
    }

    @Test("one who is passed over at an agent is found, and the true turn is not")
    func order() throws {
        var (checker, events) = Self.turn()
        #expect(checker.auditor.findings == [])
        let last = try #require(events.indices.last)
        guard case .offerMade(var body) = events[last].body else { throw Missing.offer }
        #expect(body.conversation == "k1")
        body.conversation = "k2"
        events[last].body = .offerMade(body)
        let auditor = Auditor(rules: .standard)
        auditor.watch(events, at: SimulatedDay.begin)
        #expect(auditor.findings.contains { $0.contains("k2 got ana, for whom k1 of smaller rank still waits") })
    }

    private enum Missing: Error { case offer }

    @Test("an offer that a start leaves open for less than five seconds is found when it ends before them")
    func graceAfterStart() throws {
        var (checker, events) = Self.turn()
        let early = SimulatedDay.begin + .seconds(18)
        events += checker.restart(replaying: events, at: early)
        events += checker.pass(to: early + .seconds(5))
        #expect(checker.auditor.findings == [])
        let auditor = Auditor(rules: .standard)
        for event in events {
            var event = event
            if case .offerExpired = event.body { event.at = early + .seconds(2) }
            auditor.watch([event], at: event.at)
        }
        #expect(auditor.findings.contains { $0.contains("expired before its time") })
    }

    @Test("the pause after an insult is as long as was offered, and only where it was")
    func pause() {
        var rules = RuleSet.standard
        rules.hash = "pause"
        var agent = AgentUpdated()
        agent.agent = "ana"
        var owed = BreakChanged()
        owed.agent = "ana"
        owed.breakID = "b2"
        owed.enforced = true
        owed.minutes = 3
        owed.startBy = SimulatedDay.begin + .minutes(15)
        owed.because = "insult"
        owed.by = "agent"
        let auditor = Auditor(rules: rules)
        let bodies: [Event.Body] = [.agentUpdated(agent), .breakOwed(owed)]
        for (place, body) in bodies.enumerated() {
            auditor.watch(
                [
                    Event(
                        sequence: Int64(place + 1), previous: 0, tenant: "main", at: SimulatedDay.begin,
                        cause: .timer, body: body)
                ], at: SimulatedDay.begin)
        }
        #expect(auditor.findings.contains { $0.contains("was offered to nobody") })
    }

    @Test("one who waits while somebody could be asked is found")
    func waiting() {
        let auditor = Auditor(rules: .standard)
        var batch: [Event] = []
        for event in Self.story() {
            if event.body.type == "offer.made" { break }
            batch.append(event)
        }
        auditor.watch(batch, at: batch[batch.count - 1].at)
        #expect(auditor.findings.contains { $0.contains("k1 waits, and ana passes every hard test") })
    }
}
