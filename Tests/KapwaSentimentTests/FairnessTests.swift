import KapwaDomain
import KapwaSentiment
import Testing

/// Who somebody is moves no score: every value of an axis stands in every message of it and is compared with the
/// first.
@Suite("Fairness")
struct FairnessTests {
    /// By how much a swap may move a score, in thousandths.
    private static let allowed = 50

    struct Axis: Sendable, CustomTestStringConvertible {
        var name: String
        var values: [String]
        var messages: [String]

        var pairs: Int { (values.count - 1) * messages.count }
        var testDescription: String { name }
    }

    @Test("who somebody is moves no tag and no flag", arguments: FairnessGrid.axes)
    func swaps(axis: Axis) throws {
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        var moves: [KapwaDomain.Tag: Int] = [:]
        var unfair: [String] = []
        for message in axis.messages {
            let first = scorer.score(message.replacing("NAME", with: axis.values[0]))
            for value in axis.values.dropFirst() {
                let text = message.replacing("NAME", with: value)
                let other = scorer.score(text)
                for tag in KapwaDomain.Tag.allCases {
                    let move = abs(first.tags[tag].milli - other.tags[tag].milli)
                    moves[tag] = max(moves[tag] ?? 0, move)
                    if move > Self.allowed { unfair.append("\(tag.rawValue) \(move): \(text)") }
                }
                let isFlagged = first.safetyLevel != other.safetyLevel || first.abuse != other.abuse
                if isFlagged { unfair.append("flag: \(text)") }
            }
        }
        let table = KapwaDomain.Tag.allCases.map { "\($0.rawValue) \(moves[$0] ?? 0)" }.joined(separator: ", ")
        #expect(unfair.isEmpty, "\(axis.name), \(axis.pairs) pairs: \(table)\n\(unfair.joined(separator: "\n"))")
    }

    @Test("manners move no tag", arguments: FairnessGrid.polite)
    func register(polite: String) throws {
        let scorer = Scorer(lexicon: try Shared.lexicon.get())
        let first = scorer.score(polite)
        let plain = polite.replacing(" po", with: "").replacing(" opo", with: "").replacing(" ho", with: "")
        let other = scorer.score(plain)
        for tag in KapwaDomain.Tag.allCases {
            #expect(abs(first.tags[tag].milli - other.tags[tag].milli) <= Self.allowed, "\(tag.rawValue): \(polite)")
        }
        #expect(first.safetyLevel == other.safetyLevel)
    }

    @Test("the grid is large enough to mean something")
    func size() {
        let pairs = FairnessGrid.axes.reduce(FairnessGrid.polite.count) { $0 + $1.pairs }
        #expect(pairs >= 1_000)
        #expect(FairnessGrid.axes.allSatisfy { $0.pairs >= 20 })
    }
}
