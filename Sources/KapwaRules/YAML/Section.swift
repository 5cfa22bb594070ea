/// A mapping of known keys. Unknown and repeated ones are named as soon as it is opened.
public struct Section {
    let place: YAMLValue.Place
    let path: String
    let findings: Findings
    private let entries: [YAMLValue.Entry]

    /// - Parameter unlisted: Keys that the caller refuses in words of its own.
    init(
        _ entries: [YAMLValue.Entry], keys: [String]?, unlisted: [String] = [], at place: YAMLValue.Place, path: String,
        findings: Findings
    ) {
        self.place = place
        self.path = path
        self.findings = findings
        var firstPlaces: [String: YAMLValue.Place] = [:]
        var kept: [YAMLValue.Entry] = []
        for entry in entries {
            let path = Self.join(path, entry.key)
            if let first = firstPlaces[entry.key] {
                findings.add(
                    at: entry.place, path: path,
                    "the key \(quoted(entry.key)) was written in line \(first.line) before",
                    fix: "keep one of them")
                continue
            }
            firstPlaces[entry.key] = entry.place
            kept.append(entry)
            if let keys, !keys.contains(entry.key), !unlisted.contains(entry.key) {
                let guess = Nearest.word(to: entry.key, in: keys).map { "did you mean \"\($0)\"?" }
                findings.add(
                    at: entry.place, path: path, "there is no key \(quoted(entry.key))",
                    fix: guess ?? "the keys here are \(keys.joined(separator: ", "))")
            }
        }
        self.entries = kept
    }

    private static func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The value of a key; `nil` when the file does not have it.
    public subscript(_ key: String) -> Field? {
        entries.first { $0.key == key }.map {
            Field(value: $0.value, path: Self.join(path, key), findings: findings)
        }
    }

    /// Every key with its place and value, in the order of the file.
    public var all: [(key: Field, value: Field)] {
        entries.map { entry in
            let path = Self.join(path, entry.key)
            let key = YAMLValue(kind: .scalar(entry.key, quoted: false), place: entry.place)
            return (
                Field(value: key, path: path, findings: findings),
                Field(value: entry.value, path: path, findings: findings)
            )
        }
    }

    /// The value of a key that must be there; says so when it is not.
    public func required(_ key: String, example: String) -> Field? {
        if let field = self[key] { return field }
        findings.add(
            at: place, path: Self.join(path, key), "the key \"\(key)\" is missing", fix: "write \(key): \(example)")
        return nil
    }

    /// Adds an error about this part of the file as a whole.
    public func report(_ message: String, fix: String) { findings.add(at: place, path: path, message, fix: fix) }
}

/// A value with its place and path. Each reader gives `nil` after it has said what is wrong.
public struct Field {
    let value: YAMLValue
    let path: String
    let findings: Findings

    /// Adds an error about this value.
    public func report(_ message: String, fix: String) { findings.add(at: value.place, path: path, message, fix: fix) }

    /// Adds a warning about this value: the file holds all the same.
    public func warn(_ message: String, fix: String) {
        findings.add(.warning, at: value.place, path: path, message, fix: fix)
    }

    /// A mapping of these keys; `keys: nil` leaves them open.
    public func section(keys: [String]?) -> Section? { section(keys: keys, unlisted: []) }

    /// The same, with keys that the caller refuses in words of its own.
    func section(keys: [String]?, unlisted: [String]) -> Section? {
        guard case .mapping(let entries) = value.kind else {
            let example = keys?.first.map { " such as \($0)" } ?? ""
            report("\(noun) stands where a mapping is expected", fix: "write keys\(example) below it, or leave it out")
            return nil
        }
        return Section(entries, keys: keys, unlisted: unlisted, at: value.place, path: path, findings: findings)
    }

    /// A list of at most `most` values.
    public func list(most: Int) -> [Field]? {
        guard case .list(let values) = value.kind else {
            var fix = "write [] for an empty list, or one \"- \" per line"
            if case .scalar(let text, _) = value.kind, !text.isEmpty { fix = "write [\(text)] for a list of one" }
            report("\(noun) stands where a list is expected", fix: fix)
            return nil
        }
        guard values.count <= most else {
            report("the list has \(values.count) values", fix: "\(most) are the most")
            return nil
        }
        return values.enumerated().map { index, value in
            Field(value: value, path: "\(path)[\(index)]", findings: findings)
        }
    }

    /// From 1, where it stands.
    public var line: Int { value.place.line }
    public var column: Int { value.place.column }
    public var isMapping: Bool { if case .mapping = value.kind { true } else { false } }

    /// What stands here, for a message.
    var noun: String {
        if case .scalar(let text, _) = value.kind, value.noun != "nothing" { return quoted(text) }
        return value.noun
    }
}
