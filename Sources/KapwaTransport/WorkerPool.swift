import KapwaDomain

/// Who scores which text: the state of the workers and of the batches they have. No socket and no clock: it is told
/// what came and when, and says what to do in ``takeActions()``.
struct WorkerPool {
    enum Action: Equatable {
        case send(to: RoutingID, FrameList)
        /// A request is done; an empty assessment was not scored.
        case completed(request: UInt64, assessments: FrameList)
        case notice(TransportNotice)
    }

    /// What has happened since the start.
    struct Tally: Equatable {
        var refused: UInt64 = 0
        var vanished: UInt64 = 0
        var rejected: UInt64 = 0
        var batches: UInt64 = 0
        var moved: UInt64 = 0
        var scored: UInt64 = 0
        var unscored: UInt64 = 0
    }

    struct Worker {
        let routing: RoutingID
        /// Counts the workers of this daemon; a worker that comes back is another one.
        let number: UInt64
        /// Which lexicon it scores by, counted like ``WorkerPool/generation``.
        let generation: Int
        var heardAt: Milliseconds
        var saidAt: Milliseconds
        var stalledUntil: Milliseconds = .min
        var batches: Set<UInt64> = []
        var texts = 0

        var name: String { "worker \(number)" }
    }

    struct Batch {
        let request: UInt64
        let part: Int
        let texts: Range<Int>
        /// Since when it waits, or from when on its worker is late.
        var deadline: Milliseconds
        var worker: UInt64?
        var failedOn: [UInt64] = []
    }

    struct Request {
        /// The caller's name for it.
        let name: UInt64
        let texts: FrameList
        let generation: Int
        var parts: [FrameList?]
        var partsOpen: Int
    }

    private(set) var settings: ScoringSettings
    /// Counts the lexicons: a text is scored by the one that was in force when it came.
    private(set) var generation = 0
    var tally = Tally()
    var workers: [Worker] = []
    var batches: [UInt64: Batch] = [:]
    var requests: [UInt64: Request] = [:]
    /// Batches that another worker has failed at go first: they have waited longest.
    var waitingAgain = FIFO<UInt64>()
    /// For workers with the lexicon of before: they hold up nobody who has the new one.
    var waitingBefore = FIFO<UInt64>()
    var waiting = FIFO<UInt64>()
    var actions: [Action] = []
    private var workersSeen: UInt64 = 0
    private var batchesMade: UInt64 = 0
    private var requestsMade: UInt64 = 0

    init(_ settings: ScoringSettings) { self.settings = settings }

    mutating func takeActions() -> [Action] {
        defer { actions.removeAll(keepingCapacity: true) }
        return actions
    }

    // MARK: Workers

    mutating func received(_ message: WorkerMessage?, from routing: RoutingID, now: Milliseconds) {
        guard let message else {
            tally.rejected += 1
            return refuse(routing, reason: "not a message of KAPWAW1", now: now)
        }
        if case .ready(let greeting) = message { return greet(greeting, from: routing, now: now) }
        // Whoever did not say READY gets no answer, falls into its own silence, and begins anew with READY.
        guard let index = workers.firstIndex(where: { $0.routing == routing }) else { return }
        workers[index].heardAt = now
        switch message {
        case .scores(let id, let assessments): score(id, assessments, by: index, now: now)
        case .bye:
            actions.append(.notice(.workerLeft(worker: workers[index].name)))
            remove(index, now: now)
        case .heartbeat, .ready: break
        case .batch, .refused, .stale: tally.rejected += 1
        }
        dispatch(now: now)
    }

    /// From now on texts are scored by this lexicon. What was submitted before stays with the workers of before.
    mutating func change(lexicon: String, now: Milliseconds) {
        guard lexicon != settings.lexicon else { return }
        settings.lexicon = lexicon
        generation += 1
        while let id = waiting.popFirst() { waitingBefore.append(id) }
        dispatch(now: now)
    }

    /// A message to this worker could not be sent: it has gone.
    mutating func lost(_ routing: RoutingID, now: Milliseconds) {
        guard let index = workers.firstIndex(where: { $0.routing == routing }) else { return }
        vanish(index, now: now)
        dispatch(now: now)
    }

    private mutating func greet(_ greeting: WorkerGreeting, from routing: RoutingID, now: Milliseconds) {
        if let index = workers.firstIndex(where: { $0.routing == routing }) { vanish(index, now: now) }
        if greeting.version != settings.version {
            let reason = "version '\(greeting.version)' where the daemon has '\(settings.version)'"
            return refuse(routing, reason: reason, now: now)
        }
        if greeting.lexicon != settings.lexicon {
            let reason = "lexicon '\(greeting.lexicon)' where the daemon has '\(settings.lexicon)'"
            return refuse(routing, reason: reason, .stale(lexicon: settings.lexicon), now: now)
        }
        guard workers.count < settings.workersMax else {
            return refuse(routing, reason: "\(settings.workersMax) workers are here already", now: now)
        }
        workersSeen += 1
        let worker = Worker(
            routing: routing, number: workersSeen, generation: generation, heardAt: now, saidAt: now)
        workers.append(worker)
        // Tells the worker that it was taken.
        actions.append(.send(to: routing, WorkerMessage.heartbeat.frames))
        actions.append(
            .notice(.workerReady(worker: worker.name, version: greeting.version, threads: greeting.threads)))
        dispatch(now: now)
    }

