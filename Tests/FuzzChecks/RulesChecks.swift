import KapwaDomain
import KapwaRules

/// What must hold for any bytes as a file that a person wrote: it is read, or refused with the places that are wrong.
enum RulesChecks {
    private static let name = "any.yaml"

    /// Feeds one input as rules, as agents and as a preset of breaks; gives what does not hold.
    static func faults(_ bytes: [UInt8]) -> [String] {
        let lines = Lines(bytes)
        return rules(bytes, lines)
            + places(of: { () throws(RuleErrors) in _ = try AgentCard.read(bytes: bytes, name: name) }, lines)
            + places(of: { () throws(RuleErrors) in _ = try BreakPreset.read(bytes: bytes, name: name) }, lines)
    }

    private static func rules(_ bytes: [UInt8], _ lines: Lines) -> [String] {
        switch RuleFile.read(bytes: bytes, name: name) {
        case .failure(let errors): return places(of: errors, lines)
        case .success(let file):
            var faults = file.warnings.flatMap { place($0, lines) }
            for warning in file.warnings where warning.severity != .warning { faults.append("an error among warnings") }
            // What is kept of a file means the same wherever it is read again.
            switch RuleFile.read(text: file.text, name: name) {
            case .failure(let errors): faults.append("what is kept of it is refused: \(errors)")
            case .success(let again) where again.rules != file.rules: faults.append("what is kept of it is another")
            case .success: break
            }
            if !RuleDiff.words(from: file.rules, to: file.rules).isEmpty { faults.append("it differs from itself") }
            let changes =
                RuleDiff.words(from: .standard, to: file.rules) + RuleDiff.words(from: file.rules, to: .standard)
            if changes.contains(where: \.isEmpty) { faults.append("a change without words") }
            for policy in [file.rules.breaks] + file.rules.teams.compactMap(\.breaks) {
                let cost = policy.expectedCost(shift: .hours(9), hardContacts: 10)
                if cost.total < 0 || cost.words.isEmpty { faults.append("breaks cost \(cost.total) minutes") }
            }
            return faults
        }
    }

    private static func places(of read: () throws(RuleErrors) -> Void, _ lines: Lines) -> [String] {
        do throws(RuleErrors) {
            try read()
            return []
        } catch {
            return places(of: error, lines)
        }
    }

    private static func places(of errors: RuleErrors, _ lines: Lines) -> [String] {
        if errors.errors.isEmpty { return ["refused without a reason"] }
        return errors.errors.flatMap { place($0, lines) }
    }

    private static func place(_ error: RuleError, _ lines: Lines) -> [String] {
        if error.message.isEmpty || error.fix.isEmpty { return ["a fault without words: \(error)"] }
        if error.description.utf8.count > 8_192 { return ["a fault of \(error.description.utf8.count) bytes"] }
        guard error.file == name else { return [] }
        return lines.has(line: error.line, column: error.column) ? [] : ["a place outside the file: \(error)"]
    }
}

/// How long each line of a file is, counted by other code than the reader's.
private struct Lines {
    private var lengths: [Int] = []

    init(_ bytes: [UInt8]) {
        var length = 0
        var afterReturn = false
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if afterReturn, scalar == "\n" {
                afterReturn = false
                continue
            }
            afterReturn = scalar == "\r"
            switch scalar {
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                lengths.append(length)
                length = 0
            default: length += 1
            }
        }
        lengths.append(length)
    }

    /// One place behind the last character of a line is the line's end, and still in it.
    func has(line: Int, column: Int) -> Bool {
        (1...lengths.count).contains(line) && column >= 1 && column <= lengths[line - 1] + 1
    }
}
