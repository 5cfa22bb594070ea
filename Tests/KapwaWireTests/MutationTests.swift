import KapwaDomain
import Testing

@testable import KapwaWire

/// Frames that were valid once, changed at random: whatever they are now, they are answered.
struct MutationTests {
    static func mutated(_ frame: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var frame = frame
        let pieces = [
            "\"", "{", "}", "[", "]", ",", ":", "\\u0000", "\\ud800", "null", "1e99", "\u{7F}", "é", "-", "0",
        ]
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard !frame.isEmpty else { break }
            let at = Int.random(in: 0..<frame.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: frame[at] = UInt8.random(in: .min ... .max, using: &random)
            case 1: frame.remove(at: at)
            case 2: frame.insert(contentsOf: pieces.randomElement(using: &random)!.utf8, at: at)
            case 3: frame.removeLast(frame.count - at)
            case 4: frame[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            default:
                let end = Int.random(in: at...frame.count, using: &random)
                frame.insert(contentsOf: frame[at..<end], at: at)
            }
        }
        return frame
    }

    @Test("100,000 mutated commands are taken or refused with a message, and none is both", arguments: UInt64(0)..<4)
    func commands(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let frames = CommandDecoderTests.bodies.map { bytes(#"{"id":"1","at":"2026-11-21T19:30:00Z",\#($0.0)}"#) }
        let decoder = CommandDecoder()
        var taken = 0
        for round in 0..<25_000 {
            let frame = Self.mutated(frames[round % frames.count], &random)
            let decoded = decoder.decode(frame, tenants: ["main"], now: noon)
            switch decoded.result {
            case .success(let command):
                taken += 1
                if command.id != decoded.id { Issue.record("seed \(seed), round \(round): id lost") }
            case .failure(let refusal):
                if refusal.message.isEmpty { Issue.record("seed \(seed), round \(round): no message") }
            }
        }
        // Some mutations leave a command a command; were it none or all, nothing would have been mutated.
        #expect((100..<24_000).contains(taken), "seed \(seed): \(taken)")
    }

    @Test("mutated events are read or refused", arguments: UInt64(10)..<12)
    func events(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var encoder = EventEncoder()
        let all = Event.Body.blanks.map { encoder.parts(of: Event.drawn(like: $0, seed: seed)) }
        let decoder = EventDecoder()
        var read = 0
        for round in 0..<10_000 {
            let parts = all[round % all.count]
            let open = Self.mutated(parts.open, &random)
            let personal = Bool.random(using: &random) ? parts.personal : Self.mutated(parts.personal, &random)
            let sealed = Bool.random(using: &random) ? parts.sealed : Self.mutated(parts.sealed, &random)
            let mutated = EventParts(open: open, personal: personal, sealed: sealed)
            guard let event = try? decoder.decode(mutated) else { continue }
            read += 1
            // Whatever was read can be written and read again.
            let again = try? decoder.decode(encoder.parts(of: event))
            if again?.body.type != event.body.type { Issue.record("seed \(seed), round \(round)") }
        }
        #expect((100..<9_900).contains(read), "seed \(seed): \(read)")
    }

    @Test("random bytes are refused")
    func noise() {
        var random = SeededRandom(seed: 99)
        let decoder = CommandDecoder()
        let codec = ScoringCodec()
        let lines = ScoreLineDecoder()
        for _ in 0..<5_000 {
            let noise = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                UInt8.random(in: .min ... .max, using: &random)
            }
            if case .success = decoder.decode(noise, tenants: ["main"], now: noon).result { Issue.record("\(noise)") }
            if (try? lines.decode(noise)) != nil { Issue.record("\(noise)") }
            if codec.assessment(from: noise[...]) != nil { Issue.record("\(noise)") }
        }
    }

    @Test("many fields cost no more than in proportion: all keys of the largest frame are held against each other")
    func manyKeys() {
        let keys = (0..<7_000).map { #""\#($0)":0,"# }.joined()
        #expect((try? command(#"{\#(keys)"type":"ping","id":"1"}"#))?.body == .ping)
        #expect(refusal(#"{\#(keys)"type":"ping","id":"1","6999":0}"#)?.message.contains("6999") == true)
    }
}
