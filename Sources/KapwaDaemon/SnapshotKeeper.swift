import Dispatch
public import KapwaDomain
import KapwaJournal
import Logging
import Synchronization

/// When a snapshot is due.
public struct SnapshotRhythm: Sendable, Hashable {
    /// So many events after the last one,
    public var events: Int64
    /// or so long after it, if there was any event.
    public var every: Milliseconds

    public init(events: Int64, every: Milliseconds) {
        self.events = events
        self.every = every
    }
}

/// What a thread of its own does: sees to it that a start never has many events to replay.
final class SnapshotKeeper: Sendable {
    /// What is known of a tenant's snapshots.
    private struct Standing {
        var sequence: Int64
        /// Up to where entries were ordered to be deleted.
        var trimmed: Int64 = 0
        /// Up to where evidence was ordered to be erased.
        var erased: Int64 = 0
        /// Nanoseconds since boot.
        var takenAt: UInt64
        /// No other before then: a snapshot that took long must not be all that this machine does.
        var notBefore: UInt64 = 0
    }

    /// Of a core, at most one part in so many goes into snapshots.
    private static let restPerWork: UInt64 = 9
    private static let retryAfter: UInt64 = 60_000_000_000
    /// Nobody who stops a daemon waits for more to be followed; the next start replays the rest.
    private static let stopsWithin: UInt64 = 5_000_000_000

    private let taker: SnapshotTaker
    private let rhythm: SnapshotRhythm
    private let head: @Sendable (TenantID) -> Int64
    private let note: @Sendable (Outcome) -> Void
    /// `nil`: nothing is ever deleted.
    private let trimmer: Trimmer?
    private let order: @Sendable (Order) -> Void
    private let keepEvidence: Milliseconds
    private let eraser: KeyEraser
    private let logger: Logger
    private let tenants: [TenantID]
    private let bell = Bell()
    /// In nanoseconds since boot: when what is being taken comes to its end.
    private let deadline = Atomic(UInt64.max)
    private let standings: Mutex<[TenantID: Standing]>

    /// Something that only the thread which owns the journal may do.
    enum Order: Sendable {
        case trim(TenantID, through: Int64)
        case drop(TenantID, UnusedSubjects)
        /// What customers said is forgotten before the rest.
        case eraseEvidence(TenantID, through: Int64)
        /// What weighed on agents, and what danger customers were in, cannot be read any more.
        case eraseKeys(TenantID, KeyEraser.Due)

        /// Whether a later one reaches further, so that this one need not be done.
        func isCovered(by later: Order) -> Bool {
            switch (self, later) {
            case (.eraseEvidence(let tenant, _), .eraseEvidence(let other, _)),
                (.eraseKeys(let tenant, _), .eraseKeys(let other, _)):
                tenant == other
            default: false
            }
        }
    }

    enum Outcome: Sendable {
        case taken, failed
        /// Events since the last snapshot of the tenant that has most.
        case behind(Int64)
    }

    /// - Parameters:
    ///   - covered: sequence up to which each tenant has a snapshot.
    ///   - head: of a tenant, as it is now.
    ///   - keep: entries older than that are deleted once nothing needs them.
    ///   - keepEvidence: evidence older than that is erased.
    ///   - keepSensitive: keys of sealed parts older than that are erased once nothing needs them.
    ///   - order: passes on what the router's thread has to do.
    ///   - note: told what became of each, for the metrics.
    init(
        _ rhythm: SnapshotRhythm, covered: [TenantID: Int64], taker: SnapshotTaker,
        head: @escaping @Sendable (TenantID) -> Int64, keep: Milliseconds? = nil,
        keepEvidence: Milliseconds = Limits.evidenceKeepDefault,
        keepSensitive: Milliseconds = Limits.sensitiveKeepDefault,
        order: @escaping @Sendable (Order) -> Void = { _ in }, logger: Logger,
        note: @escaping @Sendable (Outcome) -> Void
    ) {
        trimmer = keep.map { Trimmer(taker: taker, keep: $0, atLeast: min(rhythm.events, Limits.trimAtLeast)) }
        self.order = order
        self.keepEvidence = keepEvidence
        eraser = KeyEraser(taker: taker, keep: keepSensitive)
        self.rhythm = rhythm
        self.taker = taker
        self.head = head
        self.note = note
        self.logger = logger
        tenants = covered.keys.sorted()
        let now = DaemonClock.nanosecondsSinceBoot()
        standings = Mutex(covered.mapValues { Standing(sequence: $0, takenAt: now) })
    }

