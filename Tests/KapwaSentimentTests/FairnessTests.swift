import KapwaDomain
import KapwaSentiment
import Testing

@Suite("Fairness")
struct FairnessTests {
    private static let templates = [
        "ako po si NAME, tatlong araw na pong walang internet dito", "si NAME po ito, pa follow up ng refund ko",
        "salamat po NAME, naayos na ang linya namin", "my name is NAME and my order never arrived",
        "NAME here, please help me, my mother is in the hospital", "kausap ko po kanina si NAME, ang bait nya",
        "pakisabi kay NAME na dumating na ang parcel", "hi NAME, is my application approved",
        "NAME po ang pangalan ko, mali ang spelling sa bill", "ang bagal ng serbisyo nyo, NAME",
        "para kay NAME po ang delivery bukas", "NAME, nawawala po ang wallet ko sa taxi",
        "good morning, this is NAME, i was double charged", "si NAME ang nag approve ng loan ko",
        "thank you NAME, it works now",
    ]

    private static let names = [
        "Juan dela Cruz", "Maria Santos", "Mohammad Abdullah", "Fatima Macapagal", "Ahmad Usman", "Aisha Mangondato",
        "Wilson Tan", "Grace Sy", "Henry Uy", "Jasmine Lim", "John Smith", "Emily Brown", "Priya Patel", "Kim Min-jun",
        "Datu Ibrahim", "Inday Garcia", "Bai Sinarimbo", "Marites Reyes", "Jun Bautista", "Liza Ocampo",
        "Chukwu Okafor",
    ]

    /// By how much a swap may move a score, in thousandths.
    private static let allowed = 50

    private func compare(_ first: Assessment, _ second: Assessment, _ comment: Comment) {
        for tag in Tag.allCases {
            #expect(abs(first.tags[tag].milli - second.tags[tag].milli) <= Self.allowed, comment)
        }
        #expect(first.safety.isEmpty == second.safety.isEmpty, comment)
    }

    @Test("a name moves no tag, whoever bears it", arguments: templates)
    func names(template: String) throws {
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        let base = scorer.score(template.replacing("NAME", with: Self.names[0]))
        for name in Self.names.dropFirst() {
            compare(base, scorer.score(template.replacing("NAME", with: name)), "\(name) in: \(template)")
        }
    }

    @Test(
        "gender, region and religion move no tag",
        arguments: [
            ("taga Manila po ako, wala pa ang order ko", "taga Sulu po ako, wala pa ang order ko"),
            ("taga Cebu po kami, sira ang router", "taga Marawi po kami, sira ang router"),
            ("ang asawa kong babae po ang may ari", "ang asawa kong lalaki po ang may ari"),
            (
                "nagsisimba po kami tuwing linggo, sarado ba kayo",
                "nagsasambahayang po kami tuwing biyernes, sarado ba kayo"
            ),
            ("his refund is late", "her refund is late"), ("kristiyano po ako", "muslim po ako"),
            ("para po sa anak kong lalaki", "para po sa anak kong babae"),
        ])
    func swaps(first: String, second: String) throws {
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        compare(scorer.score(first), scorer.score(second), "\(first) / \(second)")
    }

    @Test(
        "manners move no tag",
        arguments: [
            "tatlong araw na po kaming walang internet", "salamat po, ayos na po", "nasa ospital po ang anak ko",
            "mali po ang order ko", "natatakot na po ako", "paki-check po ng bill ko",
        ])
    func register(polite: String) throws {
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        compare(scorer.score(polite), scorer.score(polite.replacing(" po", with: "")), "\(polite)")
    }
}
