/// What names, labels and numbers may look like in both text formats.
enum MetricText {
    private static let units: Set<String> = [
        "ms", "us", "ns", "s", "m", "h", "d", "milliseconds", "microseconds", "nanoseconds", "minutes", "hours", "days",
        "kb", "mb", "gb", "kilobytes", "megabytes", "gigabytes", "percent",
    ]
    private static let types: Set<String> = ["counter", "gauge", "histogram", "summary", "untyped", "info"]

    /// Why a scraper or its linter would not take this family; `nil` when it would.
    static func problem(with head: FamilyHead) -> String? {
        let name = head.name
        let parts = name.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
        guard isName(name) else { return "\"\(name)\" is no name: lower-case letters, digits and single _" }
        if parts.contains(where: units.contains) { return "\(name): use base units (_seconds, _bytes, _ratio)" }
        if parts.dropLast().contains(where: types.contains) { return "\(name): the type is no part of a name" }
        let suffix = parts.last ?? ""
        if (suffix == "total") != (head.kind == .counter) { return "\(name): counters, and only they, end in _total" }
        if (suffix == "info") != (head.kind == .info) { return "\(name): infos, and only they, end in _info" }
        if ["count", "sum", "bucket", "created"].contains(suffix) || types.subtracting(["info"]).contains(suffix) {
            return "\(name): _\(suffix) is taken by the format"
        }
        if head.help.isEmpty { return "\(name): a help text is missing" }
        guard Set(head.labels).count == head.labels.count else { return "\(name): a label is named twice" }
        if let wrong = head.labels.first(where: { !isName($0) || ["le", "quantile", "other"].contains($0) }) {
            return "\(name): \"\(wrong)\" is no label"
        }
        return nil
    }

    /// Every name that the family occupies as a family or as a sample, in either format.
    static func claims(of head: FamilyHead) -> [String] {
        switch head.kind {
        case .counter: [head.name, base(of: head), base(of: head) + "_created"]
        case .gauge: [head.name]
        case .info: [head.name, base(of: head)]
        case .histogram: [head.name] + ["_bucket", "_sum", "_count", "_created"].map { head.name + $0 }
        }
    }

    /// The family's name in OpenMetrics, where `_total` and `_info` belong to the sample alone.
    static func base(of head: FamilyHead) -> String {
        switch head.kind {
        case .counter: String(head.name.dropLast("_total".count))
        case .info: String(head.name.dropLast("_info".count))
        case .gauge, .histogram: head.name
        }
    }

    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first), !text.contains("__"), !text.hasSuffix("_")
        else {
            return false
        }
        return text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }

    /// A label's value as it is kept: control characters other than a line feed would break a line-wise reader.
    static func label(_ value: String) -> String {
        guard value.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7F }) else {
            return value
        }
        var view = String.UnicodeScalarView()
        view.append(
            contentsOf: value.unicodeScalars.map { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7F ? "\u{FFFD}" : $0 }
        )
        return String(view)
    }

    /// `queue="main",state="ready"`
    static func labels(_ names: [String], _ values: [String]) -> [UInt8] {
        let pairs = zip(names, values).map { "\($0)=\"\(escaped($1, quotes: true))\"" }
        return Array(pairs.joined(separator: ",").utf8)
    }

    /// Backslashes and line feeds, and where the format asks for it quotes, with a backslash before them.
    static func escaped(_ text: String, quotes: Bool) -> String {
        guard text.utf8.contains(where: { [0x5C, 0x0A, 0x22].contains($0) }) else { return text }
        var view = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": view.append(contentsOf: "\\\\".unicodeScalars)
            case "\n": view.append(contentsOf: "\\n".unicodeScalars)
            case "\"" where quotes: view.append(contentsOf: "\\\"".unicodeScalars)
            default: view.append(scalar)
            }
        }
        return String(view)
    }

    /// A figure: whole numbers without a fraction, never `inf` or `nan` as Swift writes them.
    static func number(_ figure: Double) -> String {
        if figure.isNaN { return "NaN" }
        if figure.isInfinite { return figure < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: figure), abs(figure) <= 9_007_199_254_740_992 { return String(whole) }
        return "\(figure)"
    }

    /// Ticks as an exact decimal number of units; `1.0` where a whole number is to show that it is a float.
    static func decimal(_ ticks: Int128, per unit: Int64, canonical: Bool = false) -> String {
        let (whole, rest) = ticks.quotientAndRemainder(dividingBy: Int128(unit))
        guard rest != 0 else { return canonical ? "\(whole).0" : "\(whole)" }
        var digits = String(Int128(unit) + rest).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}
