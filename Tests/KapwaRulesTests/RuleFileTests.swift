import KapwaDomain
import KapwaRules
import Testing

@Suite("The rules file")
struct RuleFileTests {
    private func rules(_ text: String) throws -> RuleSet {
        try RuleFile.read(text: text, name: "rules.yaml").get().rules
    }

    @Test("the commented default is exactly the built-in default, without a warning")
    func defaultFile() throws {
        let file = try RuleFile.read(text: Fixtures.text("deploy/rules.yaml"), name: "rules.yaml").get()
        #expect(file.rules == RuleSet.standard)
        #expect(file.warnings.isEmpty)
    }

    @Test("every key of the default file is read: changing any value changes the rules or is refused")
    func everyKeyIsRead() throws {
        let lines = try Fixtures.text("deploy/rules.yaml").split(separator: "\n", omittingEmptySubsequences: false)
        let changes = [
            ("version: 1", "version: 2"), ("mode: enforce", "mode: observe"), ("id: main", "id: other"),
            ("needs: {}", "needs: {tagalog: 1}"), ("chat: 20s", "chat: 21s"), ("voice: 15s", "voice: 16s"),
            ("email: 4h", "email: 5h"), ("target_share: 0.8", "target_share: 0.9"), ("max_wait: 24h", "max_wait: 23h"),
            ("chat: 60s", "chat: 61s"), ("voice: 90s", "voice: 91s"), ("email: 5m", "email: 6m"),
            ("exclusive: false", "exclusive: true"), ("max_length: 100000", "max_length: 9"),
            ("routes: []", "routes: [{queue: main}]"), ("urgency: 30", "urgency: 31"), ("distress: 30", "distress: 31"),
            ("need: 10", "need: 11"), ("experiences: 10", "experiences: 11"),
            ("own: []", "own: [{when: {topics: [a]}, points: 1}]"), ("load: 20", "load: 21"),
            ("stress: 30", "stress: 31"), ("share: 15", "share: 16"), ("over_skill: 10", "over_skill: 11"),
            ("idle: 10", "idle: 11"), ("sticky: 15", "sticky: 16"), ("prefer: 15", "prefer: 16"),
            ("language: 15", "language: 16"), ("threshold: 2", "threshold: 3"), ("length: 10m", "length: 11m"),
            ("grave_length: 15m", "grave_length: 16m"), ("insult_length: 3m", "insult_length: 4m"),
            ("minimum: 5m", "minimum: 6m"), ("start_within: 15m", "start_within: 16m"), ("paid: true", "paid: false"),
            ("preset: ph-labor-code", "preset: none"), ("abuse: false", "abuse: true"),
            ("invite_at: 0.7", "invite_at: 0.8"),
            ("share_max: 0.2", "share_max: 0.3"), ("postpone_max: 15m", "postpone_max: 14m"),
            ("landing: 10m", "landing: 11m"), ("away: 30m", "away: 31m"), ("every: 2h", "every: 3h"),
            ("planned: []", "planned: [{kind: screen, length: 5m, every: 55m, within: 15m}]"),
            ("shifts: {}", "shifts: {a: 1}"), ("steps: []", "steps: [{after: 9s, drop: [a]}]"),
            ("floors: []", "floors: [{least: 2}]"), ("teams: []", "teams: [{id: a, routing: {mode: observe}}]"),
            ("to: [lead]", "to: [lead, boss]"), ("round: 60s", "round: 61s"),
            ("playbooks: []", "playbooks: [{topic: a, text: b}]"), ("email: 120s", "email: 121s"),
            ("voice: 20s", "voice: 21s"), ("email: 10m", "email: 11m"),
            ("chat: 2h", "chat: 3h"), ("voice: 4h", "voice: 5h"), ("email: 7d", "email: 8d"),
            ("strikes: 3", "strikes: 4"),
        ]
        var touched: Set<Int> = []
        for (old, new) in changes {
            for (index, line) in lines.enumerated() where line.contains(old) && !line.contains("#") {
                var changed = lines
                changed[index] = Substring(line.replacing(old, with: new))
                touched.insert(index)
                switch RuleFile.read(text: changed.joined(separator: "\n"), name: "rules.yaml") {
                case .failure: break
                case .success(let file):
                    let rules = file.rules
                    #expect(rules != RuleSet.standard, "\(old) → \(new) in line \(index + 1)")
                }
            }
        }
        let values = lines.indices.filter { !lines[$0].contains("#") && lines[$0].contains(": ") }
        #expect(values.filter { !touched.contains($0) }.map { lines[$0] } == [])
    }

    @Test("an empty file, and one of comments alone, mean the defaults")
    func emptyFile() throws {
        for text in ["", "# nothing\n", "---\n", "\n\n"] {
            let rules = try rules(text)
            #expect(rules == RuleSet.standard)
        }
    }

