import Foundation
import KapwaDomain
import KapwaJournal
import KapwaRouting
import KapwaRules
import KapwaSentiment
import KapwaTransport
import KapwaWire
import Logging
import Synchronization

/// The thread that decides: opens the journal, makes the state from it, waits for the sockets, and works.
///
/// The journal belongs to this thread from its opening to its closing, so that nothing has to be handed over.
final class RouterThread: Sendable {
    /// What stands once the journal is replayed.
    struct Opened: Sendable {
        let clock: DaemonClock
        let reader: any JournalReading
        let heads: [TenantID: Int64]
        /// Sequence up to which each tenant has a snapshot.
        let covered: [TenantID: Int64]
        let taker: SnapshotTaker
        /// `nil`: customers keep the ids that senders know them by.
        let customers: CustomerKey?
    }

    private let opened = Handover<Result<Opened, StartFailure>>()
    private let surroundings = Handover<Pipeline.Surroundings?>()
    private let outcome = Handover<JournalError?>()
    private let thread: WorkerThread

    init(_ settings: Settings, change: RulesChange, logger: Logger) {
        let (opened, surroundings, outcome) = (opened, surroundings, outcome)
        thread = WorkerThread(name: "kapwa-router") {
            var failure: JournalError?
            do throws(StartFailure) {
                let start = try Start(settings, change: change, logger: logger)
                opened.pass(.success(start.opened))
                if let around = surroundings.wait() {
                    failure = start.pipeline(around, lexicon: change.lexicon).run()
                } else {
                    try start.abandon()
                }
            } catch {
                opened.pass(.failure(error))
            }
            outcome.pass(failure)
        }
    }

    /// Waits until the journal is replayed.
    func open() throws(StartFailure) -> Opened { try opened.wait().get() }

    /// Lets it work, or end when nothing can be served.
    func serve(_ around: Pipeline.Surroundings?) { surroundings.pass(around) }

    /// Waits until it has ended; why it could not go on, if so.
    func join() -> JournalError? {
        let failure = outcome.wait()
        thread.join()
        return failure
    }
}

/// Everything between opening the journal and the first command.
private struct Start {
    let opened: RouterThread.Opened
    private let journal: SQLiteJournal
    private let replayer: Replayer
    /// In the order of the tenants.
    private let routers: [Router]
    private let tenants: [TenantID]

    init(_ settings: Settings, change: RulesChange, logger: Logger) throws(StartFailure) {
        tenants = settings.tenants
        var routers: [Router] = []
        var heads: [TenantID: Int64] = [:]
        var covered: [TenantID: Int64] = [:]
        do throws(JournalError) {
            journal = try SQLiteJournal(directory: settings.data, now: DaemonClock.wall())
            let reader = try JournalReader(directory: settings.data)
            let store = SnapshotStore(directory: settings.data)
            let checks = StartChecks(settings: settings, reader: reader, store: store, logger: logger)
            try checks.refuseLostJournal()
            try checks.warnOfLostCustomerKey()
            checks.warnOfModes()
            replayer = Replayer(reader: reader, snapshots: store, logger: logger)
            let taker = SnapshotTaker(replayer: replayer, store: store, logger: logger)
            var bases: [Replayer.Base?] = []
            for tenant in settings.tenants { bases.append(try replayer.base(of: tenant)) }
            try Self.verify(settings, bases, logger)
            var last = Instant(milliseconds: 0)
            var states: [(state: RoutingState, digest: String)] = []
            for (place, tenant) in settings.tenants.enumerated() {
                // Taken out of the list: a state that two hold is copied as soon as one changes it.
                var state = bases[place].take()?.state ?? RoutingState(tenant: tenant)
                let before = state.sequence
                let digest = try Self.replay(&state, replayer, logger)
                covered[tenant] = Self.cover(state, before, settings, taker)
                last = max(last, state.lastEventAt)
                states.append((state, digest))
            }
            checks.warnOfClock(behind: last, now: DaemonClock.wall())
            let clock = DaemonClock(notBefore: last, speed: settings.speed)
            try journal.storeRules(text: change.text, hash: change.rules.hash)
            states.reverse()
            while let (state, digest) = states.popLast() {
                let tenant = state.tenant
                var router = Router(
                    state: state, rules: change.rules, lexicon: change.lexicon.hash, version: KapwaVersion.current)
                let now = clock.now
                router.start(at: now, digest: digest)
                router.change(to: change.rules, lexicon: change.lexicon.hash, by: change.by, at: now)
                router.match(at: now)
                try Self.commit(router.takeEvents(), journal, router.state)
                heads[tenant] = router.state.sequence
                routers.append(router)
            }
            opened = RouterThread.Opened(
                clock: clock, reader: reader, heads: heads, covered: covered, taker: taker,
                customers: settings.namesCustomers ? try CustomerKey.open(in: settings.data) : nil)
        } catch {
            throw StartFailure(error)
        }
        self.routers = routers
    }

