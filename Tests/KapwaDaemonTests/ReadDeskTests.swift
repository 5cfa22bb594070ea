import Dispatch
import KapwaDomain
import KapwaJournal
import Logging
import Synchronization
import Testing

@testable import KapwaDaemon
@testable import KapwaTransport

@Suite struct ReadDeskTests {
    private let journal = InMemoryJournal(now: Instant(milliseconds: 0))

    /// Answers requests on this thread, and gives back what left: the frames of each batch.
    private func serve(_ requests: [PendingReply], commandsMax: Int = 1_000) -> [[String]] {
        let left = Mutex<[[String]]>([])
        let desk = ReadDesk(reader: journal, commandsMax: commandsMax, logger: Logger(label: "test")) { batch in
            let frames = (0..<batch.frames.count).map { String(decoding: batch.frames[$0], as: UTF8.self) }
            if !frames.isEmpty { left.withLock { $0.append(frames) } }
        }
        desk.serve(requests, hasNews: false)
        desk.stop()
        desk.run()
        return left.withLock { $0 }
    }

    private func request(
        _ reads: Int, after: Int64 = 0, wait: Milliseconds? = nil, from caller: Caller = .keyless, peer: Int = 1
    ) -> PendingReply {
        var request = PendingReply(
            peer: PeerID(index: UInt32(peer), generation: 1), caller: caller, ticket: 1)
        for number in 0..<reads {
            request.frames.append(
                .read(
                    PendingReply.Read(
                        id: CommandID("r\(number)"), tenant: "main", read: EventsRead(after: after, wait: wait))))
        }
        return request
    }

    private func fill(_ count: Int, bytes: Int, type: String = "x") throws {
        let open = Array("{\"x\":\"\(String(repeating: "x", count: bytes))\"}".utf8)
        try journal.append(
            entries: (1...count).map {
                JournalEntry(
                    tenant: "main", sequence: Int64($0), at: Instant(milliseconds: 1), type: type, publicPart: open)
            }, remembered: [])
    }

    @Test("a read after any number is answered", arguments: [Int64.max, Int64.max - 1, 1, 0])
    func afterAnything(after: Int64) throws {
        try fill(2, bytes: 1)
        let left = serve([request(1, after: after)])
        #expect(left.count == 1)
        #expect(left[0][0].contains("\"head\":2"))
    }

    @Test("that a talk was suggested is read by nobody without keys, and is no gap: next goes beyond it")
    func talks() throws {
        try fill(3, bytes: 1, type: "talk.suggested")
        let left = serve([request(1)]).flatMap { $0 }
        #expect(left == [#"{"id":"r0","ok":true,"seq":0,"events":[],"next":3,"head":3,"first":1}"#])
    }

    /// What happened to one agent, in the journal's form.
    private func story() throws {
        let bodies: [Event.Body] = [
            .agentStressed(.with { ($0.agent, $0.ledger) = ("ana", 1_234) }),
            .offerMade(.with { ($0.agent, $0.brief.topic) = ("ana", "late order") }),
            .talkSuggested(.with { $0.agent = "ana" }), .conversationOpened(.with { $0.conversation = "c-1" }),
        ]
        var encoder = JournalEncoder()
        try journal.append(
            entries: bodies.enumerated().map { index, body in
                encoder.entry(
                    Event(
                        sequence: Int64(index + 1), previous: 0, tenant: "main", at: Instant(milliseconds: 1),
                        cause: .timer, body: body)
                ) { _ in nil }
            }, remembered: [])
    }

    @Test(
        "each role reads its own form of an event, and next goes beyond what it may not see",
        arguments: [
            (Role.middleware, "offer.made conversation.opened"), (.supervisor, "offer.made conversation.opened"),
            (.observer, "offer.made conversation.opened"),
            (.wellbeing, "agent.stressed offer.made talk.suggested conversation.opened"),
            (.auditor, "agent.stressed offer.made talk.suggested conversation.opened"),
            (.agent, "agent.stressed offer.made"),
        ])
    func forms(role: Role, types: String) throws {
        try story()
        let agents: [AgentID] = role == .agent ? ["ana"] : []
        let caller = Caller(key: "k", roles: [role], tenant: "main", agents: .these(agents))
        let reply = try #require(serve([request(1, from: caller)]).flatMap { $0 }.first)
        for type in ["agent.stressed", "offer.made", "talk.suggested", "conversation.opened"] {
            #expect(reply.contains("\"\(type)\"") == types.contains(type), "\(role) and \(type)")
        }
        #expect(reply.contains("\"next\":4,\"head\":4"))
        // The brief, and what anybody carries, are nobody's but the agent's and the auditor's.
        #expect(reply.contains("brief") == (role == .agent || role == .auditor))
        #expect(reply.contains("\"stress\"") == (role == .agent || role == .auditor))
        #expect(reply.contains("1.234") || reply.contains("1234") == types.contains("agent.stressed"))
    }

