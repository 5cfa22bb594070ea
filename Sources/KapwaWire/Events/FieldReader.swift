/// Reads fields from the journal's two parts, or from both merged into one object.
struct FieldReader: FieldVisitor {
    /// What was wrong first, with the path of the field.
    struct Failure {
        var path: String
        var message: String
    }

    let masks = false
    private(set) var failure: Failure?
    private var open: JSONFields
    private var personal: JSONFields?

    /// Without a personal part, personal fields are looked for among the open ones: so the full form reads too.
    init(fields: JSONFields, personal: JSONValue?) {
        self.open = fields
        self.personal = personal.map { JSONFields($0) }
    }

    private mutating func find(_ key: StaticString, _ part: Part) -> JSONValue? {
        part == .personal && personal != nil ? personal?.find(key) : open.find(key)
    }

    private mutating func fail(_ key: StaticString, _ message: String) {
        if failure == nil { failure = Failure(path: "\(key)", message: message) }
    }

    mutating func value<T: WireValue>(_ key: StaticString, _ value: inout T, _ part: Part, _ mask: Mask) {
        guard let json = find(key, part) else {
            if part == .personal { value = T.blankValue } else { fail(key, "missing; it must be \(T.expectation)") }
            return
        }
        if let read = T(json: json) {
            value = read
        } else {
            fail(key, "is \(json.kind); it must be \(T.expectation)")
        }
    }

    mutating func optional<T: WireValue>(_ key: StaticString, _ value: inout T?, _ part: Part, _ mask: Mask) {
        value = nil
        guard let json = find(key, part) else { return }
        value = T(json: json)
        if value == nil { fail(key, "is \(json.kind); it must be \(T.expectation)") }
    }

    mutating func object<T: Visited>(_ key: StaticString, _ value: inout T, _ part: Part, _ mask: Mask) {
        guard let json = find(key, part) else {
            value = T.blank
            if part == .open { fail(key, "missing; it must be an object") }
            return
        }
        read(key, json, &value)
    }

    mutating func optionalObject<T: Visited>(_ key: StaticString, _ value: inout T?, _ part: Part, _ mask: Mask) {
        value = nil
        guard let json = find(key, part) else { return }
        var present = T.blank
        read(key, json, &present)
        value = present
    }

    mutating func objects<T: Visited>(_ key: StaticString, _ values: inout [T], _ part: Part) {
        values = []
        guard let json = find(key, part) else {
            if part == .open { fail(key, "missing; it must be an array") }
            return
        }
        guard json.isArray else { return fail(key, "is \(json.kind); it must be an array") }
        for child in json.children {
            var value = T.blank
            read(key, child, &value)
            values.append(value)
        }
    }

    mutating func optionalInline<T: Visited>(_ marker: StaticString, _ value: inout T?) {
        value = nil
        // The field itself is read by the visit: looking for it twice leaves the order of reading as it was.
        var ahead = open
        guard ahead.find(marker) != nil else { return }
        var present = T.blank
        present.visit(&self)
        value = present
    }

    mutating func word(_ key: StaticString, _ word: StaticString) {}

    /// What is inside an object stands in one part with it.
    private mutating func read<T: Visited>(_ key: StaticString, _ json: JSONValue, _ value: inout T) {
        guard json.isObject else { return fail(key, "is \(json.kind); it must be an object") }
        var inner = FieldReader(fields: JSONFields(json), personal: nil)
        value.visit(&inner)
        guard failure == nil, let below = inner.failure else { return }
        failure = Failure(path: "\(key).\(below.path)", message: below.message)
    }
}
