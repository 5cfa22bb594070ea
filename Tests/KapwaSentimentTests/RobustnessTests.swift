import KapwaDomain
import KapwaSentiment
import Testing

@Suite("Any bytes")
struct RobustnessTests {
    /// A generator whose seed names the run.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }

    private func check(_ bytes: [UInt8], _ scorer: Scorer, _ comment: Comment) {
        let assessment = bytes.withUnsafeBufferPointer { scorer.score($0) }
        let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        for evidence in assessment.evidence {
            guard evidence.start >= 0, evidence.start < evidence.end, evidence.end <= scalars.count else {
                Issue.record("span \(evidence.start)..<\(evidence.end) of \(scalars.count): \(comment)")
                continue
            }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[evidence.start..<evidence.end])
            #expect(String(view) == evidence.text, comment)
        }
        for flag in assessment.safety { #expect(flag.start < flag.end && flag.end <= scalars.count, comment) }
        for tag in Tag.allCases { #expect((0...1_000).contains(assessment.tags[tag].milli), comment) }
        #expect((-1_000...1_000).contains(assessment.polarity.milli), comment)
        #expect(assessment.evidence.count <= Limits.evidencePerMessageMax, comment)
    }

    @Test(
        "the heaviest words, said until the longest text is full, score within bounds",
        arguments: ["😡", "💀", "lol ", "worst ", "nag-", "f u ", "scam ", "gago ka ", "salamat ", "super super galit "])
    func heaviest(word: String) throws {
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        let text = String(repeating: word, count: Limits.textBytesMax / word.utf8.count)
        check(Array(text.utf8), scorer, "\(word) repeated")
    }

    @Test("the heaviest row that an overlay may hold, repeated, scores within bounds")
    func heaviestRow() throws {
        let heavy = try lexicon("term | lang | negative | frustration", "load | tl | 3000 | 1000")
        check(Array(String(repeating: "load ", count: 6_000).utf8), Scorer(lexicon: heavy), "load repeated")
    }

    @Test("what lies beyond the longest text is not read")
    func beyond() throws {
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        let calm = String(repeating: "x", count: Limits.textBytesMax)
        #expect(scorer.score(calm + " putangina nyo").tags == scorer.score(calm).tags)
    }

    @Test("random bytes score without a crash and every span lies in the text", arguments: 0..<8)
    func randomBytes(seed: Int) throws {
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        var dice = Dice(state: UInt64(seed))
        for round in 0..<60 {
            let bytes = (0..<Int.random(in: 0...300, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) }
            check(bytes, scorer, "seed \(seed) round \(round)")
        }
    }

    @Test("shuffled words, marks, emoji and broken characters score, with spans that are right", arguments: 0..<8)
    func shuffled(seed: Int) throws {
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        let pieces: [[UInt8]] =
            [
                "hindi", " ", " ", " ", " ", "maganda", "pero", "gago", " ka ", "anak ko", "👨‍👩‍👧", "👍🏽", "é", "e\u{301}",
                "!!!", "?",
                "ñ", "’", "\"", "'", "-", "3days", "na-cancel", "@user", "https://a.b/c", "#tag", ":)", ":'(",
                "sooobra",
                "salamat", "😭", "🇵🇭", "ﬀ", "mamatay na ako", "sa inis", "\n", "...", ",", "g@go", "1,250.50", "\u{200B}",
            ].map { Array($0.utf8) } + [[0xF0, 0x9F], [0xC3], [0x80], [0xED, 0xA0, 0x80]]
        var dice = Dice(state: UInt64(1_000 + seed))
        for round in 0..<60 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...40, using: &dice) { bytes += pieces.randomElement(using: &dice) ?? [] }
            check(bytes, scorer, "seed \(seed) round \(round)")
        }
    }

    @Test(
        "work grows with the length alone, whatever the text is made of",
        arguments: [
            "a", "e\u{301}", "na ", "na na na ", "hindi ", "ang tagal na ", "😭", "\"", "-a", "ka ", "x", "(", ":", "1",
        ])
    func linear(unit: String) throws {
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        func steps(_ bytes: Int) -> Int {
            _ = scorer.score(String(repeating: unit, count: bytes / unit.utf8.count))
            return scorer.steps
        }
        let small = steps(4 * 1_024)
        let large = steps(32 * 1_024)
        #expect(large <= small * 9)
        #expect(large <= 32 * 1_024 * 100)
    }

    @Test("a scorer gives the same answer whatever it read before")
    func stateless() throws {
        let shared = Scorer(lexicon: try Shared.lexicon.get())
        let texts = [
            "sira na naman", "gago ka", "salamat po", "namatay ang signal", "naka2inis", "3 days na wala", "👍",
        ]
        for text in texts { _ = shared.score(text) }
        for text in texts { #expect(shared.score(text) == (try score(text))) }
    }
}
