public import KapwaDomain

extension Field {
    /// Text of so many bytes, quoted or not; `key:` with nothing after it is no text.
    public func text(bytes: ClosedRange<Int> = 1...Limits.labelBytesMax) -> String? {
        guard case .scalar(let text, _) = value.kind, value.noun != "nothing" else {
            report("\(noun) stands where text is expected", fix: "write it out, in quotes if it has a colon or a #")
            return nil
        }
        guard bytes.contains(text.utf8.count) else {
            report("the text has \(text.utf8.count) bytes", fix: "write \(bytes.lowerBound) to \(bytes.upperBound)")
            return nil
        }
        return text
    }

    /// A name of 1–128 bytes of `[A-Za-z0-9._:@+-]`.
    public func identifier<Subject>(_ noun: String, of subject: Subject.Type) -> Identifier<Subject>? {
        guard case .scalar(let text, _) = value.kind, Identifier<Subject>.isValid(Array(text.utf8)) else {
            report("\(self.noun) is no name of a \(noun)", fix: "write 1 to 128 letters, digits and . _ : @ + -")
            return nil
        }
        return Identifier(text)
    }

    /// `true` or `false`.
    public func flag() -> Bool? {
        switch value.kind {
        case .scalar("true", quoted: false): return true
        case .scalar("false", quoted: false): return false
        default:
            report("\(noun) is neither true nor false", fix: "write true or false")
            return nil
        }
    }

    /// A whole number within the range.
    public func integer(in range: ClosedRange<Int>, because reason: String = "") -> Int? {
        let span = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        let fix = "write \(range.count == 1 ? String(range.lowerBound) : span)\(reason)"
        guard case .scalar(let text, quoted: false) = value.kind, let number = Self.wholeNumber(text) else {
            report("\(noun) is no whole number", fix: fix)
            return nil
        }
        guard range.contains(number) else {
            report("\(number) is out of range", fix: fix)
            return nil
        }
        return number
    }

    /// A number with at most three decimals, in thousandths.
    public func thousandths(in range: ClosedRange<Int>, because reason: String = "") -> Int? {
        let span = "\(Self.decimal(range.lowerBound)) to \(Self.decimal(range.upperBound))"
        let fix = "write a number from \(span), with at most three decimals\(reason)"
        guard case .scalar(let text, quoted: false) = value.kind, let number = Self.thousandths(text) else {
            report("\(noun) is no such number", fix: fix)
            return nil
        }
        guard range.contains(number) else {
            report("\(text) is out of range", fix: fix)
            return nil
        }
        return number
    }

    /// A number from -1 to 1 with at most three decimals, in thousandths.
    public func signedThousandths() -> Int? {
        if case .scalar(let text, quoted: false) = value.kind {
            let isNegative = text.hasPrefix("-")
            let size = Self.thousandths(isNegative ? String(text.dropFirst()) : text)
            if let size, size <= 1_000 { return isNegative ? -size : size }
        }
        report("\(noun) is no such number", fix: "write a number from -1 to 1, with at most three decimals")
        return nil
    }

    /// A length of time with its unit (`250ms`, `20s`, `15m`, `4h`, `7d`) within the range, in milliseconds.
    public func duration(in range: ClosedRange<Milliseconds>, because reason: String = "") -> Milliseconds? {
        let span = "\(DurationText.write(range.lowerBound)) to \(DurationText.write(range.upperBound))"
        guard case .scalar(let text, _) = value.kind, let length = DurationText.read(text) else {
            report(
                "\(noun) is no length of time",
                fix: "write a whole number and its unit as in 20s, 15m, 4h or 7d, from \(span)\(reason)")
            return nil
        }
        guard range.contains(length) else {
            report("\(text) is out of range", fix: "write a time from \(span)\(reason)")
            return nil
        }
        return length
    }

    /// One of the words of an enumeration.
    public func choice<Value: CaseIterable & RawRepresentable<String>>(_ noun: String, of values: Value.Type) -> Value?
    {
        if case .scalar(let text, _) = value.kind, let value = Value(rawValue: text) { return value }
        let words = Value.allCases.map(\.rawValue)
        report("\(self.noun) is no \(noun)", fix: "write \(Self.enumerate(words))")
        return nil
    }

    /// A word, a whole number or `true`/`false`, as an attribute of a conversation.
    public func attribute() -> Attributes.Value? {
        guard case .scalar(let text, let isQuoted) = value.kind, isQuoted || value.noun != "nothing" else {
            report("\(noun) is no attribute", fix: "write text, a whole number, true or false")
            return nil
        }
        if isQuoted { return .text(text) }
        if let number = Self.wholeNumber(text) { return .integer(Int64(number)) }
        return text == "true" ? .boolean(true) : text == "false" ? .boolean(false) : .text(text)
    }

    private static func enumerate(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    /// Digits with an optional minus; neither `+1`, `0x1F`, `1_000` nor `1e3`.
    static func wholeNumber(_ text: String) -> Int? {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }

    static func thousandths(_ text: String) -> Int? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = wholeNumber(String(parts[0])), (0...1_000_000).contains(whole), !text.hasPrefix("-") else {
            return nil
        }
        guard parts.count == 2 else { return whole * 1_000 }
        guard (1...3).contains(parts[1].count), !parts[1].hasPrefix("-"), let rest = wholeNumber(String(parts[1]))
        else {
            return nil
        }
        return whole * 1_000 + rest * [100, 10, 1][parts[1].count - 1]
    }

    static func decimal(_ thousandths: Int) -> String {
        guard thousandths % 1_000 != 0 else { return String(thousandths / 1_000) }
        var digits = String(thousandths % 1_000 + 1_000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(thousandths / 1_000).\(digits)"
    }
}

/// Lengths of time as people write them: a whole number and one unit.
public enum DurationText {
    private static let units: [(name: String, length: Milliseconds)] = [
        ("d", .days(1)), ("h", .hours(1)), ("m", .minutes(1)), ("s", .seconds(1)), ("ms", 1),
    ]

    /// Milliseconds; `nil` when it is no number with a unit or longer than a thousand years.
    public static func read(_ text: String) -> Milliseconds? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard (1...9).contains(digits.utf8.count), let number = Milliseconds(digits),
            let unit = units.first(where: { $0.name == text.dropFirst(digits.count) })
        else { return nil }
        let (length, overflow) = number.multipliedReportingOverflow(by: unit.length)
        return overflow || length > .days(365_000) ? nil : length
    }

    /// In the largest unit that leaves a whole number.
    public static func write(_ length: Milliseconds) -> String {
        guard length != 0, let unit = units.first(where: { length % $0.length == 0 }) else { return "0s" }
        return "\(length / unit.length)\(unit.name)"
    }
}
