import KapwaDomain
import KapwaRouting
import KapwaRules
import Testing

@testable import KapwaDaemon

@Suite struct WhyTests {
    @Test("why this agent, why not the others and why this long, in sentences")
    func decision() throws {
        var day = try Day(rules: "version: 1\nqueues:\n  - id: main\n    needs: {billing: 2}\n")
        try day.agent("ana", ["billing": 2])
        try day.agent("ben", ["billing": 5])
        try day.agent("carla", ["billing": 1])
        try day.agent("dan", ["billing": 3], ready: false)
        try day.agent("eva", ["billing": 2])
        try day.send(.breakStart(BreakStart(agent: "eva", kind: .rest, minutes: 15)))
        try day.pass(.minutes(20))
        try day.open("k1")
        try day.pass(.seconds(4))
        let offer = try day.offer(of: "k1")
        try day.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: offer.agent)))
        let answer = try day.why("k1")
        #expect(answer.agrees == true)
        #expect(
            told(answer) == """
                Why this agent:
                ana was asked at 02:20:00. ana took it at 02:20:04, 4 s after it began to wait.
                2 agents could have taken it, and ana fitted best.
                ben was next: has skills that others may need more.
                Why not the others:
                ben could have taken it, but has skills that others may need more.
                carla lacked billing: 2 is needed, has 1.
                dan was offline since 02:00:00.
                eva was away since 02:15:00.
                Why this long:
                02:20:00 opened by chat.
                02:20:00 entered queue main as number 1, needs billing 2.
                02:20:00 ana was asked, to answer by 02:20:20.
                02:20:04 ana took it after 4 s.
                """)
    }

    @Test("what waits says where it stands, and how everybody stood when it began to wait")
    func waiting() throws {
        var day = try Day()
        try day.agent("ana", .none)
        try day.open("call", channel: .voice)
        let offer = try day.offer(of: "call")
        try day.send(.offerAccept(OfferAnswer(offer: offer.offer, agent: "ana")))
        try day.open("k1")
        try day.pass(.seconds(61))
        try day.send(.breakStart(BreakStart(agent: "ana", kind: .meal, minutes: 60)))
        #expect(
            told(try day.why("k1")) == """
                Where it stands:
                At 02:01:01 it had waited 1 min 1 s in queue main, number 1 of all that waited, \
                and needed nothing in particular.
                Why not the others:
                ana owed the meal break, to begin by 02:16:01: nothing new until it is over.
                Why this long:
                02:00:00 opened by chat.
                02:00:00 entered queue main as number 1, needs nothing in particular.
                  Then nobody could take it: of 1 agent 1 full.
                """)
    }

    @Test("an offer in the past is explained as it stood then, whatever came after")
    func pastOffer() throws {
        var day = try Day()
        try day.agent("ana", .none)
        try day.open("k1")
        let first = try day.offer(of: "k1")
        try day.send(.offerDecline(OfferAnswer(offer: first.offer, agent: "ana", reason: "my own words")))
        // A minute barred, then a minute held for somebody who did not decline.
        try day.pass(.seconds(130))
        #expect(try day.offer(of: "k1").offer != first.offer)
        let answer = try day.why("k1", .offer(first.offer))
        #expect(answer.explanation.passed.map(\.agent) == ["ana"])
        #expect(told(answer).contains("ana declined at 02:00:00."))
        #expect(!told(answer).contains("own words"))
        let later = try day.why("k1", .offer(day.offer(of: "k1").offer))
        #expect(told(later).contains("02:01:00 was held until 02:02:00 for somebody who has not declined it."))
        #expect(told(later).contains("went back to queue main (declined) as number 1"))
        #expect(told(later).contains("Then nobody could take it: of 1 agent 1 who declined or did not answer."))
    }

    @Test("without the text of the rules it says so, and claims nothing to agree")
    func rulesLost() throws {
        var day = try Day()
        try day.agent("ana", .none)
        var rules = RuleSet.standard
        rules.hash = "0000"
        day.router.change(to: rules, lexicon: "lexicon", by: nil, at: day.now)
        try day.open("k1")
        let answer = try day.why("k1")
        #expect(answer.rules == nil && answer.agrees == nil)
        let record = answer.chapters().last?.sentences.joined(separator: " ") ?? ""
        #expect(record.contains("The text of the rules 0000 is not in the journal"))
    }

    @Test("no figure of what an agent carries is in the form for everyone")
    func bands() throws {
        var day = try Day()
        try day.agent("ana", .none)
        try day.open("k1")
        let open = String(decoding: try day.why("k1").json(), as: UTF8.self)
        let full = String(decoding: try day.why("k1").json(for: .auditor), as: UTF8.self)
        for word in ["\"stress\":0", "\"share\":0", "\"cost\":", "\"tier\":"] {
            #expect(full.contains(word))
            #expect(!open.contains(word), "\(word)")
        }
        #expect(open.contains("\"care\":\"low\""))
    }
}
