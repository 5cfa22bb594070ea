import Foundation
import KapwaDomain
import KapwaJournal
import KapwaRules
import KapwaSentiment
import Logging

/// Reads what the daemon is told by files.
enum Loading {
    static func lexicon(_ settings: Settings) throws(StartFailure) -> Lexicon {
        try lexicon(models: settings.models, overlays: settings.overlays)
    }

    /// - Parameter models: the directory that has `lexicons` in it.
    static func lexicon(models: String, overlays: [String]) throws(StartFailure) -> Lexicon {
        let directory = URL(filePath: models).appending(path: "lexicons").path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: directory) else {
            throw StartFailure(
                .noInput, "no lexicons in \(models): \(directory) is missing; name the models with --models")
        }
        do {
            return try Lexicon.load(directory: directory, overlays: overlays)
        } catch {
            let isMissing = error.problems.contains { $0.line == 0 }
            throw StartFailure(isMissing ? .noInput : .badData, error.description)
        }
    }

    /// The rules that the settings name, or the built-in ones.
    ///
    /// - Throws: ``StartFailure`` with every error of the file, one a line.
    static func rules(_ settings: Settings, by: String, logger: Logger) throws(StartFailure) -> RulesChange {
        guard let path = settings.rules else {
            var rules = RuleSet.standard
            rules.hash = Checksum.sha256Hex([])
            return RulesChange(rules: rules, text: [], by: by)
        }
        let bytes = try FileReading.bytes(path, what: "the rules file", most: Limits.rulesFileBytesMax)
        switch RuleFile.read(bytes: bytes, name: path) {
        case .success(let file):
            for warning in file.warnings { logger.warning("\(warning)") }
            var rules = file.rules
            rules.hash = Checksum.sha256Hex(bytes)
            return RulesChange(rules: rules, text: bytes, by: by)
        case .failure(let errors):
            throw StartFailure(.badData, errors.errors.map(\.description).joined(separator: "\n"))
        }
    }
}
