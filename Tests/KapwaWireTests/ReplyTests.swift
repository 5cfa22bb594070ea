import KapwaDomain
import Testing

@testable import KapwaWire

struct ReplyTests {
    static func encoded(_ id: CommandID?, _ result: Result<Reply.Accepted, Refusal>, masked: Bool = false) -> String {
        var encoder = ReplyEncoder()
        return text(encoder.bytes(of: Reply(id: id, result: result), masked: masked))
    }

    static func accepted(_ details: Reply.Details, sequence: Int64 = 7) -> String {
        encoded("1", .success(Reply.Accepted(sequence: sequence, details: details)))
    }

    @Test("what a type adds stands behind seq")
    func details() {
        var assessment = Assessment()
        assessment.tags.frustration = 830
        assessment.polarity = -610
        let tags =
            #""tags":{"frustration":0.830,"urgency":0.000,"family":0.000,"distress":0.000,"relief":0.000,"#
            + #""abuse":0.000,"threat":0.000},"polarity":-0.610,"scored":"ok""#
        let rows: [(Reply.Details, String)] = [
            (.none, ""), (.presence(.breakOwed), #","effective":"break_owed""#), (.assessment(assessment), "," + tags),
            (.violations(["skill", "capacity"]), #","violations":["skill","capacity"]"#),
            (.violations([]), #","violations":[]"#),
            (.breakState("b12", running: true), #","break":"b12","state":"running""#),
            (.breakState("b12", running: false), #","break":"b12","state":"owed""#),
            (.estimate(position: 3, p50: 41_000, p90: 126_000), #","position":3,"wait_ms":{"p50":41000,"p90":126000}"#),
            (.estimate(position: 1, p50: nil, p90: nil), #","position":1"#),
            (
                .pong(version: "0.1.0", now: noon, idsSince: noon - 1, mode: .observe),
                #","version":"0.1.0","now":"2026-11-21T19:30:00.000Z","#
                    + #""ids_since":"2026-11-21T19:29:59.999Z","mode":"observe""#
            ),
        ]
        for (details, expected) in rows {
            #expect(Self.accepted(details) == #"{"id":"1","ok":true,"seq":7\#(expected)}"#)
        }
    }

    @Test("rows carry the sequence at which they were true, and next only where there is more")
    func rows() {
        let queue = QueueRow.with {
            $0.queue = "main"
            $0.waiting = 2
            $0.needs = ["tagalog": 3]
        }
        let row =
            #"{"queue":"main","waiting":2,"offered":0,"target_ms":0,"longest_wait_ms":0,"needs":{"tagalog":3}}"#
        let more = StateRows(rows: .queues([queue, queue]), next: "main", sequence: 99)
        #expect(
            Self.accepted(.rows(more), sequence: 0)
                == #"{"id":"1","ok":true,"seq":99,"what":"queues","rows":[\#(row),\#(row)],"next":"main"}"#)
        let none = StateRows(rows: .agents([]), next: nil, sequence: 99)
        #expect(Self.accepted(.rows(none)) == #"{"id":"1","ok":true,"seq":99,"what":"agents","rows":[]}"#)
    }

    @Test("rows of breaks show care as care to whoever may see no more")
    func maskedRows() {
        let row = BreakRow.with { $0.breakID = "b1" }
        let rows = Reply.Accepted(
            sequence: 1, details: .rows(StateRows(rows: .breaks([row]), next: nil, sequence: 1)))
        #expect(Self.encoded("1", .success(rows)).contains(#""kind":"stress","reason":"care""#))
        #expect(Self.encoded("1", .success(rows), masked: true).contains(#""kind":"care","reason":"care""#))
    }

    @Test("a refusal says everything that it knows, and nothing that it does not")
    func refusals() {
        let all = Refusal(
            .wrongState, #"say "why""#, field: "offer", state: "expired", until: noon, retryAfter: 100, first: 5,
            supported: ["KAPWA1"])
        #expect(
            Self.encoded("1", .failure(all))
                == #"{"id":"1","ok":false,"error":{"code":"wrong_state","message":"say \"why\"","field":"offer","#
                + #""state":"expired","until":"2026-11-21T19:30:00.000Z","retry_after_ms":100,"first":5,"#
                + #""supported":["KAPWA1"]}}"#)
        #expect(
            Self.encoded(nil, .failure(Refusal(.malformed, "x")))
                == #"{"id":null,"ok":false,"error":{"code":"malformed","message":"x"}}"#)
    }

    @Test("a remembered reply is repeated with duplicate in it, and replies follow each other in one buffer")
    func duplicate() {
        let first = bytes(Self.accepted(.none))
        #expect(text(ReplyEncoder.duplicate(of: first)) == #"{"id":"1","ok":true,"seq":7,"duplicate":true}"#)
        var out = ByteWriter()
        var encoder = ReplyEncoder()
        encoder.encode(Reply(id: "1", result: .success(.init(sequence: 1))), into: &out)
        encoder.encode(Reply(id: "2", result: .success(.init(sequence: 2))), into: &out)
        #expect(text(out.bytes) == #"{"id":"1","ok":true,"seq":1}{"id":"2","ok":true,"seq":2}"#)
    }

    @Test("events are read back in the form in which they are kept, both parts merged")
    func eventsRead() {
        var reply = EventsReadReply(id: "1")
        let added = [
            reply.add(bytes(#"{"seq":3}"#)),
            reply.add(
                EventParts(
                    open: bytes(#"{"seq":4}"#), personal: bytes(#"{"topic":"x"}"#), sealed: bytes(#"{"points":1}"#))),
            reply.add(EventParts(open: bytes(#"{"seq":5}"#), personal: [])),
        ]
        #expect(added == [true, true, true])
        #expect(reply.count == 3)
        #expect(
            text(reply.finish(next: 5, head: 9, first: 1).bytes)
                == #"{"id":"1","ok":true,"seq":0,"events":[{"seq":3},{"seq":4,"points":1,"topic":"x"},{"seq":5}],"#
                + #""next":5,"head":9,"first":1}"#)
        let none = EventsReadReply(id: "2")
        #expect(
            text(none.finish(next: 0, head: 0, first: 1).bytes)
                == #"{"id":"2","ok":true,"seq":0,"events":[],"next":0,"head":0,"first":1}"#)
    }

    @Test("a reply to events.read is at most 1 MiB, but never without its first event")
    func eventsReadLimit() {
        let event = [UInt8](repeating: UInt8(ascii: "1"), count: 1_000)
        var reply = EventsReadReply(id: "1")
        var added = 0
        while reply.add(event) { added += 1 }
        #expect(added == reply.count)
        #expect((1_040...1_048).contains(added))
        #expect(reply.finish(next: .max, head: .max, first: .max).count <= 1_048_576)
        var large = EventsReadReply(id: "1")
        let taken = [large.add([UInt8](repeating: 49, count: 2_000_000)), large.add([49])]
        #expect(taken == [true, false])
    }
}
