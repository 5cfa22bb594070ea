import KapwaDomain
import Testing

@testable import KapwaTransport

/// The pool alone: no sockets, no clock.
struct WorkerPoolTests {
    var pool = WorkerPool(ScoringSettings(version: "1.0", lexicon: "abc"))
    let first = RoutingID([1])
    let second = RoutingID([2])

    /// What the pool wants to send, as (worker, message).
    private func sent(_ actions: [WorkerPool.Action]) -> [(RoutingID, WorkerMessage)] {
        actions.compactMap { action in
            guard case .send(let routing, let frames) = action, let message = WorkerMessage(frames) else { return nil }
            return (routing, message)
        }
    }

    private func batches(_ actions: [WorkerPool.Action]) -> [(worker: RoutingID, id: UInt64, texts: [String])] {
        sent(actions).compactMap { routing, message in
            guard case .batch(let id, let texts) = message else { return nil }
            return (routing, id, texts.strings)
        }
    }

    private func completed(_ actions: [WorkerPool.Action]) -> [UInt64: [String]] {
        var results: [UInt64: [String]] = [:]
        for case .completed(let request, let assessments) in actions { results[request] = assessments.strings }
        return results
    }

    private mutating func ready(_ worker: RoutingID, now: Milliseconds = 0) {
        pool.received(
            .ready(WorkerGreeting(version: "1.0", lexicon: "abc", threads: 1)), from: worker, now: now)
    }

    @Test("Without workers a request comes back unscored at once")
    mutating func nobody() {
        pool.submit(5, texts: FrameList(["a", "b"]), now: 0)
        #expect(completed(pool.takeActions()) == [5: ["", ""]])
        #expect(pool.tally.unscored == 2)
    }

    @Test("A worker that says READY is greeted, gets the texts, and its scores come back in their order")
    mutating func scores() {
        ready(first)
        #expect(sent(pool.takeActions()).map(\.1) == [.heartbeat])
        pool.submit(5, texts: FrameList(["a", "b"]), now: 0)
        let batch = batches(pool.takeActions())
        #expect(batch.map(\.texts) == [["a", "b"]])
        pool.received(.scores(batch[0].id, assessments: FrameList(["A", "B"])), from: first, now: 1)
        #expect(completed(pool.takeActions()) == [5: ["A", "B"]])
        #expect(pool.tally.scored == 2)
        #expect(pool.batches.isEmpty && pool.requests.isEmpty)
    }

    @Test(
        "A worker of another version is refused and never used",
        arguments: [("1.1", "abc"), ("", "")])
    func mismatch(version: String, lexicon: String) {
        var pool = pool
        pool.received(
            .ready(WorkerGreeting(version: version, lexicon: lexicon, threads: 1)), from: first, now: 0)
        pool.received(.heartbeat, from: first, now: 1)
        pool.submit(1, texts: FrameList(["a"]), now: 2)
        let actions = pool.takeActions()
        let messages = sent(actions).map(\.1)
        guard case .refused(let reason)? = messages.first else {
            Issue.record("not refused")
            return
        }
        #expect(reason.contains("where the daemon has"))
        #expect(messages.count == 1)
        #expect(completed(actions) == [1: [""]])
    }

    @Test("A worker of another lexicon is told which one is in force, and never used")
    mutating func otherLexicon() {
        pool.received(.ready(WorkerGreeting(version: "1.0", lexicon: "abd", threads: 1)), from: first, now: 0)
        pool.submit(1, texts: FrameList(["a"]), now: 2)
        let actions = pool.takeActions()
        #expect(sent(actions).map(\.1) == [.stale(lexicon: "abc")])
        #expect(completed(actions) == [1: [""]])
        #expect(pool.tally.refused == 1)
    }

    @Test("Texts from before a change of lexicon stay with the workers of before, later ones go to none of them")
    mutating func change() {
        ready(first)
        _ = pool.takeActions()
        // One batch more than the worker takes at a time waits.
        for request in 0..<3 { pool.submit(UInt64(request), texts: FrameList(["t\(request)"]), now: 0) }
        var given = batches(pool.takeActions())
        pool.change(lexicon: "def", now: 1)
        pool.submit(7, texts: FrameList(["new"]), now: 1)
        #expect(completed(pool.takeActions()) == [7: [""]], "nobody scores by the new one yet")
        pool.received(.ready(WorkerGreeting(version: "1.0", lexicon: "def", threads: 1)), from: second, now: 2)
        pool.submit(8, texts: FrameList(["newer"]), now: 2)
        #expect(batches(pool.takeActions()).map(\.worker) == [second])
        while let batch = given.popLast() {
            #expect(batch.worker == first)
            pool.received(.scores(batch.id, assessments: FrameList(["x"])), from: first, now: 3)
            let actions = pool.takeActions()
            given += batches(actions)
            if given.isEmpty { #expect(sent(actions).map(\.1) == [.stale(lexicon: "def")]) }
        }
        #expect(pool.workers.map(\.routing) == [second])
        #expect(pool.tally.vanished == 0 && pool.tally.moved == 0)
    }

    @Test("A change to the lexicon in force changes nothing, and idle workers of another are sent away at once")
    mutating func idleAtChange() {
        ready(first)
        _ = pool.takeActions()
        pool.change(lexicon: "abc", now: 1)
        #expect(pool.takeActions().isEmpty && pool.workers.count == 1)
        pool.change(lexicon: "def", now: 2)
        #expect(
            pool.takeActions() == [
                .send(to: first, WorkerMessage.stale(lexicon: "def").frames), .notice(.workerStale(worker: "worker 1")),
            ])
        #expect(pool.workers.isEmpty)
    }

