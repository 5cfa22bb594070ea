import KapwaDomain
import KapwaWire
import Testing

@Suite struct ScoringCodecTests {
    private let codec = ScoringCodec()

    @Test("a task comes back as it went, with every language and any text")
    func tasks() {
        for text in ["", "ang tagal 😡 \"na\"", String(repeating: "é", count: 1_000), "a\u{0301}\n\t\\"] {
            for language in [nil] + Assessment.Language.allCases.map(Optional.some) {
                let task = ScoringTask(text: text, language: language)
                let read = codec.payload(of: task).withUnsafeBytes { codec.task(from: $0) }
                #expect(read == task)
            }
        }
    }

    @Test("an assessment comes back as it went, evidence and flags included")
    func assessments() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<500 {
            var found = Assessment()
            for tag in Tag.allCases { found.tags[tag] = Score(milli: Int(random.next() % 1_001)) }
            found.polarity = Score(milli: Int(random.next() % 2_001) - 1_000)
            found.abuse = random.next() % 2 == 0 ? Abuse(kind: .slur, target: .other) : nil
            found.safety = [SafetyFlag(kind: .child, level: .possible, text: "bata \"ko\"", start: 3, end: 9)]
            found.evidence = [
                Evidence(tag: "urgency", text: "ngayon", start: 1, end: 7, weight: 800, reason: .child, rules: ["near"])
            ]
            var bytes: [UInt8] = []
            codec.append(found, to: &bytes)
            #expect(codec.assessment(from: bytes[...]) == found)
        }
    }

    @Test("what no scorer within the limits could have found is not taken")
    func outside() {
        var found = Assessment()
        found.tags.abuse = 1_001
        var bytes: [UInt8] = []
        codec.append(found, to: &bytes)
        #expect(codec.assessment(from: bytes[...]) == nil)
        #expect(codec.assessment(from: Array("no JSON".utf8)[...]) == nil)
        #expect([UInt8]("[]".utf8).withUnsafeBytes { codec.task(from: $0) } == nil)
    }
}
