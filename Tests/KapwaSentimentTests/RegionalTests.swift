import Foundation
import KapwaDomain
import KapwaSentiment
import Testing

@Suite("Cebuano and Ilocano")
struct RegionalTests {
    /// Sentences of our own, as `language`, `text`.
    private static func sentences() throws -> [(language: String, text: String)] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/language/regional.tsv")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst().map { line in
            let fields = line.split(separator: "\t", maxSplits: 1)
            return (String(fields[0]), String(fields[1]))
        }
    }

    @Test("short messages are told at 0.95 or better", arguments: [Assessment.Language.ceb, .ilo])
    func told(language: Assessment.Language) throws {
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        let own = try Self.sentences().filter { $0.language == language.rawValue }
        #expect(own.count >= 40)
        let missed = own.filter { scorer.score($0.text).language != language }
        #expect(Double(missed.count) <= 0.05 * Double(own.count), "\(missed.map(\.text))")
    }

    @Test("no Tagalog, Taglish or English message is taken for either")
    func others() throws {
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        let others = try Self.sentences().filter { $0.language != "ceb" && $0.language != "ilo" }
        #expect(others.count >= 40)
        for (_, text) in others {
            let found = scorer.score(text)
            #expect(found.language != .ceb && found.language != .ilo, "\(text)")
            #expect(found.scored == .ok, "\(text)")
        }
    }

    @Test(
        "what they say is hardly rated, so it is never taken for calm, and words that only tell the language are not known"
    )
    func honest() throws {
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        for (language, text) in try Self.sentences() where language == "ceb" || language == "ilo" {
            let found = scorer.score(text)
            guard found.language.rawValue == language else { continue }
            #expect(found.scored == .low && found.coverage.milli < 1_000, "\(text)")
        }
        #expect(scorer.score("nabayagen nga agur-urayak ditoy").coverage.milli <= 250)
    }

    @Test("what is rated in them still counts")
    func rated() throws {
        let thanks = try score("Agyamanak unay iti tulongyo")
        #expect(thanks.language == .ilo && thanks.tags.relief.milli >= 500)
        let threat = try score("patyon tika, hulata ko diri")
        #expect(threat.language == .ceb && threat.tags.threat.milli >= 500)
    }
}
