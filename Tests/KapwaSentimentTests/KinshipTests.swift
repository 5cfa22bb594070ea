import KapwaDomain
import KapwaSentiment
import Testing

@Suite("Kin or honorific")
struct KinshipTests {
    @Test(
        "possessed or plain kin words are family",
        arguments: [
            "para sa anak ko", "kuya ko po ang may-ari", "my wife is waiting", "si nanay po ang gagamit",
            "nasa ospital ang asawa ko", "my sister booked it", "gusto ng lola ko", "aking ate", "dala ni mama",
        ])
    func family(text: String) throws {
        #expect(try score(text).tags.family >= .holds)
    }

    @Test(
        "honorifics, products, idioms and the English past tense are not",
        arguments: [
            "thanks kuya rider", "ate paki-check po", "mommy seller available pa", "the machine ate my card",
            "sis hm po",
            "baby powder po", "family plan po", "anak ng tokwa", "salamat kuya", "we ate already", "bro ayos",
        ])
    func notFamily(text: String) throws {
        #expect(try score(text).tags.family < .holds)
    }

    @Test("the rule says why")
    func explained() throws {
        #expect(try score("salamat kuya", without: Rules(.honorific)).tags.family >= .holds)
    }
}
