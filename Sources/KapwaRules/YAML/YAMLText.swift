import KapwaDomain
import Yams

/// Turns text into ``YAMLValue``s: one document of mappings, lists and scalars, without anchors, aliases and tags.
///
/// Three things stand between the text and the parser, because the parser alone would stop at the first repeated key,
/// say nothing of where an unprintable character is, expand aliases and compare keys of any size with each other:
/// - every `*` and `?` goes in as a private-use character, so that nothing can be an alias or a key in many lines,
///   and comes out as itself again;
/// - of a repeated key one is made different by a character that no file may hold, and named when all is read;
/// - characters that YAML forbids are found here, with line and column.
struct YAMLText {
    /// Stands for `*` inside the parser.
    private static let star: Unicode.Scalar = "\u{F8FE}"
    /// Stands for `?`.
    private static let question: Unicode.Scalar = "\u{F8FD}"
    /// From here on the characters that tell repeated keys apart.
    private static let marks: ClosedRange<UInt32> = 0xE000...0xE0FF
    private static let reserved: ClosedRange<UInt32> = 0xE000...0xF8FF
    private static let depthMax = 16
    /// Telling one key apart means parsing once more: a file may cost so many scalars in all.
    private static let parsedMax = 1_024 * 1_024

    private let findings: Findings
    private var scalars: [Unicode.Scalar]
    private let lineStarts: [Int]
    /// The characters that a mark replaced: the first belongs to the first of ``marks``.
    private var marked: [Unicode.Scalar] = []

    /// The root of the text; `nil` when it is empty or cannot be read (then the findings say why).
    static func parse(_ text: String, bytesMax: Int, findings: Findings) -> YAMLValue? {
        guard text.utf8.count <= bytesMax else {
            findings.add(
                at: .start, path: "", "the file has \(text.utf8.count) bytes", fix: "\(bytesMax) bytes are the most")
            return nil
        }
        var source = YAMLText(text, findings)
        guard source.checkCharacters() else { return nil }
        return source.parse()
    }

    private init(_ text: String, _ findings: Findings) {
        self.findings = findings
        scalars = Array(text.unicodeScalars)
        lineStarts = Self.lineStarts(scalars)
    }

    private static func lineStarts(_ scalars: [Unicode.Scalar]) -> [Int] {
        var starts = [0]
        for (index, scalar) in scalars.enumerated() where endsLine(scalar) {
            let next = index + 1
            if scalar == "\r", next < scalars.count, scalars[next] == "\n" { continue }
            starts.append(next)
        }
        return starts
    }

    /// The place behind the last of these characters.
    static func end(of scalars: [Unicode.Scalar]) -> YAMLValue.Place {
        let starts = lineStarts(scalars)
        return YAMLValue.Place(line: starts.count, column: scalars.count - starts[starts.count - 1] + 1)
    }

