import CZeroMQ
import KapwaDomain
import Testing

@testable import KapwaTransport

/// Keys of a daemon and of those who come to it.
struct KeyRing {
    let server: CurveKeyPair
    var ring = Keyring()

    init() throws { server = try CurveKeyPair.generate() }

    /// A new key that is let in as this.
    mutating func key(_ name: KeyName, _ role: Role) throws -> ClientKey {
        let pair = try CurveKeyPair.generate()
        ring.callers[pair.publicKey] = Caller(key: name, roles: [role], tenant: "main")
        return ClientKey(pair: pair, server: server.publicKey)
    }

    func rig(
        _ sockets: Set<SocketName> = [.commands, .events, .workers],
        _ change: (inout TransportConfiguration) -> Void = { _ in }
    ) throws -> Rig {
        try Rig {
            $0.authentication = Authentication(secret: server.secret, sockets: sockets, keyring: ring)
            $0.workers = ["tcp://127.0.0.1:*"]
            change(&$0)
        }
    }
}

@Suite(.serialized)
struct KeyTests {
    private func ask(_ rig: Rig, _ key: ClientKey?, _ text: String = "hello") throws(TransportError) -> [String]? {
        let client = try CommandClient(endpoint: rig.endpoints.commands, key: key)
        try client.send(FrameList([text]))
        return try client.receive(timeout: 20_000)?.strings
    }

    private func failures(_ rig: Rig, _ failure: AuthFailure) -> UInt64 {
        rig.transport.counters.authFailures[failure] ?? 0
    }

    @Test("who shows a key that is known is served, and known by it")
    func knownKey() throws {
        var keys = try KeyRing()
        let crm = try keys.key("crm", .middleware)
        let rig = try keys.rig()
        let client = try CommandClient(endpoint: rig.endpoints.commands, key: crm)
        #expect(try client.request(FrameList(["hello"])).strings == ["hello"])
        #expect(rig.recorder.callers == [Caller(key: "crm", roles: [.middleware], tenant: "main")])
        #expect(rig.transport.counters.authFailures.isEmpty)
    }

    @Test("where no key is asked for everybody is keyless")
    func keyless() throws {
        let rig = try Rig()
        #expect(try rig.client().request(FrameList(["hello"])).strings == ["hello"])
        #expect(rig.recorder.callers == [.keyless])
    }