    @Test("What a worker of before had when it vanished comes back unscored, not scored by the new lexicon")
    mutating func vanishedAfterChange() {
        ready(first)
        pool.submit(1, texts: FrameList(["a"]), now: 0)
        pool.change(lexicon: "def", now: 1)
        pool.received(.ready(WorkerGreeting(version: "1.0", lexicon: "def", threads: 1)), from: second, now: 2)
        _ = pool.takeActions()
        pool.lost(first, now: 3)
        let actions = pool.takeActions()
        #expect(completed(actions) == [1: [""]] && batches(actions).isEmpty)
    }

    @Test("Texts go to the worker with the least on its hands, at most two batches each; the rest waits for credit")
    mutating func credit() {
        ready(first)
        ready(second)
        _ = pool.takeActions()
        for request in 0..<6 { pool.submit(UInt64(request), texts: FrameList(["t\(request)"]), now: 0) }
        var given = batches(pool.takeActions())
        #expect(given.map(\.worker) == [first, second, first, second])
        pool.received(.scores(given[1].id, assessments: FrameList(["x"])), from: second, now: 1)
        given = batches(pool.takeActions())
        #expect(given.map(\.worker) == [second])
        #expect(given.map(\.texts) == [["t4"]])
    }

    @Test("A long request is split over the workers and put together again in order")
    mutating func split() {
        ready(first)
        ready(second)
        _ = pool.takeActions()
        let texts = (0..<500).map { "\($0)" }
        pool.submit(9, texts: FrameList(texts), now: 0)
        var result: [String]?
        var workers: Set<RoutingID> = []
        for _ in 0..<100 where result == nil {
            let actions = pool.takeActions()
            result = completed(actions)[9]
            // The last comes first, as it may.
            for batch in batches(actions).reversed() {
                #expect(batch.texts.count <= Limits.textsPerBatchMax)
                workers.insert(batch.worker)
                let scores = FrameList(batch.texts.map { "s" + $0 })
                pool.received(.scores(batch.id, assessments: scores), from: batch.worker, now: 1)
            }
        }
        #expect(result == texts.map { "s" + $0 })
        #expect(workers == [first, second])
    }

    @Test("The batch of a silent worker goes to another; its late answer changes nothing")
    mutating func silent() {
        ready(first)
        ready(second)
        pool.submit(1, texts: FrameList(["a"]), now: 0)
        let given = batches(pool.takeActions())
        #expect(given.map(\.worker) == [first])
        pool.received(.heartbeat, from: second, now: 2_100)
        pool.received(.heartbeat, from: first, now: 900)
        pool.tick(now: 1_001)
        let again = batches(pool.takeActions())
        #expect(again.map(\.worker) == [second])
        #expect(pool.tally.moved == 1)
        pool.received(.scores(given[0].id, assessments: FrameList(["late"])), from: first, now: 1_002)
        #expect(completed(pool.takeActions()).isEmpty)
        pool.received(.scores(again[0].id, assessments: FrameList(["good"])), from: second, now: 1_003)
        #expect(completed(pool.takeActions()) == [1: ["good"]])
        pool.received(.scores(again[0].id, assessments: FrameList(["twice"])), from: second, now: 1_004)
        #expect(pool.takeActions().isEmpty)
    }

    @Test("A batch that two workers failed at comes back unscored")
    mutating func twoFailures() {
        ready(first)
        ready(second)
        ready(RoutingID([3]))
        pool.submit(1, texts: FrameList(["poison"]), now: 0)
        #expect(batches(pool.takeActions()).map(\.worker) == [first])
        pool.lost(first, now: 10)
        #expect(batches(pool.takeActions()).map(\.worker) == [second])
        pool.lost(second, now: 20)
        let actions = pool.takeActions()
        #expect(batches(actions).isEmpty)
        #expect(completed(actions) == [1: [""]])
        #expect(pool.tally.vanished == 2)
    }

    @Test("When the last worker goes, all that waits comes back unscored")
    mutating func lastGoes() {
        ready(first)
        _ = pool.takeActions()
        for request in 0..<5 { pool.submit(UInt64(request), texts: FrameList(["a"]), now: 0) }
        #expect(batches(pool.takeActions()).count == 2)
        pool.received(.bye, from: first, now: 1)
        #expect(completed(pool.takeActions()).count == 5)
        #expect(pool.batches.isEmpty && pool.requests.isEmpty && pool.workers.isEmpty)
    }