    private static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }

    private func place(of index: Int) -> YAMLValue.Place {
        let line = lineStarts.lastIndex { $0 <= index } ?? 0
        return YAMLValue.Place(line: line + 1, column: index - lineStarts[line] + 1)
    }

    /// The parser counts the end of a last line that has no line end as a line of its own.
    private func within(_ place: YAMLValue.Place) -> YAMLValue.Place {
        place.line <= lineStarts.count ? place : Self.end(of: scalars)
    }

    private func index(of place: YAMLValue.Place) -> Int? {
        guard lineStarts.indices.contains(place.line - 1) else { return nil }
        let index = lineStarts[place.line - 1] + place.column - 1
        return scalars.indices.contains(index) ? index : nil
    }

    private func checkCharacters() -> Bool {
        let wrong = scalars.firstIndex { scalar in
            switch scalar.value {
            case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0x1_0000...0x10_FFFF: false
            case 0xF900...0xFFFD: false
            default: true
            }
        }
        guard let wrong else { return true }
        let hex = String(scalars[wrong].value, radix: 16, uppercase: true)
        let code = String(repeating: "0", count: max(0, 4 - hex.count)) + hex
        findings.add(
            at: place(of: wrong), path: "", "the character U+\(code) has no place in this file",
            fix: "take it out; text is UTF-8 without control and private-use characters")
        return false
    }

    private mutating func parse() -> YAMLValue? {
        for index in scalars.indices {
            if scalars[index] == "*" { scalars[index] = Self.star }
            if scalars[index] == "?" { scalars[index] = Self.question }
        }
        while true {
            do {
                let root = try Parser(yaml: text(of: scalars), resolver: .basic, encoding: .utf8).singleRoot()
                return root.map { convert($0, depth: 1) }
            } catch let YamlError.duplicatedKeysInMapping(names, context) {
                let place = YAMLValue.Place(line: context.mark.line, column: context.mark.column)
                if tellApart(at: place) { continue }
                let key = quoted(restored(names.first ?? ""))
                findings.add(at: place, path: "", "the key \(key) is written twice", fix: "keep one of them")
                return nil
            } catch {
                report(error)
                return nil
            }
        }
    }

    private func text(of scalars: [Unicode.Scalar]) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    /// Puts a mark into the key that starts here; false when it is no plain or simply quoted word.
    private mutating func tellApart(at place: YAMLValue.Place) -> Bool {
        guard marked.count < Self.marks.count, (marked.count + 1) * scalars.count <= Self.parsedMax,
            var index = index(of: place)
        else { return false }
        let quote = scalars[index]
        if quote == "\"" || quote == "'" { index += 1 }
        guard index < scalars.count, let mark = Unicode.Scalar(Self.marks.lowerBound + UInt32(marked.count)) else {
            return false
        }
        switch scalars[index] {
        case quote where quote == "\"" || quote == "'": return false
        case "\\", "[", "{", "&", "!", "|", ">", "?", ":", " ", "\n": return false
        default: break
        }
        marked.append(scalars[index])
        scalars[index] = mark
        return true
    }

    /// The text as it stands in the file, without what was put in for the parser.
    private func restored(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { Self.reserved.contains($0.value) }) else { return text }
        let scalars = text.unicodeScalars.map { scalar in
            if scalar == Self.star { return "*" as Unicode.Scalar }
            if scalar == Self.question { return "?" }
            guard Self.marks.contains(scalar.value) else { return scalar }
            return marked[Int(scalar.value - Self.marks.lowerBound)]
        }
        return self.text(of: scalars)
    }

    private func report(_ error: any Error) {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let place = within(YAMLValue.Place(line: mark.line, column: mark.column))
            let about = context.map { " (\($0.text))" } ?? ""
            if let index = index(of: place), scalars[index] == "\t" {
                return findings.add(
                    at: place, path: "", "a tab stands where spaces are expected", fix: "indent with spaces alone")
            }
            findings.add(
                at: place, path: "", "this is no YAML: \(problem)\(about)",
                fix: "check indentation, colons and quotes here and on the line before")
        default:
            findings.add(at: .start, path: "", "this is no YAML: \(error)", fix: "check the file's encoding")
        }
    }
}

extension YAMLText {
    private func convert(_ node: Node, depth: Int) -> YAMLValue {
        let place = YAMLValue.Place(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
        var value = YAMLValue(kind: .scalar("", quoted: true), place: place)
        guard depth <= Self.depthMax else {
            findings.add(
                at: place, path: "", "nested deeper than \(Self.depthMax) levels", fix: "no key of this file is so deep"
            )
            return value
        }
        checkProperties(at: place)
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            if isPlain { checkIndicator(scalar.string, at: place) }
            value.kind = .scalar(restored(scalar.string), quoted: !isPlain)
        case .sequence(let sequence):
            value.kind = .list(sequence.map { convert($0, depth: depth + 1) })
        case .mapping(let mapping):
            value.kind = .mapping(mapping.compactMap { entry($0.key, $0.value, depth: depth) })
        case .alias:
            findings.add(at: place, path: "", "an alias (*) is not read here", fix: "write the value out")
        }
        return value
    }

    /// What would have been an alias or an explicit key, had the parser seen it.
    private func checkIndicator(_ text: String, at place: YAMLValue.Place) {
        let start = text.unicodeScalars.prefix(2)
        if start.first == Self.star {
            findings.add(
                at: place, path: "", "an alias (*) is not read here", fix: "write the value out, or put it in quotes")
        } else if start.first == Self.question, start.count == 1 || start.last == " " {
            findings.add(at: place, path: "", "a key after ? is not read here", fix: "write the key and a colon")
        }
    }

    private func entry(_ key: Node, _ value: Node, depth: Int) -> YAMLValue.Entry? {
        let converted = convert(key, depth: depth + 1)
        guard case .scalar(let name, _) = converted.kind else {
            findings.add(at: converted.place, path: "", "\(converted.noun) is no key", fix: "a key is a word")
            return nil
        }
        return YAMLValue.Entry(key: name, place: converted.place, value: convert(value, depth: depth + 1))
    }

    /// A node with an anchor or a tag begins with it; nothing else may begin with these characters.
    private func checkProperties(at place: YAMLValue.Place) {
        guard let index = index(of: place) else { return }
        switch scalars[index] {
        case "&":
            findings.add(at: place, path: "", "an anchor (&) is not read here", fix: "write the value where it is used")
        case "!":
            findings.add(at: place, path: "", "a tag (!) is not read here", fix: "leave it out")
        default:
            break
        }
    }
}
