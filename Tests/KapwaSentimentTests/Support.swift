import Foundation
import KapwaDomain
import KapwaSentiment

/// The lexicons of this checkout, loaded once.
enum Shared {
    static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Models/lexicons").path

    static let lexicon: Result<Lexicon, LexiconError> = {
        do throws(LexiconError) { return .success(try Lexicon.load(directory: directory)) } catch {
            return .failure(error)
        }
    }()
}

func score(_ text: String, without rules: Rules = []) throws -> Assessment {
    Scorer(lexicon: try Shared.lexicon.get(), disabled: rules).score(text)
}

/// A lexicon of a few rows; the header names term, lang and the columns given.
func lexicon(_ columns: String, _ rows: String...) throws(LexiconError) -> Lexicon {
    let text = ([columns] + rows).map { $0.replacing(" | ", with: "\t") }.joined(separator: "\n") + "\n"
    return try Lexicon.load([Lexicon.Source(name: "own.tsv", bytes: Array(text.utf8))])
}

/// What is wrong with such a lexicon.
func problems(_ columns: String, _ rows: String...) -> [LexiconError.Problem] {
    let text = ([columns] + rows).map { $0.replacing(" | ", with: "\t") }.joined(separator: "\n") + "\n"
    do throws(LexiconError) {
        _ = try Lexicon.load([Lexicon.Source(name: "own.tsv", bytes: Array(text.utf8))])
        return []
    } catch {
        return error.problems
    }
}

extension Assessment {
    func rules(of tag: String) -> Set<String> { Set(evidence.filter { $0.tag == tag }.flatMap(\.rules)) }
}
