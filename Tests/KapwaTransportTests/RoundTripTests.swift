import CZeroMQ
import Dispatch
import Glibc
import KapwaDomain
import Synchronization
import Testing

@testable import KapwaTransport

@Suite(.serialized)
struct RoundTripTests {
    @Test("A DEALER gets its reply with the header and without a delimiter")
    func dealer() throws {
        let rig = try Rig()
        let peer = try Peer(ZMQ_DEALER, rig.endpoints.commands)
        #expect(peer.send(["KAPWA1", "one", "two"]))
        #expect(peer.receive() == ["KAPWA1", "one", "two"])
        #expect(rig.recorder.arrived.map { try? $0.frames.get() } == [["one", "two"]])
    }

    @Test("A REQ gets its reply behind the delimiter that it sent, again and again")
    func req() throws {
        let rig = try Rig()
        let peer = try Peer(ZMQ_REQ, rig.endpoints.commands)
        for round in 0..<3 {
            #expect(peer.send(["KAPWA1", "round \(round)"]))
            #expect(peer.receive() == ["KAPWA1", "round \(round)"])
        }
        let counters = rig.transport.counters
        #expect(counters.repliesDropped == 0)
    }

    @Test("Fifty peers with a hundred messages each get their own replies in their own order")
    func fiftyPeers() throws {
        let rig = try Rig()
        let clients = try (0..<50).map { _ in try rig.client() }
        for message in 0..<100 {
            for (number, client) in clients.enumerated() { try client.send(FrameList(["\(number)/\(message)"])) }
        }
        for (number, client) in clients.enumerated() {
            let replies = try (0..<100).map { _ in try client.receive(timeout: 20_000)?.strings }
            #expect(replies == (0..<100).map { ["\(number)/\($0)"] })
        }
        #expect(Set(rig.recorder.arrived.map(\.peer)).count == 50)
        #expect(eventually { rig.transport.counters.messagesOut == 5_000 })
    }

    @Test("Replies handed over in reverse leave in the order of the messages")
    func outOfOrder() throws {
        let rig = try Rig(echoes: false)
        let client = try rig.client()
        for number in 0..<20 { try client.send(FrameList(["\(number)"])) }
        #expect(eventually { rig.recorder.arrived.count == 20 })
        for arrived in rig.recorder.arrived.reversed() { rig.answer(arrived, "reply \(arrived.ticket)") }
        let replies = try (0..<20).map { _ in try client.receive(timeout: 20_000)?.strings }
        #expect(replies == (0..<20).map { ["reply \($0)"] })
    }

    @Test("An excused message holds up none behind it and is answered when it is ready")
    func excused() throws {
        let rig = try Rig(echoes: false)
        let client = try rig.client()
        for number in 0..<3 { try client.send(FrameList(["\(number)"])) }
        #expect(eventually { rig.recorder.arrived.count == 3 })
        let arrived = rig.recorder.arrived
        rig.answer(arrived[2], "third")
        rig.answer(arrived[1], "second")
        var batch = OutboundBatch()
        batch.excuse(arrived[0].peer, ticket: arrived[0].ticket)
        rig.transport.send(batch)
        #expect(try client.receive(timeout: 20_000)?.strings == ["second"])
        #expect(try client.receive(timeout: 20_000)?.strings == ["third"])
        rig.answer(arrived[0], "first")
        #expect(try client.receive(timeout: 20_000)?.strings == ["first"])
    }

    @Test("A second reply to the same message is not sent")
    func answeredTwice() throws {
        let rig = try Rig(echoes: false)
        let client = try rig.client()
        try client.send(FrameList(["a"]))
        #expect(eventually { rig.recorder.arrived.count == 1 })
        rig.answer(rig.recorder.arrived[0], "once")
        rig.answer(rig.recorder.arrived[0], "twice")
        #expect(eventually { rig.transport.counters.repliesUnasked == 1 })
        try client.send(FrameList(["b"]))
        #expect(eventually { rig.recorder.arrived.count == 2 })
        rig.answer(rig.recorder.arrived[1], "next")
        #expect(try client.receive()?.strings == ["once"])
        #expect(try client.receive()?.strings == ["next"])
    }

    @Test("A reply to a peer that has gone is counted and dropped, and the peer forgotten")
    func goneBeforeReply() throws {
        let rig = try Rig(echoes: false)
        let client = try rig.client()
        try client.send(FrameList(["a"]))
        #expect(eventually { rig.recorder.arrived.count == 1 })
        client.close()
        #expect(eventually { rig.transport.counters.commandConnections == 0 })
        rig.answer(rig.recorder.arrived[0], "nobody reads this")
        #expect(eventually { rig.transport.counters.repliesDropped == 1 && rig.transport.counters.peers == 0 })
    }

