import Foundation
import KapwaSentiment
import Testing

/// Inputs that once broke something, and those that the fuzzer starts from.
@Suite("Kept inputs of the fuzzer")
struct FuzzFindTests {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fuzz")

    private static func inputs(_ target: String) throws -> [(name: String, bytes: [UInt8])] {
        try ["finds", "corpus"].flatMap { kind in
            let folder = directory.appending(path: "\(kind)/\(target)")
            return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                .sorted { $0.lastPathComponent < $1.lastPathComponent }
                .map { ("\(kind)/\($0.lastPathComponent)", Array(try Data(contentsOf: $0))) }
        }
    }

    @Test("every kept message is scored in linear time, with spans inside the text")
    func messages() throws {
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        let inputs = try Self.inputs("scorer")
        #expect(inputs.count >= 20)
        for (name, bytes) in inputs {
            let faults = bytes.withUnsafeBufferPointer { FuzzChecks.faults(ofMessage: $0, scorer) }
            #expect(faults.isEmpty, "\(name)")
        }
    }

    @Test("every kept lexicon is taken, or refused with file, line and what to do")
    func lexicons() throws {
        let inputs = try Self.inputs("lexicon")
        #expect(inputs.count >= 10)
        for (name, bytes) in inputs { #expect(FuzzChecks.faults(ofLexicon: bytes).isEmpty, "\(name)") }
    }
}
