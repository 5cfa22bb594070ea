import KapwaDomain
import KapwaMetrics
import KapwaRouting
import KapwaRules
import KapwaTransport
import Synchronization

/// Turns what happens into figures. Series are resolved once; an event costs a few atomic additions.
final class FloorMetrics: Sendable {
    let set: KapwaMetricSet
    private let queues = Mutex<[QueueID: KapwaMetricSet.QueueSeries]>([:])
    private let names: Mutex<[QueueID]> = Mutex([])
    /// What the transport had counted when it was last asked.
    private let shown = Mutex(TransportCounters())

    init(version: String) { set = KapwaMetricSet(version: version) }

    func setQueues(_ rules: RuleSet) {
        let ids = rules.queues.map(\.id)
        set.setQueues(ids)
        let teams = rules.teams.filter { $0.routingMode != nil || $0.breaksMode != nil }
        set.setMode(
            routing: rules.routingMode, breaks: rules.breaksMode,
            teams: teams.map {
                .init(team: $0.id, routing: rules.routingMode(for: $0.id), breaks: rules.breaksMode(for: $0.id))
            })
        names.withLock { $0 = ids }
        queues.withLock { $0 = Dictionary(ids.map { ($0, set.queue($0)) }) { first, _ in first } }
    }

    // MARK: Commands

    func reject(_ error: FramingError) { set.wireRejected[.framing].add() }

    func rejected(_ refusal: Refusal) {
        guard let rejection = WireRejection(rawValue: refusal.code.rawValue) else { return }
        set.wireRejected[rejection].add()
    }

    func answered(_ body: Command.Body, refusal: RefusalCode?) {
        let result = refusal.map(CommandResult.refused) ?? .ok
        set.commands[body.kind][result].add()
    }

    func duplicated(_ body: Command.Body) { set.commands[body.kind][.duplicate].add() }

    func decided(nanoseconds: UInt64) { set.decide.observe(Int64(nanoseconds)) }

    // MARK: Events

    func committed(_ events: [Event], nanoseconds: Int64) {
        set.commit.observe(nanoseconds)
        set.commitBatch.observe(Int64(events.count))
        for event in events { count(event.body) }
    }

    private func count(_ body: Event.Body) {
        switch body {
        case .conversationOpened: set.conversationsOpened.add()
        case .conversationClosed(let body): set.conversationsClosed[body.outcome].add()
        case .conversationTagged(let body): count(body.assessment)
        case .conversationAssigned(let body): count(body)
        case .offerMade: set.offers[.made].add()
        case .offerAdvised: set.offers[.advised].add()
        case .offerDeclined: set.offers[.declined].add()
        case .offerExpired: set.offers[.expired].add()
        case .offerWithdrawn: set.offers[.withdrawn].add()
        case .breakOwed(let body):
            set.breaksOwed[body.kind].add()
            if !body.enforced { set.floor.breaksUnenforced.add() }
        case .breakStarted(let body): count(started: body)
        default: countRarer(body)
        }
    }

    private func countRarer(_ body: Event.Body) {
        let floor = set.floor
        switch body {
        case .conversationRelaxed: floor.relaxed.add()
        case .conversationHeld(let body):
            floor.held[body.reason.flatMap { HoldCause(rawValue: $0.text) } ?? .care].add()
        case .conversationParked: floor.parked.add()
        case .conversationResumed: floor.resumed.add()
        case .conversationRetagged: floor.retagged.add()
        case .conversationUnroutable: floor.unroutable.add()
        case .agentReserved: floor.reservations.add()
        case .handoverOffered: floor.handovers.add()
        case .breakPlanned(let body): floor.breaksPlanned[body.kind].add()
        case .breakPostponed(let body): floor.breaksPostponed[body.kind].add()
        case .breakInvited(let body):
            floor.breaksInvited[body.reason.flatMap { Invitation(rawValue: $0.text) } ?? .insult].add()
        case .breakFloorBroken: floor.floorsBroken.add()
        case .affinitySet: floor.affinitiesSet.add()
        case .affinityLifted: floor.affinitiesLifted.add()
        case .feedbackRecorded(let body):
            floor.feedback.add()
            if let mark = body.csat { floor.csat[mark]?.add() }
        case .followupOwed(let body):
            floor.followupsOwed[body.reason.flatMap { FollowupCause(rawValue: $0.text) } ?? .callback].add()
        case .followupDone: floor.followupsDone.add()
        case .incidentDeclared: floor.incidentsDeclared.add()
        case .incidentEnded: floor.incidentsEnded.add()
        default: break
        }
    }

