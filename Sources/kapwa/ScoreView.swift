import KapwaDomain

/// A scored text as a person reads it: the text with its spans marked, then each tag and the words behind it.
struct ScoreView {
    private let source: String
    private let found: Assessment
    private let explains: Bool
    private let colours: Bool

    init(text: String, found: Assessment, explains: Bool, colours: Bool) {
        source = text
        self.found = found
        self.explains = explains
        self.colours = colours
    }

    var text: String {
        var lines = [marked, ""]
        for tag in Tag.allCases { lines.append(contentsOf: self.lines(of: tag.rawValue, found.tags[tag])) }
        lines.append(contentsOf: self.lines(of: "polarity", found.polarity))
        for flag in found.safety {
            lines.append("  safety       \(flag.level.rawValue) \(flag.kind.rawValue): \"\(flag.text)\"")
        }
        if let abuse = found.abuse {
            lines.append("  abuse is     \(abuse.kind.rawValue), at \(abuse.target.rawValue)")
        }
        if let wish = found.asksFor { lines.append("  asks for     \(wish.rawValue)") }
        lines.append(
            "  language \(found.language.rawValue), register \(found.register.rawValue), "
                + "coverage \(Self.decimal(found.coverage)), scored \(found.scored.rawValue)")
        return lines.joined(separator: "\n") + "\n"
    }

    /// One line for the tag, and one per word that counted, with the rules that changed its weight.
    private func lines(of name: String, _ score: Score) -> [String] {
        let reasons = found.evidence.filter { $0.tag == name }
        guard score != .zero || !reasons.isEmpty else { return [] }
        let holds = name != "polarity" && score >= .holds ? " holds" : ""
        let padding = String(repeating: " ", count: max(1, 13 - name.count))
        var lines = ["  \(name)\(padding)\(Self.decimal(score))\(holds)"]
        for reason in reasons {
            var line = "               \(Self.decimal(reason.weight, signed: true))  \"\(reason.text)\""
            if let cause = reason.reason { line += "  (\(cause.rawValue))" }
            if let source = reason.source { line += "  [\(source)]" }
            if explains && !reason.rules.isEmpty { line += "  by \(reason.rules.joined(separator: ", "))" }
            lines.append(line)
        }
        return lines
    }

    /// The text with every span that counted in the colour of its tag, or in brackets without colours.
    private var marked: String {
        let scalars = Array(source.unicodeScalars)
        var tagAt = [String?](repeating: nil, count: scalars.count)
        for reason in found.evidence {
            for index in reason.start..<min(reason.end, scalars.count) { tagAt[index] = reason.tag }
        }
        var result = String.UnicodeScalarView()
        var open: String?
        for (index, scalar) in scalars.enumerated() {
            if tagAt[index] != open {
                if open != nil { result.append(contentsOf: closing.unicodeScalars) }
                if let tag = tagAt[index] { result.append(contentsOf: opening(tag).unicodeScalars) }
                open = tagAt[index]
            }
            result.append(scalar)
        }
        if open != nil { result.append(contentsOf: closing.unicodeScalars) }
        return String(result)
    }

    private var closing: String { colours ? "\u{1B}[0m" : "]" }

    private func opening(_ tag: String) -> String {
        guard colours else { return "[" }
        switch tag {
        case "frustration": return "\u{1B}[33m"
        case "urgency": return "\u{1B}[35m"
        case "family": return "\u{1B}[36m"
        case "distress": return "\u{1B}[34m"
        case "relief": return "\u{1B}[32m"
        case "abuse", "threat": return "\u{1B}[31m"
        default: return "\u{1B}[4m"
        }
    }

    static func decimal(_ score: Score, signed: Bool = false) -> String {
        let milli = abs(score.milli)
        let sign = score.milli < 0 ? "−" : signed ? "+" : ""
        let digits = "\(milli % 1_000)"
        return "\(sign)\(milli / 1_000).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
    }
}
