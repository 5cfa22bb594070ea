import KapwaDomain
import KapwaSentiment
import Testing

@Suite("Loading lexicons")
struct LexiconLoadTests {
    @Test("the lexicons of this checkout load without a fault and hold at least 3,000 rows")
    func shipped() throws {
        let lexicon = try Shared.lexicon.get()
        #expect(lexicon.count >= 3_000)
        #expect(lexicon.hash.count == 32)
    }

    @Test("all faults of a load are told at once, each with its line and what to do")
    func allAtOnce() {
        let found = problems(
            "term | lang | frustration | safety", "sira | tl | 9000 | ", "basag | xx | 10 | ", "ok | tl | 1 | doom",
            "ayos | tl")
        #expect(found.map(\.line) == [2, 3, 4, 5])
        #expect(found.allSatisfy { $0.file == "own.tsv" && !$0.remedy.isEmpty })
        #expect(found[0].what.contains("9000"))
        #expect(found[1].what.contains("xx"))
    }

    @Test("an unknown column is refused and the known ones are named")
    func unknownColumn() {
        let found = problems("term | lang | anger", "sira | tl | 1")
        #expect(found.count == 1)
        #expect(found[0].line == 1 && found[0].what.contains("anger") && found[0].remedy.contains("frustration"))
    }

    @Test("a file without term or lang is refused", arguments: ["lang | frustration", "term | frustration"])
    func missingColumn(header: String) {
        #expect(problems(header, "x | 1").first?.what.contains("is missing") == true)
    }

    @Test("two rows that are the same after normalisation are refused", arguments: ["SIRA", "sira", "sirá"])
    func duplicates(second: String) {
        let found = problems("term | lang | frustration", "sira | tl | 500", "\(second) | tl | 300")
        #expect(found.count == 1)
        #expect(found[0].line == 3 && found[0].what.contains("already rated") && found[0].what.contains("own.tsv:2"))
    }

    @Test("a row whose word is read as another word can never be reached")
    func unreachable() {
        let found = problems("term | lang | frustration | means", "hnd | tl |  | hindi", "hnd | tl | 300 | ")
        #expect(found.count == 1)
        #expect(found[0].what.contains("can never be reached") && found[0].remedy.contains("hindi"))
    }

    @Test("a row without a readable word can never be reached")
    func unreadable() {
        #expect(problems("term | lang | frustration", "%% | tl | 300").first?.what.contains("never be read") == true)
    }

    @Test("abuse, threat and safety may not be fitted", arguments: ["insult", "threat", "slur", "sexual"])
    func neverFitted(role: String) {
        let found = problems("term | lang | role | origin", "x | tl | \(role) | fitted")
        #expect(found.first?.remedy.contains("never fitted") == true)
    }

    @Test("a pattern that covers a special row leaves it its own rating")
    func specialRowWins() throws {
        let lexicon = try lexicon(
            "term | lang | frustration", "(sira|basag|punit) na | tl | 500", "basag na | tl | 200")
        let scorer = Scorer(lexicon: lexicon)
        #expect(scorer.score("sira na").tags.frustration.milli == 500)
        #expect(scorer.score("basag na").tags.frustration.milli == 200)
    }

    @Test("bytes that are not UTF-8 and a missing folder are told as faults")
    func unreadableFiles() {
        #expect(throws: LexiconError.self) {
            try Lexicon.load([Lexicon.Source(name: "bad.tsv", bytes: [0x74, 0xFF, 0x0A])])
        }
        #expect(throws: LexiconError.self) { try Lexicon.load(directory: "/nonexistent/lexicons") }
    }

    @Test("an overlay replaces a row and shows in the evidence")
    func overlay() throws {
        let base = Lexicon.Source(name: "a.tsv", bytes: Array("term\tlang\tfamily\npamilya\ttl\t900\n".utf8))
        let own = Lexicon.Source(name: "own.tsv", bytes: Array("term\tlang\tfamily\npamilya\ttl\t600\n".utf8))
        let scorer = Scorer(lexicon: try Lexicon.load([base], overlays: [own]))
        let assessment = scorer.score("pamilya")
        #expect(assessment.tags.family.milli == 600)
        #expect(assessment.evidence.first?.rules == ["overlay"])
    }

    @Test("the digest tells lexicons apart and does not change between loads")
    func digest() throws {
        let first = try lexicon("term | lang | frustration", "sira | tl | 500")
        let same = try lexicon("term | lang | frustration", "sira | tl | 500")
        let other = try lexicon("term | lang | frustration", "sira | tl | 501")
        #expect(first.hash == same.hash)
        #expect(first.hash != other.hash)
    }

    @Test("a lexicon of the same files is kept as it is; a file that becomes an overlay makes another")
    func kept() throws {
        let base = Lexicon.Source(name: "a.tsv", bytes: Array("term\tlang\nsira\ttl\n".utf8))
        let more = Lexicon.Source(name: "b.tsv", bytes: Array("term\tlang\nbasag\ttl\n".utf8))
        let first = try Lexicon.load([base, more])
        #expect(try Lexicon.load([base, more], current: first) === first)
        let layered = try Lexicon.load([base], overlays: [more], current: first)
        #expect(layered !== first && layered.hash != first.hash)
    }
}