    /// Ends ``run()``, after a last snapshot of what can be followed in a few seconds.
    func stop() {
        deadline.store(DaemonClock.nanosecondsSinceBoot() + Self.stopsWithin, ordering: .sequentiallyConsistent)
        bell.ring()
    }

    private var isStopping: Bool { deadline.load(ordering: .sequentiallyConsistent) != .max }

    private var isInTime: Bool {
        DaemonClock.nanosecondsSinceBoot() < deadline.load(ordering: .sequentiallyConsistent)
    }

    func run() {
        while !isStopping {
            bell.wait(until: .now() + .seconds(1))
            for tenant in tenants where !isStopping && isDue(tenant) {
                take(tenant)
            }
            note(.behind(tenants.map { head($0) - covered($0) }.max() ?? 0))
        }
        // The next start has little to do.
        for tenant in tenants where isInTime && head(tenant) - covered(tenant) > rhythm.events / 10 { take(tenant) }
        for tenant in tenants where head(tenant) - covered(tenant) > rhythm.events {
            logger.notice(
                "stopped before the last snapshot was complete; the next start replays more",
                metadata: ["tenant": "\(tenant)", "events": "\(head(tenant) - covered(tenant))"])
        }
    }

    /// Sequence up to which a tenant has a snapshot.
    func covered(_ tenant: TenantID) -> Int64 { standings.withLock { $0[tenant]?.sequence ?? 0 } }

    private func isDue(_ tenant: TenantID) -> Bool {
        guard let standing = standings.withLock({ $0[tenant] }) else { return false }
        let news = head(tenant) - standing.sequence
        let now = DaemonClock.nanosecondsSinceBoot()
        guard news > 0, now >= standing.notBefore else { return false }
        return news >= rhythm.events || now - standing.takenAt >= UInt64(rhythm.every) * 1_000_000
    }

    private func take(_ tenant: TenantID) {
        let begun = DaemonClock.nanosecondsSinceBoot()
        do throws(JournalError) {
            let taken = try taker.take(tenant, now: DaemonClock.wall(), while: { isInTime })
            note(.taken)
            // What has time until the next start must not hold up this end.
            if !isStopping {
                try trim(tenant, live: taken.oldestLive)
                try eraseEvidence(tenant)
                try eraseKeys(tenant, live: taken.oldestLive)
            }
            let ended = DaemonClock.nanosecondsSinceBoot()
            standings.withLock {
                $0[tenant]?.sequence = taken.sequence
                $0[tenant]?.takenAt = ended
                $0[tenant]?.notBefore = ended + Self.restPerWork * (ended - begun)
            }
        } catch {
            note(.failed)
            standings.withLock { $0[tenant]?.notBefore = begun + Self.retryAfter }
            logger.warning(
                "no snapshot could be taken; the next start replays more",
                metadata: ["tenant": "\(tenant)", "why": "\(error)"])
        }
    }

    private func eraseEvidence(_ tenant: TenantID) throws(JournalError) {
        let end = try taker.replayer.reader.lastEntry(tenant, before: DaemonClock.wall() - keepEvidence)
        guard end > standings.withLock({ $0[tenant]?.erased ?? 0 }) else { return }
        order(.eraseEvidence(tenant, through: end))
        standings.withLock { $0[tenant]?.erased = end }
    }

    private func eraseKeys(_ tenant: TenantID, live: Int64?) throws(JournalError) {
        guard let due = try eraser.prepare(tenant, live: live, now: DaemonClock.wall()) else { return }
        order(.eraseKeys(tenant, due))
        logger.info(
            "keys of what was sealed are erased", metadata: ["tenant": "\(tenant)", "through": "\(due.through)"])
    }

    /// Has old entries deleted, and what nothing refers to once they are gone.
    private func trim(_ tenant: TenantID, live: Int64?) throws(JournalError) {
        guard let trimmer else { return }
        let reader = taker.replayer.reader
        let ordered = standings.withLock { $0[tenant]?.trimmed ?? 0 }
        if ordered > 0, try reader.first(tenant) > ordered {
            order(.drop(tenant, try reader.unusedSubjects(tenant)))
            standings.withLock { $0[tenant]?.trimmed = 0 }
        } else if ordered > 0 {
            // Not through with the last time.
            return
        }
        guard let end = try trimmer.prepare(tenant, live: live, now: DaemonClock.wall()) else { return }
        order(.trim(tenant, through: end))
        standings.withLock { $0[tenant]?.trimmed = end }
        logger.info("old entries are deleted", metadata: ["tenant": "\(tenant)", "through": "\(end)"])
    }
}
