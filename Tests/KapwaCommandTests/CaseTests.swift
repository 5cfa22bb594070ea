import Foundation
import KapwaDomain
import KapwaRules
import Testing

@testable import kapwa

@Suite("Cases of rules")
struct CaseTests {
    private func differences(_ rules: String, _ cases: String) throws -> [[String]] {
        let rules = try RuleFile.read(text: rules, name: "rules.yaml").get().rules
        let file = try CaseFile.read(bytes: Array(cases.utf8), name: "cases.yaml")
        return file.cases.map { CaseJudge.differences($0, rules) }
    }

    private static let floor = """
        queues:
          - id: main
          - id: care
            needs: {tagalog: 3}
            steps: [{after: 60s, lower: {tagalog: 2}}]
        routes: [{when: {topics: [refund]}, queue: care}]

        """
    private static let agents = """
        agents:
          - {id: ana, skills: {tagalog: 4}, ledger: 1.5}
          - {id: ben, skills: {tagalog: 3}}
          - {id: carl, skills: {tagalog: 2}}
          - {id: dina, skills: {tagalog: 5}, state: break_owed}
          - {id: emil, skills: {tagalog: 5}, state: on_break}
          - {id: fe, skills: {tagalog: 5}, load: 100}
          - {id: gil, skills: {tagalog: 5}, state: away}
        cases:

        """

    @Test("what comes as expected holds, and what does not is told with what came instead")
    func queueAndCandidates() throws {
        let said = try differences(
            Self.floor,
            Self.agents + """
                  - name: to care, by the real tests
                    conversation: {topic: refund, tags: {distress: 0.8}}
                    expect:
                      queue: care
                      points: 30
                      needs: {tagalog: 3}
                      candidates: [ben, ana]
                      offered_to: ben
                      rejected: {carl: skill, dina: break_owed, emil: on_break, fe: capacity, gil: not_ready}
                  - name: all of it wrong
                    conversation: {tags: {distress: 0.8}}
                    expect:
                      queue: care
                      points: 31
                      needs: {tagalog: 3}
                      candidates: [fe, ana]
                      offered_to: gil
                      rejected: {carl: skill}
                      unroutable: true
                """)
        #expect(said[0] == [])
        #expect(said[1].contains("queue: expected care, came main"))
        #expect(said[1].contains("points: expected 31, came 30"))
        #expect(said[1].contains("needs: expected tagalog 3, came nothing"))
        #expect(said[1].contains { $0.hasPrefix("candidates: expected fe, ana, came ") })
        #expect(said[1].contains("  fe was no candidate: capacity (100 carried, 40 more, 100 possible)"))
        #expect(said[1].contains("rejected: expected carl for skill, came a candidate"))
        #expect(said[1].contains("unroutable: expected yes, came no"))
    }

    @Test("a break comes after what brings one, and nothing comes after an ordinary contact")
    func breaks() throws {
        let said = try differences(
            Self.floor,
            Self.agents + """
                  - name: a threat
                    conversation: {with: ben, tags: {threat: 0.9}}
                    expect: {break: {length: 15m, at_once: true}}
                  - name: a slur
                    conversation: {with: ben, abuse: slur}
                    expect: {break: {length: 10m, at_once: true}}
                  - name: an insult
                    conversation: {with: ben, abuse: insult}
                    expect: {break: none, invited: 3m}
                  - name: one hard contact on a ledger that is nearly full
                    conversation: {with: ana, tags: {frustration: 0.9}, lasted: 5m}
                    expect: {break: {length: 10m, at_once: false}}
                  - name: the same for somebody who had none
                    conversation: {with: ben, tags: {frustration: 0.9}, lasted: 5m}
                    expect: {break: none}
                  - name: expected wrongly
                    conversation: {with: ben, tags: {frustration: 0.9}}
                    expect: {break: {length: 10m}}
                """)
        #expect(said.dropLast().flatMap { $0 } == [])
        #expect(said.last == ["break: expected 10m, came none"])
    }

