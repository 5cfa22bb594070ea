public import KapwaDomain
public import KapwaJournal
public import KapwaRouting
import KapwaWire

/// Why a break was owed, when it began and how long it lasted, from a journal.
public struct BreakReader: Sendable {
    private let reader: any JournalReading
    private let snapshots: SnapshotStore?

    /// Contacts that are told; of more, the last ones.
    private static let bookingsMax = 50

    /// - Parameter snapshots: of the same journal: only what came after the one before is replayed.
    public init(reader: any JournalReading, snapshots: SnapshotStore? = nil) {
        self.reader = reader
        self.snapshots = snapshots
    }

    /// - Throws: ``Refusal`` when there is no such break, ``StartFailure`` when the journal cannot be read.
    public func answer(_ id: BreakID, tenant: TenantID) throws -> BreakAnswer {
        do {
            var story: [BreakStep] = []
            try read(tenant, needle: id.rawValue) { event in
                if let step = BreakStep(event), step.change.breakID == id { story.append(step) }
            }
            guard let first = story.first else {
                throw Refusal(.wrongState, "the journal of tenant \"\(tenant)\" has no break \"\(id)\"", field: "break")
            }
            var answer = BreakAnswer(tenant: tenant, id: id, agent: first.change.agent, story: story)
            answer.bookings = try bookings(first, tenant)
            let state = try Replayer(reader: reader, snapshots: snapshots).start(tenant, before: first.sequence - 1)
            var replay = try BreakReplay(answer, from: consume state, reader)
            try replay.run(reader)
            answer.waits = replay.waits
            return answer
        } catch let error as JournalError {
            throw StartFailure(error)
        } catch let error as EventDecodingError {
            throw StartFailure(.badData, "an event of the journal cannot be read: \(error)")
        }
    }

    /// What was booked on the agent's ledger since the last break before this one.
    private func bookings(_ first: BreakStep, _ tenant: TenantID) throws -> [BreakAnswer.Booking] {
        var bookings: [BreakAnswer.Booking] = []
        try read(tenant, needle: first.change.agent.rawValue) { event in
            // A threat owes the break before its contact is booked, at the same instant.
            guard event.at <= first.at else { return }
            if let step = BreakStep(event), step.change.agent == first.change.agent, step.name == .ended {
                bookings = []
            }
            guard case .agentStressed(let body) = event.body, body.agent == first.change.agent, !event.isErased
            else { return }
            bookings.append(BreakAnswer.Booking(at: event.at, stress: body))
            if bookings.count > Self.bookingsMax { bookings.removeFirst() }
        }
        return bookings
    }

    /// Gives the events of breaks and ledgers whose bytes have a name in them.
    private func read(_ tenant: TenantID, needle: String, _ body: (Event) -> Void) throws {
        let decoder = EventDecoder()
        let bytes = Array("\"\(needle)\"".utf8)
        try reader.replay(tenant: tenant, from: 1) { entry in
            guard entry.type.hasPrefix("break.") || entry.type == "agent.stressed", entry.publicPart.contains(bytes)
            else { return }
            body(try decoder.decode(entry.parts))
        }
    }
}

/// One event of a break's life.
public struct BreakStep: Sendable, Hashable {
    public enum Name: String, Sendable {
        case planned, owed, postponed, started, overdue, ended
    }
    public var sequence: Int64
    public var at: Instant
    public var name: Name
    public var change: BreakChanged

    init?(_ event: Event) {
        sequence = event.sequence
        at = event.at
        switch event.body {
        case .breakPlanned(let body): (name, change) = (.planned, body)
        case .breakOwed(let body): (name, change) = (.owed, body)
        case .breakPostponed(let body): (name, change) = (.postponed, body)
        case .breakStarted(let body): (name, change) = (.started, body)
        case .breakOverdue(let body): (name, change) = (.overdue, body)
        case .breakEnded(let body): (name, change) = (.ended, body)
        default: return nil
        }
    }
}

/// Why a break, and what became of it.
public struct BreakAnswer: Sendable {
    public var tenant: TenantID
    public var id: BreakID
    public var agent: AgentID
    /// In order; at least one.
    public var story: [BreakStep]
    /// What led to it: for the agent and an auditor alone.
    public var bookings: [Booking] = []
    /// What kept it from beginning, in order; empty when it began at once.
    public var waits: [Wait] = []

    /// One thing that kept the break from beginning.
    public struct Wait: Sendable, Hashable {
        public var hold: BreakHold
        public var from: Instant
        /// `nil` when it still does at the end of the journal.
        public var until: Instant?
    }

    /// What one contact, or a report, added to the ledger.
    public struct Booking: Sendable, Hashable {
        public var at: Instant
        public var stress: AgentStressed
    }
}
