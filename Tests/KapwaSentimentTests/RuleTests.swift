import KapwaDomain
import KapwaSentiment
import Testing

@Suite("Composition rules")
struct RuleTests {
    @Test(
        "a negator turns praise",
        arguments: ["hindi maganda", "di naman masarap", "not helpful", "I am not happy at all"])
    func negatedPraise(text: String) throws {
        #expect(try score(text).polarity.milli < 0)
    }

    @Test(
        "a negated complaint or feeling is none",
        arguments: ["hindi naman ako galit", "walang sira", "no problems at all", "I am not angry", "di ako naiinis"])
    func negatedFeeling(text: String) throws {
        let assessment = try score(text)
        #expect(assessment.tags.frustration < .holds)
        #expect(assessment.polarity.milli > -50)
    }

    @Test("negation ends at the clause and at a contrast")
    func negationScope() throws {
        #expect(try score("hindi. maganda to").polarity.milli > 0)
        #expect(
            try score("hindi mura pero maganda").polarity.milli > score("hindi mura at hindi maganda").polarity.milli)
    }

    @Test("the negation rule can be switched off, and then praise stays praise")
    func switchedOff() throws {
        #expect(try score("hindi matalino", without: Rules(.negation)).polarity.milli > 0)
        #expect(try score("hindi matalino").polarity.milli < 0)
    }

    @Test("intensifiers and diminishers move the feeling, not its sign")
    func intensity() throws {
        let plain = try score("nice").polarity.milli
        #expect(try score("very nice").polarity.milli > plain)
        #expect(try score("slightly nice").polarity.milli < plain)
        #expect(try score("slightly nice").polarity.milli > 0)
        #expect(try score("very nice").rules(of: "polarity").contains("intensity"))
    }

    @Test("napaka- strengthens its root")
    func superlative() throws {
        let lexicon = try lexicon("term | lang | positive", "bait~ | tl | 500")
        let scorer = Scorer(lexicon: lexicon)
        #expect(scorer.score("napakabait").polarity.milli > scorer.score("mabait").polarity.milli)
    }

    @Test("praise and complaint around a contrast leave a middling polarity")
    func contrast() throws {
        let mixed = try score("maganda naman siya kaso manipis")
        #expect(mixed.polarity.milli < (try score("maganda naman siya").polarity.milli))
        #expect(mixed.polarity.milli > (try score("manipis siya").polarity.milli))
    }

    @Test(
        "lasting trouble and trouble that comes again are strong frustration",
        arguments: [
            "tatlong araw na wala pa rin internet", "kanina pa ako naghihintay", "for the third time, still broken",
            "ilang beses na akong tumawag", "brownout na naman po",
        ])
    func repetition(text: String) throws {
        #expect(try score(text).tags.frustration >= .strong)
    }

    @Test(
        "bitter thanks are frustration and no relief",
        arguments: [
            "salamat ha, ang bilis nyo", "thanks for keeping me on hold", "thanks for nothing",
            "thanks for losing my bag",
        ])
    func sarcasm(text: String) throws {
        let assessment = try score(text)
        #expect(assessment.tags.frustration >= .strong)
        #expect(assessment.tags.relief < .holds)
        #expect(assessment.polarity.milli < 0)
    }

    @Test(
        "praise right before a failure is bitter, and so are the thanks behind it",
        arguments: ["good job, billed us twice again. thanks a lot.", "Well done! Another cancelled flight, thank you"])
    func bitterPraise(text: String) throws {
        let assessment = try score(text)
        #expect(assessment.tags.frustration >= .strong)
        #expect(assessment.tags.relief < .holds)
        #expect(assessment.rules(of: "frustration").contains("sarcasm"))
    }

    @Test(
        "praise with no failure at its heels is meant",
        arguments: ["great job team, the rider came early, thank you", "wow, ang ganda ng unit. thank you so much"])
    func praiseStays(text: String) throws {
        let assessment = try score(text)
        #expect(assessment.tags.frustration < .holds)
        #expect(assessment.tags.relief >= .holds)
    }

    @Test(
        "a call or visit that is counted is trouble that comes again",
        arguments: ["pang-limang follow up ko na po ito", "ikatlong report na namin to", "this is my 4th email"])
    func counted(text: String) throws {
        #expect(try score(text).tags.frustration >= .strong)
    }

    @Test("being charged twice is a complaint")
    func chargedTwice() throws {
        #expect(try score("they billed my card twice").tags.frustration >= .holds)
    }

    @Test("help that was received is no cry for help")
    func helpReceived() throws {
        let tags = try score("Tatay, maraming salamat po sa tulong").tags
        #expect(tags.distress == Score(milli: 0))
        #expect(tags.relief >= .holds)
    }

    @Test("a verb with paki- asks, it does not complain")
    func prefixOfAsking() throws {
        #expect(try score("Sis, paki-refund na lang po ng bayad").tags.frustration < .holds)
    }

    @Test(
        "politeness counts inside a phrase too",
        arguments: ["maraming salamat po", "opo", "hindi na po siya humihinga", "wala pa rin po"])
    func polite(text: String) throws {
        #expect(try score(text).register == .polite)
    }

    @Test(
        "sincere thanks are relief",
        arguments: [
            "maraming salamat po, naayos na", "thank you so much, it works now", "salamat sa mabilis na tulong",
        ])
    func relief(text: String) throws {
        #expect(try score(text).tags.relief >= .holds)
    }

    @Test("thanks that close a request are manners")
    func manners() throws {
        let assessment = try score("Kindly advise the requirements for a new line. Thank you.")
        #expect(assessment.tags.relief < .holds)
        #expect(assessment.rules(of: "relief").contains("manners"))
    }

    @Test(
        "words of haste alone stay soft",
        arguments: ["urgent urgent asap please rush now", "pls asap po agad agad ngayon na"])
    func haste(text: String) throws {
        let urgency = try score(text).tags.urgency
        #expect(urgency >= .holds)
        #expect(urgency.milli <= 690)
    }

    @Test("hard urgency names its reason in the evidence")
    func reason() throws {
        let assessment = try score("Paubos na po ang oxygen ni tatay")
        #expect(assessment.tags.urgency >= .strong)
        #expect(assessment.evidence.contains { $0.tag == "urgency" && $0.reason == .health })
    }

    @Test("a polite note that there is no hurry takes urgency back")
    func noHurry() throws {
        #expect(try score("hindi naman po urgent, paki-check lang kung kailan").tags.urgency < .holds)
    }

    @Test(
        "the reasons add up to the score, what was learned and bounded included",
        arguments: [
            "ang tagal ng refund, nakakainis", "they billed my card twice", "ilang araw na walang reply, pangit",
            "salamat po, naayos na agad", "asap please, urgent po", "GAGO KA!!!", "ok lang naman po siguro",
        ])
    func adding(text: String) throws {
        let assessment = try score(text)
        for tag in [Tag.frustration, .urgency, .family, .distress, .relief] {
            let rows = assessment.evidence.filter { $0.tag == tag.rawValue }
            let sum = rows.reduce(0) { $0 + $1.weight.milli }
            let total = assessment.tags[tag].milli
            let isCapped = total == 1_000 && sum > 1_000
            #expect(isCapped || abs(sum - total) < 5, "\(tag): \(rows)")
        }
    }

    @Test("a score from learned words alone says so")
    func learned() throws {
        let assessment = try score("hindi na po siya nagrespond")
        #expect(assessment.tags.frustration.milli > 0)
        #expect(assessment.rules(of: "frustration").contains("learned"))
    }
}
