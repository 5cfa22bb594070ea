import KapwaDomain
import Testing

@testable import KapwaDaemon

@Suite struct AdmissionTests {
    private func refusal(_ command: Command, fill: Double) -> Refusal? {
        Admission.refusal(command, fill: fill) {
            _ in
            false
        } wait: {
            Milliseconds($0 * 1_000)
        }
    }

    private func message(_ level: SafetyFlag.Level? = nil) -> Command {
        var found = Assessment()
        if let level { found.safety = [SafetyFlag(kind: .medical, level: level, text: "x", start: 0, end: 1)] }
        return Command(
            id: "1",
            body: .conversationMessage(
                ConversationMessage(conversation: "k1", from: .customer, text: "x", channel: .chat, assessment: found)))
    }

    @Test("from 60 % of the mailbox openings are refused, with the time until there is less than that")
    func openings() {
        #expect(refusal(message(), fill: 0.59) == nil)
        let refusal = self.refusal(message(), fill: 0.6)
        #expect(refusal?.code == .overloaded)
        #expect(refusal?.retryAfter == 600)
        #expect(self.refusal(message(), fill: 0.95)?.retryAfter == 600)
    }

    @Test("from 90 % everything is refused but what gives room back")
    func most() {
        let update = Command(id: "1", body: .conversationUpdate(ConversationUpdate(conversation: "k1")))
        #expect(refusal(update, fill: 0.89) == nil)
        #expect(refusal(update, fill: 0.9)?.code == .overloaded)
        #expect(refusal(update, fill: 0.9)?.retryAfter == 900)
        let release: [Command.Body] = [
            .offerAccept(OfferAnswer(offer: "o1", agent: "a")), .offerDecline(OfferAnswer(offer: "o1", agent: "a")),
            .conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)),
            .wrapupDone(WrapupDone(agent: "a", conversation: "k1")), .breakStart(BreakStart(agent: "a")),
            .breakEnd(BreakEnd(agent: "a")), .agentState(AgentState(agent: "a", state: .ready)),
            .safetyAcknowledge(SafetyAcknowledge(conversation: "k1")),
        ]
        for body in release { #expect(refusal(Command(id: "1", body: body), fill: 1.5) == nil) }
    }

    @Test("somebody in danger always gets in")
    func danger() {
        #expect(refusal(message(.explicit), fill: 2) == nil)
        #expect(refusal(message(.possible), fill: 2)?.code == .overloaded)
    }

    @Test("words that nobody scored yet are scored before they are refused")
    func unscored() {
        for level in [SafetyFlag.Level.explicit, .possible] {
            var command = message()
            command.body = .conversationMessage(
                ConversationMessage(conversation: "k1", from: .customer, text: "x", channel: .chat))
            var scorings = 0
            let refused = Admission.refusal(&command, fill: 2) { _ in
                false
            } scored: { _ in
                scorings += 1
                return message(level)
            } wait: { _ in
                100
            }
            #expect((refused == nil) == (level == .explicit))
            #expect(scorings == 1)
            #expect(command == message(level))
        }
    }

    @Test("what changed nothing but a lease is not remembered; reads never are")
    func remembered() {
        let state = Command(id: "1", body: .agentState(AgentState(agent: "a", state: .ready, leaseSeconds: 30)))
        #expect(!Admission.isRemembered(state, Reply.Accepted(sequence: 0)))
        #expect(Admission.isRemembered(state, Reply.Accepted(sequence: 7)))
        #expect(Admission.isRemembered(message(), Reply.Accepted(sequence: 0)))
        #expect(!Admission.isRemembered(Command(id: "1", body: .ping), Reply.Accepted(sequence: 0)))
    }
}
