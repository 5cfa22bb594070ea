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

    private func request(_ reads: Int, after: Int64 = 0, wait: Milliseconds? = nil) -> PendingReply {
        var request = PendingReply(peer: PeerID(index: 1, generation: 1), ticket: 1)
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
