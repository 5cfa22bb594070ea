import Foundation
import KapwaDomain
import Testing

@testable import KapwaRules

@Suite("Break presets")
struct PresetTests {
    @Test("all six are there, two of them executable, four drafts that say why")
    func areThere() {
        let executable = Fixtures.presets.all.filter { !$0.isDraft }.map(\.name)
        let drafts = Fixtures.presets.all.filter(\.isDraft)
        #expect(executable == ["br-nr17", "ph-labor-code"])
        #expect(drafts.map(\.name) == ["at-vdu", "es-contact-center", "kr-emotional", "uk-hse"])
        #expect(drafts.allSatisfy { !$0.caution.isEmpty })
    }

    @Test("each gives exactly its worked shifts, and names its sources and who did not issue it")
    func vectors() {
        for preset in Fixtures.presets.all {
            #expect(preset.differences() == [])
            #expect(!preset.vectors.isEmpty, "\(preset.name)")
            #expect(!preset.sources.isEmpty && preset.asOf == "2026-11-22", "\(preset.name)")
            #expect(preset.notice.contains("Not issued or endorsed by") && preset.notice.contains("not legal advice"))
        }
    }

    @Test("the table of presets tells their dates, sources and worked shifts as the files have them")
    func table() throws {
        let page = try Fixtures.text("docs/rules.md")
        for preset in Fixtures.presets.all {
            let row = try #require(page.split(separator: "\n").first { $0.hasPrefix("| `\(preset.name)` |") })
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            #expect(cells.suffix(3) == [preset.asOf, "\(preset.sources.count)", "\(preset.vectors.count)"])
            #expect(row.contains("a draft") == preset.isDraft, "\(preset.name)")
        }
    }

    @Test("a vector that does not hold is named with what came instead")
    func differences() throws {
        var preset = try #require(Fixtures.presets["br-nr17"])
        preset.policy.planned.removeLast()
        preset.policy.immediateAfterAnyAbuse = false
        let said = preset.differences()
        #expect(said.contains("br-nr17, six hours: 30 paid minutes, not 40"))
        #expect(said.contains("br-nr17, six hours: after insult 3m offered, not 10m at once"))
    }

    @Test("the default policy is the file of its name")
    func standard() throws {
        let file = try #require(Fixtures.presets["ph-labor-code"])
        #expect(file.policy == BreakPolicy())
        #expect(file.policy == RuleSet.standard.breaks)
        #expect(BreakPresets.none.names == [file.name])
    }

    @Test("no stress break counts as a meal, no meal is shortened, and only a meal of an hour is unpaid")
    func promises() {
        for rule in Fixtures.presets.all.flatMap(\.policy.planned) {
            #expect(rule.kind != .stress)
            #expect(rule.kind != .meal || rule.minimumMinutes == rule.minutes)
            #expect(rule.paid || (rule.kind == .meal && rule.minutes >= 60))
        }
    }

    @Test("rules that name a preset carry it with them, and mean the same wherever they are read")
    func embedded() throws {
        let text = "# mine\nbreaks: {preset: br-nr17, length: 12m}\n"
        let read = try RuleFile.read(text: text, name: "a.yaml", beside: .init(presets: Fixtures.presets)).get()
        #expect(read.rules.breaks.immediateAfterAnyAbuse)
        #expect(read.rules.breaks.minutes == 12)
        #expect(read.rules.breaks.planned.count == 3)
        let again = try RuleFile.read(text: read.text, name: "b.yaml").get()
        #expect(again.rules == read.rules)
        #expect(again.text == read.text)
        let alone = RuleFile.read(text: text, name: "a.yaml")
        guard case .failure(let errors) = alone else {
            Issue.record("a preset that is not there was taken")
            return
        }
        #expect(errors.description.hasPrefix("a.yaml:2:18: breaks.preset: there is no preset \"br-nr17\""))
    }

    @Test("the default preset needs no file and leaves the text as it is")
    func notEmbedded() throws {
        let text = "breaks: {preset: ph-labor-code}\n"
        let read = try RuleFile.read(text: text, name: "a.yaml", beside: .init(presets: Fixtures.presets)).get()
        #expect(read.text == text)
        #expect(read.rules == RuleSet.standard)
    }

    @Test("what a damaged preset below a file says is an error with its place, not a crash", arguments: 0..<40)
    func damaged(_ place: Int) throws {
        let text = "breaks: {preset: br-nr17}\n"
        let read = try RuleFile.read(text: text, name: "a.yaml", beside: .init(presets: Fixtures.presets)).get()
        var bytes = Array(read.text.utf8)
        bytes.removeSubrange((30 + place * 37)..<(44 + place * 37))
        if case .failure(let errors) = RuleFile.read(bytes: bytes, name: "a.yaml") {
            #expect(errors.errors.allSatisfy { $0.line >= 1 && !$0.fix.isEmpty })
        }
    }

    @Test("an executable preset makes no warning, a draft one")
    func drafts() throws {
        for preset in Fixtures.presets.all {
            let read = try RuleFile.read(
                text: "breaks: {preset: \(preset.name)}", name: "a.yaml", beside: .init(presets: Fixtures.presets)
            ).get()
            #expect(read.warnings.contains { $0.message.contains("is a draft") } == preset.isDraft, "\(preset.name)")
        }
    }

    @Test("none plans no break, and keeps the promise of stress breaks")
    func none() throws {
        let rules = try RuleFile.read(text: "breaks: {preset: none}", name: "a.yaml").get().rules
        var expected = BreakPolicy()
        expected.preset = nil
        expected.planned = []
        #expect(rules.breaks == expected)
    }
}