    @Test("A thousand peers that came, asked and went leave nothing behind")
    func thousandPeers() throws {
        let rig = try Rig(keeps: false)
        for number in 0..<1_000 {
            let client = try rig.client()
            #expect(try client.request(FrameList(["\(number)"]), timeout: 20_000).strings == ["\(number)"])
            client.close()
        }
        #expect(eventually { rig.transport.counters.peers == 0 })
        #expect(rig.transport.counters.commandConnections == 0)
        #expect(rig.transport.counters.messagesIn == 1_000)
    }

    @Test("A peer on a descriptor that another has just left is not taken for that one, and both are forgotten")
    func reusedDescriptors() throws {
        let keys = try KeyRing()
        // A peer written by hand answers no heartbeat, and must not be taken for lost meanwhile.
        let rig = try keys.rig([.workers]) { $0.heartbeatInterval = .minutes(1) }
        func peers(_ numbers: Range<Int>) throws -> [RawPeer] {
            try numbers.map { number in
                let peer = try RawPeer(rig.endpoints.commands)
                try peer.greet()
                #expect(peer.ask("\(number)"))
                return peer
            }
        }
        var first = try peers(0..<20)
        #expect(eventually { rig.recorder.arrived.count == 20 })
        // The transport stands still between what it has learned of connections and what it reads next.
        let (stands, goesOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        rig.recorder.state.withLock {
            $0.whenNoticed = { _ in
                stands.signal()
                goesOn.wait()
            }
        }
        defer { goesOn.signal() }
        let stranger = try RawPeer(rig.endpoints.workers[0])
        _ = stranger.send(RawPeer.greeting)
        try #require(stands.wait(timeout: .now() + 20) == .success)
        rig.recorder.state.withLock { $0.whenNoticed = nil }
        first = []
        // libzmq reads in turn: whoever shook hands was heard after what came before.
        try RawPeer(rig.endpoints.commands).greet()
        var second = try peers(20..<40)
        // One who asks and leaves at once.
        _ = try peers(40..<41)
        try RawPeer(rig.endpoints.commands).greet()
        goesOn.signal()
        #expect(eventually { rig.recorder.arrived.count == 41 })
        #expect(eventually { rig.transport.counters.peers == 20 })
        second = []
        #expect(eventually { rig.transport.counters.peers == 0 })
        withExtendedLifetime((first, second)) {}
    }

    @Test("A peer without a connection to lose is forgotten when it has been silent long enough")
    func idlePeers() throws {
        let rig = try Rig {
            $0.commands = "ipc:///tmp/kapwa-idle-\(getpid()).ipc"
            $0.peerIdleMax = 50
        }
        let client = try rig.client()
        _ = try client.request(FrameList(["a"]))
        #expect(eventually { rig.transport.counters.peers == 0 })
        // It is only forgotten, not cut off.
        #expect(try client.request(FrameList(["b"])).strings == ["b"])
    }

    @Test("A peer beyond its bound of unanswered messages is marked, far beyond it not heard")
    func flooded() throws {
        let rig = try Rig(echoes: false) { $0.repliesPerPeerMax = 10 }
        let client = try rig.client()
        for number in 0..<25 { try client.send(FrameList(["\(number)"])) }
        #expect(eventually { rig.transport.counters.messagesDiscarded == 5 })
        let arrived = rig.recorder.arrived
        #expect(arrived.map(\.flooded) == Array(repeating: false, count: 10) + Array(repeating: true, count: 10))
        #expect(rig.transport.counters.messagesFlooded == 10)
        for message in arrived { rig.answer(message, "x") }
        for _ in 0..<20 { #expect(try client.receive() != nil) }
        try client.send(FrameList(["again"]))
        #expect(eventually { rig.recorder.arrived.last?.flooded == false })
    }

    @Test("While reading is paused nothing is handed up; afterwards everything is, in order")
    func paused() throws {
        let rig = try Rig()
        let client = try rig.client()
        #expect(try client.request(FrameList(["before"])).strings == ["before"])
        rig.transport.pauseReading()
        #expect(eventually { rig.transport.counters.readingPaused })
        for number in 0..<50 { try client.send(FrameList(["\(number)"])) }
        #expect(try client.receive(timeout: 300) == nil)
        #expect(rig.transport.counters.messagesIn == 1)
        rig.transport.resumeReading()
        let replies = try (0..<50).map { _ in try client.receive(timeout: 20_000)?.strings }
        #expect(replies == (0..<50).map { ["\($0)"] })
    }
}

extension Rig {
    func answer(_ arrived: Recorder.Arrived, _ text: String) {
        var batch = OutboundBatch()
        batch.reply(to: arrived.peer, ticket: arrived.ticket) { $0.append(text.utf8) }
        transport.send(batch)
    }
}
