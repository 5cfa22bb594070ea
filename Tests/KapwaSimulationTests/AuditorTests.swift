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
