public import KapwaDomain
import KapwaJournal
import KapwaRouting

/// A tenant's state, made from the journal alone.
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
                let state = try Replayer(reader: reader).state(of: tenant)
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
