import KapwaDomain
public import KapwaSentiment
public import KapwaTransport
import KapwaWire

/// Threads that score texts, for the daemon of this process or for one elsewhere: the same code.
public final class ScoringCrew: Sendable {
    private let workers: [WorkerClient]

    /// - Parameters:
    ///   - daemon: whose texts they score.
    ///   - threads: how many.
    ///   - key: what is shown to a daemon elsewhere that asks for one.
    public init(
        for daemon: WorkerClient.Daemon, threads: Int, version: String, lexicon: Lexicon, key: ClientKey? = nil
    ) throws(TransportError) {
        var workers: [WorkerClient] = []
        for number in 1...max(1, threads) {
            var configuration = WorkerClient.Configuration(
                daemon: daemon, number: number, threads: threads, version: version, lexicon: lexicon.hash)
            configuration.key = key
            let settled = configuration
            workers.append(try WorkerClient(settled) { Self.makeScorer(lexicon) })
        }
        self.workers = workers
    }

    public func start() throws(TransportError) {
        for worker in workers { try worker.start() }
    }

    /// Lets every thread finish its batch, and waits for all.
    @discardableResult
    public func stop() -> [WorkerClient.Ending] {
        for worker in workers { worker.requestStop() }
        return workers.map { $0.join() }
    }

    /// Waits until all have ended by themselves, or were stopped.
    public func join() -> [WorkerClient.Ending] { workers.map { $0.join() } }

    public func requestStop() {
        for worker in workers { worker.requestStop() }
    }

    /// Texts scored so far, by all threads.
    public var textsScored: UInt64 { workers.reduce(0) { $0 + $1.counters.textsScored } }

    /// Whether the daemon has taken one of them.
    var wasWelcome: Bool { workers.contains { $0.counters.welcomes > 0 } }

    private static func makeScorer(_ lexicon: Lexicon) -> WorkerClient.Scorer {
        let scorer = Scorer(lexicon: lexicon)
        let codec = ScoringCodec()
        return { payload, output in
            // An unreadable payload is left unscored: the daemon then scores the text by itself.
            guard let task = codec.task(from: payload) else { return }
            codec.append(scorer.score(task.text, language: task.language), to: &output)
        }
    }
}
