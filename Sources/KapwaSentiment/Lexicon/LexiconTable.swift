internal import KapwaDomain

/// One lexicon file as rows of named fields, before anything is looked up. Collects faults instead of stopping.
struct LexiconTable {
    /// The columns that a file may have; `term` and `lang` must be there.
    enum Column: String, CaseIterable {
        case term, lang, role, frustration, urgency, family, distress, relief, positive, negative, mixed
        case reason, safety, factor, means, origin, note
    }

    /// A row with its values read and checked.
    struct Row {
        var file: String
        var line: Int
        var term: String
        var entry = Entry()
        /// Not empty: the term is only another spelling of this.
        var means = ""
        var isFitted = false
    }

    private(set) var rows: [Row] = []
    private(set) var problems: [LexiconError.Problem] = []
    private let file: String
    private var hasControls = false

    /// A fault found by one value; the caller adds the place.
    private struct Fault: Error {
        var what: String
        var remedy: String
    }

    init(file: String, bytes: [UInt8]) {
        self.file = file
        guard bytes.count <= Limits.lexiconFileBytesMax else {
            report(0, "\(bytes.count) bytes are too many", "keep a file within \(Limits.lexiconFileBytesMax) bytes")
            return
        }
        // Editors on other systems put a mark before the first word.
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        guard String(validating: bytes, as: UTF8.self) != nil else {
            let isWide = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
            report(
                isWide ? 1 : Self.brokenLine(bytes), isWide ? "the file is UTF-16" : "the bytes are not UTF-8",
                "save the file as UTF-8")
            return
        }
        hasControls = Self.hasControls(bytes)
        bytes.withUnsafeBufferPointer { read($0) }
    }

    /// The first line that is not UTF-8.
    private static func brokenLine(_ bytes: ArraySlice<UInt8>) -> Int {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return 1 + (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0)
    }