    @Test("a key that nobody knows is not let in, and its owner is told so")
    func unknownKey() throws {
        let keys = try KeyRing()
        let rig = try keys.rig()
        let stranger = ClientKey(pair: try .generate(), server: keys.server.publicKey)
        #expect(throws: TransportError.keyRefused(endpoint: rig.endpoints.commands)) { try ask(rig, stranger) }
        #expect(eventually { failures(rig, .unknownKey) >= 1 })
        #expect(rig.recorder.arrived.isEmpty)
        #expect(
            rig.recorder.notices.contains {
                $0 == .peerRejected(socket: .commands, address: "127.0.0.1", failure: .unknownKey)
            })
    }

    @Test("who shows no key where one is asked for is not let in, on any of the sockets, and is told so")
    func noKey() throws {
        var keys = try KeyRing()
        _ = try keys.key("crm", .middleware)
        let rig = try keys.rig()
        let client = try rig.client()
        try client.send(FrameList(["hello"]))
        #expect(eventually { failures(rig, .noKey) >= 1 })
        #expect(throws: TransportError.keyNeeded(endpoint: rig.endpoints.commands)) {
            try client.receive(timeout: 20_000)
        }
        let subscriber = try EventSubscriber(endpoint: rig.endpoints.events, topics: [""])
        #expect(throws: TransportError.keyNeeded(endpoint: rig.endpoints.events)) {
            try subscriber.receive(timeout: 20_000)
        }
        let worker = try WorkerClient(
            .init(daemon: .at(endpoint: rig.endpoints.workers[0]), version: "", lexicon: "")
        ) { { _, _ in } }
        try worker.start()
        #expect(worker.join() == .failed(.keyNeeded(endpoint: rig.endpoints.workers[0])))
        #expect(rig.recorder.arrived.isEmpty)
        #expect(rig.transport.counters.workersReady == 0)
    }

    @Test("who shows a key where none is asked for is told so")
    func unwantedKey() throws {
        let rig = try Rig()
        let key = ClientKey(pair: try .generate(), server: try CurveKeyPair.generate().publicKey)
        #expect(throws: TransportError.keyUnwanted(endpoint: rig.endpoints.commands)) { try ask(rig, key) }
        #expect(rig.transport.counters.authFailures.isEmpty)
    }

    @Test("who takes another daemon for this one says nothing that this one could read")
    func wrongServerKey() throws {
        var keys = try KeyRing()
        var crm = try keys.key("crm", .middleware)
        crm.server = try CurveKeyPair.generate().publicKey
        let rig = try keys.rig()
        let client = try CommandClient(endpoint: rig.endpoints.commands, key: crm)
        try client.send(FrameList(["hello"]))
        #expect(eventually { failures(rig, .wrongServerKey) >= 1 })
        #expect(rig.recorder.arrived.isEmpty)
    }

    @Test("a worker's key opens the workers' socket alone, and no other key opens that")
    func sockets() throws {
        var keys = try KeyRing()
        let gpu = try keys.key("gpu", .worker)
        let crm = try keys.key("crm", .middleware)
        let rig = try keys.rig()
        #expect(throws: TransportError.keyRefused(endpoint: rig.endpoints.commands)) { try ask(rig, gpu) }
        let subscriber = try EventSubscriber(endpoint: rig.endpoints.events, topics: [""], key: gpu)
        #expect(throws: TransportError.keyRefused(endpoint: rig.endpoints.events)) {
            try subscriber.receive(timeout: 20_000)
        }
        func worker(_ key: ClientKey) throws -> WorkerClient {
            var configuration = WorkerClient.Configuration(
                daemon: .at(endpoint: rig.endpoints.workers[0]), version: "", lexicon: "")
            configuration.key = key
            let worker = try WorkerClient(configuration) { { _, output in output.append(0x78) } }
            try worker.start()
            return worker
        }
        #expect(try worker(crm).join() == .failed(.keyRefused(endpoint: rig.endpoints.workers[0])))
        #expect(eventually { failures(rig, .wrongSocket) >= 3 })
        let good = try worker(gpu)
        #expect(eventually { rig.transport.counters.workersReady == 1 })
        rig.transport.score(request: 1, payloads: FrameList(["text"]))
        #expect(eventually { rig.recorder.outcomes.count == 1 })
        #expect(rig.recorder.outcomes.first?.assessments.strings == ["x"])
        // Without its key it is no worker any more.
        keys.ring.callers = keys.ring.callers.filter { !$0.value.has(.worker) }
        rig.transport.use(keyring: keys.ring)
        #expect(good.join() == .failed(.keyRefused(endpoint: rig.endpoints.workers[0])))
        #expect(rig.transport.counters.workersReady == 0)
    }

    @Test("threads of this process need no key")
    func threads() throws {
        let rig = try KeyRing().rig()
        let worker = try WorkerClient(.init(daemon: .here(rig.transport), version: "", lexicon: "")) { { _, _ in } }
        try worker.start()
        #expect(eventually { rig.transport.counters.workersReady == 1 })
        worker.stop()
    }

    @Test("a key of libzmq's manual is not let in, whatever the ring says")
    func publishedKey() throws {
        var keys = try KeyRing()
        let pair = try #require(CurveKeyPair(secret: SecretKey("D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs")))
        #expect(pair.publicKey == "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID")
        keys.ring.callers[pair.publicKey] = Caller(key: "crm", roles: [.middleware], tenant: "main")
        let rig = try keys.rig()
        #expect(throws: TransportError.keyRefused(endpoint: rig.endpoints.commands)) {
            try ask(rig, ClientKey(pair: pair, server: keys.server.publicKey))
        }
    }

    @Test("a key that is revoked opens nothing any more, and whoever is in by it is cut off")
    func revoked() throws {
        var keys = try KeyRing()
        let crm = try keys.key("crm", .middleware)
        let desk = try keys.key("desk", .middleware)
        let rig = try keys.rig()
        let client = try CommandClient(endpoint: rig.endpoints.commands, key: crm)
        let other = try CommandClient(endpoint: rig.endpoints.commands, key: desk)
        #expect(try client.request(FrameList(["one"])).strings == ["one"])
        #expect(try other.request(FrameList(["two"])).strings == ["two"])
        let subscriber = try EventSubscriber(endpoint: rig.endpoints.events, topics: ["main/"], key: crm)
        #expect(
            try eventually {
                rig.publish("main/a/")
                return try subscriber.receive(timeout: 20) != nil
            })
        keys.ring.callers[crm.pair.publicKey] = nil
        keys.ring.revoked = [crm.pair.publicKey]
        rig.transport.use(keyring: keys.ring)
        #expect(eventually { rig.recorder.notices.contains { if case .keysWithdrawn = $0 { true } else { false } } })
        #expect(throws: TransportError.keyRefused(endpoint: rig.endpoints.commands)) {
            try client.send(FrameList(["three"]))
            return try client.receive(timeout: 20_000)
        }
        #expect(throws: TransportError.keyRefused(endpoint: rig.endpoints.events)) {
            while try subscriber.receive(timeout: 20_000) != nil {}
        }
        // The refusal leaves before the turn that counted it ends.
        #expect(eventually { failures(rig, .revokedKey) >= 2 })
        #expect(try other.request(FrameList(["four"])).strings == ["four"])
        #expect(!rig.recorder.arrived.contains { (try? $0.frames.get()) == ["three"] })
    }

    @Test("what a revoked key had sent before is answered to nobody")
    func lateReply() throws {
        var keys = try KeyRing()
        let crm = try keys.key("crm", .middleware)
        let rig = try keys.rig { _ in }
        let silent = try Rig(echoes: false) {
            $0.authentication = Authentication(secret: keys.server.secret, sockets: [.commands], keyring: keys.ring)
        }
        rig.stop()
        let client = try CommandClient(endpoint: silent.endpoints.commands, key: crm)
        try client.send(FrameList(["one"]))
        #expect(eventually { silent.recorder.arrived.count == 1 })
        let arrived = try #require(silent.recorder.arrived.first)
        silent.transport.use(keyring: Keyring())
        var batch = OutboundBatch()
        batch.reply(to: arrived.peer, ticket: arrived.ticket) { $0.append("secret".utf8) }
        silent.transport.send(batch)
        #expect(throws: TransportError.keyRefused(endpoint: silent.endpoints.commands)) {
            try client.receive(timeout: 20_000)
        }
        #expect(silent.transport.counters.messagesOut == 0)
    }

    @Test("a name on the socket that another key takes over brings nothing of the first one's")
    func borrowedName() throws {
        var keys = try KeyRing()
        let crm = try keys.key("crm", .middleware)
        let wall = try keys.key("wall", .observer)
        let rig = try Rig(echoes: false) {
            $0.authentication = Authentication(secret: keys.server.secret, sockets: [.commands], keyring: keys.ring)
        }
        func peer(_ key: ClientKey) throws -> Peer {
            try Peer(ZMQ_DEALER, rig.endpoints.commands) {
                try $0.set(ZMQ_ROUTING_ID, text: "desk")
                try $0.show(key)
            }
        }
        let first = try peer(crm)
        #expect(first.send(["KAPWA1", "mine"]))
        #expect(eventually { rig.recorder.arrived.count == 1 })
        first.close()
        #expect(eventually { rig.transport.counters.commandConnections == 0 })
        let second = try peer(wall)
        #expect(second.send(["KAPWA1", "other"]))
        #expect(eventually { rig.recorder.arrived.count == 2 })
        for arrived in rig.recorder.arrived {
            var batch = OutboundBatch()
            batch.reply(to: arrived.peer, ticket: arrived.ticket) { $0.append(contentsOf: arrived) }
            rig.transport.send(batch)
        }
        #expect(second.receive() == ["KAPWA1", "other"])
        #expect(second.receive(within: 50) == nil)
        #expect(rig.transport.counters.repliesDropped == 1)
    }

    @Test("only the sockets that are named ask for keys")
    func someSockets() throws {
        var keys = try KeyRing()
        _ = try keys.key("gpu", .worker)
        let rig = try keys.rig([.workers])
        #expect(try ask(rig, nil) == ["hello"])
    }

    @Test("a secret is not printed")
    func secrets() throws {
        let pair = try CurveKeyPair.generate()
        let key = ClientKey(pair: pair, server: pair.publicKey)
        var shown = ""
        dump(Authentication(secret: pair.secret, sockets: [], keyring: Keyring()), to: &shown)
        dump(key, to: &shown)
        shown += "\(key) \(pair) \(String(reflecting: pair.secret))"
        #expect(shown.contains(pair.publicKey))
        #expect(!shown.contains(pair.secret.text))
    }

    @Test("40 letters of Z85 are a key, and nothing else is")
    func keyShape() throws {
        let pair = try CurveKeyPair.generate()
        #expect(CurveKey.isKey(pair.publicKey) && CurveKey.isKey(pair.secret.text))
        #expect(CurveKeyPair(secret: pair.secret) == pair)
        for text in ["", "short", String(repeating: "x", count: 41), String(repeating: "\"", count: 40), "é"] {
            #expect(!CurveKey.isKey(text), "\(text)")
        }
    }
}

extension FrameList {
    /// The frames of a message that came, or its error's name.
    fileprivate mutating func append(contentsOf arrived: Recorder.Arrived) {
        for frame in (try? arrived.frames.get()) ?? ["error"] { append(frame.utf8) }
    }
}

extension Rig {
    func publish(_ topic: String, _ body: String = "x") {
        var batch = OutboundBatch()
        batch.publish(topic: topic.utf8, body: body.utf8)
        transport.send(batch)
    }
}
