import Glibc
import KapwaDomain
import KapwaJournal
import KapwaRouting
import Logging

/// Takes a snapshot: of a state that was made from the journal alone, so that it is what a replay would give.
struct SnapshotTaker: Sendable {
    let replayer: Replayer
    let store: SnapshotStore
    let logger: Logger

    /// Snapshots that are kept: if the newest cannot be read, there is another.
    static let kept = 2

    /// Gives what is free back to the system; the C library's own function, which its module does not name.
    private static func giveMemoryBack() {
        typealias Trim = @convention(c) (Int) -> Int32
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        _ = unsafeBitCast(symbol, to: Trim.self)(0)
    }

    /// What a snapshot says of its journal.
    struct Taken {
        /// Up to here there is a snapshot now.
        var sequence: Int64
        /// Sequence of the first event of whatever is not over.
        var oldestLive: Int64?
    }

    /// Follows the journal from the newest snapshot to its end, and saves what is true then.
    ///
    /// Works beside the thread that decides, which notices nothing of it, with a second state for as long as it takes.
    ///
    /// - Parameter goesOn: asked before each event; once it says no, what is true by then is saved.
    func take(
        _ tenant: TenantID, now: Instant, while goesOn: () -> Bool = { true }
    ) throws(JournalError) -> Taken {
        defer {
            // The second state was large, and the next is a while away.
            Self.giveMemoryBack()
        }
        var state = try replayer.base(of: tenant)?.state ?? RoutingState(tenant: tenant)
        let before = state.sequence
        try replayer.follow(&state, while: goesOn)
        if state.sequence > before { try save(state, now: now) }
        return Taken(sequence: state.sequence, oldestLive: state.oldestLive)
    }

    /// Saves a state that was made from the journal, reads it back, and removes what is older than needed.
    ///
    /// - Parameter besides: a snapshot that is kept however old it is.
    func save(_ state: RoutingState, now: Instant, besides: Int64? = nil) throws(JournalError) {
        let begun = DaemonClock.nanosecondsSinceBoot()
        guard let chain = try replayer.reader.chain(state.tenant, at: state.sequence) else {
            throw .corrupt(
                path: store.path, tenant: state.tenant, sequence: state.sequence, what: "the journal has no such entry")
        }
        let bytes = state.saved()
        let file = try store.write(
            Snapshot(
                tenant: state.tenant, sequence: state.sequence, chain: chain, rules: state.lastRulesChange.hash,
                madeAt: now,
                form: RoutingState.savedVersion, state: bytes[...]))
        let again = try store.read(file)
        guard again.state.elementsEqual(bytes) else {
            throw .corrupt(
                path: file.path, tenant: state.tenant, sequence: state.sequence, what: "it reads back as another")
        }
        try removeOld(state.tenant, besides: besides)
        let took = (DaemonClock.nanosecondsSinceBoot() - begun) / 1_000_000
        logger.debug(
            "snapshot taken",
            metadata: [
                "tenant": "\(state.tenant)", "seq": "\(state.sequence)", "bytes": "\(bytes.count)", "ms": "\(took)",
            ])
    }

    /// Sees to it that there is a snapshot at a sequence, so that what is before it may go.
    ///
    /// - Returns: `false` when there is nothing to make it from.
    func stand(for tenant: TenantID, at end: Int64, now: Instant) throws(JournalError) -> Bool {
        let files = store.files(of: tenant)
        if files.contains(where: { $0.sequence == end }) { return true }
        let start = try replayer.reader.replayStart(tenant)
        // Nothing begins there: what was true later is saved already.
        if end <= start { return true }
        let earlier = files.filter { (start...end).contains($0.sequence) }
        var state: RoutingState
        if let base = try replayer.base(of: tenant, among: earlier) {
            state = base.state
        } else {
            guard start == 0 else { return false }
            state = RoutingState(tenant: tenant)
        }
        try replayer.follow(&state, through: end)
        try save(state, now: now, besides: end)
        return true
    }

    /// Leaves the newest ones, and of a journal that cannot be replayed from its first event the one that stands for
    /// what is gone.
    private func removeOld(_ tenant: TenantID, besides: Int64?) throws(JournalError) {
        let start = try replayer.reader.replayStart(tenant)
        let files = store.files(of: tenant)
        let base = start > 0 ? files.last { $0.sequence >= start } : nil
        let old = files.dropFirst(Self.kept).filter { $0 != base && $0.sequence != besides }
        if !old.isEmpty { try store.remove(old) }
    }
}
