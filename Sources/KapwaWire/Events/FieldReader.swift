/// Reads fields from the journal's parts, or from all of them merged into one object.
struct FieldReader: FieldVisitor {
    /// What was wrong first, with the path of the field.
    struct Failure {
        var path: String
        var message: String
    }

    let masks = false
    private var failed: Failure?
    var failure: Failure? { failed ?? (foundSealed ? missingSealed : nil) }
    private var open: JSONFields
    private var personal: JSONFields?
    private var sealed: JSONFields?
    /// What must be sealed and is in no part: all of it where the key was erased.
    private var missingSealed: Failure?
    private var foundSealed = false
    var lacksSealed: Bool { missingSealed != nil }

    /// Without a personal part, personal fields are looked for among the open ones: so the full form reads too.
    init(fields: JSONFields, personal: JSONValue? = nil, sealed: JSONValue? = nil) {
        self.open = fields
        self.personal = personal.map { JSONFields($0) }
        self.sealed = sealed.map { JSONFields($0) }
    }

    private mutating func find(_ key: StaticString, _ part: Part) -> JSONValue? {
        switch part {
        case .open: open.find(key)
        case .personal: personal != nil ? personal?.find(key) : open.find(key)
        case .sealed: findSealed(key)
        }
    }

    private mutating func findSealed(_ key: StaticString) -> JSONValue? {
        var found: JSONValue?
        // Taken out and put back: asked in place, a mutating method would be called on what is not there.
        if var fields = sealed {
            found = fields.find(key)
            sealed = fields
        }
        found = found ?? open.find(key)
        if found != nil { foundSealed = true }
        return found
    }

    /// A field that must be there is not.
    private mutating func miss(_ key: StaticString, _ part: Part, _ expectation: String) {
        switch part {
        case .open: fail(key, "missing; it must be \(expectation)")
        case .personal: break
        case .sealed:
            if missingSealed == nil {
                missingSealed = Failure(path: "\(key)", message: "missing; it must be \(expectation)")
            }
        }
    }

    private mutating func fail(_ key: StaticString, _ message: String) {
        if failed == nil { failed = Failure(path: "\(key)", message: message) }
    }

    mutating func value<T: WireValue>(_ key: StaticString, _ value: inout T, _ part: Part, _ mask: Mask) {
        guard let json = find(key, part) else {
            if part != .open { value = T.blankValue }
            return miss(key, part, T.expectation)
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
            return miss(key, part, "an object")
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
            return miss(key, part, "an array")
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
        var inner = FieldReader(fields: JSONFields(json))
        value.visit(&inner)
        guard failed == nil, let below = inner.failure ?? inner.missingSealed else { return }
        failed = Failure(path: "\(key).\(below.path)", message: below.message)
    }
}
