import KapwaDomain
import Testing

@testable import KapwaSentiment

/// What contractions mean, and how the form of a message weighs beside its words.
@Suite("Form of a message")
struct FormTests {
    @Test(
        "The short verb in I'll, he'll and she'd is no illness, no hell and no shed, whatever the apostrophe",
        arguments: ["I'll call the shop", "he\u{2019}ll call the shop", "We'll call the shop", "SHE'D CALL THE SHOP"])
    func contractions(text: String) throws {
        let words = Scorer(lexicon: try Shared.lexicon.get()).trace(text).words
        #expect(words.contains("will") || words.contains("would"))
        #expect(!words.contains("ill") && !words.contains("hell") && !words.contains("shed"))
    }

    @Test("Without the apostrophe ill is ill")
    func ill() throws {
        #expect(Scorer(lexicon: try Shared.lexicon.get()).trace("my mother is ill").words.contains("ill"))
    }

    @Test(
        "A message is plain, warm, cold or both by what was rated in it",
        arguments: [
            ("the shop opens on mondays", "<plain>"), ("this is excellent", "<warm>"), ("this is awful", "<cold>"),
            ("excellent food, awful service", "<both>"),
        ])
    func states(text: String, signal: String) throws {
        let signals = Scorer(lexicon: try Shared.lexicon.get()).trace(text).signals
        #expect(Set(signals).intersection(["<plain>", "<warm>", "<cold>", "<both>"]) == [signal])
    }

    @Test("A learned weight of two signals counts when both hold, and only then")
    func pairs() throws {
        let rows = """
            term\tlang\tpositive\tnegative\torigin
            excellent\ten\t400\t\thand
            <warm> <question>\tany\t\t2000\tfitted
            """
        let lexicon = try Lexicon.load([Lexicon.Source(name: "a.tsv", bytes: Array(rows.utf8))])
        let scorer = Scorer(lexicon: lexicon)
        #expect(scorer.score("excellent").polarity.milli > 0)
        #expect(scorer.score("excellent?").polarity.milli < 0)
    }

    @Test(
        "A plea without a word of complaint is no frustration, however long",
        arguments: [
            "Naanod po ang bahay namin at hindi ko po alam kung saan kami pupunta, pwede po ba kaming humingi ng palugit",
            "nawawala po ang anak ko, tulungan nyo po ako, hindi ko na po alam ang gagawin ko",
        ])
    func pleas(text: String) throws {
        #expect(Scorer(lexicon: try Shared.lexicon.get()).score(text).tags.frustration < .holds)
    }
}
