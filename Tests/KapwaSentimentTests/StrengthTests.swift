import KapwaDomain
import KapwaSentiment
import Testing

/// Where a feeling ends that is some, and begins that is strong: a strong one makes a contact hard.
@Suite struct StrengthTests {
    @Test(
        "several complaints that add up are strong in a message without a good word, and bounded beside one",
        arguments: [
            (
                "The delivery was late, the box was broken and the support is rude and useless",
                "The delivery was late and the box was broken, but the support was kind and helpful"
            ),
            (
                "dumi ng kwarto, sira ang aircon, bastos ang guard, panget ng pagkain",
                "dumi ng kwarto at sira ang aircon, pero mabait ang guard at masarap ang pagkain"
            ),
        ])
    func complaintsThatAddUp(unhappy: String, mixed: String) throws {
        #expect(try score(unhappy).tags.frustration >= .strong)
        let weighed = try score(mixed).tags.frustration
        #expect(weighed >= .holds)
        #expect(weighed < .strong)
        #expect(try score(mixed, without: Rules(.bounded)).tags.frustration >= .strong)
    }

    @Test(
        "fear, despair and the loss of somebody are strong distress",
        arguments: [
            "natatakot na po ako, hindi ko na alam gagawin", "nawawalan na po ako ng pag-asa",
            "wala na po kaming matakbuhan", "baka mamatay ang anak ko", "my husband died last month",
            "I'm so scared right now", "I don't see any way out", "we could lose our house",
        ])
    func strongDistress(text: String) throws {
        #expect(try score(text).tags.distress >= .strong)
    }

    @Test(
        "worry, an old loss, a death that only might be and the loss of a thing are no strong distress",
        arguments: [
            "nag-aalala lang po ako sa delivery", "my grandfather died many years ago, change the name please",
            "pag namatay po ba ang may-ari, kanino mapupunta?", "I lost my card, how do I get a new one?",
            "I'm afraid this is the wrong form",
        ])
    func lesserDistress(text: String) throws {
        #expect(try score(text).tags.distress < .strong)
    }

    @Test(
        "anger of somebody else, a wait of minutes and a plain wish to cancel are no strong frustration",
        arguments: [
            "galit na galit daw po sya dati sa inyo", "galit siya sa akin", "15 mins na po, parating na ba?",
            "I want to cancel my booking for Friday", "what kind of cards do you offer?", "ang sarap ng leche flan",
        ])
    func lesserFrustration(text: String) throws {
        #expect(try score(text).tags.frustration < .strong)
    }

    @Test(
        "a threat to leave or to report, contempt and being told the same again are strong frustration",
        arguments: [
            "we will look for another supplier", "what a scam", "you clearly don't care",
            "treating us like fools", "hinding hindi na ako uulit sa inyo", "ayoko na sa inyo",
            "anim na beses ko na pong nireport yan", "I am tired of your excuses",
        ])
    func strongFrustration(text: String) throws {
        #expect(try score(text).tags.frustration >= .strong)
    }
}