    private mutating func refuse(
        _ routing: RoutingID, reason: String, _ answer: WorkerMessage? = nil, now: Milliseconds
    ) {
        var name = "worker"
        if let index = workers.firstIndex(where: { $0.routing == routing }) {
            name = workers[index].name
            remove(index, now: now)
        }
        tally.refused += 1
        actions.append(.send(to: routing, (answer ?? .refused(reason: reason)).frames))
        actions.append(.notice(.workerRefused(worker: name, reason: reason)))
        dispatch(now: now)
    }

    private mutating func vanish(_ index: Int, now: Milliseconds) {
        tally.vanished += 1
        let worker = workers[index]
        actions.append(.notice(.workerVanished(worker: worker.name, batchesMoved: worker.batches.count)))
        remove(index, now: now)
    }

    /// Takes a worker out; what it had goes to others.
    private mutating func remove(_ index: Int, now: Milliseconds) {
        let worker = workers.remove(at: index)
        for id in worker.batches.sorted() { fail(id, on: worker.number, now: now) }
    }

    /// Sends away whoever scores by a lexicon of before and is through: it comes back with the one in force.
    mutating func retire(now: Milliseconds) {
        while let index = workers.firstIndex(where: { $0.generation != generation && $0.batches.isEmpty }) {
            actions.append(
                .send(to: workers[index].routing, WorkerMessage.stale(lexicon: settings.lexicon).frames))
            actions.append(.notice(.workerStale(worker: workers[index].name)))
            remove(index, now: now)
        }
    }

    // MARK: Requests

    /// Takes texts to be scored. The outcome comes as an action, at once when nobody is there to score.
    mutating func submit(_ name: UInt64, texts: FrameList, now: Milliseconds) {
        let parts = hasUsableWorker(of: generation, now: now) ? split(texts) : []
        guard !parts.isEmpty, batches.count + parts.count <= settings.batchesMax else {
            tally.unscored += UInt64(texts.count)
            actions.append(.completed(request: name, assessments: Self.unscored(texts.count)))
            return
        }
        requestsMade += 1
        requests[requestsMade] = Request(
            name: name, texts: texts, generation: generation, parts: Array(repeating: nil, count: parts.count),
            partsOpen: parts.count)
        for (part, range) in parts.enumerated() {
            batchesMade += 1
            batches[batchesMade] = Batch(
                request: requestsMade, part: part, texts: range, deadline: now + settings.batchMax)
            waiting.append(batchesMade)
        }
        dispatch(now: now)
    }

    /// What falls due: silent workers, late batches, heartbeats. To be called every 100 ms or so.
    mutating func tick(now: Milliseconds) {
        while let index = workers.firstIndex(where: { now - $0.heardAt > settings.silenceMax }) {
            vanish(index, now: now)
        }
        for id in batches.keys.sorted() {
            guard let batch = batches[id], now > batch.deadline else { continue }
            if let number = batch.worker, let index = workers.firstIndex(where: { $0.number == number }) {
                workers[index].stalledUntil = now + settings.stallMax
                fail(id, on: number, now: now)
            } else {
                finish(id, with: nil)
            }
        }
        for index in workers.indices where now - workers[index].saidAt >= settings.heartbeatInterval {
            workers[index].saidAt = now
            actions.append(.send(to: workers[index].routing, WorkerMessage.heartbeat.frames))
        }
        dispatch(now: now)
    }

    static func unscored(_ count: Int) -> FrameList {
        FrameList(Array(repeating: [UInt8](), count: count))
    }

    /// The texts in parts of a size that keeps every worker busy and fits a message.
    private func split(_ texts: FrameList) -> [Range<Int>] {
        let workers = max(1, workers.count { $0.generation == generation })
        let share = (texts.count + workers * 2 - 1) / (workers * 2)
        let size = min(settings.textsPerBatchMax, max(8, share))
        var parts: [Range<Int>] = []
        var start = 0
        while start < texts.count {
            var end = start + 1
            var bytes = texts.range(start).count
            while end < texts.count, end - start < size {
                bytes += texts.range(end).count
                if bytes > Limits.messageBytesMax / 2 { break }
                end += 1
            }
            parts.append(start..<end)
            start = end
        }
        return parts
    }
}
