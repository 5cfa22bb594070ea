import DequeModule
public import KapwaDomain

/// Why the bytes of a saved state cannot be used.
public enum SavedStateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Written by a Kapwa that keeps the state in another form, which is `found`.
    case otherForm(found: Int)
    /// They contradict themselves.
    case damaged

    public var description: String {
        switch self {
        case .otherForm(let found):
            "it has form \(found), this Kapwa reads form \(RoutingState.savedVersion)"
        case .damaged: "its parts contradict each other"
        }
    }
}

extension RoutingState {
    /// Version of the form in which a state is saved. Goes up whenever a part is added, dropped or moved.
    public static let savedVersion = 1

    /// Rules and lexicon that the journal names last.
    public var lastRulesChange: RulesChanged {
        .with {
            $0.version = rulesVersion
            $0.hash = rulesHash
            $0.lexicon = lexiconHash
        }
    }

    /// Everything that is true, as bytes from which the same state is made again without its events.
    ///
    /// Two equal states give equal bytes. Personal facts are part of them.
    public func saved() -> [UInt8] {
        var ended = SnapshotPass(writing: 256 * closed.count)
        var past = SavedPast(of: self)
        past.passFields(&ended)
        var pass = SnapshotPass(writing: 4_096 + 512 * (agents.count + conversations.count) + ended.size)
        var lead = SavedLead(tenant: tenant, pastBytes: ended.size)
        lead.passFields(&pass)
        pass.append(ended)
        var state = self
        state.passFields(&pass)
        return pass.bytes()
    }

    /// The state that ``saved()`` was asked of.
    ///
    /// What the next matching has to look at is not saved: a start looks at everything.
    ///
    /// - Parameter past: the same bytes' past, which another thread may read meanwhile; asked for last.
    public init(
        saved bytes: UnsafeRawBufferPointer,
        past: (UnsafeRawBufferPointer) throws(SavedStateError) -> SavedPast = SavedPast.init(saved:)
    ) throws(SavedStateError) {
        let (lead, offset) = try SavedLead.read(bytes)
        var pass = SnapshotPass(reading: UnsafeRawBufferPointer(rebasing: bytes[(offset + lead.pastBytes)...]))
        self.init(tenant: lead.tenant)
        passFields(&pass)
        guard pass.isWhole, refersToWhatIsThere else { throw .damaged }
        rebuildDerived()
        let past = try past(bytes)
        closed = past.closed
        closedInOrder = past.closedInOrder
        endedOffers = past.endedOffers
        endedOffersInOrder = past.endedOffersInOrder
    }

    /// Every part but the tenant, the past, and what is made from the others.
    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&sequence)
        pass.field(&lastEventAt)
        pass.table(&topics, by: Topic.precedes)
        passAgents(&pass)
        passConversations(&pass)
        pass.field(&closings)
        passOffers(&pass)
        passTeams(&pass)
        passCustomers(&pass)
        pass.field(&incidents)
        pass.field(&timers)
        pass.field(&rulesVersion)
        pass.field(&rulesHash)
        pass.field(&lexiconHash)
        pass.field(&routingMode)
        pass.field(&breaksMode)
        pass.field(&teamModes)
        pass.field(&startedAt)
        pass.field(&transferred)
    }

    private mutating func passAgents(_ pass: inout SnapshotPass) {
        pass.sparse(&agents) { $0.id.rawValue.isEmpty }
        pass.field(&freeAgentSlots)
        pass.field(&agentOrder)
        pass.table(&departed)
        pass.field(&departedInOrder)
    }

    private mutating func passConversations(_ pass: inout SnapshotPass) {
        pass.sparse(&conversations) { $0.phase == .closed }
        pass.field(&freeConversationSlots)
        pass.field(&queued)
        pass.field(&queues)
        pass.field(&phaseCounts)
    }

    private mutating func passOffers(_ pass: inout SnapshotPass) {
        pass.table(&offers)
        pass.field(&offerEnds)
        pass.field(&expiredEnds)
        pass.field(&deliverySuspectAt)
    }

    private mutating func passTeams(_ pass: inout SnapshotPass) {
        pass.table(&teams) { ($0?.rawValue ?? "") < ($1?.rawValue ?? "") }
        pass.field(&owing)
        pass.field(&sliding)
        pass.field(&slideTimer)
        pass.field(&handleTimes.voice)
        pass.field(&handleTimes.chat)
        pass.field(&handleTimes.email)
    }

    private mutating func passCustomers(_ pass: inout SnapshotPass) {
        pass.field(&customersInOrder)
        pass.table(&customers, inOrder: customersInOrder)
        pass.table(&aversions)
        pass.field(&aversionsInOrder)
        pass.table(&aversionIndex, by: Aversion.Key.precedes)
        pass.table(&followups)
        pass.field(&followupsInOrder)
        pass.table(&followupSerials)
    }
}

extension SnapshotPass {
    /// A list in which many places may be free.
    mutating func sparse<Record: Saved>(_ records: inout Blocks<Record>, isFree: (Record) -> Bool) {
        if counts(1) { return }
        var count = records.count
        self.count(&count)
        if isReading { records = Blocks() }
        for place in 0..<count {
            var record = isReading ? Record.blank : records[place]
            var isThere = !isReading && !isFree(record)
            isThere.passFields(&self)
            if isThere { record.passFields(&self) }
            guard !isBroken else { return }
            if isReading { records.append(record) }
        }
    }

    /// A table whose keys stand in a list that was gone through before.
    mutating func table<Key: Hashable, Value: Saved>(_ table: inout [Key: Value], inOrder keys: Deque<Key>) {
        if counts(1) { return }
        if isReading { table = Dictionary(minimumCapacity: keys.count) }
        for key in keys {
            var value = isReading ? nil : table[key]
            value.passFields(&self)
            guard !isBroken else { return }
            if isReading, let value { table[key] = value }
        }
    }
}
