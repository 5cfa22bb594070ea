import CZeroMQ
import Dispatch
import Glibc
import KapwaDomain
import Synchronization
import Testing

@testable import KapwaTransport

/// Holds the transport's thread up until it is let go.
private final class Gate: Sendable {
    private let held = DispatchSemaphore(value: 0)
    private let released = DispatchSemaphore(value: 0)
    private let isOpen = Atomic(false)

    func hold() {
        guard !isOpen.load(ordering: .acquiring) else { return }
        held.signal()
        released.wait()
    }

    func awaitHeld() { held.wait() }
    func release() { released.signal() }

    /// Holds nobody up any more, nor who is held now.
    func open() {
        isOpen.store(true, ordering: .releasing)
        released.signal()
    }
}

extension Peer {
    /// The same as an option of a SUB, in bytes: an XSUB does not look at what comes to it.
    fileprivate func subscribe(_ topic: String) -> Bool { socket.send(FrameList([[1] + Array(topic.utf8)])) == 0 }
}

extension Rig {
    /// Publishes until the peer hears it: then it is connected.
    fileprivate func probe(_ peer: Peer) {
        #expect(peer.subscribe("probe/"))
        #expect(
            eventually {
                publish("probe/")
                return peer.receive(within: 20) != nil
            })
        while peer.receive(within: 20) != nil {}
    }
}

@Suite(.serialized)
struct SubscriptionTests {
    @Test("a subscription is judged by the key of whoever sent it")
    func byKey() throws {
        var keys = try KeyRing()
        let lead = try keys.key("lead", .supervisor)
        let wall = try keys.key("wall", .observer)
        let rig = try keys.rig {
            $0.permittedTopics = { topic, caller in
                caller.has(.supervisor) || !topic.starts(with: "main/private/".utf8) ? [topic] : []
            }
        }
        let topics = ["main/private/ana/", "main/open/"]
        let allowed = try EventSubscriber(endpoint: rig.endpoints.events, topics: topics, key: lead)
        let refused = try EventSubscriber(endpoint: rig.endpoints.events, topics: topics, key: wall)
        #expect(eventually { rig.transport.counters.subscriptionsRefused == 1 })
        for subscriber in [allowed, refused] {
            #expect(
                try eventually {
                    rig.publish("main/open/", "probe")
                    return try subscriber.receive(timeout: 20) != nil
                })
        }
        rig.publish("main/private/ana/", "secret")
        rig.publish("main/open/", "end")
        func bodies(_ subscriber: EventSubscriber) throws -> Set<String> {
            var bodies: Set<String> = []
            while !bodies.contains("end"), let event = try subscriber.receive(timeout: 20_000) {
                bodies.insert(String(decoding: event.body, as: UTF8.self))
            }
            return bodies.subtracting(["probe"])
        }
        #expect(try bodies(allowed) == ["secret", "end"])
        #expect(try bodies(refused) == ["end"])
    }

    @Test("who asks for more than is allowed gets what of it is, until nothing of it is wanted any more")
    func narrowed() throws {
        let rig = try Rig {
            $0.permittedTopics = { topic, _ in
                let all = ["main/a/", "main/b/"].map { Array($0.utf8) }
                return all.filter { $0.starts(with: topic) }
            }
        }
        let subscriber = try Peer(ZMQ_SUB, rig.endpoints.events) {
            for topic in ["main/", "main/a/"] { try $0.set(ZMQ_SUBSCRIBE, text: topic) }
        }
        func heard() -> Set<String> {
            while subscriber.receive(within: 0) != nil {}
            for topic in ["main/a/", "main/b/", "main/c/"] { rig.publish(topic) }
            var heard: Set<String> = []
            while let event = subscriber.receive(within: 50) { heard.insert(event[0]) }
            return heard
        }
        #expect(eventually { heard() == ["main/a/", "main/b/"] })
        // The topic that two subscriptions bring stays with the second.
        try subscriber.socket.set(ZMQ_UNSUBSCRIBE, text: "main/")
        #expect(eventually { heard() == ["main/a/"] })
        try subscriber.socket.set(ZMQ_UNSUBSCRIBE, text: "main/a/")
        #expect(eventually { heard() == [] })
    }

    /// Without the transport's own care libzmq enters the second peer's subscription for the third: the message that is
    /// none moves its count by one.
    @Test("whoever says something that is no subscription gets nobody else's, and is cut")
    func confusion() throws {
        let gate = Gate()
        let rig = try Rig {
            $0.permittedTopics = { topic, _ in
                if topic.starts(with: "gate/".utf8) { gate.hold() }
                return [topic]
            }
        }
        // Who was cut off and comes again asks for the gates again, when nobody waits to open them.
        defer {
            gate.open()
            rig.stop()
        }
        let helper = try Peer(ZMQ_SUB, rig.endpoints.events)
        for round in 0..<20 {
            let talker = try Peer(ZMQ_XSUB, rig.endpoints.events)
            let victim = try Peer(ZMQ_XSUB, rig.endpoints.events)
            let listener = try Peer(ZMQ_XSUB, rig.endpoints.events)
            for peer in [victim, listener] { rig.probe(peer) }
            // Everything that follows is there before the transport reads the first of it.
            try helper.socket.set(ZMQ_SUBSCRIBE, text: "gate/\(round)")
            gate.awaitHeld()
            #expect(talker.send(["hello"]))
            _ = poll(nil, 0, 20)
            #expect(victim.subscribe("secret/"))
            _ = poll(nil, 0, 20)
            #expect(listener.subscribe("harmless/"))
            _ = poll(nil, 0, 20)
            gate.release()
            var heard: Set<String> = []
            #expect(
                eventually {
                    rig.publish("secret/")
                    while let event = victim.receive(within: 20) { if event[0] == "secret/" { return true } }
                    return false
                })
            while let event = listener.receive(within: 20) { heard.insert(event[0]) }
            #expect(!heard.contains("secret/"))
            #expect(eventually { rig.transport.counters.feedMessagesRejected == UInt64(round + 1) })
        }
        #expect(rig.transport.counters.connectionsCut >= 20)
    }

    @Test("a connection may have so many topics, each until it was taken back as often as it was asked for")
    func table() {
        var table = SubscriptionTable()
        #expect(table.add([1], of: 7) == true)
        #expect(table.add([1], of: 7) == false)
        #expect(table.remove([1], of: 7) == false)
        #expect(table.remove([1], of: 7) == true)
        #expect(table.remove([1], of: 7) == false)
        for number in 0..<Limits.subscriptionsPerConnectionMax {
            #expect(table.add(Array("\(number)".utf8), of: 7) == true)
        }
        #expect(table.add(Array("one more".utf8), of: 7) == nil)
        #expect(table.add(Array("0".utf8), of: 7) == false)
        #expect(table.add([1], of: 8) == true)
        table.forget(7)
        #expect(table.add(Array("one more".utf8), of: 7) == true)
    }
}
