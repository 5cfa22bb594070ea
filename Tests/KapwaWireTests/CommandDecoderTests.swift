import KapwaDomain
import Testing

@testable import KapwaWire

struct CommandDecoderTests {
    @Test("a message that opens a conversation carries all that the sender said")
    func message() throws {
        let decoded = decoded(
            #"""
            {"type":"conversation.message","id":"m-1","tenant":"isla","source":"crm","at":"2026-11-22T03:30:00.5+08:00",
             "by":{"role":"supervisor","name":"Ana"},"conversation":"c:1",
             "from":"customer","text":"Nasaan na po \"siya\"? 😀",
             "return":["tags"],"language":"tl","channel":"chat","customer":"u@1","queue":"main",
             "skills":{"tagalog":3,"bills":1},
             "priority":40,"prefer_agent":"maria","topic":"late order","hold":true,"unknown":{"a":[1.5,null]},
             "attributes":{"vip":true,"tries":-3,"city":"Cebu","none":null}}
            """#)
        let command = try decoded.result.get()
        #expect(decoded.id == "m-1")
        #expect(command.tenant == "isla")
        #expect(command.sender == "crm")
        #expect(command.at == noon + 500)
        #expect(command.by == Person(role: "supervisor", name: "Ana"))
        let attributes = Attributes([
            .init(name: "city", value: .text("Cebu")), .init(name: "tries", value: .integer(-3)),
            .init(name: "vip", value: .boolean(true)),
        ])
        let expected = ConversationMessage(
            conversation: "c:1", from: .customer, text: "Nasaan na po \"siya\"? 😀", returnsTags: true, language: .tl,
            channel: .chat, customer: "u@1", queue: "main", skills: ["tagalog": 3, "bills": 1], priority: 40,
            preferredAgent: "maria", topic: "late order", attributes: attributes, hold: true)
        #expect(command.body == .conversationMessage(expected))
    }

    static let bodies: [(String, Command.Body)] = [
        (
            #""type":"agent.upsert","agent":"a","skills":{"x":5},"name":"Ana","capacity":1000,"team":"t""#,
            .agentUpsert(AgentUpsert(agent: "a", skills: ["x": 5], name: "Ana", capacity: 1_000, team: "t"))
        ),
        (
            #""type":"agent.state","agent":"a","state":"ready","reason":"lunch over","ttl_s":10"#,
            .agentState(AgentState(agent: "a", state: .ready, reason: "lunch over", leaseSeconds: 10))
        ),
        (#""type":"agent.remove","agent":"a","reason":"left""#, .agentRemove(AgentRemove(agent: "a", reason: "left"))),
        (
            #""type":"conversation.message","conversation":"c","from":"agent","agent":"a","text":"""#,
            .conversationMessage(ConversationMessage(conversation: "c", from: .agent, text: "", agent: "a"))
        ),
        (
            #""type":"conversation.update","conversation":"c","priority":0"#,
            .conversationUpdate(ConversationUpdate(conversation: "c", priority: 0))
        ),
        (
            #""type":"conversation.transfer","conversation":"c","reason":"billing","queue":"q","agent":"a""#,
            .conversationTransfer(ConversationTransfer(conversation: "c", reason: "billing", queue: "q", agent: "a"))
        ),
        (
            #""type":"conversation.assign","conversation":"c","agent":"a","as":"external""#,
            .conversationAssign(ConversationAssign(conversation: "c", agent: "a", source: .external))
        ),
        (
            #""type":"conversation.assign","conversation":"c","agent":"a","as":"supervisor","reason":"r","#
                + #""by":{"role":"supervisor","name":"B"},"override":["streak_cap","skill"]"#,
            .conversationAssign(
                ConversationAssign(
                    conversation: "c", agent: "a", source: .supervisor, reason: "r", overrides: [.skill, .streakCap]))
        ),
        (
            #""type":"conversation.close","conversation":"c","outcome":"self_service""#,
            .conversationClose(ConversationClose(conversation: "c", outcome: .selfService))
        ),
        (#""type":"offer.accept","offer":"o1","agent":"a""#, .offerAccept(OfferAnswer(offer: "o1", agent: "a"))),
        (
            #""type":"offer.decline","offer":"o1","agent":"a","reason":"busy""#,
            .offerDecline(OfferAnswer(offer: "o1", agent: "a", reason: "busy"))
        ),
        (
            #""type":"wrapup.done","agent":"a","conversation":"c","disposition":"refund","hard":false"#,
            .wrapupDone(WrapupDone(agent: "a", conversation: "c", disposition: "refund", hard: false))
        ),
        (
            #""type":"break.start","agent":"a","kind":"private","minutes":5"#,
            .breakStart(BreakStart(agent: "a", kind: .private, minutes: 5))
        ),
        (#""type":"break.end","agent":"a""#, .breakEnd(BreakEnd(agent: "a"))),
        (
            #""type":"break.grant","agent":"a","by":{"role":"lead","name":"B"},"reason":"tired""#,
            .breakGrant(BreakGrant(agent: "a", reason: "tired"))
        ),
        (
            #""type":"stress.report","agent":"a","conversation":"c""#,
            .stressReport(StressReport(agent: "a", conversation: "c"))
        ),
        (
            #""type":"safety.acknowledge","conversation":"c","by":{"role":"lead","name":"B"}"#,
            .safetyAcknowledge(SafetyAcknowledge(conversation: "c"))
        ),
        (
            #""type":"agent.shift","agent":"a","starts_at":"2026-11-22T06:00:00+08:00","#
                + #""ends_at":"2026-11-22T15:00:00+08:00","meal_at":"2026-11-22T10:30:00+08:00","zone":"Asia/Manila""#,
            .agentShift(
                AgentShift(
                    agent: "a", startsAt: noon + .minutes(150), endsAt: noon + .minutes(690),
                    mealAt: noon + .minutes(420), zone: "Asia/Manila"))
        ),
        (
            #""type":"break.postpone","agent":"a","kind":"meal","minutes":15,"reason":"one more call""#,
            .breakPostpone(BreakPostpone(agent: "a", kind: .meal, minutes: 15, reason: "one more call"))
        ),
        (
            #""type":"conversation.retag","conversation":"c","tags":{"relief":1,"abuse":0},"reason":"a joke","#
                + #""by":{"role":"lead","name":"B"}"#,
            .conversationRetag(
                ConversationRetag(
                    conversation: "c",
                    tags: [TagCorrection(tag: .relief, holds: true), TagCorrection(tag: .abuse, holds: false)],
                    reason: "a joke"))
        ),
        (
            #""type":"incident.declare","topic":"outage","text":"Cebu is down","until":"2026-11-21T22:00:00Z","#
                + #""reason":"typhoon","by":{"role":"lead","name":"B"}"#,
            .incidentDeclare(
                IncidentDeclare(
                    topic: "outage", text: "Cebu is down", until: noon + .minutes(150), reason: "typhoon"))
        ),
        (
            #""type":"incident.end","topic":"outage","by":{"role":"lead","name":"B"}"#,
            .incidentEnd(IncidentEnd(topic: "outage"))
        ),
        (
            #""type":"affinity.lift","customer":"u","agent":"a","reason":"they talked","agreed":true,"#
                + #""by":{"role":"lead","name":"B"}"#,
            .affinityLift(AffinityLift(customer: "u", agent: "a", reason: "they talked", agreed: true))
        ),
        (#""type":"followup.done","conversation":"c""#, .followupDone(FollowupDone(conversation: "c"))),
        (
            #""type":"feedback.record","conversation":"c","csat":2,"nps":0,"comment":"Ang tagal.""#,
            .feedbackRecord(FeedbackRecord(conversation: "c", csat: 2, nps: 0, comment: "Ang tagal."))
        ),
        (
            #""type":"queue.estimate","conversation":"c""#,
            .queueEstimate(QueueEstimate(subject: .conversation("c")))
        ),
        (#""type":"queue.estimate","queue":"q""#, .queueEstimate(QueueEstimate(subject: .queue("q")))),
        (
            #""type":"state.read","what":"queues","row":"q","after":"p","limit":1000"#,
            .stateRead(StateRead(what: .queues, id: "q", after: "p", limit: 1_000))
        ),
        (
            #""type":"events.read","after":0,"limit":10000,"types":["offer.made","conversation.held"],"wait_ms":30000"#,
            .eventsRead(EventsRead(after: 0, limit: 10_000, types: ["offer.made", "conversation.held"], wait: 30_000))
        ),
        (#""type":"ping""#, .ping),
    ]

    @Test("every type of the contract is read", arguments: bodies)
    func body(_ json: String, _ body: Command.Body) throws {
        #expect(try command(#"{"id":"1",\#(json)}"#).body == body)
    }

    @Test("the bodies are of every type")
    func complete() {
        #expect(Set(Self.bodies.map(\.1.kind)) == Set(Command.Kind.allCases))
    }

    @Test("a shift may last a day, and a meal begin with it")
    func shift() throws {
        let command = try command(
            #"{"type":"agent.shift","id":"1","agent":"a","starts_at":"2026-11-21T22:00:00Z","#
                + #""ends_at":"2026-11-22T22:00:00Z","meal_at":"2026-11-21T22:00:00Z"}"#)
        guard case .agentShift(let shift) = command.body else {
            Issue.record("\(command.body)")
            return
        }
        #expect(shift.endsAt - shift.startsAt == Limits.shiftMax)
    }

    @Test("what cannot change anything is a read and is not remembered")
    func reads() {
        let reads = Self.bodies.map(\.1).filter(\.isRead).map(\.kind)
        #expect(Set(reads) == [.queueEstimate, .stateRead, .eventsRead, .ping])
    }

    @Test("null is absent, for optional fields and for required ones")
    func null() throws {
        let decoded = try command(#"{"type":"agent.state","id":"1","agent":"a","state":"away","ttl_s":null,"by":null}"#)
        #expect(decoded.body == .agentState(AgentState(agent: "a", state: .away)))
        #expect(refusal(#"{"type":"agent.state","id":"1","agent":"a","state":null}"#)?.code == .missingField)
    }

    @Test("a thousand unknown fields are ignored")
    func unknownFields() throws {
        let unknown = (0..<1_000).map { #""x\#($0)":{"deep":[[\#($0)]]},"# }.joined()
        #expect(try command(#"{\#(unknown)"type":"ping","id":"1"}"#).body == .ping)
    }

    @Test("a text of 32 KiB is taken, one byte more is too large")
    func textSize() throws {
        func message(_ count: Int) -> String {
            let text = String(repeating: "a", count: count)
            return #"{"type":"conversation.message","id":"1","conversation":"c","from":"customer","text":"\#(text)"}"#
        }
        #expect(try command(message(32_768)).body.type == "conversation.message")
        let refused = refusal(message(32_769))
        #expect(refused?.code == .tooLarge)
        #expect(refused?.field == "text")
    }

    @Test("a frame above 64 KiB is too large, and its id is still answered")
    func frameSize() {
        let padding = String(repeating: " ", count: 65_536)
        let decoded = decoded(#"{"type":"ping","id":"1"\#(padding)}"#)
        #expect(decoded.id == "1")
        #expect((try? decoded.result.get()) == nil)
        if case .failure(let refusal) = decoded.result { #expect(refusal.code == .tooLarge) }
        let crowded = "[" + String(repeating: "[],", count: 100_000) + "[]]"
        #expect(refusal(crowded)?.code == .tooLarge)
    }

    @Test("at may lie five minutes ahead and no further")
    func skew() throws {
        func ping(_ at: String) -> String { #"{"type":"ping","id":"1","at":"\#(at)"}"# }
        #expect(try command(ping("2026-11-21T19:35:00Z")).at == noon + .minutes(5))
        #expect(try command(ping("1970-01-01T00:00:00Z")).at == Instant(milliseconds: 0))
        #expect(refusal(ping("2026-11-21T19:35:00.001Z"))?.field == "at")
        #expect(refusal(ping("2026-11-22T03:35:01+08:00"))?.code == .invalidField)
    }
}
