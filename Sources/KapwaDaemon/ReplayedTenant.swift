public import KapwaDomain
import KapwaJournal
import KapwaRouting

/// A tenant's state, made from the journal alone, or from what was true before its first event that is kept.
public struct ReplayedTenant: Sendable {
    public let tenant: TenantID
    public let events: Int64
    public let digest: String
    public let milliseconds: UInt64

    /// Every tenant of a journal, read-only; a daemon may run meanwhile.
    public static func all(in directory: String) throws(StartFailure) -> [ReplayedTenant] {
        do throws(JournalError) {
            let reader = try JournalReader(directory: directory)
            var replayed: [ReplayedTenant] = []
            for tenant in try reader.tenants() {
                let begun = DaemonClock.nanosecondsSinceBoot()
                // From nothing, as long as all that takes is there: a snapshot proves nothing of the events in it.
                let isWhole = try reader.replayStart(tenant) == 0
                let snapshots = isWhole ? nil : SnapshotStore(directory: directory)
                let state = try Replayer(reader: reader, snapshots: snapshots).state(of: tenant)
                replayed.append(
                    ReplayedTenant(
                        tenant: tenant, events: state.sequence, digest: state.digest,
                        milliseconds: (DaemonClock.nanosecondsSinceBoot() - begun) / 1_000_000))
            }
            return replayed
        } catch {
            throw StartFailure(error)
        }
    }
}
