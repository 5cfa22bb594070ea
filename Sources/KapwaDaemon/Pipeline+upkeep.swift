import KapwaDomain
import KapwaJournal

/// Old entries go a few at a time, between batches: nobody waits for it.
extension Pipeline {
    /// Entries deleted in one transaction.
    private static let entriesAtOnce = 1_024
    /// Nanoseconds that one turn spends on upkeep at most, and how often as long nothing is done afterwards while others
    /// wait: a twentieth of the time, which is thousands of entries a second.
    private static let turnMax: UInt64 = 10_000_000
    private static let restPerWork: UInt64 = 19
    private static let retryAfter: UInt64 = 250_000_000

    /// The one whose personal part is evidence, and nothing that a state is made of.
    private static let evidenceType = Event.Body.conversationTagged(ConversationTagged()).type

    func take(_ order: SnapshotKeeper.Order) {
        upkeep.removeAll { $0.isCovered(by: order) }
        upkeep.append(order)
    }

    /// Does some of what is ordered. A full disk lets it wait.
    ///
    /// - Parameter isIdle: nobody waits; otherwise only now and then, so that it gets done at all.
    func doUpkeep(isIdle: Bool) throws(JournalError) {
        let begun = DaemonClock.nanosecondsSinceBoot()
        guard fullSince == nil, !upkeep.isEmpty, isIdle || begun >= nextUpkeep else { return }
        var now = begun
        repeat {
            guard try doPiece() else {
                nextUpkeep = begun + Self.retryAfter
                return
            }
            now = DaemonClock.nanosecondsSinceBoot()
        } while !upkeep.isEmpty && now - begun < Self.turnMax
        nextUpkeep = now + Self.restPerWork * (now - begun)
    }

    /// Whether it could be done: not on a full disk, nor while a reader is in its way.
    private func doPiece() throws(JournalError) -> Bool {
        guard let order = upkeep.first else { return false }
        do throws(JournalError) {
            switch order {
            case .trim(let tenant, let sequence):
                if try journal.trim(tenant, through: sequence, limit: Self.entriesAtOnce) { return true }
                upkeep.removeFirst()
            case .eraseEvidence(let tenant, let sequence):
                let isMore = try journal.erasePersonalParts(
                    of: tenant, type: Self.evidenceType, through: sequence, limit: Self.entriesAtOnce)
                if !isMore { upkeep.removeFirst() }
            case .eraseKeys(let tenant, let due):
                let isDone = try journal.eraseKeys(of: tenant, before: due.before, through: due.through)
                upkeep.removeFirst()
                guard isDone else {
                    // The others need not wait for it.
                    upkeep.append(order)
                    return false
                }
            case .drop(let tenant, var unused):
                try journal.drop(&unused, of: tenant, limit: Self.entriesAtOnce)
                if unused.numbers.isEmpty {
                    upkeep.removeFirst()
                } else {
                    upkeep[0] = .drop(tenant, unused)
                }
            }
        } catch .full {
            // The next batch finds out, and says so.
            return false
        }
        return true
    }
}