    /// A state made from a damaged journal would be believed: nothing is served from one. What a snapshot stands for
    /// was checked before it was taken.
    private static func verify(
        _ settings: Settings, _ bases: [Replayer.Base?], _ logger: Logger
    ) throws(JournalError) {
        var shown = DaemonClock.nanosecondsSinceBoot()
        let verifier = try JournalVerifier(directory: settings.data)
        let progress = { (done: Int, all: Int) in
            guard DaemonClock.nanosecondsSinceBoot() - shown > 2_000_000_000 else { return }
            shown = DaemonClock.nanosecondsSinceBoot()
            logger.info("verifying the journal", metadata: ["done": "\(done)", "of": "\(all)"])
        }
        guard bases.contains(where: { $0 == nil }) else {
            for case let base? in bases {
                try verifier.verify(
                    base.state.tenant, after: base.state.sequence, chain: base.chain, progress: progress)
            }
            return
        }
        guard let fault = try verifier.verify(progress: progress).fault else { return }
        throw .corrupt(
            path: settings.data, tenant: fault.tenant, sequence: fault.sequence, what: fault.what)
    }

    /// A snapshot at once when much was replayed: it would be replayed again to take one later.
    ///
    /// - Returns: the sequence up to which there is a snapshot.
    private static func cover(
        _ state: RoutingState, _ before: Int64, _ settings: Settings, _ taker: SnapshotTaker
    ) -> Int64 {
        guard state.sequence - before >= settings.snapshots.events else { return before }
        do throws(JournalError) {
            try taker.save(state, now: DaemonClock.wall())
            return state.sequence
        } catch {
            taker.logger.warning(
                "no snapshot could be taken", metadata: ["tenant": "\(state.tenant)", "why": "\(error)"])
            return before
        }
    }

    private final class Box: Sendable {
        let state: Mutex<RoutingState?>

        init(_ state: RoutingState) { self.state = Mutex(state) }
    }

    /// On two threads. The copy that the other one looks at is gone when this returns: what two hold is copied as soon
    /// as one changes it.
    private static func digest(of state: RoutingState) -> String {
        let copy = Box(state)
        let part = Meanwhile(name: "kapwa-digest") {
            copy.state.withLock { $0.take() }?.firstPartOfDigest() ?? RoutingState.DigestPart()
        }
        return state.digest { part.take() }
    }

    /// Replays what is not in the state yet; the digest afterwards.
    private static func replay(
        _ state: inout RoutingState, _ replayer: Replayer, _ logger: Logger
    ) throws(JournalError) -> String {
        let begun = DaemonClock.nanosecondsSinceBoot()
        let before = state.sequence
        let tenant = state.tenant
        try replayer.follow(&state) { sequence in
            logger.info("replaying", metadata: ["tenant": "\(tenant)", "seq": "\(sequence)"])
        }
        let digest = Self.digest(of: state)
        let took = (DaemonClock.nanosecondsSinceBoot() - begun) / 1_000_000
        logger.info(
            "replayed",
            metadata: [
                "tenant": "\(tenant)", "events": "\(state.sequence)", "snapshot": "\(before)", "digest": "\(digest)",
                "ms": "\(took)",
            ])
        return digest
    }

    /// The events of the start go to disk before any socket is open, so there is nobody to publish them to.
    private static func commit(
        _ events: [Event], _ journal: SQLiteJournal, _ state: RoutingState
    ) throws(JournalError) {
        var encoder = JournalEncoder()
        try journal.append(entries: events.map { encoder.entry($0) { state.customer(of: $0) } }, remembered: [])
    }

    func pipeline(_ around: Pipeline.Surroundings, lexicon: Lexicon) -> Pipeline {
        Pipeline(
            around, journal: journal, replayer: replayer, routers: routers, scorer: Scorer(lexicon: lexicon))
    }

    func abandon() throws(StartFailure) {
        do throws(JournalError) {
            try journal.close()
        } catch {
            throw StartFailure(error)
        }
    }
}
