import KapwaDomain
import KapwaJournal

/// Old entries go a few at a time, between batches: nobody waits for it.
extension Pipeline {
    /// Entries deleted in one transaction.
    private static let entriesAtOnce = 256

    /// The one whose personal part is evidence, and nothing that a state is made of.
    private static let evidenceType = Event.Body.conversationTagged(ConversationTagged()).type

    func take(_ order: SnapshotKeeper.Order) { upkeep.append(order) }

    /// Does a piece of what is ordered. A full disk lets it wait.
    ///
    /// - Parameter isIdle: nobody waits; otherwise only now and then, so that it gets done at all.
    func doUpkeep(isIdle: Bool) throws(JournalError) {
        guard fullSince == nil, let order = upkeep.first else { return }
        let real = DaemonClock.nanosecondsSinceBoot()
        guard isIdle || real >= nextUpkeep else { return }
        nextUpkeep = real + 250_000_000
        do throws(JournalError) {
            switch order {
            case .trim(let tenant, let sequence):
                if try journal.trim(tenant, through: sequence, limit: Self.entriesAtOnce) { return }
                upkeep.removeFirst()
            case .eraseEvidence(let tenant, let sequence):
                let isMore = try journal.erasePersonalParts(
                    of: tenant, type: Self.evidenceType, through: sequence, limit: Self.entriesAtOnce)
                if !isMore { upkeep.removeFirst() }
            case .eraseKeys(let tenant, let due):
                if try journal.eraseKeys(of: tenant, before: due.before, through: due.through) {
                    upkeep.removeFirst()
                }
            case .drop(let tenant, var unused):
                let numbers = Array(unused.numbers.suffix(Self.entriesAtOnce))
                try journal.drop(subjects: numbers, of: tenant, unusedUpTo: unused.upTo)
                unused.numbers.removeLast(numbers.count)
                if unused.numbers.isEmpty {
                    upkeep.removeFirst()
                } else {
                    upkeep[0] = .drop(tenant, unused)
                }
            }
        } catch .full {
            // The next batch finds out, and says so.
            return
        }
    }
}
