import KapwaDomain

/// A value with one way of being written and read.
protocol WireValue {
    /// What a forgotten personal value reads as.
    static var blankValue: Self { get }
    var isBlank: Bool { get }
    /// What the wire wants, for a message: `an integer`.
    static var expectation: String { get }

    func write(to writer: inout ByteWriter)
    init?(json: JSONValue)
}

extension WireValue {
    var isBlank: Bool { false }
}

extension Int: WireValue {
    static var blankValue: Int { 0 }
    static var expectation: String { "an integer" }
    func write(to writer: inout ByteWriter) { writer.integer(self) }
    init?(json: JSONValue) {
        guard let integer = json.integer else { return nil }
        self = Int(integer)
    }
}

extension Int64: WireValue {
    static var blankValue: Int64 { 0 }
    static var expectation: String { "an integer" }
    func write(to writer: inout ByteWriter) { writer.integer(self) }
    init?(json: JSONValue) {
        guard let integer = json.integer else { return nil }
        self = integer
    }
}

extension Bool: WireValue {
    static var blankValue: Bool { false }
    static var expectation: String { "true or false" }
    func write(to writer: inout ByteWriter) { writer.boolean(self) }
    init?(json: JSONValue) {
        guard let boolean = json.boolean else { return nil }
        self = boolean
    }
}

extension String: WireValue {
    static var blankValue: String { "" }
    var isBlank: Bool { isEmpty }
    static var expectation: String { "a string" }
    func write(to writer: inout ByteWriter) { writer.string(self) }
    init?(json: JSONValue) {
        guard let utf8 = json.utf8 else { return nil }
        self = String(decoding: utf8, as: UTF8.self)
    }
}

extension Identifier: WireValue {
    static var blankValue: Identifier { Identifier("") }
    var isBlank: Bool { rawValue.isEmpty }
    static var expectation: String { "an identifier" }
    func write(to writer: inout ByteWriter) { writer.string(rawValue) }
    init?(json: JSONValue) {
        guard let utf8 = json.utf8 else { return nil }
        self.init(String(decoding: utf8, as: UTF8.self))
    }
}

extension Instant: WireValue {
    static var blankValue: Instant { Instant(milliseconds: 0) }
    static var expectation: String { "a time like 2026-11-21T19:30:00.123Z" }
    func write(to writer: inout ByteWriter) { writer.instant(self) }
    init?(json: JSONValue) {
        guard let utf8 = json.utf8, let instant = Timestamp.parse(utf8) else { return nil }
        self = instant
    }
}

extension Score: WireValue {
    static var blankValue: Score { 0 }
    static var expectation: String { "a number with three decimals" }
    func write(to writer: inout ByteWriter) { writer.score(self) }
    init?(json: JSONValue) {
        guard let double = json.double, abs(double) <= 1_000_000 else { return nil }
        // Halves away from zero, by hand: `rounded()` would ask for the mathematics library.
        self.init(milli: Int(double * 1_000 + (double < 0 ? -0.5 : 0.5)))
    }
}

extension Array: WireValue where Element: WireValue {
    static var blankValue: [Element] { [] }
    var isBlank: Bool { isEmpty }
    static var expectation: String { "an array, each element \(Element.expectation)" }
    func write(to writer: inout ByteWriter) {
        writer.byte(UInt8(ascii: "["))
        for element in self {
            writer.separate()
            element.write(to: &writer)
        }
        writer.byte(UInt8(ascii: "]"))
    }
    init?(json: JSONValue) {
        guard json.isArray else { return nil }
        self = []
        for child in json.children {
            guard let element = Element(json: child) else { return nil }
            append(element)
        }
    }
}

extension Skills: WireValue {
    static var blankValue: Skills { .none }
    var isBlank: Bool { isEmpty }
    static var expectation: String { "an object of skills with levels" }
    func write(to writer: inout ByteWriter) {
        writer.byte(UInt8(ascii: "{"))
        for entry in entries {
            writer.separate()
            writer.string(entry.skill.rawValue)
            writer.byte(UInt8(ascii: ":"))
            writer.integer(entry.level)
        }
        writer.byte(UInt8(ascii: "}"))
    }
    init?(json: JSONValue) {
        guard json.isObject else { return nil }
        if json.children.count == 0 {
            self = .none
            return
        }
        var entries: [Entry] = []
        for child in json.children {
            guard let level = child.integer else { return nil }
            entries.append(Entry(skill: SkillID(String(decoding: child.key, as: UTF8.self)), level: Int(level)))
        }
        self.init(entries)
    }
}

extension Attributes: WireValue {
    static var blankValue: Attributes { .none }
    var isBlank: Bool { isEmpty }
    static var expectation: String { "an object of strings, integers and booleans" }
    func write(to writer: inout ByteWriter) {
        writer.byte(UInt8(ascii: "{"))
        for entry in entries {
            writer.separate()
            writer.string(entry.name)
            writer.byte(UInt8(ascii: ":"))
            switch entry.value {
            case .text(let text): writer.string(text)
            case .integer(let integer): writer.integer(integer)
            case .boolean(let boolean): writer.boolean(boolean)
            }
        }
        writer.byte(UInt8(ascii: "}"))
    }
    init?(json: JSONValue) {
        guard json.isObject else { return nil }
        var entries: [Entry] = []
        for child in json.children {
            guard let value = Value(json: child) else { return nil }
            entries.append(Entry(name: String(decoding: child.key, as: UTF8.self), value: value))
        }
        self.init(entries)
    }
}

extension Attributes.Value {
    /// A scalar without fraction; `nil` for anything else.
    init?(json: JSONValue) {
        if let utf8 = json.utf8 {
            self = .text(String(decoding: utf8, as: UTF8.self))
        } else if let integer = json.integer {
            self = .integer(integer)
        } else if let boolean = json.boolean {
            self = .boolean(boolean)
        } else {
            return nil
        }
    }
}
