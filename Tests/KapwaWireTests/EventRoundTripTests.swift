import KapwaDomain
import Testing

@testable import KapwaWire

/// Events written and read back, drawn from seeds; a failure names the seed.
struct EventRoundTripTests {
    @Test("every event of every type comes back from the journal as it went in", arguments: Event.Body.blanks)
    func parts(_ blank: Event.Body) throws {
        var encoder = EventEncoder()
        let decoder = EventDecoder()
        for seed in UInt64(0)..<150 {
            let event = Event.drawn(like: blank, seed: seed)
            let parts = encoder.parts(of: event)
            let back = try decoder.decode(parts)
            #expect(back == event, "seed \(seed): \(String(decoding: parts.open, as: UTF8.self))")
            if back != event { return }
        }
    }

    @Test("the full form is one JSON object with the fields of all parts, each once", arguments: Event.Body.blanks)
    func full(_ blank: Event.Body) throws {
        var encoder = EventEncoder()
        let parser = JSONParser()
        for seed in UInt64(1_000)..<1_030 {
            let event = Event.drawn(like: blank, seed: seed)
            var full = ByteWriter()
            encoder.full(event, into: &full)
            let parts = encoder.parts(of: event)
            var merged = ByteWriter()
            EventEncoder.merge(parts, into: &merged)
            #expect(full.bytes == merged.bytes)
            let fields = try full.bytes.withUnsafeBytes { try parser.parse($0, depthMax: 16).children.count }
            var sum = 0
            for part in [parts.open, parts.sealed, parts.personal] where !part.isEmpty {
                sum += try part.withUnsafeBytes { try parser.parse($0, depthMax: 16).children.count }
            }
            #expect(fields == sum, "seed \(seed)")
        }
    }

    @Test(
        "an event whose other parts were forgotten still reads, and tells nothing of them",
        arguments: Event.Body.blanks)
    func forgotten(_ blank: Event.Body) throws {
        var encoder = EventEncoder()
        let decoder = EventDecoder()
        for seed in UInt64(2_000)..<2_030 {
            let parts = encoder.parts(of: Event.drawn(like: blank, seed: seed))
            let back = try decoder.decode(open: parts.open)
            let again = encoder.parts(of: back)
            #expect(again.open == parts.open, "seed \(seed)")
            #expect(again.personal.isEmpty, "seed \(seed)")
            #expect(again.sealed.isEmpty, "seed \(seed)")
            #expect(back.isErased == !parts.sealed.isEmpty, "seed \(seed)")
        }
    }

    @Test("every property of every event is a field on the wire", arguments: Event.Body.blanks)
    func complete(_ blank: Event.Body) {
        var same = Set(Self.leaves(blank).keys)
        for seed in UInt64(3_000)..<3_060 where !same.isEmpty {
            let filled = Self.leaves(Event.drawn(like: blank, seed: seed, leavesOut: false).body)
            let before = Self.leaves(blank)
            same = same.filter { filled[$0] == before[$0] }
        }
        #expect(same.isEmpty, "never filled: \(same.sorted())")
    }

    /// Paths of all properties with their values as text.
    static func leaves(_ value: Any, path: String = "") -> [String: String] {
        let mirror = Mirror(reflecting: value)
        guard mirror.displayStyle == .struct || path.isEmpty, !mirror.children.isEmpty else {
            return [path: "\(value)"]
        }
        var all: [String: String] = [:]
        for child in mirror.children {
            all.merge(leaves(child.value, path: "\(path)/\(child.label ?? "-")")) { $1 }
        }
        return all
    }
}