    @Test("A worker that says nothing for two seconds has vanished; any message keeps it")
    mutating func expiry() {
        ready(first)
        pool.received(.heartbeat, from: first, now: 1_500)
        pool.tick(now: 3_500)
        #expect(pool.workers.count == 1)
        pool.tick(now: 3_501)
        #expect(pool.workers.isEmpty)
        #expect(pool.tally.vanished == 1)
    }

    @Test("A worker hears from the daemon every half second")
    mutating func heartbeats() {
        ready(first)
        _ = pool.takeActions()
        pool.tick(now: 499)
        #expect(pool.takeActions().isEmpty)
        pool.tick(now: 500)
        #expect(sent(pool.takeActions()).map(\.1) == [.heartbeat])
    }

    @Test("Too few or too many scores count as a failure, not as an answer")
    mutating func miscounted() {
        ready(first)
        ready(second)
        pool.submit(1, texts: FrameList(["a", "b"]), now: 0)
        let given = batches(pool.takeActions())
        pool.received(.scores(given[0].id, assessments: FrameList(["A"])), from: first, now: 1)
        let actions = pool.takeActions()
        #expect(completed(actions).isEmpty)
        #expect(batches(actions).map(\.worker) == [second])
        #expect(pool.tally.rejected == 1)
    }

    @Test("Scores for another worker's batch are not taken")
    mutating func foreign() {
        ready(first)
        ready(second)
        pool.submit(1, texts: FrameList(["a"]), now: 0)
        let given = batches(pool.takeActions())
        pool.received(.scores(given[0].id, assessments: FrameList(["stolen"])), from: second, now: 1)
        #expect(completed(pool.takeActions()).isEmpty)
    }

    @Test("Nonsense from a worker ends it, and what it had goes on elsewhere")
    mutating func nonsense() {
        ready(first)
        ready(second)
        pool.submit(1, texts: FrameList(["a"]), now: 0)
        _ = pool.takeActions()
        pool.received(nil, from: first, now: 1)
        #expect(batches(pool.takeActions()).map(\.worker) == [second])
        #expect(pool.workers.count == 1)
    }

    @Test("More workers than allowed are refused, and more waiting batches than allowed come back unscored")
    func bounds() {
        var settings = ScoringSettings(version: "1.0", lexicon: "abc")
        settings.workersMax = 1
        settings.batchesMax = 3
        var pool = WorkerPool(settings)
        for worker in [first, second] {
            pool.received(
                .ready(WorkerGreeting(version: "1.0", lexicon: "abc", threads: 1)), from: worker, now: 0)
        }
        #expect(pool.workers.count == 1)
        #expect(pool.tally.refused == 1)
        for request in 0..<5 { pool.submit(UInt64(request), texts: FrameList(["a"]), now: 0) }
        #expect(completed(pool.takeActions()).keys.sorted() == [3, 4])
    }

    @Test("What no worker takes in time comes back unscored")
    mutating func waitedTooLong() {
        ready(first)
        for request in 0..<3 { pool.submit(UInt64(request), texts: FrameList(["a"]), now: 0) }
        _ = pool.takeActions()
        pool.received(.heartbeat, from: first, now: 900)
        pool.tick(now: 1_001)
        // The worker is late with two and gets nothing new; the third has nobody else to go to.
        #expect(completed(pool.takeActions()).count == 3)
        pool.submit(7, texts: FrameList(["b"]), now: 1_002)
        #expect(completed(pool.takeActions()) == [7: [""]])
        pool.received(.scores(1, assessments: FrameList(["late"])), from: first, now: 1_003)
        pool.submit(8, texts: FrameList(["c"]), now: 1_004)
        #expect(batches(pool.takeActions()).map(\.texts) == [["c"]])
    }

    @Test("An empty request is done at once")
    mutating func empty() {
        ready(first)
        pool.submit(3, texts: FrameList(), now: 0)
        #expect(completed(pool.takeActions()) == [3: []])
    }

    @Test("Messages survive being written and read; broken ones are none")
    func messages() {
        let messages: [WorkerMessage] = [
            .ready(WorkerGreeting(version: "1.0", lexicon: "a\"b", threads: 4)), .heartbeat, .bye,
            .refused(reason: "no"), .stale(lexicon: "abc"), .batch(.max, texts: FrameList(["a", "", "b"])),
            .scores(258, assessments: FrameList()),
        ]
        for message in messages { #expect(WorkerMessage(message.frames) == message) }
        for broken in [
            [], ["KAPWAW1"], ["KAPWAW2", "BYE"], ["KAPWAW1", "HELLO"], ["KAPWAW1", "READY"],
            ["KAPWAW1", "READY", "{}"], ["KAPWAW1", "READY", "[", "x"], ["KAPWAW1", "BATCH"],
            ["KAPWAW1", "SCORES", "1234567"], ["KAPWAW1", "REFUSED"],
            ["KAPWAW1", "STALE"],
        ] {
            #expect(WorkerMessage(FrameList(broken)) == nil, "\(broken)")
        }
    }
}
