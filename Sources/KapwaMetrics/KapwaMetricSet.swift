public import KapwaDomain

/// Every family that Kapwa exports, each declared once, with its series resolved: an update is one atomic addition.
///
/// Counters begin at zero with the process. Labels are words of closed sets; queues and tenants come from the rules.
public final class KapwaMetricSet: Sendable {
    public let registry: MetricRegistry

    // Conversations
    public let conversations: ByCase<ConversationPhase, GaugeSeries>
    public let conversationsOpened: CounterSeries
    public let conversationsClosed: ByCase<Outcome, CounterSeries>
    let queueConversations: MetricFamily<GaugeSeries>
    let conversationWait: MetricFamily<HistogramSeries>
    public let offers: ByCase<OfferResult, CounterSeries>
    public let floor: FloorSeries
    public let access: AccessSeries

    // People
    public let agents: ByCase<EffectivePresence, GaugeSeries>
    public let breaksOpen: ByCase<BreakStage, GaugeSeries>
    public let breaksOwed: ByCase<BreakKind, CounterSeries>
    public let breaksStarted: ByCase<BreakKind, CounterSeries>
    public let breaksLate: ByCase<LatenessCause, CounterSeries>
    /// In milliseconds.
    public let breakLateness: HistogramSeries

    // Words
    public let messagesScored: ByCase<Assessment.Confidence, CounterSeries>
    public let messagesTagged: ByCase<Tag, CounterSeries>
    public let safetyFlags: ByCase<SafetyFlag.Kind, ByCase<SafetyFlag.Level, CounterSeries>>
    public let workers: ByCase<WorkerState, GaugeSeries>

    // Pipeline
    public let commands: ByCase<Command.Kind, ByCase<CommandResult, CounterSeries>>
    public let wireRejected: ByCase<WireRejection, CounterSeries>
    public let mailboxFill: GaugeSeries
    /// In nanoseconds.
    public let decide: HistogramSeries
    /// In nanoseconds.
    public let commit: HistogramSeries
    public let commitBatch: HistogramSeries
    let journalSequences: MetricFamily<GaugeSeries>
    /// 2 when every commit waits for the disk.
    public let journalSynchronous: GaugeSeries
    public let journalSnapshots: ByCase<SnapshotResult, CounterSeries>
    public let journalEventsBehindSnapshot: GaugeSeries

    // Configuration
    let mode: MetricFamily<GaugeSeries>
    let teamMode: MetricFamily<GaugeSeries>
    public let rulesReloaded: GaugeSeries
    public let rulesReloadedAt: GaugeSeries
    let process: ProcessGauges

    /// Declares all families and registers at zero what has a closed set of labels.
    ///
    /// - Parameters:
    ///   - registry: Where they are declared; its ``MetricRegistry/refused`` is empty afterwards.
    ///   - version: Of the daemon.
    public init(registry: MetricRegistry = MetricRegistry(), version: String) {
        self.registry = registry
        let declare = Declarations(registry: registry)
        conversations = ByCase(declare.conversations)
        conversationsOpened = declare.conversationsOpened.series()
        conversationsClosed = ByCase(declare.conversationsClosed)
        queueConversations = declare.queueConversations
        conversationWait = declare.conversationWait
        offers = ByCase(declare.offers)
        floor = FloorSeries(registry)
        access = AccessSeries(registry)
        agents = ByCase(declare.agents)
        breaksOpen = ByCase(declare.breaksOpen)
        breaksOwed = ByCase(declare.breaksOwed)
        breaksStarted = ByCase(declare.breaksStarted)
        breaksLate = ByCase(declare.breaksLate)
        breakLateness = declare.breakLateness.series()
        messagesScored = ByCase(declare.messagesScored)
        messagesTagged = ByCase(declare.messagesTagged)
        safetyFlags = ByCase(SafetyFlag.Kind.allCases) { kind in
            ByCase(SafetyFlag.Level.allCases) { declare.safetyFlags.series(kind.rawValue, $0.rawValue) }
        }
        workers = ByCase(declare.workers)
        commands = ByCase(Command.Kind.allCases) { kind in
            ByCase(CommandResult.all) { declare.commands.series(kind.rawValue, $0.label) }
        }
        wireRejected = ByCase(declare.wireRejected)
        mailboxFill = declare.mailboxFill.series()
        decide = declare.decide.series()
        commit = declare.commit.series()
        commitBatch = declare.commitBatch.series()
        journalSequences = declare.journalSequences
        journalSynchronous = declare.journalSynchronous.series()
        journalSnapshots = ByCase(declare.journalSnapshots)
        journalEventsBehindSnapshot = declare.journalEventsBehindSnapshot.series()
        mode = declare.mode
        teamMode = declare.teamMode
        rulesReloaded = declare.rulesReloaded.series()
        rulesReloadedAt = declare.rulesReloadedAt.series()
        process = ProcessGauges(registry)
        _ = declare.buildInfo.series(version)
    }

    /// The figures of one queue.
    public struct QueueSeries: Sendable {
        /// Conversations that wait in it.
        public let conversations: GaugeSeries
        /// From queueing to assignment, in milliseconds.
        public let wait: HistogramSeries
    }

    /// Resolves a queue's series; keep them rather than asking for each conversation.
    public func queue(_ id: QueueID) -> QueueSeries {
        QueueSeries(
            conversations: queueConversations.series(id.rawValue), wait: conversationWait.series(id.rawValue))
    }

    /// Registers the queues of the rules at zero and drops those that the rules no longer have.
    public func setQueues(_ queues: [QueueID]) {
        let values = queues.map { [$0.rawValue] }
        queueConversations.keep(only: values)
        conversationWait.keep(only: values)
        for id in queues { _ = queue(id) }
    }

    /// The last sequence number of a tenant's journal.
    public func journalSequence(_ tenant: TenantID) -> GaugeSeries { journalSequences.series(tenant.rawValue) }

    /// Says in which modes Kapwa works, and the teams that differ; the former ones disappear.
    public func setMode(routing: Mode, breaks: Mode, teams: [TeamMode] = []) {
        registry.together {
            let values = [routing.rawValue, breaks.rawValue]
            mode.keep(only: [values])
            _ = mode.series(values)
            let differing = teams.map { [$0.team.rawValue, $0.routing.rawValue, $0.breaks.rawValue] }
            teamMode.keep(only: differing)
            for values in differing { _ = teamMode.series(values) }
        }
    }

    /// A team whose modes are its own.
    public struct TeamMode: Sendable {
        public var team: TeamID
        public var routing: Mode
        public var breaks: Mode

        public init(team: TeamID, routing: Mode, breaks: Mode) {
            self.team = team
            self.routing = routing
            self.breaks = breaks
        }
    }

    /// Notes how reading the rules again went.
    public func rulesReloaded(successfully: Bool, at now: Instant) {
        registry.together {
            rulesReloaded.set(successfully)
            if successfully { rulesReloadedAt.set(Double(now.milliseconds) / 1_000) }
        }
    }

    /// Everything as a scraper reads it.
    public func exposition(_ format: ExpositionFormat) -> [UInt8] {
        process.refresh()
        return registry.exposition(format)
    }
}