    @Test("what a file names takes effect, what it leaves out keeps its default")
    func takesEffect() throws {
        let rules = try rules(
            """
            routing: {mode: observe}
            queues:
              - id: main
              - id: care
                needs: {tagalog: 3, care: 2}
                target: {chat: 30s, sms: 1h}
                target_share: 0.905
            routes:
              - when:
                  channels: [chat, sms]
                  topics: [refund]
                  languages: [tl, taglish]
                  tags: {frustration: 0.7, family: 1}
                  attributes: {tier: gold, pro: true, years: 3, code: "7"}
                  safety: possible
                queue: care
            points:
              own: [{when: {tags: {distress: 0.25}}, points: 12}]
            breaks: {threshold: 1.5, length: 12m}
            safety_protocol: {text: "Dial *123# & wait", checked_on: 2026-01-31}
            """)
        #expect(rules.routingMode == .observe)
        #expect(rules.breaksMode == .enforce)
        let care = try #require(rules.queue("care"))
        #expect(care.needs == ["care": 2, "tagalog": 3])
        #expect(care.target[.chat] == 30_000)
        #expect(care.target[.social] == 30_000)
        #expect(care.target[.sms] == 3_600_000)
        #expect(care.target[.email] == 14_400_000)
        #expect(care.targetShare == 905)
        let condition = try #require(rules.routes.first?.condition)
        #expect(condition.channels == [.chat, .sms])
        #expect(condition.topics == ["refund"])
        #expect(condition.languages == [.tl, .taglish])
        #expect(condition.tags == [.init(tag: .frustration, atLeast: 700), .init(tag: .family, atLeast: 1_000)])
        #expect(
            condition.attributes == [
                .init(name: "tier", value: .text("gold")), .init(name: "pro", value: .boolean(true)),
                .init(name: "years", value: .integer(3)), .init(name: "code", value: .text("7")),
            ])
        #expect(condition.safety == .possible)
        #expect(rules.points.own.map(\.points) == [12])
        #expect(rules.points.own.first?.condition.tags == [.init(tag: .distress, atLeast: 250)])
        #expect(rules.breaks.threshold == 1_500)
        #expect(rules.breaks.minutes == 12)
        #expect(rules.breaks.graveMinutes == 15)
        #expect(rules.safetyProtocol == SafetyProtocol(text: "Dial *123# & wait", checkedOn: "2026-01-31"))
    }

    @Test("a file of the greatest size is read, one byte more is refused")
    func size() throws {
        let comment = "#" + String(repeating: "x", count: Limits.rulesFileBytesMax - 1)
        #expect(try rules(comment).queues.count == 1)
        let refused = RuleFile.read(text: comment + "x", name: "rules.yaml")
        #expect(throws: RuleErrors.self) { try refused.get() }
    }

    @Test("files made to exhaust a parser are refused or read, and nothing breaks")
    func hostileFiles() {
        let deep = String(repeating: "[", count: 100_000)
        let nested = String(repeating: "- ", count: 2_000) + "x"
        let keys = (0..<100).map { "k\($0 % 3): 1" }.joined(separator: "\n")
        let complex = String(repeating: "? ", count: 500) + "x"
        let bomb = "a: &a [x,x]\n" + (0..<40).map { _ in "? [*a, *a]\n: &a [*a, *a]" }.joined(separator: "\n")
        let bigKey =
            String(repeating: "{? ", count: 900) + "[" + String(repeating: "x, ", count: 10_000) + "]"
            + String(repeating: "}", count: 900)
        for text in [
            bigKey, deep, nested, keys, complex, bomb, "*", "&", "!", "? ", "{", "\"", "'", "%YAML 9.9\n---\n",
            "\u{FEFF}",
        ] {
            if case .failure(let errors) = RuleFile.read(text: text, name: "rules.yaml") {
                #expect(errors.errors.allSatisfy { $0.line >= 1 && $0.column >= 1 && !$0.fix.isEmpty })
                #expect(errors.errors.count <= 200)
            }
        }
    }

    @Test("a file with thousands of mistakes names the first ones and counts the others")
    func manyMistakes() {
        let text = (0..<3_000).map { "key\($0): 1" }.joined(separator: "\n")
        guard case .failure(let errors) = RuleFile.read(text: text, name: "rules.yaml") else {
            Issue.record("a file of unknown keys was read")
            return
        }
        #expect(errors.errors.count == 200)
        #expect(errors.more == 2_800)
        #expect(errors.description.hasSuffix("\n… and 2800 more"))
    }

    @Test(
        "a file that was damaged anywhere is read or refused with a place inside it",
        arguments: ["deploy/rules.yaml", "Tests/Fixtures/rules-diff/new.yaml", "deploy/examples/bank.yaml"], 0..<4)
    func damaged(_ file: String, _ seed: UInt64) throws {
        let whole = Array(try Fixtures.text(file).unicodeScalars.filter { $0.isASCII })
        let pieces = [
            "-1", "999999999d", "24:00-00:00", "end - 0s", "*", "&a ", "!", "?", "- ", ": ", "\t", "\n", "\"", "'", "{",
            "}", "[", "]", "|", ">", "#", "%", "é", "0",
        ]
        var random = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func next(_ bound: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: random >> 33) % bound
        }
        for _ in 0..<25 {
            var scalars = whole
            for _ in 0...next(4) {
                let start = next(scalars.count)
                let end = min(scalars.count, start + next(40))
                scalars.replaceSubrange(start..<end, with: Array(pieces[next(pieces.count)].unicodeScalars))
            }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            let text = String(view)
            let surroundings = RuleFile.Surroundings(presets: Fixtures.presets, agents: [AgentCard(id: "ana")])
            guard case .failure(let errors) = RuleFile.read(text: text, name: "rules.yaml", beside: surroundings)
            else { continue }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            for error in errors.errors {
                #expect((1...lines.count + 1).contains(error.line), "\(error)")
                let length = error.line <= lines.count ? lines[error.line - 1].unicodeScalars.count : 0
                #expect((1...length + 1).contains(error.column), "\(error)")
            }
        }
    }
}
