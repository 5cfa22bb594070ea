import KapwaDomain
import KapwaSentiment
import Testing

@Suite("Urgency: speed or a near time asked for, and times that are only named")
struct UrgencyTests {
    @Test(
        "speed or a near time is asked for",
        arguments: [
            "kailangan ko na po sana bukas yung resibo",
            "need ko po ito mamayang gabi",
            "sana dumating na bukas ang order",
            "sana maayos na po ngayong araw",
            "pakibilis naman po ng proseso",
            "reply asap please",
            "pakisagot naman agad",
            "paki rush po ng dokumento",
            "I need this by Friday",
            "can you send it before the weekend",
            "please expedite my refund",
            "could you please rush this order",
            "kelangan ko na ung card bago mag lunes",
            "bago matapos ang araw po sana",
            "sa lalong madaling panahon po sana",
            "gagamitin ko na kasi bukas yung laptop",
            "hinahabol ko po ang cut off mamaya",
            "nagmamadali po ako",
            "when is the next flight out?",
            "help me rebook please, my flight was cancelled",
            "I can't check in for my return flight",
            "pwede po ba bukas na",
            "aabot pa po ba ito bukas?",
            "pls respond right away",
            "sumagot naman kayo ngayon",
            "we are stuck at the airport tonight",
            "my kids are stranded in the terminal",
            "at the earliest possible time please",
            "pa deliver po sana bago umulan bukas",
            "hanggang kailan ko po pwedeng bayaran? bukas na ang alis ko",
            "kung pwede po ngayon na sana",
            "ASAP po please, kanina ko pa kailangan",
            "flight ko na mamayang gabi wala pa rin ang ticket",
            "I will probably miss my connection",
            "please hold that plane for us",
            "we are stranded and nobody helps",
            "nowhere to stay tonight, help",
            "I need a flight tonight",
        ])
    func urgent(text: String) throws {
        #expect(try score(text).tags.urgency >= .holds)
    }

    @Test(
        "a time is named, nothing is hurried",
        arguments: [
            "dumating na po kahapon ang order",
            "bukas po ba kayo sa linggo?",
            "hanggang kailan po ang promo?",
            "ano oras po ang sara nyo bukas?",
            "received it right away, thanks",
            "ang bilis dumating, kinabukasan nandito na",
            "nasira agad yung zipper",
            "we waited until the next flight",
            "I arrived an hour before my flight",
            "not urgent, take your time",
            "di naman po nagmamadali",
            "bukas ang branch nyo tuwing sabado?",
            "my next flight was fine",
            "kagabi pa po naayos, salamat",
            "may earthquake daw kahapon sa davao",
            "M4.2 earthquake, 12 km north of the city",
            "I bought it before the holidays",
            "ngayon ko lang nakita ang email nyo",
            "we get there by bus",
            "available pa po ba ito today?",
            "nagbayad ako kaninang umaga",
            "pinutol ko na yung tali ng box",
            "thank you for the quick reply",
            "mabilis kausap si seller",
            "I will call you tomorrow",
            "kahit next week na po",
            "see you tomorrow",
            "open ba kayo today?",
            "hindi naman kailangan bukas",
            "no hurry, whenever you can",
            "our jet was stuck in the snow",
            "thanks, I'll get home tonight",
            "it's nuts right now with the cold",
            "they put us on a flight tomorrow",
            "stuck in traffic behind a truck",
        ])
    func unhurried(text: String) throws {
        #expect(try score(text).tags.urgency < .holds)
    }

    @Test("words of haste alone end below the strong bound, a named loss goes beyond")
    func bound() throws {
        #expect(try score("pakibilis naman po, asap please, kailangan ko na bukas").tags.urgency < .strong)
        #expect(try score("flight ko na mamayang gabi wala pa rin ang ticket").tags.urgency >= .strong)
        #expect(try score("my kids are stranded in the terminal").tags.urgency >= .strong)
    }

    @Test("a question about a fire of the past calls nobody", arguments: ["kanina", "kahapon", "kagabi"])
    func past(time: String) throws {
        let reading = try score("may sunog po ba dito \(time)?")
        #expect(reading.tags.urgency < .holds)
        #expect(reading.safety.allSatisfy { $0.level == .possible })
        #expect(try score("may sunog dito samin").tags.urgency >= .strong)
    }
}
