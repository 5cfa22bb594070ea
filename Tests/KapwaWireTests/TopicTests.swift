import KapwaDomain
import Testing

@testable import KapwaWire

@Suite struct TopicTests {
    private func permitted(_ topic: String, _ caller: Caller) -> [String] {
        Topic.permitted(Array(topic.utf8), to: caller).map { String(decoding: $0, as: UTF8.self) }
    }

    private func key(_ role: Role, agents: Caller.Agents = .these([])) -> Caller {
        Caller(key: "k", roles: [role], tenant: "main", agents: agents)
    }

    @Test("where no key is asked for every topic may be heard")
    func keyless() {
        for topic in ["", "main/", "main/private/ana/", "other/offer.made/"] {
            #expect(permitted(topic, .keyless) == [topic])
        }
    }

    @Test("another tenant's topics, and a worker's wishes, are refused", arguments: Role.allCases)
    func tenants(role: Role) {
        for topic in ["other/", "other/heartbeat/", "mai", "main"] {
            let got = permitted(topic, key(role))
            #expect(got.allSatisfy { $0.hasPrefix("main/") }, "\(topic): \(got)")
        }
        if role == .worker { #expect(permitted("main/", key(role)).isEmpty) }
    }

    @Test("whoever looks on hears everything that is public, and nobody's private topic")
    func onlookers() {
        for role in [Role.observer, .wellbeing, .auditor, .middleware, .supervisor] {
            let all = permitted("main/", key(role))
            #expect(all.contains("main/offer.made/") && all.contains("main/heartbeat/"))
            #expect(!all.contains { $0.contains("private") })
            // What has no public form is in no public topic.
            for type in ["agent.stressed", "break.invited", "handover.offered", "talk.suggested"] {
                #expect(permitted("main/\(type)/", key(role)).isEmpty, "\(role) hears \(type)")
            }
            #expect(permitted("main/private/", key(role)).isEmpty)
            #expect(permitted("main/private/ana/", key(role)).isEmpty)
            #expect(permitted("main/offer.made/ana/", key(role)) == ["main/offer.made/ana/"])
        }
    }

    @Test("a private topic is heard by whoever was given it")
    func given() {
        let desk = key(.middleware, agents: .these(["ana", "ben"]))
        #expect(permitted("main/private/ana/", desk) == ["main/private/ana/"])
        #expect(permitted("main/private/", desk) == ["main/private/ana/", "main/private/ben/"])
        #expect(permitted("main/private/carla/", desk).isEmpty)
        // A name that begins like one that was given is another one.
        #expect(permitted("main/private/anabel/", desk).isEmpty)
        #expect(permitted("main/private/an", desk) == ["main/private/ana/"])
        #expect(permitted("main/private/ana", desk) == ["main/private/ana/"])
        #expect(permitted("main/private/carla/", key(.middleware, agents: .all)) == ["main/private/carla/"])
    }

    @Test("an agent hears what is about the agent, and what concerns the whole floor")
    func agents() {
        let ana = key(.agent, agents: .these(["ana"]))
        #expect(permitted("main/offer.expired/ana/", ana) == ["main/offer.expired/ana/"])
        #expect(permitted("main/offer.expired/", ana) == ["main/offer.expired/ana/"])
        #expect(permitted("main/private/ana/", ana) == ["main/private/ana/"])
        // In public these name a colleague who was weighed too; the agent has a copy that does not.
        for topic in ["main/offer.made/ana/", "main/offer.made/", "main/offer.advised/ana/"] {
            #expect(permitted(topic, ana).isEmpty, "\(topic)")
        }
        #expect(permitted("main/incident.declared/", ana) == ["main/incident.declared/"])
        for topic in ["main/offer.made/ben/", "main/private/ben/", "main/conversation.opened/", "main/safety.raised/"] {
            #expect(permitted(topic, ana).isEmpty, "\(topic)")
        }
        #expect(permitted("main/", ana).allSatisfy { !$0.contains("conversation.") })
    }
}
