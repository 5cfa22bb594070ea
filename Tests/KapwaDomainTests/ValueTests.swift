import KapwaDomain
import Testing

/// Testing has a type of this name too.
private typealias Tag = KapwaDomain.Tag

@Suite struct ValueTests {
    @Test("an identifier is 1 to 128 bytes of the allowed letters")
    func identifiers() {
        for name in ["a", "A-z.0_9:@+-", String(repeating: "x", count: 128)] {
            #expect(AgentID.isValid(Array(name.utf8)), "\(name)")
        }
        for name in ["", " ", "a b", "é", "a/b", "a\n", String(repeating: "x", count: 129)] {
            #expect(!AgentID.isValid(Array(name.utf8)), "\(name)")
        }
    }

    @Test("skills are sorted, each once with its higher level, and found by name")
    func skills() {
        let skills = Skills([
            Skills.Entry(skill: "tagalog", level: 2), Skills.Entry(skill: "billing", level: 3),
            Skills.Entry(skill: "tagalog", level: 4),
        ])
        #expect(skills.entries.map(\.skill) == ["billing", "tagalog"])
        #expect(skills.level(of: "tagalog") == 4)
        #expect(skills.level(of: "english") == 0)
        #expect(skills.firstUnmet(of: ["billing": 3, "tagalog": 5])?.skill == "tagalog")
        #expect(skills.firstUnmet(of: ["billing": 3]) == nil)
        #expect(skills.merging(["billing": 5, "safety": 1]).level(of: "billing") == 5)
    }

    @Test("a contact is hard from 700 of frustration or distress, from 500 of abuse or threat")
    func hardness() {
        for (tag, edge) in [(Tag.frustration, 700), (.distress, 700), (.abuse, 500), (.threat, 500)] {
            var tags = Tags()
            tags[tag] = Score(milli: edge - 1)
            #expect(!tags.isHard)
            tags[tag] = Score(milli: edge)
            #expect(tags.isHard)
        }
        var urgent = Tags()
        urgent.urgency = .one
        urgent.family = .one
        #expect(!urgent.isHard, "urgency and family are no burden by themselves")
    }

    @Test("social counts as chat, sms as email, callback as voice")
    func channels() {
        #expect(Channel.social.family == .chat)
        #expect(Channel.sms.family == .email)
        #expect(Channel.callback.family == .voice)
    }
}
