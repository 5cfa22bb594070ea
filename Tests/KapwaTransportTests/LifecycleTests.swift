import CZeroMQ
import Glibc
import KapwaDomain
import Synchronization
import Testing

@testable import KapwaTransport

@Suite(.serialized)
struct LifecycleTests {
    @Test("A port of 0 or * is replaced by the one that was taken")
    func freePorts() throws {
        let rig = try Rig { $0.workers = ["tcp://127.0.0.1:0"] }
        for endpoint in [rig.endpoints.commands, rig.endpoints.events] + rig.endpoints.workers {
            let port = endpoint.split(separator: ":").last.flatMap { UInt16($0) }
            #expect((port ?? 0) > 0, "\(endpoint)")
        }
    }

    @Test("A busy endpoint is named, and nothing else stays open")
    func busy() throws {
        let first = try Rig()
        var configuration = TransportConfiguration()
        configuration.commands = "ipc:///tmp/kapwa-busy-\(getpid()).ipc"
        configuration.events = first.endpoints.events
        let transport = try Transport(configuration, delegate: Recorder(echoes: false))
        #expect(throws: TransportError.endpointBusy(endpoint: first.endpoints.events)) { try transport.start() }
        // What the failed one had bound is free again.
        let second = try Rig { $0.commands = configuration.commands }
        #expect(try second.client().request(FrameList(["a"])).strings == ["a"])
    }

    @Test(
        "An endpoint that cannot be is refused in one line that names it",
        arguments: [
            "tcp://127.0.0.1", "tcp://127.0.0.1:70000", "tcp://127.0.0.1:x", "tcp://::1:7411", "tcp://:7411",
            "pgm://239.0.0.1:5555", "7411", "tcp://", "", "ipc:///nowhere/at/all.ipc", "tcp://192.0.2.77:7411",
        ])
    func badEndpoints(endpoint: String) throws {
        let failure = #expect(throws: TransportError.self) { try Rig { $0.commands = endpoint } }
        let text = failure?.description ?? ""
        #expect(text.contains("'\(endpoint)'"))
        #expect(!text.contains("\n"))
    }

    @Test("Stopping twice, or before the start, is no error; starting again is")
    func stopping() throws {
        let rig = try Rig()
        rig.transport.stop()
        rig.transport.stop()
        #expect(throws: TransportError.closed) { try rig.transport.start() }
        let fresh = try Transport(TransportConfiguration(), delegate: Recorder(echoes: false))
        fresh.stop()
        #expect(throws: TransportError.closed) { try fresh.start() }
        rig.transport.send(OutboundBatch())
        rig.transport.pauseReading()
    }

    @Test("What was handed over before a stop still arrives")
    func flush() throws {
        let rig = try Rig(echoes: false)
        let client = try rig.client()
        for number in 0..<500 { try client.send(FrameList(["\(number)"])) }
        #expect(eventually { rig.recorder.arrived.count == 500 })
        for arrived in rig.recorder.arrived { rig.answer(arrived, "\(arrived.ticket)") }
        rig.stop()
        let replies = try (0..<500).map { _ in try client.receive()?.strings }
        #expect(replies == (0..<500).map { ["\($0)"] })
    }

    @Test("A stop in the middle of traffic ends, and the same port serves again for the same clients")
    func restart() throws {
        let first = try Rig { $0.workers = ["tcp://127.0.0.1:0"] }
        let clients = try (0..<8).map { _ in try first.client() }
        for _ in 0..<200 { for client in clients { try client.send(FrameList(["x"])) } }
        first.stop()
        let second = try Rig {
            $0.commands = first.endpoints.commands
            $0.events = first.endpoints.events
            $0.workers = first.endpoints.workers
        }
        #expect(second.endpoints == first.endpoints)
        for client in clients {
            try client.send(FrameList(["again"]), timeout: 20_000)
            var last: [String]?
            while last != ["again"] { last = try #require(try client.receive(timeout: 20_000)).strings }
        }
    }

    @Test("A delegate may stop the transport from inside a call")
    func stopFromDelegate() throws {
        final class Stopper: TransportDelegate {
            let box = Recorder(echoes: false)
            func received(_ batch: consuming InboundBatch) { box.state.withLock(\.transport)?.stop() }
            func scored(_ outcome: consuming ScoringOutcome) {}
            func noticed(_ notice: TransportNotice) {}
        }
        let stopper = Stopper()
        var configuration = TransportConfiguration()
        configuration.commands = "tcp://127.0.0.1:0"
        configuration.events = "tcp://127.0.0.1:0"
        let transport = try Transport(configuration, delegate: stopper)
        stopper.box.state.withLock { $0.transport = transport }
        let endpoints = try transport.start()
        let client = try CommandClient(endpoint: endpoints.commands)
        try client.send(FrameList(["stop"]))
        // The port is free as soon as the thread is through.
        #expect(
            eventually {
                var again = configuration
                again.commands = endpoints.commands
                guard let other = try? Transport(again, delegate: Recorder(echoes: false)) else { return false }
                defer { other.stop() }
                return (try? other.start()) != nil
            })
        transport.stop()
        stopper.box.state.withLock { $0.transport = nil }
    }

    @Test("A client learns that nobody is there")
    func nobodyThere() throws {
        let rig = try Rig()
        let endpoint = rig.endpoints.commands
        rig.stop()
        let client = try CommandClient(endpoint: endpoint)
        #expect(throws: TransportError.timedOut(endpoint: endpoint, milliseconds: 100)) {
            try client.request(FrameList(["a"]), timeout: 100)
        }
    }

    @Test("A job for the sockets' actor runs between two turns, and after the stop still runs")
    func executor() async throws {
        let rig = try Rig()
        #expect(try rig.client().request(FrameList(["a"])).strings == ["a"])
        #expect(await rig.transport.countersNow().messagesIn == 1)
        rig.transport.stop()
        #expect(await rig.transport.countersNow().messagesIn == 1)
    }
}
