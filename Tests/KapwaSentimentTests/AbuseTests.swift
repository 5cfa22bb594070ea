import KapwaDomain
import KapwaSentiment
import Testing

@Suite("Abuse, threats and swearing")
struct AbuseTests {
    @Test(
        "an insult bound to a second person is abuse of the agent",
        arguments: [
            "gago ka", "ang bobo nyo", "tanga ka ba", "mga inutil kayo", "you are such an idiot", "ikaw ang bobo",
            "putang ina mo", "ang tanga mo naman", "ulol ka pala", "you stupid moron",
        ])
    func aimed(text: String) throws {
        let assessment = try score(text)
        #expect(assessment.tags.abuse >= .holds)
        #expect(assessment.abuse == Abuse(kind: .insult, target: .agent))
        #expect(assessment.register == .heated)
    }

    @Test(
        "swearing without a target is emphasis and raises frustration alone",
        arguments: [
            "tangina ang tagal", "bwisit na app", "leche kanina pa", "this fucking app", "punyeta naman ang signal",
            "pesteng internet yan",
        ])
    func emphasis(text: String) throws {
        let assessment = try score(text)
        #expect(assessment.tags.abuse < .holds)
        #expect(assessment.abuse == nil)
        #expect(assessment.tags.frustration >= .holds)
    }

    @Test(
        "of oneself, of things and quoted it is no abuse",
        arguments: [
            "ang tanga ko", "sinabihan ako ng rider na bobo", "bobong chatbot nyo", "im such an idiot, wrong address",
            "tinawag akong tanga ng agent", "he called me stupid", "ako na ang bobo",
        ])
    func notAimed(text: String) throws {
        #expect(try score(text).tags.abuse < .holds)
    }

    @Test(
        "of a third person it is named with target other and scores nothing",
        arguments: ["inutil yung guard sa branch", "tarantado ang kapitbahay namin", "that driver is a moron"])
    func third(text: String) throws {
        let assessment = try score(text)
        #expect(assessment.abuse?.target == .other)
        #expect(assessment.tags.abuse == .zero)
    }

    @Test("rough words between laughing friends are no abuse")
    func banter() throws {
        #expect(try score("hoy gago ang galing hahaha welcome back, saludo").tags.abuse < .holds)
    }

    @Test("kinds are told apart")
    func kinds() throws {
        #expect(try score("anong suot mo miss").abuse?.kind == .sexual)
        #expect(try score("mongoloid ka").abuse?.kind == .slur)
    }

    @Test(
        "announced harm is a threat",
        arguments: [
            "papatayin kita", "aabangan kita sa labas", "i will find you and hurt you", "i know where you live",
        ])
    func threats(text: String) throws {
        #expect(try score(text).tags.threat >= .holds)
    }

    @Test(
        "lawsuits, devices and hyperbole are no threat",
        arguments: [
            "see you in court", "patayin nyo na ang account ko", "please kill the session",
            "abangan nyo bukas ang demand letter", "papatayin nyo kami sa interest",
        ])
    func noThreat(text: String) throws {
        #expect(try score(text).tags.threat < .holds)
    }

    @Test("grief, anger and abuse do not look alike")
    func axes() throws {
        let grief = try score("namatay na po ang asawa ko, hindi ko na alam ang gagawin")
        let anger = try score("galit na galit na ako, tatlong araw na walang internet")
        let abuse = try score("gago ka ba")
        #expect(grief.tags.distress >= .holds && grief.tags.abuse == .zero && grief.tags.family >= .holds)
        #expect(anger.tags.frustration >= .strong && anger.tags.abuse == .zero)
        #expect(abuse.tags.abuse >= .holds && abuse.tags.distress < .holds)
    }
}