    @Test("a key that was given an agent's private topic reads what goes there, of that agent alone")
    func given() throws {
        try story()
        for (agent, sees) in [("ana", true), ("ben", false)] as [(AgentID, Bool)] {
            let desk = Caller(key: "desk", roles: [.middleware], tenant: "main", agents: .these([agent]))
            let reply = try #require(serve([request(1, from: desk)]).flatMap { $0 }.first)
            #expect(reply.contains("agent.stressed") == sees)
            #expect(reply.contains("brief") == sees)
            #expect(!reply.contains("talk.suggested"))
        }
    }

    @Test("a wait goes on beyond what its reader may not see, and says how far it looked")
    func hiddenAhead() throws {
        try story()
        let ben = Caller(key: "k", roles: [.agent], tenant: "main", agents: .these(["ben"]))
        let left = serve([request(1, wait: 30_000, from: ben)]).flatMap { $0 }
        #expect(left == [#"{"id":"r0","ok":true,"seq":0,"events":[],"next":4,"head":4,"first":1}"#])
    }

    @Test("an auditor's look is kept before anything is shown, and nothing is shown when it cannot be")
    func looks() throws {
        try story()
        let auditor = Caller(key: "audit", roles: [.auditor], tenant: "main")
        let kept = Mutex<[String]>([])
        for isKept in [true, false] {
            let left = Mutex<[String]>([])
            let desk = ReadDesk(
                reader: journal, logger: Logger(label: "test"),
                keepLook: { by, what, tenant throws(StartFailure) in
                    guard isKept else { throw StartFailure(.cannotCreate, "no room") }
                    kept.withLock { $0.append("\(by) \(what) \(tenant)") }
                },
                send: { batch in
                    left.withLock { left in
                        for index in 0..<batch.frames.count {
                            left.append(String(decoding: batch.frames[index], as: UTF8.self))
                        }
                    }
                })
            desk.serve([request(1, from: auditor)], hasNews: false)
            desk.stop()
            desk.run()
            #expect(left.withLock { $0 }.first?.contains("agent.stressed") == isKept)
        }
        #expect(kept.withLock { $0 } == ["audit events after 0 main"])
    }

    @Test("the reads of one message end at a number of bytes; the rest is to be asked again")
    func oneMessage() throws {
        try fill(4, bytes: 700_000)
        let frames = serve([request(7)]).flatMap { $0 }
        #expect(frames.count == 7)
        let refused = frames.filter { $0.contains("overloaded") }
        #expect(refused.count == 1)
        #expect(refused.allSatisfy { $0.contains("retry_after_ms") })
        #expect(frames.suffix(1) == refused[...])
    }

    @Test("large answers leave one by one, not all at once")
    func oneByOne() throws {
        try fill(1, bytes: Limits.readReplyBytesMax / 4)
        let left = serve([request(1), request(1)])
        #expect(left.map(\.count) == [1, 1])
    }

    @Test("reads beyond the desk's room are refused, and those that wait are answered at the end")
    func room() throws {
        try fill(1, bytes: 1)
        let left = serve([request(1, after: 1, wait: 30_000), request(2), request(3)], commandsMax: 3).flatMap { $0 }
        #expect(left.count == 6)
        #expect(left.filter { $0.contains("overloaded") }.count == 3)
    }

    @Test("one peer may have so many reads wait, all together so many; one too many is told when to ask again")
    func waiters() {
        let most = Limits.readWaitersPerPeerMax
        let one = serve((0...most).map { _ in request(1, wait: 30_000) }).flatMap { $0 }
        #expect(one.count(where: { $0.contains("overloaded") && $0.contains("retry_after_ms") }) == 1)
        let peers = Limits.readWaitersMax / most + 2
        let all = serve((0..<(peers * most)).map { request(1, wait: 30_000, peer: $0 / most) }, commandsMax: 10_000)
            .flatMap { $0 }
        #expect(all.count(where: { !$0.contains("overloaded") }) == Limits.readWaitersMax)
        #expect(all.count == peers * most)
    }

    @Test("a bell rung often wakes once")
    func bell() {
        let bell = Bell()
        for _ in 0..<10 { bell.ring() }
        #expect(bell.wait(until: .now()))
        #expect(!bell.wait(until: .now()))
        bell.ring()
        #expect(bell.wait(until: .now()))
    }
}
