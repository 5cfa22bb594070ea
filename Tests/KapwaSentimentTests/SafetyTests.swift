import KapwaDomain
import KapwaSentiment
import Testing

@Suite("Safety")
struct SafetyTests {
    @Test(
        "danger that is said outright is explicit",
        arguments: [
            ("gusto ko nang mamatay", SafetyFlag.Kind.selfHarm), ("magpapakamatay na ako", .selfHarm),
            ("i want to kill myself", .selfHarm), ("tatapusin ko na buhay ko", .selfHarm),
            ("sinasaktan ako ng asawa ko", .violence), ("my husband is beating me", .violence),
            ("hindi na humihinga si tatay", .medical), ("he is not breathing", .medical),
            ("nawawala po ang anak ko", .child), ("naka lock ang baby sa loob ng kotse", .child),
        ])
    func explicit(text: String, kind: SafetyFlag.Kind) throws {
        let flags = try score(text).safety
        #expect(flags.contains { $0.kind == kind && $0.level == .explicit })
    }

    @Test(
        "hyperbole, devices and titles raise nothing",
        arguments: [
            "mamatay na ako sa inis", "mamamatay na ako kakahintay", "nakakamatay ang presyo", "namatay ang signal",
            "patay ang router", "patayin nyo na ang account", "my phone died", "im dying of laughter",
            "hindi naman ako magpapakamatay dahil sa wifi", "deds na ko sa tawa",
        ])
    func harmless(text: String) throws {
        #expect(try score(text).safety.isEmpty)
    }

    @Test("small words of despair are a sign only beside loss or despair")
    func despair() throws {
        #expect(try score("ayoko na talaga").safety.isEmpty)
        #expect(try score("iniwan na ako ng lahat, iyak ako ng iyak, ayoko na talaga").safetyLevel == .possible)
    }

    @Test("a flag carries its words and where they stand")
    func span() throws {
        let text = "😭😭 kuya gusto ko nang mamatay"
        let flag = try #require(try score(text).safety.first)
        let scalars = Array(text.unicodeScalars)
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[flag.start..<flag.end])
        #expect(String(view) == flag.text)
    }
}
