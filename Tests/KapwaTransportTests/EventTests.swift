import CZeroMQ
import Glibc
import KapwaDomain
import Testing

@testable import KapwaTransport

@Suite(.serialized)
struct EventTests {
    @Test("A subscriber gets the events of its topics, whole and in order, and no others")
    func topics() throws {
        let rig = try Rig()
        let subscriber = try EventSubscriber(endpoint: rig.endpoints.events, topics: ["main/a/", "main/c/"])
        let twin = try EventSubscriber(endpoint: rig.endpoints.events, topics: ["main/a/"])
        try rig.awaitSubscription(subscriber, "main/a/", "main/c/")
        try rig.awaitSubscription(twin, "main/a/")
        for number in 0..<100 {
            var batch = OutboundBatch()
            for topic in ["main/a/", "main/b/", "main/c/"] { batch.publish(topic: topic.utf8, body: "\(number)".utf8) }
            rig.transport.send(batch)
        }
        let expected = (0..<100).flatMap { ["main/a/ \($0)", "main/c/ \($0)"] }
        #expect(try subscriber.take(200) == expected)
        #expect(try twin.take(100) == expected.filter { $0.hasPrefix("main/a/") })
    }

    @Test("A subscription that is not allowed brings nothing; the same subscriber's others do")
    func refused() throws {
        let rig = try Rig {
            $0.permittedTopics = { topic, _ in topic.starts(with: "main/private/".utf8) || topic.isEmpty ? [] : [topic]
            }
        }
        let subscriber = try EventSubscriber(
            endpoint: rig.endpoints.events, topics: ["main/private/ana/", "", "main/open/"])
        #expect(eventually { rig.transport.counters.subscriptionsRefused == 2 })
        try rig.awaitSubscription(subscriber, "main/open/")
        var batch = OutboundBatch()
        batch.publish(topic: "main/private/ana/".utf8, body: "secret".utf8)
        batch.publish(topic: "main/open/".utf8, body: "open".utf8)
        rig.transport.send(batch)
        #expect(try subscriber.receive(timeout: 20_000)?.body == Array("open".utf8))
        #expect(try subscriber.receive(timeout: 50) == nil)
    }

    @Test("A subscriber that never reads delays nobody and loses only its own")
    func stuckSubscriber() throws {
        let rig = try Rig { $0.eventsPerSubscriberMax = 100 }
        // It connects and subscribes by hand, and then leaves everything lying in its socket.
        let stuck = try RawPeer(rig.endpoints.events)
        try stuck.greet(as: "SUB")
        #expect(stuck.send([0, 1, 1]))
        let healthy = try EventSubscriber(endpoint: rig.endpoints.events, topics: ["main/"])
        try rig.awaitSubscription(healthy, "main/")
        let body = [UInt8](repeating: 0x78, count: 50_000)
        for number in 0..<500 {
            var batch = OutboundBatch()
            batch.publish(topic: "main/\(number)/".utf8, body: body)
            rig.transport.send(batch)
            #expect(try healthy.receive(timeout: 20_000)?.topic == Array("main/\(number)/".utf8))
        }
        #expect(rig.transport.counters.subscribers == 2)
    }

    @Test("A heartbeat goes to its subscribers by itself")
    func heartbeat() throws {
        let rig = try Rig {
            $0.heartbeat = { $0.publish(topic: "main/heartbeat/".utf8, body: #"{"seq":7}"#.utf8) }
        }
        let subscriber = try EventSubscriber(endpoint: rig.endpoints.events, topics: ["main/heartbeat/"])
        #expect(try subscriber.receive(timeout: 20_000)?.body == Array(#"{"seq":7}"#.utf8))
        #expect(try subscriber.receive(timeout: 20_000)?.body == Array(#"{"seq":7}"#.utf8))
    }

    @Test("Subscribers that leave are no longer counted")
    func leaving() throws {
        let rig = try Rig()
        let subscribers = try (0..<5).map { _ in try EventSubscriber(endpoint: rig.endpoints.events, topics: [""]) }
        #expect(eventually { rig.transport.counters.subscribers == 5 })
        for subscriber in subscribers { subscriber.close() }
        #expect(eventually { rig.transport.counters.subscribers == 0 })
    }

    @Test("After an unsubscription nothing more comes")
    func unsubscribe() throws {
        let rig = try Rig()
        let subscriber = try Peer(ZMQ_SUB, rig.endpoints.events) { socket in
            for topic in ["a/", "b/"] {
                try Array(topic.utf8).withUnsafeBytes { try socket.set(ZMQ_SUBSCRIBE, bytes: $0) }
            }
        }
        func publish(_ topic: String) {
            var batch = OutboundBatch()
            batch.publish(topic: topic.utf8, body: "x".utf8)
            rig.transport.send(batch)
        }
        #expect(
            eventually {
                publish("a/")
                return subscriber.receive(within: 20) != nil
            })
        try Array("a/".utf8).withUnsafeBytes { try subscriber.socket.set(ZMQ_UNSUBSCRIBE, bytes: $0) }
        // Once the fence arrives after a silent "a/", the unsubscription has been entered.
        #expect(
            eventually {
                while subscriber.receive(within: 0) != nil {}
                publish("a/")
                publish("b/")
                var heard: [String] = []
                while let event = subscriber.receive(within: 50) { heard.append(event[0]) }
                return heard == ["b/"]
            })
    }
}

extension EventSubscriber {
    /// The next events as "topic body", without the probes that a subscription was awaited with.
    fileprivate func take(_ count: Int) throws -> [String] {
        var events: [String] = []
        while events.count < count, let event = try receive(timeout: 20_000) {
            let body = String(decoding: event.body, as: UTF8.self)
            if body != "probe" { events.append("\(String(decoding: event.topic, as: UTF8.self)) \(body)") }
        }
        return events
    }
}

extension Rig {
    /// Publishes until the subscriber hears each of these topics, and then until it has read all of that.
    func awaitSubscription(_ subscriber: EventSubscriber, _ topics: String...) throws {
        for topic in topics {
            var isHeard = false
            while !isHeard {
                var batch = OutboundBatch()
                batch.publish(topic: topic.utf8, body: "probe".utf8)
                transport.send(batch)
                isHeard = try subscriber.receive(timeout: 20) != nil
            }
        }
        while try subscriber.receive(timeout: 50) != nil {}
    }
}
