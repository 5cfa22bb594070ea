import KapwaDomain
import KapwaRouting
import Testing

@testable import KapwaDaemon

@Suite struct AdmissionTests {
    private let empty = RoutingState(tenant: "main")

    private func message(_ level: SafetyFlag.Level? = nil) -> Command {
        var found = Assessment()
        if let level { found.safety = [SafetyFlag(kind: .medical, level: level, text: "x", start: 0, end: 1)] }
        return Command(
            id: "1",
            body: .conversationMessage(
                ConversationMessage(conversation: "k1", from: .customer, text: "x", channel: .chat, assessment: found)))
    }

    @Test("from 60 % of the mailbox openings are refused, with a time to wait")
    func openings() {
        #expect(Admission.refusal(message(), fill: 0.59, empty) == nil)
        let refusal = Admission.refusal(message(), fill: 0.6, empty)
        #expect(refusal?.code == .overloaded)
        #expect(Limits.retryAfter.contains(refusal?.retryAfter ?? 0))
    }

    @Test("from 90 % everything is refused but what gives room back")
    func most() {
        let update = Command(id: "1", body: .conversationUpdate(ConversationUpdate(conversation: "k1")))
        #expect(Admission.refusal(update, fill: 0.89, empty) == nil)
        #expect(Admission.refusal(update, fill: 0.9, empty)?.code == .overloaded)
        let release: [Command.Body] = [
            .offerAccept(OfferAnswer(offer: "o1", agent: "a")), .offerDecline(OfferAnswer(offer: "o1", agent: "a")),
            .conversationClose(ConversationClose(conversation: "k1", outcome: .resolved)),
            .wrapupDone(WrapupDone(agent: "a", conversation: "k1")), .breakStart(BreakStart(agent: "a")),
            .breakEnd(BreakEnd(agent: "a")), .agentState(AgentState(agent: "a", state: .ready)),
            .safetyAcknowledge(SafetyAcknowledge(conversation: "k1")),
        ]
        for body in release { #expect(Admission.refusal(Command(id: "1", body: body), fill: 1.5, empty) == nil) }
    }

    @Test("somebody in danger always gets in")
    func danger() {
        #expect(Admission.refusal(message(.explicit), fill: 2, empty) == nil)
        #expect(Admission.refusal(message(.possible), fill: 2, empty)?.code == .overloaded)
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
