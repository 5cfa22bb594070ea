import KapwaDomain
import KapwaRouting
import KapwaRules

/// The daemon without sockets, threads and disk: takes a batch, decides it, commits it, and only then lets it out.
final class SimulatedDaemon {
    /// What a commit can meet.
    enum CommitFault { case full, broken }

    private(set) var router: Router
    /// What is on disk, if anything will ever be read back.
    private(set) var disk: SimulatedDisk
    /// Not there, or there without space: commands get no answer, or `unavailable`.
    private(set) var isDown = false
    private(set) var isFull = false
    /// Answers that were given, by the command's id: committed with the events.
    private var remembered: [CommandID: Result<Reply.Accepted, Refusal>] = [:]
    private var batch: [(number: Int64, command: Command, result: Result<Reply.Accepted, Refusal>)] = []
    private var rules: RuleSet

    static let version = "simulated"

    init(rules: RuleSet, keepsDisk: Bool, at now: Instant) {
        self.rules = rules
        disk = SimulatedDisk(isKept: keepsDisk)
        router = Router(state: RoutingState(tenant: "main"), rules: rules, lexicon: "none", version: Self.version)
        router.start(at: now, digest: "")
        router.change(to: rules, lexicon: "none", by: nil, at: now)
    }

    var nextDeadline: Instant? { isDown || isFull ? nil : router.state.nextDeadline }
    var batchIsFull: Bool { batch.count >= Limits.batchCommandsMax }

    /// Decides a command; its answer leaves with ``commit(at:fault:)``.
    func take(_ number: Int64, _ command: Command, at now: Instant) {
        guard !isDown else { return }
        guard !isFull else {
            batch.append((number, command, .failure(Refusal(.unavailable, "there is no space"))))
            return
        }
        if disk.isKept, let known = recalled(command.id) {
            batch.append((number, command, known))
        } else {
            batch.append((number, command, router.handle(command, at: now)))
        }
    }

    private func recalled(_ id: CommandID) -> Result<Reply.Accepted, Refusal>? {
        batch.first { $0.command.id == id }?.result ?? remembered[id]
    }

    func change(to rules: RuleSet, at now: Instant) {
        guard !isDown, !isFull else { return }
        self.rules = rules
        router.change(to: rules, lexicon: "none", by: nil, at: now)
    }

    func noteGap(_ gap: Milliseconds, at now: Instant) {
        guard !isDown, !isFull else { return }
        router.noteClockGap(gap, at: now)
    }

    struct Committed {
        var events: [Event] = []
        var answers: [(number: Int64, command: Command, result: Result<Reply.Accepted, Refusal>)] = []
        /// Nothing of the batch is on disk: the state was made again.
        var isLost = false
    }

    /// Fires what is due, matches, and commits.
    func commit(at now: Instant, fault: CommitFault? = nil) -> Committed {
        guard !isDown else { return Committed() }
        var committed = Committed()
        defer { batch.removeAll(keepingCapacity: true) }
        guard !isFull else {
            committed.answers = batch
            return committed
        }
        router.tick(at: now)
        router.match(at: now)
        let events = router.takeEvents()
        if let fault, !events.isEmpty {
            committed.isLost = true
            if fault == .full {
                isFull = true
                router = rebuilt()
                router.resume(at: now)
                committed.answers = batch.map {
                    ($0.number, $0.command, .failure(Refusal(.unavailable, "there is no space")))
                }
            } else {
                isDown = true
            }
            return committed
        }
        if disk.isKept {
            disk.append(events)
            for answer in batch where answer.result.isRemembered { remembered[answer.command.id] = answer.result }
        }
        committed.events = events
        committed.answers = batch
        return committed
    }

    /// Stops at once: what is decided and not on disk is gone.
    func crash() {
        batch.removeAll()
        isDown = true
        isFull = false
    }

    /// Follows the journal again, with the digest of the state that it gives.
    func restart(at now: Instant) -> String {
        router = rebuilt()
        let digest = router.state.digest
        isDown = false
        router.start(at: now, digest: digest)
        router.change(to: rules, lexicon: "none", by: nil, at: now)
        return digest
    }

    /// There is space again.
    func regainSpace(at now: Instant) {
        guard isFull else { return }
        isFull = false
        router.resume(at: now)
        router.change(to: rules, lexicon: "none", by: nil, at: now)
    }

    private func rebuilt() -> Router {
        var state = RoutingState(tenant: "main")
        for event in disk.events { state.apply(event) }
        return Router(state: state, rules: rules, lexicon: "none", version: Self.version)
    }
}

extension Result<Reply.Accepted, Refusal> {
    /// As in the daemon: what was carried out is remembered, what was refused may be asked again.
    fileprivate var isRemembered: Bool {
        if case .success = self { true } else { false }
    }
}
