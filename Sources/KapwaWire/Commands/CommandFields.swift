import KapwaDomain

/// Reads a command's fields, checks them and hashes what it read.
///
/// A wrong field does not end the reading: of all that is wrong the refusal that comes first in the contract's order
/// stays. Fields are hashed in the order in which the code asks for them, absent ones and defaults not at all, so that
/// the hash knows nothing of how the sender wrote it, and fields added later leave it as it was.
struct CommandFields {
    private(set) var refusal: Refusal?
    var hasher = BodyHasher()
    private var fields: JSONFields
    /// Path of the object that is read: empty, or ending in a dot.
    private let path: String

    init(_ object: JSONValue, path: String = "") {
        fields = JSONFields(object)
        self.path = path
    }

    // MARK: Refusals

    private static let ranks: [RefusalCode: Int] = Dictionary(
        uniqueKeysWithValues: RefusalCode.allCases.enumerated().map { ($1, $0) })

    /// Keeps the refusal if it comes before the one kept so far.
    mutating func refuse(_ other: Refusal) {
        if let refusal, Self.ranks[refusal.code, default: 0] <= Self.ranks[other.code, default: 0] { return }
        refusal = other
    }

    mutating func refuse(_ code: RefusalCode, _ key: String, _ message: String) {
        refuse(Refusal(code, "\(path)\(key) \(message)", field: "\(path)\(key)"))
    }

    mutating func missing(_ key: StaticString, _ expected: String) {
        refuse(.missingField, "\(key)", "is missing; it must be \(expected)")
    }

    mutating func invalid(_ key: StaticString, _ json: JSONValue, _ expected: String) {
        refuse(.invalidField, "\(key)", "is \(json.kind); it must be \(expected)")
    }

    // MARK: Scalars

    /// Whether the field is there.
    func has(_ key: StaticString) -> Bool {
        // On a copy: whoever reads the field next finds it where the reading stands.
        var probe = fields
        return probe.find(key) != nil
    }

    /// An identifier, where it is there and one.
    ///
    /// - Parameter isBody: whether it counts for the body's hash; tenant and source are part of the key instead.
    mutating func identifier<Subject>(
        _ key: StaticString, of: Identifier<Subject>.Type, isBody: Bool = true
    ) -> Identifier<Subject>? {
        guard let json = fields.find(key) else { return nil }
        guard let utf8 = json.utf8 else {
            invalid(key, json, Self.identifierShape)
            return nil
        }
        guard utf8.isIdentifier else {
            refuse(.invalidField, "\(key)", "is no identifier; it must be \(Self.identifierShape)")
            return nil
        }
        if isBody { hash(key, utf8) }
        return Identifier(String(decoding: utf8, as: UTF8.self))
    }

    /// An identifier that must be there; an empty one once it is refused.
    mutating func required<Subject>(_ key: StaticString, _ type: Identifier<Subject>.Type) -> Identifier<Subject> {
        if !has(key) { missing(key, Self.identifierShape) }
        return identifier(key, of: type) ?? Identifier("")
    }

    static let identifierShape = "1 to \(Limits.identifierBytesMax) of the characters A-Z a-z 0-9 . _ : @ + -"

    /// Text of at most `limit` bytes.
    mutating func text(_ key: StaticString, limit: Int = Limits.labelBytesMax, orEmpty: Bool = false) -> String? {
        guard let json = fields.find(key) else { return nil }
        guard let utf8 = json.utf8 else {
            invalid(key, json, "a string of at most \(limit) bytes")
            return nil
        }
        if utf8.isEmpty && !orEmpty {
            refuse(.invalidField, "\(key)", "is empty; it must be 1 to \(limit) bytes, or be left out")
            return nil
        }
        guard utf8.count <= limit else {
            refuse(.tooLarge, "\(key)", "has \(utf8.count) bytes; at most \(limit) are allowed")
            return nil
        }
        hash(key, utf8)
        return String(decoding: utf8, as: UTF8.self)
    }

    /// Text that must be there; empty once it is refused.
    mutating func requiredText(
        _ key: StaticString, limit: Int = Limits.labelBytesMax, orEmpty: Bool = false
    ) -> String {
        if !has(key) { missing(key, "a string of at most \(limit) bytes") }
        return text(key, limit: limit, orEmpty: orEmpty) ?? ""
    }

    mutating func integer(_ key: StaticString, in range: ClosedRange<Int64>) -> Int64? {
        guard let json = fields.find(key) else { return nil }
        guard let integer = json.integer, range.contains(integer) else {
            let found = json.integer.map { "\($0)" } ?? json.kind
            let expected = "an integer from \(range.lowerBound) to \(range.upperBound)"
            refuse(.invalidField, "\(key)", "is \(found); it must be \(expected)")
            return nil
        }
        hash(key, UInt64(bitPattern: integer))
        return integer
    }

    mutating func integer(_ key: StaticString, in range: ClosedRange<Int>) -> Int? {
        integer(key, in: Int64(range.lowerBound)...Int64(range.upperBound)).map { Int($0) }
    }

    /// True or false; absent is `nil`.
    mutating func boolean(_ key: StaticString) -> Bool? {
        guard let json = fields.find(key) else { return nil }
        guard let boolean = json.boolean else {
            invalid(key, json, "true or false")
            return nil
        }
        hash(key, boolean ? 1 : 0)
        return boolean
    }

    /// A switch that is off when absent: off and absent are the same body.
    mutating func flag(_ key: StaticString) -> Bool {
        guard let json = fields.find(key) else { return false }
        guard let boolean = json.boolean else {
            invalid(key, json, "true or false")
            return false
        }
        if boolean { hash(key, 1) }
        return boolean
    }

    mutating func word<Word: WireWord>(_ key: StaticString, of: Word.Type) -> Word? {
        guard let json = fields.find(key) else { return nil }
        guard let utf8 = json.utf8, let word = Word(rawValue: String(decoding: utf8, as: UTF8.self)) else {
            let found = json.utf8 == nil ? json.kind : "unknown"
            refuse(.invalidField, "\(key)", "is \(found); it must be \(Word.expectation)")
            return nil
        }
        hash(key, utf8)
        return word
    }

    /// A word that must be there; `fallback` stands for it once it is refused.
    mutating func required<Word: WireWord>(_ key: StaticString, _ fallback: Word) -> Word {
        if !has(key) { missing(key, Word.expectation) }
        return word(key, of: Word.self) ?? fallback
    }

    /// A point in time, RFC 3339 with any offset; two ways to write the same one are the same body.
    mutating func instant(_ key: StaticString) -> Instant? {
        guard let json = fields.find(key) else { return nil }
        let expected = "a time of RFC 3339 like 2026-11-21T19:30:00.123Z or 2026-11-22T03:30:00+08:00"
        guard let utf8 = json.utf8 else {
            invalid(key, json, expected)
            return nil
        }
        guard let instant = Timestamp.parse(utf8) else {
            refuse(.invalidField, "\(key)", "is no time; it must be \(expected)")
            return nil
        }
        hash(key, UInt64(bitPattern: instant.milliseconds))
        return instant
    }

    /// The value as it is, for what no other reader fits.
    mutating func value(_ key: StaticString) -> JSONValue? { fields.find(key) }

    // MARK: Hash

    mutating func hash(_ key: StaticString, _ text: UnsafeBufferPointer<UInt8>) {
        hasher.feed(text: key.buffer)
        hasher.feed(text: text)
    }

    mutating func hash(_ key: StaticString, _ number: UInt64) {
        hasher.feed(text: key.buffer)
        hasher.feed(number)
    }
}
