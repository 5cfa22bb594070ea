import Foundation
import KapwaDomain
import KapwaJournal
import KapwaRules
import KapwaSentiment
import Logging

/// Reads what the daemon is told by files.
enum Loading {
    /// - Parameters:
    ///   - models: the directory that has `lexicons` in it.
    ///   - current: returned as it is when the files have not changed.
    static func lexicon(
        models: String, overlays: [String], current: Lexicon? = nil
    ) throws(StartFailure) -> Lexicon {
        let directory = URL(filePath: models).appending(path: "lexicons").path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: directory) else {
            throw StartFailure(
                .noInput, "no lexicons in \(models): \(directory) is missing; name the models with --models")
        }
        do {
            return try Lexicon.load(directory: directory, overlays: overlays, current: current)
        } catch {
            let isMissing = error.problems.contains { $0.line == 0 }
            throw StartFailure(isMissing ? .noInput : .badData, error.description)
        }
    }

    /// Rules and lexicons as the settings name them.
    ///
    /// - Throws: ``StartFailure`` with every error of every file, one a line.
    static func change(
        _ settings: Settings, current: Lexicon? = nil, by: String, logger: Logger
    ) throws(StartFailure) -> RulesChange {
        let rules = Result { () throws(StartFailure) in try Self.rules(settings, logger: logger) }
        let lexicon = Result { () throws(StartFailure) in
            try Self.lexicon(models: settings.models, overlays: settings.overlays, current: current)
        }
        if case .failure(let first) = lexicon, case .failure(let second) = rules {
            throw StartFailure(second.code, "\(second)\n\(first)")
        }
        let (set, text) = try rules.get()
        return RulesChange(rules: set, text: text, lexicon: try lexicon.get(), by: by)
    }

    /// The rules that the settings name, or the built-in ones, and their text.
    private static func rules(
        _ settings: Settings, logger: Logger
    ) throws(StartFailure) -> (RuleSet, text: [UInt8]) {
        guard let path = settings.rules else {
            var rules = RuleSet.standard
            rules.hash = Checksum.sha256Hex([])
            return (rules, [])
        }
        let bytes = try FileReading.bytes(path, what: "the rules file", most: Limits.rulesFileBytesMax)
        if let blank = RuleFile.blank(bytes, name: path) { throw StartFailure(.badData, blank) }
        let surroundings = RuleFile.Surroundings(presets: try presets(models: settings.models))
        switch RuleFile.read(bytes: bytes, name: path, beside: surroundings) {
        case .success(let file):
            for warning in file.warnings { logger.warning("\(warning)") }
            var rules = file.rules
            // With the preset that it names, so that the journal tells what was in force.
            let text = Array(file.text.utf8)
            rules.hash = Checksum.sha256Hex(text)
            return (rules, text)
        case .failure(let errors):
            throw StartFailure(.badData, errors.errors.map(\.description).joined(separator: "\n"))
        }
    }

    /// The break presets that come with the models; the built-in one where there are none.
    static func presets(models: String) throws(StartFailure) -> BreakPresets {
        let directory = URL(filePath: models).appending(path: "breaks").path(percentEncoded: false)
        do {
            return try BreakPresets.load(directory: directory)
        } catch {
            throw StartFailure(.badData, error.description)
        }
    }
}
