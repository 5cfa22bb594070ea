import Foundation
import KapwaDomain
import KapwaMetrics
import Testing

@Suite("Kapwa's own families")
struct KapwaMetricSetTests {
    private func filled() -> KapwaMetricSet {
        let set = KapwaMetricSet(version: "0.1.0")
        set.setQueues(["main", "care"])
        set.setMode(routing: .enforce, breaks: .observe)
        set.conversationsOpened.add(3)
        set.queue("main").wait.observe(2_500)
        set.queue("main").conversations.set(7)
        set.commands[.ping][.ok].add()
        set.commands[.conversationMessage][.refused(.overloaded)].add(2)
        set.safetyFlags[.selfHarm][.explicit].add()
        set.journalSequence("main").set(812 as Int64)
        set.rulesReloaded(successfully: true, at: Instant(milliseconds: 1_795_000_000_250))
        set.commit.observe(750_000)
        return set
    }

    private func text(_ set: KapwaMetricSet, _ format: ExpositionFormat = .prometheus) -> String {
        String(decoding: set.exposition(format), as: UTF8.self)
    }

    @Test("no family is refused")
    func noneRefused() {
        #expect(KapwaMetricSet(version: "0.1.0").registry.refused == [])
    }

    @Test("every series of a closed set is there at zero from the start")
    func atZero() {
        let set = KapwaMetricSet(version: "0.1.0")
        set.setQueues(["main"])
        let text = text(set)
        for tag in Tag.allCases { #expect(text.contains("kapwa_messages_tagged_total{tag=\"\(tag.rawValue)\"} 0\n")) }
        for kind in Command.Kind.allCases {
            #expect(text.contains("kapwa_commands_total{type=\"\(kind.rawValue)\",result=\"ok\"} 0\n"))
            #expect(text.contains("kapwa_commands_total{type=\"\(kind.rawValue)\",result=\"queue_full\"} 0\n"))
        }
        #expect(text.contains("kapwa_conversations{state=\"queued\"} 0\n"))
        #expect(text.contains("kapwa_conversation_wait_seconds_count{queue=\"main\"} 0\n"))
        #expect(text.contains("kapwa_breaks_late_total{cause=\"live_contact\"} 0\n"))
        #expect(text.contains("kapwa_breaks_late_total{cause=\"floor\"} 0\n"))
        for test in HardTest.allCases {
            #expect(text.contains("kapwa_prevented_offers_total{test=\"\(test.rawValue)\"} 0\n"))
        }
        for mark in 1...5 { #expect(text.contains("kapwa_feedback_csat_total{csat=\"\(mark)\"} 0\n")) }
    }

    @Test("what is counted stands in the line that names it")
    func figures() {
        let text = text(filled())
        for line in [
            "kapwa_build_info{version=\"0.1.0\"} 1", "kapwa_conversations_opened_total 3",
            "kapwa_conversation_wait_seconds_sum{queue=\"main\"} 2.5", "kapwa_queue_conversations{queue=\"main\"} 7",
            "kapwa_commands_total{type=\"conversation.message\",result=\"overloaded\"} 2",
            "kapwa_safety_flags_total{kind=\"self_harm\",level=\"explicit\"} 1",
            "kapwa_journal_sequence{tenant=\"main\"} 812",
            "kapwa_mode_info{routing=\"enforce\",breaks=\"observe\"} 1", "kapwa_rules_last_reload_successful 1",
            "kapwa_rules_last_reload_success_timestamp_seconds 1795000000.25", "kapwa_commit_seconds_sum 0.00075",
        ] { #expect(text.contains("\n" + line + "\n"), "\(line)") }
    }

    @Test("a change of mode leaves one line, a reload that fails keeps the time of the last good one")
    func changes() {
        let set = filled()
        set.setMode(routing: .observe, breaks: .observe)
        set.rulesReloaded(successfully: false, at: Instant(milliseconds: 1_795_000_999_000))
        set.setQueues(["main"])
        let text = text(set)
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("kapwa_mode_info{") }.count == 1)
        #expect(text.contains("kapwa_rules_last_reload_successful 0\n"))
        #expect(text.contains("success_timestamp_seconds 1795000000.25\n"))
        #expect(!text.contains("queue=\"care\""))
    }

    @Test("the process tells its memory, descriptors and start")
    func process() throws {
        let lines = text(KapwaMetricSet(version: "0.1.0")).split(separator: "\n")
        func figure(_ name: String) throws -> Double {
            try #require(lines.first { $0.hasPrefix(name + " ") }.flatMap { Double($0.split(separator: " ")[1]) })
        }
        #expect(try figure("kapwa_process_resident_memory_bytes") > 1_000_000)
        #expect(try figure("kapwa_process_open_fds") >= 3)
        let age = try Date().timeIntervalSince1970 - figure("kapwa_process_start_time_seconds")
        #expect(age > -2 && age < 86_400)
    }

    @Test("no series stands twice, all lines of a family stand together, under one HELP and one TYPE")
    func shape() {
        for format in [ExpositionFormat.prometheus, .openMetrics] {
            var seen: Set<Substring> = []
            var families: [Substring] = []
            for line in text(filled(), format).split(separator: "\n") where line != "# EOF" {
                if line.hasPrefix("# TYPE ") { families.append(line.split(separator: " ")[2]) }
                guard !line.hasPrefix("#") else { continue }
                #expect(seen.insert(line[..<(line.lastIndex(of: " ") ?? line.endIndex)]).inserted, "\(line)")
                #expect(families.last.map { line.hasPrefix($0) } == true, "\(line)")
            }
            #expect(Set(families).count == families.count)
            #expect(families == families.sorted())
        }
    }

    @Test("docs/metrics.md names every family, and no other")
    func documented() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/metrics.md"), encoding: .utf8)
        let documented = page.split(separator: "\n").filter { $0.hasPrefix("| `kapwa_") }
            .compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
        let exported = text(KapwaMetricSet(version: "0.1.0")).split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
            .map { String($0.split(separator: " ")[2]) }
        #expect(documented == exported)
    }

    @Test("a team's own mode is told beside the tenant's")
    func teamModes() {
        let set = filled()
        set.setMode(
            routing: .enforce, breaks: .enforce, teams: [.init(team: "north", routing: .advise, breaks: .enforce)])
        let line = "kapwa_team_mode_info{team=\"north\",routing=\"advise\",breaks=\"enforce\"} 1\n"
        #expect(text(set).contains(line))
        set.setMode(routing: .enforce, breaks: .enforce)
        #expect(!text(set).contains("kapwa_team_mode_info{"))
    }

    @Test("no label is made for a person or a conversation")
    func noPersons() {
        let text = text(filled())
        for label in ["agent", "customer", "conversation", "offer", "name"] { #expect(!text.contains("\(label)=\"")) }
    }
}
