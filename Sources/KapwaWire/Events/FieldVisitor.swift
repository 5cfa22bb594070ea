/// Where the journal keeps a field.
enum Part: Sendable {
    /// Under the checksum chain and the state digest, for good.
    case open
    /// In the personal column: forgotten with the customer. Blank values are not written, missing ones read as blank.
    case personal
    /// In the sealed part, which nobody can read once the key of its day is erased; the state is made of it before.
    /// Looked for in the open part too: earlier versions kept it there.
    case sealed
}

/// How a field looks in the public form.
enum Mask: Sendable {
    /// As everywhere.
    case plain
    /// Left out.
    case omitted
    /// This word in the value's place.
    case word(StaticString)
}

/// Goes over the fields of something on the wire, in their order: to write them, to read them, or to fill them.
///
/// Each type's fields are declared once, in its ``Visited/visit(_:)``; all forms follow from that.
protocol FieldVisitor {
    /// Whether the public form is being written, which hides what concerns an agent's care.
    var masks: Bool { get }
    /// Whether what people wrote as a reason is left out of every form.
    var dropsWords: Bool { get }

    mutating func value<T: WireValue>(_ key: StaticString, _ value: inout T, _ part: Part, _ mask: Mask)
    /// Absent when `nil`.
    mutating func optional<T: WireValue>(_ key: StaticString, _ value: inout T?, _ part: Part, _ mask: Mask)
    /// An object of its own.
    mutating func object<T: Visited>(_ key: StaticString, _ value: inout T, _ part: Part, _ mask: Mask)
    mutating func optionalObject<T: Visited>(_ key: StaticString, _ value: inout T?, _ part: Part, _ mask: Mask)
    /// An array of objects.
    mutating func objects<T: Visited>(_ key: StaticString, _ values: inout [T], _ part: Part)
    /// Fields of another type that stand beside this one's own, there when `marker` is.
    mutating func optionalInline<T: Visited>(_ marker: StaticString, _ value: inout T?)
    /// A word that only the public form has, in place of what it hides.
    mutating func word(_ key: StaticString, _ word: StaticString)
}

/// Has fields on the wire.
protocol Visited {
    /// What is filled when one is read.
    static var blank: Self { get }
    mutating func visit<V: FieldVisitor>(_ visitor: inout V)
}

extension FieldVisitor {
    var dropsWords: Bool { false }

    mutating func value<T: WireValue>(_ key: StaticString, _ value: inout T, _ mask: Mask = .plain) {
        self.value(key, &value, .open, mask)
    }

    mutating func optional<T: WireValue>(_ key: StaticString, _ value: inout T?, _ mask: Mask = .plain) {
        optional(key, &value, .open, mask)
    }

    mutating func personal<T: WireValue>(_ key: StaticString, _ value: inout T, _ mask: Mask = .plain) {
        self.value(key, &value, .personal, mask)
    }

    mutating func personal<T: WireValue>(_ key: StaticString, _ value: inout T?, _ mask: Mask = .plain) {
        optional(key, &value, .personal, mask)
    }

    mutating func sealed<T: WireValue>(_ key: StaticString, _ value: inout T) {
        self.value(key, &value, .sealed, .plain)
    }

    mutating func object<T: Visited>(_ key: StaticString, _ value: inout T, _ mask: Mask = .plain) {
        object(key, &value, .open, mask)
    }

    mutating func optionalObject<T: Visited>(_ key: StaticString, _ value: inout T?, _ mask: Mask = .plain) {
        optionalObject(key, &value, .open, mask)
    }

    mutating func objects<T: Visited>(_ key: StaticString, _ values: inout [T]) {
        objects(key, &values, .open)
    }
}
