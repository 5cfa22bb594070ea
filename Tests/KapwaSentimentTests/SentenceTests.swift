import Foundation
import KapwaDomain
import KapwaSentiment
import Testing

/// Paired sentences as people write them: the same word aimed at the agent, and not; danger, and what looks like it.
/// The first halves were written before the rows they test.
@Suite("Paired sentences of abuse and safety")
struct SentenceTests {
    private struct Counts {
        var found = 0
        var right = 0
        var missed: [String] = []
        var wrong: [String] = []

        var precision: Double { Double(found) / Double(max(1, found + wrong.count)) }
        var recall: Double { Double(found) / Double(max(1, found + missed.count)) }
        var kinds: Double { Double(right) / Double(max(1, found)) }

        mutating func count(_ isRaised: Bool, _ isMeant: Bool, _ text: String) {
            if isRaised && isMeant { found += 1 }
            if isRaised && !isMeant { wrong.append(text) }
            if !isRaised && isMeant { missed.append(text) }
        }
    }

    private func rows(_ name: String) throws -> [[String: String]] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/sentences/\(name)")
        let text = try String(contentsOf: file, encoding: .utf8)
        let lines = text.split(separator: "\n").map { $0.split(separator: "\t") }
        let head = try #require(lines.first)
        return lines.dropFirst().map { line in
            Dictionary(uniqueKeysWithValues: zip(head.map(String.init), line.map(String.init)))
        }
    }

    @Test("abuse is told from emphasis, with its kind and target", arguments: ["abuse.first.tsv", "abuse.second.tsv"])
    func abuse(file: String) throws {
        let rows = try rows(file)
        #expect(rows.count >= 300)
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        var abuse = Counts()
        var threat = Counts()
        for row in rows {
            let text = try #require(row["text"])
            let assessment = scorer.score(text)
            let isRaised = assessment.tags.abuse >= .holds
            abuse.count(isRaised, row["abuse"] == "1", text)
            threat.count(assessment.tags.threat >= .holds, row["threat"] == "1", text)
            let named = assessment.abuse
            let isNamed = named?.kind.rawValue == row["kind"] && named?.target.rawValue == row["target"]
            if isRaised, row["abuse"] == "1", isNamed { abuse.right += 1 }
        }
        #expect(abuse.precision >= 0.95, "raised: \(abuse.wrong)")
        #expect(abuse.recall >= 0.85, "missed: \(abuse.missed)")
        #expect(abuse.kinds >= 0.9)
        #expect(threat.precision >= 0.9, "raised: \(threat.wrong)")
        #expect(threat.recall >= 0.75, "missed: \(threat.missed)")
    }

    @Test(
        "danger is flagged, hyperbole and what is over are not",
        arguments: ["safety.first.tsv", "safety.second.tsv"])
    func safety(file: String) throws {
        let rows = try rows(file)
        #expect(rows.count >= 200)
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        var explicit = Counts()
        var harmless = 0
        for row in rows where row["level"] != "possible" {
            let text = try #require(row["text"])
            explicit.count(scorer.score(text).safetyLevel == .explicit, row["level"] == "explicit", text)
            if row["level"] == "none" { harmless += 1 }
        }
        #expect(explicit.recall >= 0.97, "missed: \(explicit.missed)")
        #expect(Double(explicit.wrong.count) <= 0.05 * Double(harmless), "false alarms: \(explicit.wrong)")
    }
}
