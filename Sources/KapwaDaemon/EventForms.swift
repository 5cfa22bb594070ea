import KapwaDomain
import KapwaJournal
import KapwaWire

/// Puts events of the journal into the form that one reader may see.
struct EventForms {
    private let caller: Caller
    private let decoder = EventDecoder()
    private var encoder = EventEncoder()
    private var writer = ByteWriter(capacity: 1_024)
    /// Events that could not be read; they are passed over, for their form cannot be known.
    private(set) var problems: [EventDecodingError] = []

    init(_ caller: Caller) { self.caller = caller }

    /// Where no key is asked for nothing needs to be read to know what is hidden.
    private static let hiddenFromKeyless: Set<String> = [Event.Body.talkSuggested(TalkSuggested()).type]

    /// Adds what of the event the reader may see; `false` when it no longer fits.
    mutating func add(_ entry: JournalEntry, to reply: inout EventsReadReply) -> Bool {
        if caller.has(.auditor) { return reply.add(entry.parts) }
        if caller.key == nil {
            return Self.hiddenFromKeyless.contains(entry.type)
                || reply.add(entry.parts)
        }
        let event: Event
        do throws(EventDecodingError) {
            event = try decoder.decode(entry.parts)
        } catch {
            problems.append(error)
            return true
        }
        writer.removeAll()
        switch caller.form(of: event.body) {
        case .hidden: return true
        case .full: return reply.add(entry.parts)
        case .open: encoder.publicForm(caller.agent == nil ? event : event.withoutRunnerUp, into: &writer)
        case .own: encoder.ownForm(event, into: &writer)
        }
        return reply.add(writer.bytes)
    }
}
