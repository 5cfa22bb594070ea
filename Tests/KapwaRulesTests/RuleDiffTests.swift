import Foundation
import KapwaRules
import Testing

@Suite("Differences in words")
struct RuleDiffTests {
    private func rules(_ text: String) throws -> RuleSet {
        try RuleFile.read(text: text, name: "rules.yaml", beside: .init(presets: Fixtures.presets)).get().rules
    }

    private func diff(_ old: String, _ new: String) throws -> [String] {
        try RuleDiff.words(from: rules(old), to: rules(new))
    }

    @Test("the same rules, written differently, differ in nothing")
    func same() throws {
        #expect(try diff("", Fixtures.text("deploy/rules.yaml")) == [])
        #expect(try diff("breaks: {length: 10m}", "# nothing") == [])
        #expect(try diff("queues: [{id: a, needs: {b: 1, c: 2}}]", "queues: [{id: a, needs: {c: 2, b: 1}}]") == [])
    }

    @Test("a step that begins sooner is said with both times")
    func step() throws {
        let old = "queues: [{id: care, needs: {a: 3}, steps: [{after: 30s, lower: {a: 2}}, {after: 60s, drop: [a]}]}]"
        #expect(
            try diff(old, old.replacing("60s", with: "30s"))
                == ["queue care: the second step now begins after 30 s instead of 1 min"])
    }

    @Test("every kind of change is told as the golden text tells it")
    func golden() throws {
        let old = try Fixtures.text("Tests/Fixtures/rules-diff/old.yaml")
        let new = try Fixtures.text("Tests/Fixtures/rules-diff/new.yaml")
        for (name, from, to) in [("forward", old, new), ("backward", new, old)] {
            let said = try diff(from, to).joined(separator: "\n") + "\n"
            if let folder = ProcessInfo.processInfo.environment["KAPWA_WRITE_FIXTURES"] {
                try Data(said.utf8).write(to: URL(filePath: "\(folder)/../rules-diff/\(name).txt"))
            }
            #expect(try said == Fixtures.text("Tests/Fixtures/rules-diff/\(name).txt"))
        }
    }

    @Test("whatever line of the default file changes the rules, the difference says something")
    func nothingIsSilent() throws {
        let lines = try Fixtures.text("Tests/Fixtures/rules-diff/new.yaml").split(separator: "\n")
        let whole = try rules(lines.joined(separator: "\n"))
        for place in lines.indices where !lines[place].hasPrefix("#") {
            var fewer = lines
            fewer.remove(at: place)
            guard let rules = try? rules(fewer.joined(separator: "\n")), rules != whole else { continue }
            #expect(!RuleDiff.words(from: whole, to: rules).isEmpty, "\(lines[place])")
            #expect(!RuleDiff.words(from: rules, to: whole).isEmpty, "\(lines[place])")
        }
    }
}
