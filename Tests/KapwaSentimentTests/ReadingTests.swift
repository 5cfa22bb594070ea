import KapwaDomain
import KapwaSentiment
import Testing

@Suite("Language, coverage and wishes")
struct ReadingTests {
    @Test(
        "the language is told",
        arguments: [
            ("wala pa rin po ang order ko hanggang ngayon", Assessment.Language.tl),
            ("my order has not arrived and i want a refund", .en),
            ("wala pa rin yung refund ko, please check my account", .taglish),
        ])
    func language(text: String, expected: Assessment.Language) throws {
        #expect(try score(text).language == expected)
    }

    @Test("unknown words lower the coverage, and too few known ones are never taken for calm")
    func coverage() throws {
        let unknown = try score("zxqv plomrk wyrtz bnmqw kjhgf")
        #expect(unknown.scored == .low)
        #expect(unknown.coverage.milli < 300)
        #expect(try score("ang ganda po").scored == .ok)
        #expect(try score("").scored == .low)
    }

    @Test("who asks for a person or for a supervisor is heard")
    func wishes() throws {
        #expect(try score("gusto ko makausap ang tao, hindi bot").asksFor == .human)
        #expect(try score("let me speak to your manager").asksFor == .supervisor)
        #expect(try score("salamat po").asksFor == nil)
    }

    @Test("po makes a message polite, an insult makes it heated all the same")
    func register() throws {
        #expect(try score("wala pa po").register == .polite)
        #expect(try score("wala pa").register == .plain)
        #expect(try score("gago ka po").register == .heated)
    }

    @Test("without evidence the scores are the same")
    func withoutEvidence() throws {
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        let full = scorer.score("sira na naman ang internet namin, anak ko may exam bukas")
        let bare = scorer.score("sira na naman ang internet namin, anak ko may exam bukas", evidence: false)
        #expect(full.tags == bare.tags && full.polarity == bare.polarity)
        #expect(bare.evidence.isEmpty && !full.evidence.isEmpty)
    }
}
