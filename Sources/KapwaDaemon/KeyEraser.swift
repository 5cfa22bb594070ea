import KapwaDomain
import KapwaJournal
import KapwaRouting
import Logging

/// Decides which days' keys may go, so that nobody can read any more what weighed on an agent then or what danger a
/// customer was in, and sees to it that what that made true is kept: a snapshot of where a replay will begin.
struct KeyEraser: Sendable {
    let taker: SnapshotTaker
    /// Keys are kept for so long after their day.
    let keep: Milliseconds

    /// What is to be erased.
    struct Due: Hashable, Sendable {
        /// The keys of the days before this one,
        var before: JournalDay
        /// on which this was the last entry.
        var through: Int64
    }

    /// The keys that may go, now that a snapshot stands for what they seal; `nil` when nothing is to be done.
    ///
    /// As with entries that are deleted (``Trimmer``): none goes that two snapshots do not follow, nor that of a day in
    /// which a conversation that is open or a break that is owed or runs had begun, nor a later one.
    ///
    /// - Parameter live: sequence of the first event of whatever is not over.
    func prepare(_ tenant: TenantID, live: Int64?, now: Instant) throws(JournalError) -> Due? {
        let reader = taker.replayer.reader
        var day = JournalDay(of: now - keep)
        guard let oldest = try reader.oldestKey(tenant), oldest < day else { return nil }
        let files = taker.store.files(of: tenant)
        guard files.count >= SnapshotTaker.kept else { return nil }
        let end = min(files[SnapshotTaker.kept - 1].sequence, try reader.head(tenant) - 1, (live ?? .max) - 1)
        // The day of the first entry that has to stay readable.
        let rest = try reader.events(tenant: tenant, after: end, limit: 1, types: nil, maxBytes: 1)
        guard let kept = rest.entries.first else { return nil }
        if JournalDay(of: kept.at) < day {
            day = JournalDay(of: kept.at)
            if kept.sequence == live {
                taker.logger.info(
                    "keys of days longer ago than they are kept stay: something that began then is not over",
                    metadata: ["tenant": "\(tenant)", "seq": "\(kept.sequence)"])
            }
        }
        guard oldest < day else { return nil }
        let through = try reader.lastEntry(tenant, before: day.start)
        guard through > 0, try taker.stand(for: tenant, at: through, now: now) else { return nil }
        return Due(before: day, through: through)
    }
}
