import CSimdjson

/// One value of a parsed document, valid until its parser's next document.
struct JSONValue {
    let node: UnsafePointer<kapwa_json_node>

    var isNull: Bool { node.pointee.type == UInt32(KAPWA_JSON_NULL) }
    var isObject: Bool { node.pointee.type == UInt32(KAPWA_JSON_OBJECT) }
    var isArray: Bool { node.pointee.type == UInt32(KAPWA_JSON_ARRAY) }

    /// The UTF-8 of a string.
    var utf8: UnsafeBufferPointer<UInt8>? {
        guard node.pointee.type == UInt32(KAPWA_JSON_STRING) else { return nil }
        return UnsafeBufferPointer(start: node.pointee.string, count: Int(node.pointee.length))
    }

    var string: String? { utf8.map { String(decoding: $0, as: UTF8.self) } }

    /// A number written without fraction and exponent that fits.
    var integer: Int64? {
        node.pointee.type == UInt32(KAPWA_JSON_INTEGER) ? node.pointee.number : nil
    }

    /// Any number.
    var double: Double? {
        switch Int(node.pointee.type) {
        case KAPWA_JSON_INTEGER: Double(node.pointee.number)
        case KAPWA_JSON_DOUBLE: Double(bitPattern: UInt64(bitPattern: node.pointee.number))
        default: nil
        }
    }

    var boolean: Bool? {
        switch Int(node.pointee.type) {
        case KAPWA_JSON_TRUE: true
        case KAPWA_JSON_FALSE: false
        default: nil
        }
    }

    /// The key under which the value stands in its object.
    var key: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: node.pointee.key, count: Int(node.pointee.key_length))
    }

    /// What the value is, for a message.
    var kind: String {
        switch Int(node.pointee.type) {
        case KAPWA_JSON_NULL: "null"
        case KAPWA_JSON_FALSE, KAPWA_JSON_TRUE: "a boolean"
        case KAPWA_JSON_INTEGER: "an integer"
        case KAPWA_JSON_DOUBLE: "a number with a fraction, an exponent or too many digits"
        case KAPWA_JSON_STRING: "a string"
        case KAPWA_JSON_ARRAY: "an array"
        default: "an object"
        }
    }

    /// The elements of an array or the fields of an object; nothing for a scalar.
    var children: JSONChildren { JSONChildren(self) }

    func keyIs(_ name: StaticString) -> Bool {
        let count = name.utf8CodeUnitCount
        guard Int(node.pointee.key_length) == count, let key = node.pointee.key else { return false }
        let wanted = name.utf8Start
        for index in 0..<count where key[index] != wanted[index] { return false }
        return true
    }
}

extension StaticString {
    var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount) }
}

/// The children of an array or object, in their order.
struct JSONChildren: Sequence, IteratorProtocol {
    private var node: UnsafePointer<kapwa_json_node>
    private(set) var count: Int

    init(_ parent: JSONValue) {
        node = parent.node + 1
        count = parent.isObject || parent.isArray ? Int(parent.node.pointee.length) : 0
    }

    mutating func next() -> JSONValue? {
        guard count > 0 else { return nil }
        defer {
            node += Int(node.pointee.span)
            count -= 1
        }
        return JSONValue(node: node)
    }
}

/// Finds an object's fields by name. Asked in the order in which they stand, each is found at the first look.
struct JSONFields {
    private let object: JSONValue
    private var ahead: JSONChildren

    init(_ object: JSONValue) {
        self.object = object
        ahead = object.children
    }

    /// The field's value; `nil` when it is absent or `null`.
    mutating func find(_ name: StaticString) -> JSONValue? {
        var rest = ahead
        if let next = rest.next(), next.keyIs(name) {
            ahead = rest
            return next.isNull ? nil : next
        }
        rest = object.children
        while let value = rest.next() {
            guard value.keyIs(name) else { continue }
            ahead = rest
            return value.isNull ? nil : value
        }
        return nil
    }
}
