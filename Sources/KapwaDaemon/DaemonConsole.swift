import KapwaConsole
import KapwaDomain
import KapwaJournal
import KapwaMetrics
import KapwaRules
import KapwaSentiment
import KapwaTransport
import Synchronization

/// What the HTTP side sees of the daemon.
final class DaemonConsole: ConsoleSource {
    /// Longer than a commit may take on a bad day, shorter than a load balancer's patience.
    private static let stallMax: Milliseconds = .seconds(5)

    private let metricSet: FloorMetrics
    private let board: StatusBoard
    private let version: String
    private let current: Mutex<ConsoleStatus>
    private let whyDesk: WhyDesk
    /// How many keys hold.
    private let keys: @Sendable () -> Int
    private let counters: @Sendable () -> TransportCounters

    init(
        metrics: FloorMetrics, board: StatusBoard, version: String, change: RulesChange, whyDesk: WhyDesk,
        keys: @escaping @Sendable () -> Int, counters: @escaping @Sendable () -> TransportCounters
    ) {
        metricSet = metrics
        self.board = board
        self.version = version
        self.whyDesk = whyDesk
        self.keys = keys
        self.counters = counters
        current = Mutex(Self.status(version, change))
    }

    func set(_ change: RulesChange) { current.withLock { $0 = Self.status(version, change) } }

    var status: ConsoleStatus { current.withLock { $0 } }

    private static func status(_ version: String, _ change: RulesChange) -> ConsoleStatus {
        ConsoleStatus(
            version: version, routing: change.rules.routingMode, breaks: change.rules.breaksMode,
            rules: change.rules.hash, lexicon: change.lexicon.hash)
    }

    func metrics(_ format: ExpositionFormat) -> [UInt8] {
        metricSet.setTransport(counters(), keys: keys())
        return metricSet.set.exposition(format)
    }

    func why(_ request: WhyRequest) async -> Result<[UInt8], Refusal> {
        var moment = WhyQuestion.Moment.latest
        if let offer = request.offer { moment = .offer(offer) }
        if let sequence = request.sequence { moment = .sequence(sequence) }
        return await whyDesk.answer(
            WhyQuestion(tenant: request.tenant, conversation: request.conversation, moment: moment))
    }

    func liveness() -> Health {
        Health([routerCheck])
    }

    func readiness() -> Health {
        let failure = board.failure
        let isFull = board.isFull
        let journal = Health.Check(
            name: "journal", ok: failure == nil && !isFull,
            detail: failure?.description
                ?? (isFull ? "no space is left; free some, changes are refused until then" : "commits reach the disk"))
        let reading = counters().readingPaused
        let mailbox = Health.Check(
            name: "mailbox", ok: !reading,
            detail: reading ? "full; reading from the command socket is paused" : "commands are read")
        return Health([routerCheck, journal, mailbox])
    }

    private var routerCheck: Health.Check {
        let since = board.sinceLastBeat
        return Health.Check(
            name: "router", ok: since <= Self.stallMax,
            detail: since <= Self.stallMax ? "came round \(since) ms ago" : "has not come round for \(since) ms")
    }
}
