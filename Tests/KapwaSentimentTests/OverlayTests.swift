import KapwaDomain
import KapwaSentiment
import Testing

@Suite("A deployment's own rows")
struct OverlayTests {
    private static let base = Lexicon.Source(
        name: "a.tsv",
        bytes: Array(
            """
            term\tlang\tfamily\tfrustration\trole\tsafety\tmeans
            family\ten\t900\t\tkin\t\t
            family emergency\ten\t900\t\t\t\t
            grab\ten\t\t300\t\t\t
            grab driver\ten\t\t400\t\t\t
            papatayin ko sarili ko\ttl\t\t\t\tself_harm:explicit\t
            grb\ten\t\t\t\t\tgrab

            """.utf8))

    private func scorer(_ overlays: String...) throws -> Scorer {
        let files = overlays.enumerated().map {
            Lexicon.Source(name: "own\($0).tsv", bytes: Array($1.utf8), path: "/etc/kapwa/own\($0).tsv")
        }
        return Scorer(lexicon: try Lexicon.load([Self.base], overlays: files))
    }

    @Test("a phrase without a rating takes its words out, and the evidence names the file")
    func silences() throws {
        let scorer = try scorer("term\tlang\nfamily plan\ten\n")
        let plan = scorer.score("my family plan")
        #expect(plan.tags.family == .zero)
        let row = try #require(plan.evidence.first { $0.tag == "family" })
        #expect(row.text == "family plan" && row.weight == .zero)
        #expect(row.rules == ["overlay"] && row.source == "own0.tsv")
        #expect(scorer.score("my family").tags.family.milli == 900)
        #expect(scorer.score("my family").evidence.allSatisfy { $0.source == nil })
    }

    @Test("a row of the same words replaces the one that comes with Kapwa, in any reading")
    func replaces() throws {
        let scorer = try scorer("term\tlang\tfamily\nfamily (emergency|crisis)\ten\t400\n")
        let found = scorer.score("a family emergency")
        #expect(found.tags.family.milli == 400 && found.evidence.first?.source == "own0.tsv")
    }

    @Test("a row without a rating in place of a rated one still stands in the evidence")
    func emptied() throws {
        let found = try scorer("term\tlang\nfamily\ten\n").score("my family")
        #expect(found.tags.family == .zero)
        #expect(found.evidence.contains { $0.text == "family" && $0.source == "own0.tsv" && $0.weight == .zero })
    }

    @Test("each row names the file that it came from")
    func severalFiles() throws {
        let scorer = try scorer(
            "term\tlang\tfrustration\nlagarista\ttl\t500\n", "term\tlang\trelief\nbayadna\ttl\t500\n")
        let found = scorer.score("lagarista, bayadna")
        #expect(found.evidence.map(\.source) == ["own0.tsv", "own1.tsv"])
        #expect(scorer.lexicon.overlays == ["own0.tsv", "own1.tsv"])
    }

    @Test("a word that a deployment reads as another loses the rows that came with Kapwa, without a fault")
    func respells() throws {
        let scorer = try scorer("term\tlang\tmeans\ngrab\tany\tmotorsiklo\n")
        #expect(scorer.score("grab").tags.frustration == .zero)
        #expect(scorer.score("grab driver").tags.frustration.milli == 400)
    }

    @Test("no row of a deployment hides an alarm by standing over its words")
    func alarmsStay() throws {
        let scorer = try scorer("term\tlang\npapatayin ko sarili ko\ttl\nko sarili\ttl\n")
        #expect(scorer.score("papatayin ko sarili ko").safetyLevel == .explicit)
    }
}
