import KapwaDomain
import Testing

@testable import KapwaWire

struct EventFormTests {
    static func event(_ body: Event.Body) -> Event {
        Event(sequence: 812, previous: 797, tenant: "main", at: noon, cause: .command("m-1"), body: body)
    }

    static func publicForm(_ body: Event.Body) -> String {
        var encoder = EventEncoder()
        var out = ByteWriter()
        encoder.publicForm(event(body), into: &out)
        return text(out.bytes)
    }

    static func full(_ body: Event.Body) -> String {
        var encoder = EventEncoder()
        var out = ByteWriter()
        encoder.full(event(body), into: &out)
        return text(out.bytes)
    }

    @Test("personal fields stand in the personal part and nowhere else")
    func personal() {
        var encoder = EventEncoder()
        let opened = ConversationOpened.with {
            $0.conversation = "c1"
            $0.customer = "Luz"
            $0.topic = "late order"
            $0.attributes = Attributes([.init(name: "city", value: .text("Cebu"))])
        }
        let parts = encoder.parts(of: Self.event(.conversationOpened(opened)))
        #expect(text(parts.personal) == #"{"topic":"late order","customer":"Luz","attributes":{"city":"Cebu"}}"#)
        for word in ["Luz", "late", "Cebu"] { #expect(!text(parts.open).contains(word)) }
        let tagged = ConversationTagged.with {
            $0.assessment.safety = [
                SafetyFlag(kind: .medical, level: .explicit, text: "hindi makahinga", start: 3, end: 18)
            ]
            $0.assessment.evidence = [Evidence(tag: "family", text: "anak ko", start: 16, end: 23, weight: 900)]
        }
        let scored = encoder.parts(of: Self.event(.conversationTagged(tagged)))
        #expect(
            text(scored.personal) == #"{"safety_texts":["hindi makahinga"],"evidence":"#
                + #"[{"tag":"family","text":"anak ko","start":16,"end":23,"weight":0.900}]}"#)
        #expect(text(scored.sealed) == #"{"safety":[{"kind":"medical","level":"explicit","start":3,"end":18}]}"#)
        #expect(!text(scored.open).contains("safety"))
    }

    @Test("what weighs on an agent and what danger a customer is in is sealed, and told as before")
    func sealed() {
        let stressed = Event.Body.agentStressed(
            .with {
                $0.agent = "ana"
                $0.points = 1_500
                $0.contactPoints = 2_500
                $0.ledger = 3_500
                $0.reason = .word("contact")
            })
        var encoder = EventEncoder()
        let parts = encoder.parts(of: Self.event(stressed))
        let told = #""points":1500,"contact_points":2500,"ledger":3500,"reason":"contact"}"#
        #expect(text(parts.sealed) == "{" + told)
        #expect(text(parts.open).hasSuffix(#""agent":"ana"}"#))
        var full = ByteWriter()
        encoder.full(Self.event(stressed), into: &full)
        #expect(text(full.bytes).hasSuffix(#""agent":"ana","# + told))
        let raised = Event.Body.safetyRaised(
            .with {
                $0.kind = .violence
                $0.level = .explicit
            })
        #expect(text(encoder.parts(of: Self.event(raised)).sealed) == #"{"kind":"violence","level":"explicit"}"#)
        // That there is no danger needs no key.
        let calm = encoder.parts(of: Self.event(.conversationTagged(.with { $0.message = 2 })))
        #expect(calm.sealed.isEmpty && text(calm.open).contains(#""safety":[]"#))
    }

    @Test("of what was erased every form says nothing, and no blank is taken for a figure")
    func erased() throws {
        var encoder = EventEncoder()
        let decoder = EventDecoder()
        let stressed = Self.event(.agentStressed(.with { $0.agent = "ana" }))
        let raised = Self.event(.safetyRaised(.with { $0.conversation = "c1" }))
        for event in [stressed, raised] {
            var parts = encoder.parts(of: event)
            parts.sealed = []
            let back = try decoder.decode(parts)
            #expect(back.isErased)
            var out = ByteWriter()
            encoder.full(back, into: &out)
            #expect(out.bytes == parts.open)
            out.removeAll()
            encoder.ownForm(back, into: &out)
            #expect(out.bytes == parts.open)
        }
        // A part of it is no erased one: it is damage.
        let open = text(encoder.parts(of: stressed).open).dropLast()
        #expect(throws: EventDecodingError.self) { try decoder.decode(open: bytes(open + #","points":5}"#)) }
    }

    @Test("events of earlier versions have in the open part what is sealed now")
    func sealedInTheOpen() throws {
        let line =
            #"{"seq":7,"prev":0,"v":1,"tenant":"main","at":"2026-11-21T19:30:00.000Z","type":"safety.raised","#
            + #""cause":"match","conversation":"c1","episode":1,"kind":"self_harm","level":"explicit","to":"lead","#
            + #""round":1}"#
        let event = try EventDecoder().decode(open: bytes(line))
        #expect(!event.isErased)
        guard case .safetyRaised(let body) = event.body else {
            Issue.record("it is another type")
            return
        }
        #expect(body.kind == .selfHarm && body.level == .explicit)
    }

    @Test("Kapwa's own words for a reason are open, a person's are personal, and both read `reason`")
    func reasons() {
        var encoder = EventEncoder()
        let word = encoder.parts(of: Self.event(.agentRemoved(.with { $0.reason = .word("removed") })))
        #expect(text(word.open).hasSuffix(#""reason":"removed"}"#))
        #expect(word.personal.isEmpty)
        let free = encoder.parts(of: Self.event(.agentRemoved(.with { $0.reason = .free("moved to Cebu") })))
        #expect(!text(free.open).contains("reason"))
        #expect(text(free.personal) == #"{"reason":"moved to Cebu"}"#)
    }

    @Test("a break for stress shows care alone in public, any other break everything")
    func breaks() {
        var change = BreakChanged.with {
            $0.breakID = "b1"
            $0.agent = "maria"
            $0.kind = .stress
            $0.reason = .granted
            $0.immediate = true
            $0.note = .free("after that call")
            $0.minutes = 15
        }
        let care = Self.publicForm(.breakOwed(change))
        #expect(care.contains(#""kind":"care","reason":"care""#))
        for word in ["stress", "granted", "immediate", "note", "after that call"] { #expect(!care.contains(word)) }
        #expect(Self.full(.breakOwed(change)).contains(#""kind":"stress","reason":"granted""#))
        change.kind = .meal
        let meal = Self.publicForm(.breakOwed(change))
        #expect(meal.contains(#""kind":"meal","reason":"granted""#))
        #expect(meal.contains(#""immediate":true"#))
        // A person's own words stay out of every public form.
        #expect(!meal.contains("after that call"))
        #expect(Self.full(.breakOwed(change)).contains("after that call"))
    }

    @Test("an offer shows no brief in public, and of stress and share one band")
    func offers() {
        func offer(stress: Int, share: Int) -> Event.Body {
            .offerMade(
                .with {
                    $0.agent = "maria"
                    $0.decision.winner.agent = "maria"
                    $0.decision.winner.cost = 31_415
                    $0.decision.winner.terms.stress = stress
                    $0.decision.winner.terms.share = share
                    $0.brief.topic = "late order"
                    $0.brief.safety = "call the hotline"
                })
        }
        let bands = [
            (0, 0, "low"), (333, 333, "low"), (334, 0, "middle"), (0, 666, "middle"), (667, 0, "high"),
            (0, 1_000, "high"),
        ]
        for (stress, share, band) in bands {
            let json = Self.publicForm(offer(stress: stress, share: share))
            #expect(json.contains(#""care":"\#(band)""#))
            for word in ["\"stress", "\"share", "brief", "late order", "hotline", "31415"] {
                #expect(!json.contains(word))
            }
        }
        let whole = Self.full(offer(stress: 1, share: 2))
        for word in [#""stress":1"#, #""share":2"#, "brief", "late order", "hotline", "31415"] {
            #expect(whole.contains(word))
        }
        #expect(!whole.contains("\"care\""))
    }

    @Test("that an agent lands softly stands in no public form")
    func landing() {
        let bodies: [Event.Body] = [
            .agentStateChanged(.with { $0.landingUntil = noon }), .breakEnded(.with { $0.landingUntil = noon }),
        ]
        for body in bodies {
            #expect(!Self.publicForm(body).contains("landing"))
            #expect(Self.full(body).contains("landing_until"))
        }
    }

    @Test("that a hold is for an agent's sake reads `care` in public; that the pair was declined is said")
    func holds() {
        func held(_ reason: Override) -> Event.Body {
            .conversationHeld(.with { $0.reason = .word(reason.rawValue) })
        }
        for reason in [Override.streakCap, .softLanding] {
            #expect(Self.publicForm(held(reason)).contains(#""reason":"care""#))
            #expect(!Self.publicForm(held(reason)).contains(reason.rawValue))
            #expect(Self.full(held(reason)).contains(#""reason":"\#(reason.rawValue)""#))
        }
        #expect(Self.publicForm(held(.declinedBefore)).contains(#""reason":"declined_before""#))
    }

    @Test("what an assignment sets aside or breaks is public; what of it tells how the agent fares is `care`, once")
    func assignments() {
        let assigned = Event.Body.conversationAssigned(
            .with {
                $0.overrides = [.softLanding, .skill, .streakCap]
                $0.violations = ["break_owed", "streak_cap", "soft_landing", "declined_before"]
            })
        #expect(
            Self.publicForm(assigned).contains(
                #""override":["care","skill"],"violations":["break_owed","care","declined_before"]"#))
        #expect(
            Self.full(assigned).contains(
                #""override":["soft_landing","skill","streak_cap"],"#
                    + #""violations":["break_owed","streak_cap","soft_landing","declined_before"]"#))
    }

    @Test("that a contact was hard for its agent stands in no public form of the wrap-up")
    func wrapups() {
        let ended = Event.Body.wrapupEnded(
            .with {
                $0.disposition = "refund"
                $0.hard = true
            })
        #expect(!Self.publicForm(ended).contains("hard"))
        #expect(Self.publicForm(ended).contains(#""disposition":"refund""#))
        #expect(Self.full(ended).contains(#""hard":true"#))
    }

    @Test("who is kept apart is public, what the agent had to hear is not; the customer can be forgotten")
    func affinity() {
        let set = Event.Body.affinitySet(
            .with {
                $0.customer = "luz@cebu"
                $0.agent = "maria"
                $0.kind = "slur"
            })
        #expect(Self.publicForm(set).contains(#""agent":"maria","episode":1,"kind":"care""#))
        #expect(!Self.publicForm(set).contains("slur"))
        #expect(!Self.publicForm(set).contains("luz"), "nor who the customer is")
        #expect(Self.full(set).contains(#""kind":"slur""#))
        var encoder = EventEncoder()
        let parts = encoder.parts(of: Self.event(set))
        #expect(text(parts.personal) == #"{"customer":"luz@cebu"}"#)
        #expect(!text(parts.open).contains("luz"))
    }

    @Test("an agent is told of no colleague who was weighed too, whatever event carries the decision")
    func runnerUp() {
        var decision = Decision()
        decision.runnerUp = Decision.Candidate(agent: "jose", cost: 1, terms: CostTerms())
        let bodies: [Event.Body] = [
            .offerMade(.with { [decision] in $0.decision = decision }),
            .offerAdvised(.with { [decision] in $0.decision = decision }),
            .conversationAssigned(.with { [decision] in $0.decision = decision }),
        ]
        for body in bodies {
            #expect(Self.publicForm(body).contains("jose"))
            #expect(!Self.publicForm(Self.event(body).withoutRunnerUp.body).contains("jose"))
        }
    }

    @Test("tier and cost stand in no public decision, whatever the event that carries it")
    func tiers() {
        var decision = Decision()
        decision.winner.cost = 1_031_415
        decision.winner.tier = 1
        decision.runnerUp = Decision.Candidate(agent: "jose", cost: 8_000_009, tier: 8, terms: CostTerms())
        let bodies: [Event.Body] = [
            .offerMade(.with { [decision] in $0.decision = decision }),
            .offerAdvised(.with { [decision] in $0.decision = decision }),
            .conversationAssigned(.with { [decision] in $0.decision = decision }),
        ]
        for body in bodies {
            let json = Self.publicForm(body)
            for word in ["tier", "1031415", "8000009", #""cost""#] { #expect(!json.contains(word), "\(json)") }
            #expect(json.contains(#""rules_version":0"#))
            #expect(Self.full(body).contains(#""cost":1031415,"tier":1"#))
        }
    }

    @Test("advice goes to its agent in mode `advise` alone, without what a colleague carries")
    func advice() {
        func advised(_ mode: Mode) -> Event.Body {
            .offerAdvised(
                .with {
                    $0.agent = "maria"
                    $0.mode = mode
                    $0.decision.winner.agent = "maria"
                    $0.decision.runnerUp = Decision.Candidate(agent: "jose", cost: 1, terms: CostTerms())
                })
        }
        #expect(advised(.observe).privateAgent == nil)
        #expect(advised(.advise).privateAgent == "maria")
        #expect(!advised(.advise).isPrivate)
        var encoder = EventEncoder()
        var out = ByteWriter()
        encoder.privateCopy(Self.event(advised(.advise)), into: &out)
        #expect(!text(out.bytes).contains("jose"))
        #expect(text(out.bytes).contains(#""winner":{"agent":"maria","cost":0"#))
    }

    @Test("a hand-over is offered in private, a talk suggested on no topic at all")
    func hidden() {
        let handover = Event.Body.handoverOffered(.with { $0.agent = "maria" })
        #expect(handover.isPrivate)
        #expect(handover.privateAgent == "maria")
        let talk = Event.Body.talkSuggested(.with { $0.agent = "maria" })
        #expect(talk.isPrivate)
        #expect(talk.privateAgent == nil)
    }

    @Test("a copy to the private topic has no prev and reads like the event")
    func privateCopy() throws {
        var encoder = EventEncoder()
        var out = ByteWriter()
        let stressed = Self.event(.agentStressed(.with { $0.agent = "maria" }))
        encoder.privateCopy(stressed, into: &out)
        #expect(text(out.bytes).hasPrefix(#"{"seq":812,"v":1,"tenant":"main","at":"2026-11-21T19:30:00.000Z","#))
        var expected = stressed
        expected.previous = 0
        #expect(try EventDecoder().decode(open: out.bytes) == expected)
    }

    @Test("topics end in a slash and name the agent where the event is about one")
    func topics() {
        #expect(Topic.name(of: Self.event(.conversationClosed(.blank))) == "main/conversation.closed/")
        #expect(Topic.name(of: Self.event(.offerMade(.with { $0.agent = "maria" }))) == "main/offer.made/maria/")
        #expect(Topic.privateName(tenant: "main", agent: "maria") == "main/private/maria/")
        #expect(Topic.heartbeat(tenant: "main") == "main/heartbeat/")
        var out = ByteWriter()
        Topic.heartbeatBody(tenant: "main", sequence: 9, now: noon, into: &out)
        #expect(
            text(out.bytes) == #"{"seq":9,"tenant":"main","at":"2026-11-21T19:30:00.000Z","type":"heartbeat"}"#)
    }

    @Test("fields and causes of later versions: unknown fields are passed over, a greater v is refused")
    func future() throws {
        let head = #"{"seq":5,"prev":0,"tenant":"main","at":"2026-11-21T19:30:00Z","cause":"timer","#
        let decoder = EventDecoder()
        let known = try decoder.decode(open: bytes(head + #""v":1,"type":"clock.gap","new":{"x":[1]},"gap_ms":7}"#))
        #expect(known.body == .clockGap(.with { $0.gapMilliseconds = 7 }))
        #expect(throws: EventDecodingError.newer(sequence: 5, version: 2)) {
            try decoder.decode(open: bytes(head + #""v":2,"type":"clock.gap","gap_ms":7}"#))
        }
        #expect(throws: EventDecodingError.unknownType(sequence: 5, type: "clock.stopped")) {
            try decoder.decode(open: bytes(head + #""v":1,"type":"clock.stopped"}"#))
        }
        #expect(EventDecodingError.newer(sequence: 5, version: 2).description.contains("newer Kapwa"))
    }

    @Test("a broken event says which field of which event")
    func broken() {
        let head = #"{"seq":5,"prev":0,"v":1,"tenant":"main","at":"2026-11-21T19:30:00Z","#
        let decoder = EventDecoder()
        func failure(_ json: String) -> String {
            do {
                return "read: \(try decoder.decode(open: bytes(json)))"
            } catch {
                return error.description
            }
        }
        #expect(failure("[]").contains("an array"))
        #expect(failure("{}").contains("field seq missing"))
        #expect(failure(head + #""cause":"magic","type":"clock.gap","gap_ms":1}"#).contains("event 5: field cause"))
        #expect(failure(head + #""cause":"timer","type":"clock.gap"}"#).contains("field gap_ms missing"))
        #expect(failure(head + #""cause":"timer","type":"clock.gap","gap_ms":"x"}"#).contains("is a string"))
        let offer =
            #""cause":"match","type":"offer.advised","conversation":"c","episode":1,"agent":"a","mode":"observe","#
            + #""decision":{"winner":{"agent":"a","cost":1,"tier":0,"terms":{"load":true}}}}"#
        #expect(failure(head + offer).contains("field decision.winner.terms.load is a boolean"))
    }
}
