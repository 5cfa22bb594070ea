import Foundation
import KapwaDomain
import KapwaSentiment
import Testing

/// Written conversations with the trend and the hardness that a reader saw in them.
private struct Dialogue: Decodable {
    struct Turn: Decodable {
        let from: String
        let text: String
    }

    let id: String
    let turns: [Turn]
    let trend: String
    /// 1 where a moment of it was hard to carry.
    let hardContact: Int

    enum CodingKeys: String, CodingKey {
        case id, turns, trend
        case hardContact = "hard_contact"
    }

    /// What is read in it: the trend after the last turn, and whether it was hard at any.
    func read(by scorer: Scorer) -> (trend: Mood.Trend, isHard: Bool) {
        var mood = Mood()
        var isHard = false
        for turn in turns where turn.from == "customer" {
            mood = mood.adding(scorer.score(turn.text, evidence: false))
            isHard = isHard || mood.tags.isHard
        }
        return (mood.trend, isHard)
    }
}

@Suite struct DialogueTests {
    private static func dialogues(_ name: String) throws -> [Dialogue] {
        let file = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/dialogues/\(name).jsonl")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(Dialogue.self, from: Data($0.utf8))
        }
    }

    /// Right trends, and F1 of hard contacts, in thousandths.
    private func measure(_ name: String) throws -> (trend: Int, hard: Int) {
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        let dialogues = try Self.dialogues(name)
        var right = 0
        var both = 0
        var either = 0
        for dialogue in dialogues {
            let found = dialogue.read(by: scorer)
            if found.trend.rawValue == dialogue.trend { right += 1 }
            both += found.isHard && dialogue.hardContact == 1 ? 2 : 0
            either += (found.isHard ? 1 : 0) + dialogue.hardContact
        }
        return (right * 1_000 / dialogues.count, both * 1_000 / either)
    }

    @Test("of the conversations that the rules were written on, most trends and hard contacts are read right")
    func tuned() throws {
        let found = try measure("tuned")
        #expect(found.trend >= 880)
        #expect(found.hard >= 930)
    }

    @Test("of the conversations that were held back, most trends and hard contacts are read right")
    func held() throws {
        let found = try measure("held")
        #expect(found.trend >= 740)
        #expect(found.hard >= 890)
    }

    @Test(
        "each file has every trend, hard and easy conversations, and agents who answer",
        arguments: ["tuned", "held"])
    func files(name: String) throws {
        let dialogues = try Self.dialogues(name)
        #expect(dialogues.count >= 35)
        #expect(Set(dialogues.map(\.trend)) == Set(Mood.Trend.allCases.map(\.rawValue)))
        #expect(Set(dialogues.map(\.hardContact)) == [0, 1])
        #expect(Set(dialogues.map(\.id)).count == dialogues.count)
        for dialogue in dialogues {
            #expect((3...12).contains(dialogue.turns.count), "\(dialogue.id)")
            #expect(Set(dialogue.turns.map(\.from)) == ["customer", "agent"], "\(dialogue.id)")
        }
    }
}
