import KapwaDomain
import KapwaJournal
import KapwaRouting
import Logging

/// Decides which old entries may go, and sees to it that what they made true is kept: a snapshot of where the journal
/// will begin.
struct Trimmer: Sendable {
    let taker: SnapshotTaker
    /// Entries are kept for so long.
    let keep: Milliseconds
    /// Fewer are not worth a snapshot.
    let atLeast: Int64

    /// The sequence up to which entries may go, once a snapshot stands for them; `nil` when nothing is to be done.
    ///
    /// Nothing goes that is not yet in two snapshots, nor what a conversation that is open or a break that is owed or
    /// runs began with, nor anything after that: the chain has no holes.
    ///
    /// - Parameter live: sequence of the first event of whatever is not over.
    func prepare(_ tenant: TenantID, live: Int64?, now: Instant) throws(JournalError) -> Int64? {
        let reader = taker.replayer.reader
        let files = taker.store.files(of: tenant)
        guard files.count >= SnapshotTaker.kept else { return nil }
        let first = try reader.first(tenant)
        let end = min(
            try reader.lastEntry(tenant, before: now - keep), files[SnapshotTaker.kept - 1].sequence,
            try reader.head(tenant) - 1, (live ?? .max) - 1)
        if let live, end == live - 1, live > 1 {
            taker.logger.info(
                "entries older than they are kept for stay: something that began then is not over",
                metadata: ["tenant": "\(tenant)", "seq": "\(live)"])
        }
        guard end - first + 1 >= atLeast else { return nil }
        return try taker.stand(for: tenant, at: end, now: now) ? end : nil
    }
}
