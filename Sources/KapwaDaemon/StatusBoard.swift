import KapwaDomain
import KapwaJournal
import Synchronization

/// What health checks read: when the router last came round, and what went wrong.
final class StatusBoard: Sendable {
    private struct Status {
        var lastBeat: UInt64 = 0
        var isFull = false
        var failure: JournalError?
        var heads: [TenantID: Int64] = [:]
    }

    private let status = Mutex(Status())

    func beat(at nanoseconds: UInt64, isFull: Bool) {
        status.withLock { status in
            status.lastBeat = nanoseconds
            status.isFull = isFull
        }
    }

    func fail(_ error: JournalError) { status.withLock { $0.failure = error } }

    func committed(_ events: [Event]) {
        guard !events.isEmpty else { return }
        status.withLock { status in
            for event in events { status.heads[event.tenant] = event.sequence }
        }
    }

    /// Sequence of the last committed event of a tenant.
    func head(_ tenant: TenantID) -> Int64 { status.withLock { $0.heads[tenant] ?? 0 } }

    func set(head: Int64, of tenant: TenantID) { status.withLock { $0.heads[tenant] = head } }

    /// Milliseconds since the router thread last came round.
    var sinceLastBeat: Milliseconds {
        let last = status.withLock { $0.lastBeat }
        return last == 0 ? 0 : Milliseconds((DaemonClock.nanosecondsSinceBoot() - last) / 1_000_000)
    }

    var isFull: Bool { status.withLock { $0.isFull } }
    var failure: JournalError? { status.withLock { $0.failure } }
}
