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

    func liveness() -> Health { Health(Self.loops(board.progress())) }

    func readiness() -> Health {
        let progress = board.progress()
        let reading = counters().readingPaused
        let mailbox = Health.Check(
            name: "mailbox", ok: !reading,
            detail: reading ? "full; reading from the command socket is paused" : "commands are read")
        return Health(Self.loops(progress) + [journalCheck(progress), mailbox])
    }

    private func journalCheck(_ progress: Progress) -> Health.Check {
        if let failure = board.failure {
            return Health.Check(name: "journal", ok: false, detail: failure.description)
        }
        if board.isFull {
            return Health.Check(
                name: "journal", ok: false, detail: "no space is left; free some, changes are refused until then")
        }
        guard progress.diskMoves else {
            return Health.Check(
                name: "journal", ok: false, detail: "a commit has been under way for \(progress.writing ?? 0) ms")
        }
        return Health.Check(name: "journal", ok: true, detail: "commits reach the disk")
    }

    /// The two loops without which nothing is decided and nothing is answered.
    private static func loops(_ progress: Progress) -> [Health.Check] {
        let (router, sockets) = (progress.sinceRouter, progress.sinceSockets)
        return [
            Health.Check(
                name: "router", ok: progress.routerMoves,
                detail: progress.routerMoves ? "came round \(router) ms ago" : "has not come round for \(router) ms"),
            Health.Check(
                name: "sockets", ok: progress.socketsMove,
                detail: progress.socketsMove
                    ? "were looked at \(sockets) ms ago" : "have not been looked at for \(sockets) ms"),
        ]
    }
}
