import Foundation
import FuzzChecks
import Testing

/// What the fuzzer starts from, and what once broke something.
@Suite("Kept inputs for wire, rules and journal")
struct KeptInputTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    /// Name and bytes of each file in a directory below `Tests`.
    static func files(_ directory: String) -> [(name: String, bytes: [UInt8])] {
        let place = root.appending(path: directory)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path(percentEncoded: false))) ?? []
        return names.sorted().compactMap { name in
            (try? Data(contentsOf: place.appending(path: name))).map { (name, Array($0)) }
        }
    }

    /// Each line of a fixture at the door that it is for.
    static func lines(_ file: String, door: Character) -> [(name: String, bytes: [UInt8])] {
        let text = (try? String(contentsOf: root.appending(path: file), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").enumerated().map { ("\(file):\($0 + 1)", Array("\(door)\($1)".utf8)) }
    }

    static func judge<Value>(_ target: FuzzTarget, _ body: (([UInt8]) -> [String]) throws -> Value) throws -> Value {
        let place = FileManager.default.temporaryDirectory.appending(path: "kapwa-fuzz-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: place) }
        return try body(target.judge(place: place.path(percentEncoded: false)))
    }

    @Test("what was kept for each target holds, and there is some", arguments: FuzzTarget.allCases)
    func kept(_ target: FuzzTarget) throws {
        var inputs = Self.files("Fuzz/corpus/\(target)") + Self.files("Fuzz/finds/\(target)")
        #expect(inputs.count >= 5)
        switch target {
        case .wire:
            inputs += Self.lines("Fixtures/wire/commands.jsonl", door: "c")
            inputs += Self.lines("Fixtures/wire/events.jsonl", door: "e")
        case .rules: inputs += Self.files("Fixtures/rules").filter { $0.name.hasSuffix(".yaml") }
        case .journal: break
        }
        try Self.judge(target) { judge in
            for (name, bytes) in inputs { #expect(judge(bytes).isEmpty, "\(name)") }
        }
    }

    @Test("JSON is spelt otherwise as JSON allows it")
    func spelling() {
        let respelt = String(decoding: FuzzTarget.respelt(Array(#"{"id":"a\"z\u00e9"}"#.utf8)), as: UTF8.self)
        #expect(respelt == "\n{\t \"\\u0069d\"\n:\t \"\\u0061\\\"z\\u00e9\"\n}\t ")
    }

    @Test("each byte of a small part of a journal changed is noticed or of no consequence")
    func places() throws {
        try Self.judge(.journal) { judge in
            for place in stride(from: 0, to: 40_000, by: 997) {
                let input: [UInt8] = [0, UInt8(place >> 16), UInt8(place >> 8 & 255), UInt8(place & 255), 0x5A]
                #expect(judge(input).isEmpty, "byte \(place)")
            }
        }
    }
}
