import KapwaDomain
import KapwaSentiment
import Testing

@Suite("Frustration: complaints, and trouble that is only told")
struct FrustrationTests {
    @Test(
        "a complaint",
        arguments: [
            "mali yung gamot na binigay nyo sa nanay ko, natatakot ako",
            "nagbayad na po ako pero naputol pa rin",
            "bayad na ako tapos siningil nyo ulit",
            "bakit kami pa ang magbabayad nyan",
            "kinansela nyo ang booking ko nang walang abiso",
            "wala man lang pasabi",
            "sana lang hindi na umabot ng isang buwan",
            "nipis ng tela, kita kaluluwa",
            "pagod na akong makiusap sa inyo",
            "pinagpasapasahan ako, tatlong agent tatlong sagot",
            "the pins are bent and the box is open",
            "the app continues to charge me",
            "salamat sa pagpapahintay nyo",
            "I have never been treated so badly",
            "nag dc ako sa gitna ng laro",
            "mali ang sinend nyo sakin",
            "ilang linggo na walang update",
            "thanks for the memories, worst trip ever",
            "keep the refund, I am done",
            "bakit ako pa sisingilin nyo",
            "puro turo ng turo kayo",
            "walang kahit anong paliwanag",
            "never felt so disappointed",
            "salamat sa pambabalewala",
            "pinutol nyo ang linya kahit bayad na",
            "walang sumasagot sa hotline nyo",
            "hindi dumating ang order ko",
            "dalawang beses akong nabawasan",
            "ang bagal ng internet, lagi na lang",
            "basag pagdating",
            "pinaghintay nyo ako ng wala",
            "hindi tugma sa picture",
            "sayang pera",
            "the rider was rude",
            "you charged me twice",
            "still no refund",
            "nobody called back as promised",
            "ganito ba talaga kayo mag serbisyo",
            "puro kayo pangako",
            "galing naman, tatlong araw na walang ilaw",
            "not my fault, your system did it",
            "hindi pa naayos ang problema",
            "hindi na nasolve yung issue",
        ])
    func complaint(text: String) throws {
        #expect(try score(text).tags.frustration >= .holds)
    }

    @Test(
        "pleas, apologies, requests, news and comfort are no complaint",
        arguments: [
            "pakicancel na lang po ng booking ko",
            "can I cancel my order?",
            "paano po mag cancel ng subscription",
            "gusto ko pong i-cancel yung ticket, wala na po si papa",
            "my fault, wrong pin po",
            "pasensya na po sa abala",
            "baka mali lang po ako ng basa",
            "nagkamali po ako ng input",
            "ako po ang nagkamali ng address",
            "naku wrong chat, sorry",
            "for info lang po, tapos na ang meeting",
            "wag na po kayo mag-alala ok na po kami",
            "hindi man po naayos, salamat sa tulong",
            "hindi ko inexpect na ganito kaganda",
            "hindi agad masira, matibay",
            "cancelled daw ang ferry dahil sa bagyo, paano po magpa rebook?",
            "my late father was the account holder, how do I transfer it",
            "mahina na po ang pandinig ko, pwede po bang text na lang",
            "namatay po ang asawa ko kahapon, paano po ang pending claim nya?",
            "natatakot po ako, naka pending ang padala para sa anak kong may sakit",
            "naanod po lahat ng gamit namin, hindi ko alam saan magsisimula, pati singil hindi ko alam",
            "please disregard my previous email, I found it",
            "I entered the wrong number, can you fix it",
            "pakibati po si Ana, matyaga nya akong tinuruan kahit mahina ako sa computer",
            "young people really like this app",
            "please send the sheet again",
            "COD po sana kaso nasa ospital ako, pwede po ba bukas na lang?",
            "kailan po ang next delivery, salamat",
            "may bayad po ba ang late registration?",
            "kumusta na po yung request ko? salamat po",
            "hello po, tanong lang po kung nasaan na ang parcel ko",
            "pwede po ba palitan ang size, maliit po pala sa akin",
            "nawala ko po ang resibo, ano po gagawin",
            "kinakabahan po ako, hindi pa umuuwi ang anak ko sakay ng bus nyo",
            "sorry for the wrong address, my mistake",
            "I forgot my password, can you reset it?",
            "na-late lang ng konti pero mabait ang rider, thank you",
            "ubos na po ba ang stock?",
            "hindi ko po alam paano gamitin, paturo po",
            "nagka-error po ako sa pag type ng email",
            "salamat, na-solve na yung problema kahapon",
            "kahapon po walang signal dito dahil sa bagyo, ok na po ngayon",
            "hindi po ako galit, nagtatanong lang",
            "how do I return a defective item?",
            "nasira ko po yung strap, may nabibili po ba",
            "takot po akong ma-scam, legit po ba ito?",
        ])
    func noComplaint(text: String) throws {
        #expect(try score(text).tags.frustration < .holds)
    }

    @Test("in grief a plain word of trouble tells what happened; what lasts or is somebody's doing stays a complaint")
    func told() throws {
        let grief = "namatay po ang asawa ko, natatakot po ako, mali po ang pangalan sa papel"
        #expect(try score(grief).tags.distress >= .strong)
        #expect(try score(grief).tags.frustration < .holds)
        #expect(try score(grief, without: .init(.bounded)).tags.frustration >= .holds)
        #expect(try score("namatay po ang asawa ko, mali po ang binigay nyong papel").tags.frustration >= .holds)
        #expect(try score("namatay po ang asawa ko, kanina pa po ako naghihintay dito").tags.frustration >= .holds)
    }

    @Test("\"sheet\" is no oath, \"young people\" are not \"you people\"")
    func otherWords() throws {
        #expect(try score("the answer sheet is in the box").register == .plain)
        #expect(try score("these young people are useless at delivery").tags.abuse < .holds)
        #expect(try score("you people are useless").tags.abuse >= .holds)
    }
}