    /// Whether there are control characters besides tabs and line ends; such files are looked at more closely.
    private static func hasControls(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            for byte in bytes where isControl(byte) && byte != UInt8(ascii: "\n") { return true }
            return false
        }
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != UInt8(ascii: "\t") || byte == 0x7F
    }

    private mutating func report(_ line: Int, _ what: String, _ remedy: String) {
        problems.append(LexiconError.Problem(file: file, line: line, what: what, remedy: remedy))
    }

    /// The bytes of one value.
    private typealias Field = UnsafeBufferPointer<UInt8>

    private mutating func read(_ text: UnsafeBufferPointer<UInt8>) {
        var columns: [Column] = []
        var fields: [Field] = []
        var line = 0
        var start = 0
        while start <= text.count {
            line += 1
            let next = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
            var raw = UnsafeBufferPointer(rebasing: text[start..<next])
            start = next + 1
            if raw.last == UInt8(ascii: "\r") { raw = UnsafeBufferPointer(rebasing: raw.dropLast()) }
            if raw.isEmpty || raw.first == UInt8(ascii: "#") || !isSound(raw, line) { continue }
            Self.cut(raw, into: &fields)
            if columns.isEmpty {
                guard let header = readHeader(fields.map(Self.text), line) else { return }
                columns = header
                continue
            }
            guard fields.count == columns.count else {
                report(line, "\(fields.count) fields", "give \(columns.count), as the header names them")
                continue
            }
            guard rows.count < Limits.lexiconRowsMax else {
                report(line, "more than \(Limits.lexiconRowsMax) rows", "split or shorten the file")
                return
            }
            readRow(columns, fields, line)
        }
        if columns.isEmpty { report(1, "there is no header", "name the columns in the first line: term, lang, …") }
    }

    /// The values of a line, which tabs part.
    private static func cut(_ line: Field, into fields: inout [Field]) {
        fields.removeAll(keepingCapacity: true)
        var start = 0
        for index in line.indices where line[index] == UInt8(ascii: "\t") {
            fields.append(Field(rebasing: line[start..<index]))
            start = index + 1
        }
        fields.append(Field(rebasing: line[start...]))
    }

    private static func text(_ field: Field) -> String { String(decoding: field, as: UTF8.self) }

    /// Whether a line may be read at all.
    private mutating func isSound(_ line: Field, _ number: Int) -> Bool {
        guard line.count <= Limits.lexiconLineBytesMax else {
            report(number, "the line has \(line.count) bytes", "keep a row within \(Limits.lexiconLineBytesMax) bytes")
            return false
        }
        guard hasControls, let control = line.first(where: Self.isControl) else { return true }
        let digits = String(control, radix: 16, uppercase: true)
        report(
            number, "the control character U+\(String(repeating: "0", count: 4 - digits.count))\(digits)",
            "remove it; tabs stand between the columns, a line feed ends a row")
        return false
    }

    private mutating func readHeader(_ fields: [String], _ line: Int) -> [Column]? {
        var columns: [Column] = []
        var isSound = true
        for name in fields {
            if let column = Column(rawValue: name), !columns.contains(column) {
                columns.append(column)
            } else {
                let known = Column.allCases.map(\.rawValue).joined(separator: " ")
                let what =
                    columns.contains { $0.rawValue == name } ? "column `\(name)` twice" : "unknown column `\(name)`"
                report(line, what, "use each at most once of: \(known)")
                isSound = false
            }
        }
        for needed in [Column.term, .lang] where isSound && !columns.contains(needed) {
            report(line, "column `\(needed.rawValue)` is missing", "every file needs term and lang")
            isSound = false
        }
        return isSound ? columns : nil
    }

    private mutating func readRow(_ columns: [Column], _ fields: [Field], _ line: Int) {
        var row = Row(file: file, line: line, term: "")
        for (column, field) in zip(columns, fields) where !field.isEmpty || column == .term || column == .lang {
            do throws(Fault) {
                try Self.read(column, field, into: &row)
            } catch {
                report(line, error.what, error.remedy)
                return
            }
        }
        let never = row.entry.safety != nil || row.entry.roles.meets([.insult, .slur, .sexual, .threat])
        if row.isFitted && never {
            report(line, "`\(row.term)` is fitted", "rate abuse, threat and safety by hand; they are never fitted")
            return
        }
        rows.append(row)
    }

    private static func read(_ column: Column, _ field: Field, into row: inout Row) throws(Fault) {
        switch column {
        case .term:
            if field.isEmpty {
                throw Fault(what: "the term is empty", remedy: "write a word or phrase, or drop the row")
            }
            row.term = text(field)
        case .lang:
            guard let language = Languages(named: text(field)) else {
                throw Fault(what: "unknown language `\(text(field))`", remedy: "use tl, en, ceb, ilo or any")
            }
            row.entry.languages = language
        case .role: row.entry.roles = try roles(text(field))
        case .frustration: row.entry.weights[.frustration] = try weight(field, .frustration)
        case .urgency: row.entry.weights[.urgency] = try weight(field, .urgency)
        case .family: row.entry.weights[.family] = try weight(field, .family)
        case .distress: row.entry.weights[.distress] = try weight(field, .distress)
        case .relief: row.entry.weights[.relief] = try weight(field, .relief)
        case .positive: row.entry.weights[.positive] = try weight(field, .positive)
        case .negative: row.entry.weights[.negative] = try weight(field, .negative)
        case .mixed: row.entry.weights[.mixed] = try weight(field, .mixed)
        case .reason:
            guard let reason = Evidence.Reason(rawValue: text(field)) else {
                let known = Evidence.Reason.allCases.map(\.rawValue).joined(separator: " ")
                throw Fault(what: "unknown reason `\(text(field))`", remedy: "use one of: \(known)")
            }
            row.entry.reason = reason
        case .safety: row.entry.safety = try safety(text(field))
        case .factor:
            guard let factor = Int32(text(field)), (100...3_000).contains(factor) else {
                throw Fault(what: "factor `\(text(field))`", remedy: "give thousandths, 100…3000")
            }
            row.entry.factor = factor
        case .means: row.means = text(field)
        case .origin:
            let origin = text(field)
            guard origin == "hand" || origin == "fitted" else {
                throw Fault(what: "unknown origin `\(origin)`", remedy: "use hand or fitted")
            }
            row.isFitted = origin == "fitted"
        case .note: break
        }
    }

    private static func roles(_ field: String) throws(Fault) -> Roles {
        var roles: Roles = []
        for name in field.split(separator: " ") {
            guard let role = Role(named: name) else {
                let known = Role.allCases.map(\.name).joined(separator: " ")
                throw Fault(what: "unknown role `\(name)`", remedy: "use one of: \(known)")
            }
            roles.formUnion(Roles(role))
        }
        return roles
    }

    private static func weight(_ field: Field, _ axis: Weights.Axis) throws(Fault) -> Int32 {
        guard let weight = whole(field), axis.range.contains(weight) else {
            let range = "\(axis.range.lowerBound)…\(axis.range.upperBound)"
            throw Fault(what: "\(axis.name) `\(text(field))` is out of range", remedy: "give thousandths, \(range)")
        }
        return weight
    }

    /// Up to six digits, perhaps with a sign; `nil` for anything else.
    private static func whole(_ field: Field) -> Int32? {
        let isNegative = field.first == UInt8(ascii: "-")
        let digits = isNegative || field.first == UInt8(ascii: "+") ? field.dropFirst() : field[...]
        guard (1...6).contains(digits.count) else { return nil }
        var value: Int32 = 0
        for digit in digits {
            guard digit &- UInt8(ascii: "0") < 10 else { return nil }
            value = value * 10 + Int32(digit - UInt8(ascii: "0"))
        }
        return isNegative ? -value : value
    }

    private static func safety(_ field: String) throws(Fault) -> Entry.Safety {
        let parts = field.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let kind = SafetyFlag.Kind(rawValue: String(parts[0])),
            let level = SafetyFlag.Level(rawValue: String(parts[1]))
        else {
            throw Fault(
                what: "unknown safety `\(field)`",
                remedy: "use KIND:LEVEL of self_harm violence medical child and possible explicit")
        }
        return Entry.Safety(kind: kind, level: level)
    }
}
