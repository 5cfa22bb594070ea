import CZeroMQ
import KapwaDomain
import Testing

@testable import KapwaTransport

/// Workers over real sockets.
@Suite(.serialized)
struct WorkerTests {
    private func rig(_ change: (inout TransportConfiguration) -> Void = { _ in }) throws -> Rig {
        try Rig {
            $0.workers = ["tcp://127.0.0.1:0"]
            $0.scoring = ScoringSettings(version: "1.0", lexicon: "abc")
            // A loaded test machine is no dead worker.
            $0.scoring.batchMax = 10_000
            $0.scoring.silenceMax = 10_000
            change(&$0)
        }
    }

    private func worker(
        _ daemon: WorkerClient.Daemon, number: Int = 1, lexicon: String = "abc"
    ) throws -> WorkerClient {
        var configuration = WorkerClient.Configuration(
            daemon: daemon, number: number, version: "1.0", lexicon: lexicon)
        configuration.backoff = 5...50
        configuration.silenceMax = 1_000
        configuration.heartbeatInterval = 100
        let worker = try WorkerClient(configuration) {
            { payload, output in
                // An empty payload cannot be scored.
                guard !payload.isEmpty else { return }
                output.append(contentsOf: "scored ".utf8)
                output.append(contentsOf: payload)
            }
        }
        try worker.start()
        return worker
    }

    @Test("Threads of this process score over inproc, and processes over TCP: the same code, the same result")
    func scoring() throws {
        let rig = try rig()
        let workers = [
            try worker(.here(rig.transport)), try worker(.at(endpoint: rig.endpoints.workers[0]), number: 2),
        ]
        defer { for worker in workers { worker.stop() } }
        #expect(eventually { rig.transport.counters.workersReady == 2 })
        for request in 0..<200 {
            rig.transport.score(request: UInt64(request), payloads: FrameList(["a\(request)", "", "b\(request)"]))
        }
        #expect(eventually { rig.recorder.outcomes.count == 200 })
        for outcome in rig.recorder.outcomes {
            let expected = ["scored a\(outcome.request)", "", "scored b\(outcome.request)"]
            #expect(outcome.assessments.strings == expected)
        }
        #expect(Set(rig.recorder.outcomes.map(\.request)).count == 200)
        #expect(eventually { rig.transport.counters.textsScored == 400 })
        #expect(workers.map(\.counters.textsScored).reduce(0, +) == 600)
    }

    @Test("What a worker had when it died is scored by another, and nothing is lost or told twice")
    func killed() throws {
        let rig = try rig { $0.scoring.batchMax = 200 }
        // Takes work and never gives it back.
        let dying = try Peer(ZMQ_DEALER, rig.endpoints.workers[0])
        let greeting = WorkerGreeting(version: "1.0", lexicon: "abc", threads: 1)
        #expect(dying.socket.send(WorkerMessage.ready(greeting).frames) == 0)
        #expect(eventually { rig.transport.counters.workersReady == 1 })
        for request in 0..<2 { rig.transport.score(request: UInt64(request), payloads: FrameList(["\(request)"])) }
        var batches = 0
        while batches < 2 {
            let message = try #require(dying.receiveFrames().flatMap(WorkerMessage.init))
            if case .batch = message { batches += 1 }
        }
        let healthy = try worker(.here(rig.transport))
        defer { healthy.stop() }
        #expect(eventually { rig.transport.counters.workersReady == 2 })
        dying.close()
        #expect(eventually { rig.recorder.outcomes.count == 2 })
        let results = rig.recorder.outcomes.sorted { $0.request < $1.request }.map(\.assessments.strings)
        #expect(results == [["scored 0"], ["scored 1"]])
        #expect(rig.transport.counters.scoringBatchesMoved == 2)
    }

    @Test("A worker of another lexicon is told why and ends")
    func refused() throws {
        let rig = try rig()
        let stranger = try worker(.at(endpoint: rig.endpoints.workers[0]), lexicon: "xyz")
        #expect(stranger.join() == .stale(lexicon: "abc"))
        #expect(stranger.counters.welcomes == 0)
        #expect(eventually { rig.transport.counters.workersRefused == 1 })
        #expect(rig.transport.counters.workersReady == 0)
    }

    @Test("After a change of lexicon workers of before are sent away, others score what comes; no outcome is missing")
    func change() throws {
        let rig = try rig()
        let old = try worker(.here(rig.transport))
        #expect(eventually { rig.transport.counters.workersReady == 1 })
        rig.transport.score(request: 1, payloads: FrameList(["a"]))
        rig.transport.use(lexicon: "def")
        #expect(old.join() == .stale(lexicon: "def"))
        #expect(old.counters.welcomes == 1)
        #expect(eventually { rig.transport.counters.workersReady == 0 })
        let new = try worker(.here(rig.transport), lexicon: "def")
        defer { new.stop() }
        #expect(eventually { rig.transport.counters.workersReady == 1 })
        rig.transport.score(request: 2, payloads: FrameList(["b"]))
        #expect(eventually { rig.recorder.outcomes.count == 2 })
        #expect(rig.recorder.outcomes.map(\.assessments.strings) == [["scored a"], ["scored b"]])
    }

    @Test("A worker finds the daemon again when it comes back")
    func daemonRestarts() throws {
        let first = try rig()
        let worker = try worker(.at(endpoint: first.endpoints.workers[0]))
        defer { worker.stop() }
        #expect(eventually { first.transport.counters.workersReady == 1 })
        first.stop()
        let second = try rig { $0.workers = first.endpoints.workers }
        #expect(eventually { second.transport.counters.workersReady == 1 })
        second.transport.score(request: 1, payloads: FrameList(["a"]))
        #expect(eventually { second.recorder.outcomes.count == 1 })
        #expect(second.recorder.outcomes[0].assessments.strings == ["scored a"])
        #expect(worker.counters.connects >= 2)
    }

    @Test("A worker that is stopped says goodbye, and the daemon knows at once")
    func goodbye() throws {
        let rig = try rig()
        let worker = try worker(.at(endpoint: rig.endpoints.workers[0]))
        #expect(eventually { rig.transport.counters.workersReady == 1 })
        #expect(worker.stop() == .stopped)
        #expect(eventually { rig.transport.counters.workersReady == 0 })
        #expect(eventually { rig.recorder.notices.contains(.workerLeft(worker: "worker 1")) })
        #expect(rig.transport.counters.workersVanished == 0)
    }

    @Test("Stopping the daemon ends its own worker threads, in whichever order they are stopped")
    func stopOrder() throws {
        for daemonFirst in [true, false] {
            let rig = try rig()
            let workers = try (1...3).map { try worker(.here(rig.transport), number: $0) }
            #expect(eventually { rig.transport.counters.workersReady == 3 })
            if daemonFirst { rig.stop() }
            for worker in workers { #expect(worker.stop() == .stopped) }
            rig.stop()
        }
    }

    @Test("A worker without a daemon keeps looking and can be stopped")
    func nobodyThere() throws {
        let rig = try rig()
        let endpoint = rig.endpoints.workers[0]
        rig.stop()
        let worker = try worker(.at(endpoint: endpoint))
        #expect(eventually { worker.counters.connects >= 2 })
        #expect(!worker.counters.isReady)
        #expect(worker.stop() == .stopped)
    }

    @Test("A worker whose endpoint makes no sense ends with the reason")
    func badEndpoint() throws {
        let worker = try worker(.at(endpoint: "tcp://127.0.0.1"))
        #expect(
            worker.join()
                == .failed(.badEndpoint(endpoint: "tcp://127.0.0.1", reason: "expected tcp://HOST:PORT")))
    }
}
