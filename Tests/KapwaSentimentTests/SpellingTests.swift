import KapwaDomain
import KapwaSentiment
import Testing

@Suite("Spellings")
struct SpellingTests {
    @Test(
        "a word counts in all its spellings and forms",
        arguments: [
            "sira", "SIRA", "nasira", "sinira", "nasisira", "masisira", "sirang", "siraaa", "sira2", "sira-sira",
            "na-sira", "pinasira",
        ])
    func forms(word: String) throws {
        let lexicon = try lexicon("term | lang | frustration", "sira~ | tl | 500")
        #expect(Scorer(lexicon: lexicon).score(word).tags.frustration.milli >= 500)
    }

    @Test(
        "English roots are found under Tagalog affixes",
        arguments: ["na-cancel", "nacancel", "kinancel", "mag-cancel", "pina-cancel", "cancelled", "i-cancel"])
    func englishRoots(word: String) throws {
        let lexicon = try lexicon("term | lang | frustration", "cancel~ | en | 500")
        #expect(Scorer(lexicon: lexicon).score(word).tags.frustration.milli >= 500)
    }

    @Test("a phrase is found across a hyphen, particles and an inflected root")
    func phrases() throws {
        let lexicon = try lexicon(
            "term | lang | role | frustration", "na | tl | particle | ", "po | tl | particle | ",
            "follow~ up | en |  | 500")
        #expect(Scorer(lexicon: lexicon).score("mag-follow up").tags.frustration.milli == 500)
        #expect(Scorer(lexicon: lexicon).score("follow na po up").tags.frustration.milli == 500)
        #expect(Scorer(lexicon: lexicon).score("follow. up").tags.frustration.milli == 0)
    }

    @Test("curly and straight apostrophes are alike, and so is none")
    func apostrophes() throws {
        let straight = try score("I don't like this").polarity
        #expect(straight.milli < 0)
        #expect(try score("I don’t like this").polarity == straight)
        #expect(try score("I dont like this").polarity == straight)
    }

    @Test("a word keeps its weight at the end of a sentence and in any place")
    func punctuation() throws {
        #expect(try score("It is ok.").polarity == score("It is ok").polarity)
        #expect(try score("ok").polarity.milli > 0)
    }

    @Test("disguised rough words are read", arguments: ["g@go", "b0b0", "ul0l"])
    func leet(word: String) throws {
        #expect(try score("\(word) ka").tags.abuse >= .holds)
    }

    @Test("emoji count with skin tones and variation selectors, and so do emoticons")
    func emoji() throws {
        let plain = try score("👍").polarity
        #expect(plain.milli > 0)
        #expect(try score("👍🏽").polarity == plain)
        #expect(try score("❤️").polarity == score("❤").polarity)
        #expect(try score(":)").polarity.milli > 0)
        #expect(try score(":'(").polarity.milli < 0)
    }

    @Test("digits stuck to a unit are a number and a unit")
    func glued() throws {
        #expect(try score("3days na wala pa rin").tags.frustration >= .strong)
    }
}
