/// Reads a YAML file of known keys and says everything that is wrong with it in one run.
///
/// For files that people write by hand: an unknown or repeated key, a wrong type, a number out of range is an error
/// with its line and column, never passed over. Anchors, aliases, tags and second documents are refused.
public enum StrictYAML {
    /// What a file amounts to when nothing in it is wrong.
    public struct Reading<Value: Sendable>: Sendable {
        public var value: Value
        /// Legal, but worth a look; in the order of the lines.
        public var warnings: [RuleError]
    }

    /// Reads a text.
    ///
    /// - Parameters:
    ///   - text: The whole file; an empty one has no keys.
    ///   - name: How the file is called in messages.
    ///   - bytesMax: A longer one is refused unread.
    ///   - keys: The keys of its first level.
    ///   - build: Takes the values out; what it reports, and what the readers of ``Field`` report, refuses the file.
    /// - Throws: ``RuleErrors`` with all that is wrong.
    public static func read<Value: Sendable>(
        _ text: String, name: String, bytesMax: Int, keys: [String], build: (Section) -> Value
    ) throws(RuleErrors) -> Reading<Value> {
        let findings = Findings(file: name)
        let root = YAMLText.parse(text, bytesMax: bytesMax, findings: findings)
        var entries: [YAMLValue.Entry] = []
        if case .mapping(let found)? = root?.kind {
            entries = found
        } else if let root, root.noun != "nothing" {
            findings.add(
                at: root.place, path: "", "\(root.noun) stands where the keys are expected",
                fix: "the keys here are \(keys.joined(separator: ", "))")
        }
        if root == nil, let failure = findings.failure { throw failure }
        let section = Section(entries, keys: keys, at: root?.place ?? .start, path: "", findings: findings)
        let value = build(section)
        if let failure = findings.failure { throw failure }
        return Reading(value: value, warnings: findings.warnings)
    }

    /// Reads the bytes of a file: as above, and says where they are no UTF-8.
    public static func read<Value: Sendable>(
        bytes: [UInt8], name: String, bytesMax: Int, keys: [String], build: (Section) -> Value
    ) throws(RuleErrors) -> Reading<Value> {
        try read(decode(bytes, name: name), name: name, bytesMax: bytesMax, keys: keys, build: build)
    }

    static func decode(_ bytes: [UInt8], name: String) throws(RuleErrors) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        // The repaired text breaks off at the first byte that is no UTF-8; what is before it tells the place.
        var valid = 0
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var before: [Unicode.Scalar] = []
        scan: while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar):
                valid += UTF8.width(scalar)
                before.append(scalar)
            case .emptyInput, .error: break scan
            }
        }
        let byte = valid < bytes.count ? String(bytes[valid], radix: 16, uppercase: true) : "?"
        let findings = Findings(file: name)
        findings.add(
            at: YAMLText.end(of: before), path: "", "the byte 0x\(byte) is no UTF-8", fix: "save the file as UTF-8")
        throw RuleErrors(errors: findings.errors, more: 0)
    }
}
