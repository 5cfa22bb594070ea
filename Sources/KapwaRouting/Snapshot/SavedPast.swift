import DequeModule
import KapwaDomain

/// What is over: the part of a state that grows longest, apart from the rest so that two threads can read at once.
public struct SavedPast: Sendable {
    var closed: [ConversationID: ClosedRecord] = [:]
    var closedInOrder: Deque<RoutingState.ClosedKey> = []
    var endedOffers: [OfferID: EndedOffer] = [:]
    var endedOffersInOrder: Deque<OfferID> = []

    init() {}

    init(of state: RoutingState) {
        closed = state.closed
        closedInOrder = state.closedInOrder
        endedOffers = state.endedOffers
        endedOffersInOrder = state.endedOffersInOrder
    }

    /// The past of a state whose ``RoutingState/saved()`` bytes these are.
    public init(saved bytes: UnsafeRawBufferPointer) throws(SavedStateError) {
        let (lead, offset) = try SavedLead.read(bytes)
        var pass = SnapshotPass(reading: UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + lead.pastBytes)]))
        passFields(&pass)
        guard pass.isWhole else { throw .damaged }
    }

    mutating func passFields(_ pass: inout SnapshotPass) {
        if pass.isReading { readClosed(&pass) } else { writeClosed(&pass) }
        pass.field(&endedOffersInOrder)
        pass.table(&endedOffers, inOrder: endedOffersInOrder)
    }

    /// Records stand where the order names them.
    private func writeClosed(_ pass: inout SnapshotPass) {
        if pass.counts(2) { return }
        var count = closedInOrder.count
        pass.count(&count)
        for var key in closedInOrder {
            key.passFields(&pass)
            guard var record = closed[key.id], record.serial == key.serial else {
                var isThere = false
                isThere.passFields(&pass)
                continue
            }
            var isThere = true
            isThere.passFields(&pass)
            record.passFields(&pass)
        }
    }

    private mutating func readClosed(_ pass: inout SnapshotPass) {
        var count = 0
        pass.count(&count)
        closed = Dictionary(minimumCapacity: min(count, Limits.closedConversationsMax))
        closedInOrder = Deque(minimumCapacity: min(count, Limits.closedConversationsMax))
        for _ in 0..<count {
            var key = RoutingState.ClosedKey.blank
            var isThere = false
            key.passFields(&pass)
            isThere.passFields(&pass)
            guard !pass.isBroken else { return }
            closedInOrder.append(key)
            guard isThere else { continue }
            var record = ClosedRecord.blank
            record.passFields(&pass)
            guard !pass.isBroken, record.serial == key.serial else { return pass.fail() }
            closed[key.id] = record
        }
    }
}

extension RoutingState.ClosedKey: Saved {
    static var blank: Self { Self(id: "", serial: 0) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&id)
        pass.field(&serial)
    }
}

/// What the bytes of a saved state begin with.
struct SavedLead {
    var tenant: TenantID
    /// Of the past, which comes next; the rest is what is true now.
    var pastBytes: Int

    mutating func passFields(_ pass: inout SnapshotPass) {
        var version = RoutingState.savedVersion
        var words = RoutingState.savedWords
        version.passFields(&pass)
        words.passFields(&pass)
        tenant.passFields(&pass)
        pass.count(&pastBytes)
    }

    /// The lead, and where it ends.
    static func read(_ bytes: UnsafeRawBufferPointer) throws(SavedStateError) -> (Self, end: Int) {
        var pass = SnapshotPass(reading: bytes)
        var version = 0
        var words: [String] = []
        version.passFields(&pass)
        guard !pass.isBroken, version == RoutingState.savedVersion else { throw .otherForm(found: version) }
        words.passFields(&pass)
        guard !pass.isBroken, words == RoutingState.savedWords else { throw .otherForm(found: version) }
        var lead = Self(tenant: "", pastBytes: 0)
        lead.tenant.passFields(&pass)
        pass.count(&lead.pastBytes)
        guard !pass.isBroken else { throw .damaged }
        return (lead, pass.size)
    }
}