    @Test("a case changes what is different about its agents, and others keep what they had")
    func changes() throws {
        let said = try differences(
            Self.floor,
            Self.agents + """
                  - name: carl learned
                    with: {carl: {skills: {tagalog: 5}, idle: 20m}, ben: {state: offline}}
                    conversation: {topic: refund}
                    expect: {candidates: [carl, ana]}
                  - name: before
                    conversation: {topic: refund}
                    expect: {candidates: [ben, ana]}
                """)
        #expect(said.map(\.count) == [0, 0], "\(said)")
    }

    @Test("bad experiences give the minutes that the rules say")
    func history() throws {
        let said = try differences(
            "points: {bad_experiences: 25}",
            Self.agents + """
                  - name: one
                    conversation: {bad_episodes: 1}
                    expect: {points: 0}
                  - name: two
                    conversation: {bad_episodes: 2}
                    expect: {points: 25}
                """)
        #expect(said == [[], []])
    }

    @Test("a file that is wrong says all of it at once, with places")
    func errors() {
        let text = """
            agents:
              - {id: ana, state: asleep, load: 17}
              - {id: ana}
            cases:
              - name: a
                conversation: {chanel: chat, with: zoe, lasted: 1m}
                expect: {candidates: [ana], break: soon}
              - name: b
                conversation: {lasted: 1m}
                expect: {}
              - conversation: {}
            """
        do throws(RuleErrors) {
            _ = try CaseFile.read(bytes: Array(text.utf8), name: "c.yaml")
            Issue.record("it was read")
        } catch {
            let said = error.errors.map(\.description)
            for part in [
                "c.yaml:2:22: agents[0].state: \"asleep\" is no state",
                "c.yaml:2:36: agents[0].load: no contacts make a load of 17",
                "c.yaml:3:5: agents[1]: the agent \"ana\" is there already",
                "c.yaml:6:20: cases[0].conversation.chanel: there is no key \"chanel\"; did you mean \"channel\"?",
                "c.yaml:6:40: cases[0].conversation.with: there is no agent \"zoe\"",
                "c.yaml:7:40: cases[0].expect.break: this is no break",
                "c.yaml:9:28: cases[1].conversation.lasted: nobody has it",
                "c.yaml:10:13: cases[1].expect: nothing is expected",
                "c.yaml:11:5: cases[2].name: the key \"name\" is missing",
            ] {
                #expect(said.contains { $0.hasPrefix(part) }, "\(part) in \(said)")
            }
        }
    }

    @Test("any damage to a file of cases is an error or other cases, never a crash", arguments: 0..<20)
    func damaged(_ seed: UInt64) throws {
        let whole = Array((Self.agents + "  - {name: a, conversation: {topic: refund}, expect: {queue: main}}\n").utf8)
        var random = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        for _ in 0..<20 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var bytes = whole
            bytes[Int(random >> 33) % bytes.count] = UInt8(truncatingIfNeeded: random >> 20)
            guard let file = try? CaseFile.read(bytes: bytes, name: "c.yaml") else { continue }
            for one in file.cases { _ = CaseJudge.differences(one, .standard) }
        }
    }

    @Test("loads are made of contacts, or of none")
    func loads() {
        #expect(CaseFloor.contacts(0) == [])
        #expect(CaseFloor.contacts(25) == [.chat])
        #expect(CaseFloor.contacts(30) == [.email, .email])
        #expect(CaseFloor.contacts(140) == [.voice, .chat, .email])
        #expect(CaseFloor.contacts(17) == nil)
        #expect(CaseFloor.contacts(1) == nil)
    }

    @Test("every key of a file of cases stands in the schema for editors, and no other")
    func schema() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/rules-cases.schema.json")
        let root = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        let definitions = try #require(root["$defs"] as? [String: [String: Any]])
        func keys(_ schema: [String: Any]?) -> [String] {
            (schema?["properties"] as? [String: Any] ?? [:]).keys.sorted()
        }
        #expect(keys(root) == CaseFile.keys.sorted())
        #expect(keys(definitions["agent"]) == CaseReader.agentKeys.sorted())
        #expect(keys(definitions["change"]) == CaseReader.agentKeys.filter { $0 != "id" }.sorted())
        #expect(keys(definitions["case"]) == CaseReader.caseKeys.sorted())
        #expect(keys(definitions["conversation"]) == CaseReader.conversationKeys.sorted())
        #expect(keys(definitions["expect"]) == CaseReader.expectKeys.sorted())
    }
}
