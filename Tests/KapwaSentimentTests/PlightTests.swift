import KapwaDomain
import KapwaSentiment
import Testing

@Suite("Plights and what only looks like one")
struct PlightTests {
    @Test(
        "who cannot breathe is in danger, wherever the pronoun stands",
        arguments: [
            "di na po ako nakakahinga", "hindi na po talaga siya humihinga", "hindi po sya makahinga",
            "wala na po siyang hininga", "hirap po akong huminga", "my arms were burnt by the oil",
        ])
    func breath(text: String) throws {
        let assessment = try score(text)
        #expect(assessment.safety.contains { $0.kind == .medical && $0.level == .explicit })
        #expect(assessment.tags.distress >= .strong)
    }

    @Test(
        "breath taken by a laugh, a rider who does not move on the map and a list are no danger",
        arguments: [
            "di ako makahinga kakatawa", "hindi na siya gumagalaw sa app", "sana mawala ako sa mailing list",
            "fire sale sa branch", "mas mabuti pa mawala na lang yang promo",
        ])
    func noDanger(text: String) throws {
        #expect(try score(text).safety.isEmpty)
    }

    @Test(
        "a fire near people is a flag, a cry for help beside it makes it explicit",
        arguments: [
            ("may sunog po sa building namin ngayon", SafetyFlag.Level.possible), ("saklolo, may sunog", .explicit),
            ("nasusunog po ang kusina namin", .explicit), ("there is a fire in our apartment", .explicit),
        ])
    func fire(text: String, level: SafetyFlag.Level) throws {
        #expect(try score(text).safetyLevel == level)
    }

    @Test(
        "who feels of no use and wishes to be gone may be in danger",
        arguments: [
            "wala na akong halaga, mas mabuti pang mawala na ako", "wala akong silbi, mas maigi mamatay na lang",
        ])
    func despair(text: String) throws {
        let assessment = try score(text)
        #expect(assessment.safety.contains { $0.kind == .selfHarm })
        #expect(assessment.tags.distress >= .holds)
    }

    @Test(
        "harm announced to staff in English is a threat",
        arguments: [
            "i will shoot your driver", "we will find her and hurt her", "I'm gonna beat that agent",
            "im going to hunt you down and kill you",
        ])
    func threat(text: String) throws {
        #expect(try score(text).tags.threat >= .holds)
    }

    @Test(
        "killing a program, a hunger and a wait are no threat and no haste",
        arguments: [
            "i could murder a pizza", "the long wait will kill us", "kill that session please",
            "i will kill this driver process", "im going to find him a better plan",
        ])
    func noThreat(text: String) throws {
        let tags = try score(text).tags
        #expect(tags.threat < .holds)
        #expect(tags.urgency < .holds)
    }

    @Test(
        "a device that dies is not mourned, a person is",
        arguments: [
            ("namatay po bigla yung laptop ko", false), ("patay na po ang router namin", false),
            ("namatay na tablet ko", false), ("namatay na po ang lolo ko", true), ("sa hospital namatay si mama", true),
        ])
    func dying(text: String, mourned: Bool) throws {
        let tags = try score(text).tags
        #expect((tags.distress >= .holds) == mourned)
        #expect(tags.urgency < .strong)
    }

    @Test("a line cut off although it was paid is a complaint")
    func cutOff() throws {
        #expect(try score("pinatay nyo ang internet namin").tags.frustration >= .holds)
        #expect(try score("walang signal kahit nagbayad na kami").tags.frustration >= .holds)
    }

    @Test("a hungry child is urgent, a hungry customer is not")
    func hunger() throws {
        let child = try score("nagugutom na po yung mga anak namin")
        #expect(child.tags.urgency >= .strong)
        #expect(child.tags.family >= .holds)
        #expect(child.evidence.contains { $0.tag == "urgency" && $0.reason == .child })
        #expect(try score("gutom na po ako, asan na ang order").tags.urgency < .strong)
    }

    @Test("a relative in hospital is hard urgency beside a plea or a time, and family in any case")
    func hospital() throws {
        #expect(try score("nasa ospital po ang lola ko").tags.urgency < .strong)
        #expect(try score("nasa ospital po ang lola ko").tags.family >= .holds)
        #expect(try score("nasa ospital po ang lola ko, kailangan ko po ang load ngayon").tags.urgency >= .strong)
        #expect(try score("dinala sa ospital ang anak ko, tulungan nyo ako").tags.urgency >= .strong)
    }
}
