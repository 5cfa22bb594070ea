import KapwaDomain
import KapwaJournal
import KapwaWire

/// Makes journal entries from events. Reuses its buffers.
struct JournalEncoder {
    private var events: EventEncoder

    /// - Parameter keepsWords: whether reasons in people's own words are kept.
    init(keepsWords: Bool = true) { events = EventEncoder(dropsWords: !keepsWords) }

    /// - Parameter customer: whose conversation it is, if somebody said.
    mutating func entry(_ event: Event, customer: (ConversationID) -> CustomerID?) -> JournalEntry {
        let parts = events.parts(of: event)
        return JournalEntry(
            tenant: event.tenant, sequence: event.sequence, at: event.at, type: event.body.type,
            version: EventEncoder.version, publicPart: parts.open,
            personalPart: parts.personal.isEmpty ? nil : parts.personal,
            subject: parts.personal.isEmpty ? nil : Self.subject(of: event, customer),
            sealedPart: parts.sealed.isEmpty ? nil : parts.sealed)
    }

    /// Whose salt protects the personal part: the customer's, else the conversation's or the agent's.
    private static func subject(of event: Event, _ customer: (ConversationID) -> CustomerID?) -> String {
        if let customer = event.body.namedCustomer { return "customer:\(customer)" }
        if let conversation = event.body.conversation {
            if let customer = customer(conversation) { return "customer:\(customer)" }
            return "conversation:\(conversation)"
        }
        return event.body.topicAgent.map { "agent:\($0)" } ?? "tenant:\(event.tenant)"
    }
}

extension JournalEntry {
    /// The event that it is.
    var parts: EventParts {
        EventParts(open: publicPart, personal: personalPart ?? [], sealed: sealedPart ?? [])
    }
}

extension EventDecoder {
    /// An event that a state is made of.
    ///
    /// - Throws: ``EventDecodingError``, ``JournalError`` when what was sealed of it can no longer be read.
    func whole(_ entry: JournalEntry) throws -> Event {
        let event = try decode(entry.parts)
        guard !event.isErased else {
            throw JournalError.corrupt(
                path: "journal", tenant: entry.tenant, sequence: entry.sequence,
                what: "the key of what it has sealed was erased; no replay can go over it")
        }
        return event
    }
}