    private func count(_ found: Assessment) {
        set.messagesScored[found.scored].add()
        for tag in Tag.allCases where found.tags[tag] >= .holds { set.messagesTagged[tag].add() }
        for flag in found.safety { set.safetyFlags[flag.kind][flag.level].add() }
    }

    private func count(_ body: ConversationAssigned) {
        if body.source == .offer { set.offers[.accepted].add() }
        if let queue = body.queue { queues.withLock { $0[queue] }?.wait.observe(body.waitedMilliseconds) }
        let reasons = body.violations + [body.prevented].compactMap { $0 }
        if let test = HardTest.allCases.first(where: { reasons.contains($0.rawValue) }) {
            set.floor.prevented[test].add()
        }
    }

    private func count(started body: BreakChanged) {
        set.breaksStarted[body.kind].add()
        guard let late = body.lateMilliseconds, late > 0 else { return }
        set.breaksLate[body.lateCause.flatMap { LatenessCause(rawValue: $0.text) } ?? .liveContact].add()
        set.breakLateness.observe(late)
    }

    // MARK: What is now

    func setCounts(
        _ floors: [(tenant: TenantID, counts: FloorCounts, sequence: Int64)], fill: Double, synchronous: Int
    ) {
        for phase in ConversationPhase.allCases {
            set.conversations[phase].set(floors.reduce(0) { $0 + ($1.counts.conversations[phase] ?? 0) })
        }
        for presence in EffectivePresence.allCases {
            set.agents[presence].set(floors.reduce(0) { $0 + ($1.counts.agents[presence] ?? 0) })
        }
        set.breaksOpen[.planned].set(floors.reduce(0) { $0 + $1.counts.breaksPlanned })
        set.breaksOpen[.owed].set(floors.reduce(0) { $0 + $1.counts.breaksOwed })
        set.breaksOpen[.running].set(floors.reduce(0) { $0 + $1.counts.breaksRunning })
        set.floor.followupsOpen.set(floors.reduce(0) { $0 + $1.counts.followups })
        set.floor.incidentsRunning.set(floors.reduce(0) { $0 + $1.counts.incidents })
        for floor in floors { set.journalSequence(floor.tenant).set(floor.sequence) }
        set.mailboxFill.set(fill)
        set.journalSynchronous.set(synchronous)
    }

    func setWaiting(_ waiting: (QueueID) -> Int) {
        for id in names.withLock({ $0 }) { queues.withLock { $0[id] }?.conversations.set(waiting(id)) }
    }

    /// What the sockets have seen, and how many keys hold.
    func setTransport(_ counters: TransportCounters, keys: Int) {
        set.workers[.idle].set(counters.workersReady)
        set.access.keys.set(keys)
        // The transport counts by itself; here its counts only ever catch up.
        shown.withLock { shown in
            for failure in AuthFailure.allCases {
                let count = counters.authFailures[failure] ?? 0
                set.access.authFailures[failure].add(Int(clamping: count &- (shown.authFailures[failure] ?? 0)))
            }
            set.access.subscriptionsRefused.add(
                Int(clamping: counters.subscriptionsRefused &- shown.subscriptionsRefused))
            set.access.connectionsCut.add(Int(clamping: counters.connectionsCut &- shown.connectionsCut))
            shown = counters
        }
    }

    func note(_ outcome: SnapshotKeeper.Outcome) {
        switch outcome {
        case .taken: set.journalSnapshots[.taken].add()
        case .failed: set.journalSnapshots[.failed].add()
        case .behind(let events): set.journalEventsBehindSnapshot.set(Int(clamping: events))
        }
    }
}
