import KapwaDomain
import KapwaJournal
import Synchronization

/// What health checks and the service manager's watchdog read: when each loop last came round, what is being written,
/// and what went wrong.
final class StatusBoard: Sendable {
    private struct Status {
        var lastBeat: UInt64
        var lastSocketBeat: UInt64
        var writingSince: UInt64?
        var isFull = false
        var failure: JournalError?
        var heads: [TenantID: Int64] = [:]
    }

    private let status: Mutex<Status>

    /// - Parameter made: from when on loops are expected to come round, in nanoseconds.
    init(made: UInt64 = DaemonClock.nanosecondsSinceBoot()) {
        status = Mutex(Status(lastBeat: made, lastSocketBeat: made))
    }

    func beat(at nanoseconds: UInt64, isFull: Bool) {
        status.withLock { status in
            status.lastBeat = nanoseconds
            status.isFull = isFull
        }
    }

    func socketsBeat(at nanoseconds: UInt64) { status.withLock { $0.lastSocketBeat = nanoseconds } }

    /// A write begins that everything waits for.
    func beginWrite(at nanoseconds: UInt64) { status.withLock { $0.writingSince = nanoseconds } }

    func endWrite() { status.withLock { $0.writingSince = nil } }

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

    func progress(at nanoseconds: UInt64 = DaemonClock.nanosecondsSinceBoot()) -> Progress {
        func since(_ moment: UInt64) -> Milliseconds {
            nanoseconds > moment ? Milliseconds((nanoseconds - moment) / 1_000_000) : 0
        }
        return status.withLock { status in
            Progress(
                sinceRouter: since(status.lastBeat), sinceSockets: since(status.lastSocketBeat),
                writing: status.writingSince.map(since))
        }
    }

    var isFull: Bool { status.withLock { $0.isFull } }
    var failure: JournalError? { status.withLock { $0.failure } }
}
