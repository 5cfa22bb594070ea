import Foundation
import KapwaDomain
import Testing

@testable import KapwaWire

/// The bytes of every event, reply and command, as the fixtures hold them; the JSON Schema is held against the same.
///
/// After a change that is meant, `KAPWA_RECORD_FIXTURES=1 swift test --filter GoldenTests` writes them anew.
struct GoldenTests {
    static var directory: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "Fixtures/wire")
    }

    static func check(_ name: String, _ lines: [String]) throws {
        let file = directory.appending(path: name)
        let written = lines.joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["KAPWA_RECORD_FIXTURES"] == "1" {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try written.write(to: file, atomically: true, encoding: .utf8)
        }
        let kept = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { String($0) }
        #expect(kept.count == lines.count)
        for (kept, written) in zip(kept, lines) { #expect(kept == written) }
    }

    static var events: [Event] {
        var previous: [String: Int64] = [:]
        return Event.Body.blanks.enumerated().map { index, blank in
            var filler = SampleFiller(step: Int64(index * 7))
            var body = blank
            body.visit(&filler)
            let causes: [Event.Cause] = [.command("m-812"), .timer, .match, .rules, .restart]
            var event = Event(
                sequence: Int64(index + 1), previous: 0, tenant: "main", at: noon + Int64(index),
                cause: causes[index % causes.count], body: body)
            event.previous = previous[Topic.name(of: event)] ?? 0
            previous[Topic.name(of: event)] = event.sequence
            return event
        }
    }

    @Test("every event's full form is what it was, and reads back to the same bytes")
    func fullForms() throws {
        var encoder = EventEncoder()
        let lines = Self.events.map { event in
            var out = ByteWriter()
            encoder.full(event, into: &out)
            return text(out.bytes)
        }
        try Self.check("events.jsonl", lines)
        let decoder = EventDecoder()
        for line in lines {
            var out = ByteWriter()
            encoder.full(try decoder.decode(open: bytes(line)), into: &out)
            #expect(text(out.bytes) == line)
        }
    }

    @Test("every event's public form is what it was")
    func publicForms() throws {
        var encoder = EventEncoder()
        try Self.check(
            "events.public.jsonl",
            Self.events.filter { !$0.body.isPrivate }.map { event in
                var out = ByteWriter()
                encoder.publicForm(event, into: &out)
                return text(out.bytes)
            })
    }

    static func sample<Row: Visited>(_ type: Row.Type, step: Int64) -> Row {
        var filler = SampleFiller(step: step)
        var row = Row.blank
        row.visit(&filler)
        return row
    }

    static var replies: [Reply] {
        let rows: [StateRows.Rows] = [
            .agents([sample(AgentRow.self, step: 1)]),
            .conversations([sample(ConversationRow.self, step: 2), .with { $0.conversation = "conv-18" }]),
            .offers([sample(OfferRow.self, step: 3)]), .breaks([sample(BreakRow.self, step: 4)]),
            .queues([sample(QueueRow.self, step: 5)]), .queues([]),
        ]
        let details: [Reply.Details] =
            [
                .none, .presence(.breakOwed), .assessment(sample(Assessment.self, step: 6)), .violations(["skill"]),
                .violations([]), .breakState("b790", running: true), .breakState("b790", running: false),
                .pong(version: "0.1.0", now: noon, idsSince: noon - .hours(24), mode: .enforce),
                .estimate(position: 3, p50: 41_000, p90: 126_000), .estimate(position: 1, p50: nil, p90: nil),
            ] + rows.map { .rows(StateRows(rows: $0, next: "maria", sequence: 812)) }
        let accepted = details.enumerated().map { index, details in
            Reply(id: CommandID("m-\(index)"), result: .success(.init(sequence: Int64(800 + index), details: details)))
        }
        let refused = RefusalCode.allCases.map { code in
            Reply(
                id: code == .malformed ? nil : "m-99",
                result: .failure(
                    Refusal(
                        code, "what was wrong, and what would be right", field: "agent", state: "expired", until: noon,
                        retryAfter: 250, first: 17, supported: ["KAPWA1"])))
        }
        return accepted + refused + [Reply(id: nil, result: .failure(Refusal(.malformed, "not an object")))]
    }

    @Test("every kind of reply is what it was")
    func replyForms() throws {
        var encoder = ReplyEncoder()
        var lines = Self.replies.map { text(encoder.bytes(of: $0)) }
        lines.append(text(ReplyEncoder.duplicate(of: bytes(lines[0]))))
        var read = EventsReadReply(id: "m-100")
        var events = EventEncoder()
        for event in Self.events.prefix(2) {
            let parts = events.parts(of: event)
            #expect(read.fits(bytes: parts.open.count + parts.sealed.count + parts.personal.count))
            _ = read.add(parts)
        }
        lines.append(text(read.finish(next: 2, head: 32, first: 1).bytes))
        try Self.check("replies.jsonl", lines)
    }

    @Test("every type of command is taken in the form in which it is kept")
    func commands() throws {
        let lines = CommandDecoderTests.bodies.enumerated().map { index, body in
            #"{"id":"m-\#(index)","tenant":"main","source":"crm","at":"2026-11-21T19:30:00Z",\#(body.0)}"#
        }
        try Self.check("commands.jsonl", lines)
        for (line, body) in zip(lines, CommandDecoderTests.bodies) { #expect(try command(line).body == body.1) }
    }
}
