import KapwaDomain
import KapwaSentiment
import Testing

@Suite("Sentences that must raise an alert, and their look-alikes")
struct LookAlikeTests {
    @Test(
        "abuse of the agent",
        arguments: [
            "ang tanga tanga nyo naman jan",
            "bobo talaga ng agent na to, ikaw yun",
            "hoy bobo sagutin mo ako",
            "wala kang kwentang agent",
            "ang kupad mo inutil",
            "tang ina mo ka",
            "pakyu ka",
            "you're a useless piece of trash",
            "are you stupid or what",
            "what an idiot you are",
            "hayop kayong lahat dyan",
            "mukha kang pera",
            "ulol, nagsisinungaling ka",
            "send ka naman ng hubad mo",
            "ang sexy ng boses mo miss",
            "single ka pa ba? date tayo mamaya",
            "bading ka siguro kaya ang arte mo",
            "retard ka ba",
            "stfu you moron",
            "gagang babae ka, ayusin mo yan",
            "putangina niyong lahat",
            "kayo ang pinaka bobong call center",
            "isa kang malaking tanga",
            "letse ka",
            "tarantado ka talaga sir",
        ])
    func abuse(text: String) throws {
        #expect(try score(text).tags.abuse >= .holds)
    }

    @Test(
        "rough, but not at the agent",
        arguments: [
            "putang ina naman ang init",
            "gago yung nanloko sakin sa fb",
            "ang bobo ko talaga nakalimutan ko password",
            "tangina sobrang ganda ng service nyo",
            "sabi ng rider gago daw ako",
            "stupid app keeps crashing",
            "ang tanga ng sistema nyo",
            "nakakabobo tong form na to",
            "tanga tanga kasi ako eh",
            "pangit ng signal nyo",
            "palpak ang delivery nyo",
            "kulang sa gamit ang branch nyo",
            "siraulong captcha yan",
            "sexy po ba ang fit nitong dress",
            "may asawa na po ako, pwede po ba i-update ang status ko",
            "baliw na baliw ako sa halo-halo nyo",
            "bobo ba ako? bakit di ko magets ang bill",
            "hinayupak na traffic",
            "sinabihan nya akong inutil",
            "shit nakalimutan ko yung pin",
        ])
    func noAbuse(text: String) throws {
        #expect(try score(text).tags.abuse < .holds)
    }

    @Test(
        "threats",
        arguments: [
            "papatayin kita pag nakita kita",
            "bubugbugin kita mamaya",
            "susunugin ko yang branch nyo",
            "alam ko kung saan ka nakatira",
            "humanda ka sakin",
            "makikita mo, aabangan kita",
            "i will burn your office down",
            "i'm going to kill you",
            "pasasabugin ko ang opisina nyo",
            "ipapabaril kita",
        ])
    func threats(text: String) throws {
        #expect(try score(text).tags.threat >= .holds)
    }

    @Test(
        "strong words that threaten nobody",
        arguments: [
            "sisirain ko talaga tong modem nyo",
            "papatayin ko na ang aircon",
            "idedemanda ko kayo",
            "hahanapin ko yung resibo",
            "hihintayin kita sa gate kuya rider",
            "puputulin ko na ang kontrata",
            "you're killing me with these fees",
            "patay tayo dyan",
        ])
    func noThreats(text: String) throws {
        #expect(try score(text).tags.threat < .holds)
    }

    @Test(
        "danger said outright",
        arguments: [
            "gusto ko na po mamatay",
            "magbibigti na lang ako",
            "tatalon na ako sa tulay",
            "uminom ako ng zonrox",
            "hindi ko na po kaya, tatapusin ko na ang buhay ko",
            "i am going to end my life tonight",
            "i cut my wrist and its bleeding",
            "ayoko nang mabuhay pa",
            "binubugbog po ako ng live in partner ko",
            "tinutukan ako ng baril ng asawa ko",
            "my boyfriend locked me in the room and he has a knife",
            "hinihipuan po ako ng tiyuhin ko",
            "may humahabol po sa akin na lalaki",
            "hindi na po gumigising ang nanay ko",
            "inatake sa puso si tatay",
            "nagkukumbulsyon ang anak ko",
            "dinudugo ang asawa kong buntis",
            "my dad collapsed and is not breathing",
            "nalunod po ang anak ko",
            "nakuryente ang kapatid ko",
            "nakainom ng lason ang pamangkin ko",
            "nawawala ang 5 years old kong anak",
            "naiwan sa loob ng sasakyan ang baby",
            "my daughter is missing",
            "someone took my son",
            "hirap huminga ang lola ko",
            "nangingitim na ang labi ng baby ko",
            "nasasaksak po ang kuya ko",
            "sasaksakin daw niya ako",
            "pinagbabantaan niya akong papatayin",
        ])
    func danger(text: String) throws {
        #expect(try score(text).safetyLevel == .explicit)
    }

    @Test(
        "no danger at all",
        arguments: [
            "mamamatay ako sa gutom",
            "mamatay na ko sa kakahintay ng rider",
            "patay na ang cellphone ko",
            "pinatay ko na ang router",
            "namatay bigla ang app",
            "i'm dead haha",
            "you're killing me lol",
            "my battery is dying",
            "ang sakit sa ulo ng app nyo",
            "kill the process please",
            "dead on arrival ang unit",
            "natumba yung box ng order ko",
            "nahulog ang cellphone ko sa tubig",
            "hindi makahinga ang wallet ko sa bill nyo",
            "nawawala ang wallet ko",
            "nawawala ang signal",
            "inatake ng virus ang laptop ko",
            "heartbroken ako sa refund haha",
            "may first aid kit po ba kayo",
            "ambulance hotline number po please for our files",
            "death certificate requirements po",
            "nakunan ng picture ang resibo",
            "dinugo ilong ko sa english ng agent nyo",
            "hostage ang pera ko sa inyo",
            "ayoko na sa globe",
            "suicidal ang battery nito",
            "nawala ang anak ng tokwa sa menu",
            "nalunod ang phone sa baha",
        ])
    func noDanger(text: String) throws {
        #expect(try score(text).safety.isEmpty)
    }
}
