import KapwaDomain
import KapwaJournal
import KapwaRouting
import KapwaWire

/// Makes journal entries from events. Reuses its buffers.
struct JournalEncoder {
    private var events = EventEncoder()

    /// - Parameter state: knows whose personal part it is.
    mutating func entry(_ event: Event, _ state: RoutingState?) -> JournalEntry {
        let parts = events.parts(of: event)
        return JournalEntry(
            tenant: event.tenant, sequence: event.sequence, at: event.at, type: event.body.type,
            version: EventEncoder.version, publicPart: parts.open,
            personalPart: parts.personal.isEmpty ? nil : parts.personal,
            subject: parts.personal.isEmpty ? nil : Self.subject(of: event, state))
    }

    /// Whose salt protects the personal part: the customer's, else the conversation's or the agent's.
    private static func subject(of event: Event, _ state: RoutingState?) -> String {
        if let conversation = event.body.conversation {
            if let customer = state?.customer(of: conversation) { return "customer:\(customer)" }
            return "conversation:\(conversation)"
        }
        return event.body.topicAgent.map { "agent:\($0)" } ?? "tenant:\(event.tenant)"
    }
}
