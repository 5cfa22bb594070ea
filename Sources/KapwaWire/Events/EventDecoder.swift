public import KapwaDomain

/// Why bytes are no event that this version can read.
public enum EventDecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No JSON, or not an object.
    case malformed(String)
    /// Written by a later version: nothing of the journal may be read, or the state would be wrong.
    case newer(sequence: Int64, version: Int64)
    /// A type that this version does not know.
    case unknownType(sequence: Int64, type: String)
    /// A field that is missing or of the wrong kind.
    case invalid(sequence: Int64?, field: String, message: String)

    public var description: String {
        switch self {
        case .malformed(let message):
            "an event that cannot be read: \(message)"
        case .newer(let sequence, let version):
            "event \(sequence) is of version \(version), written by a newer Kapwa; "
                + "this one reads up to version \(EventEncoder.version): start the newer one"
        case .unknownType(let sequence, let type):
            "event \(sequence) is of type \(type), which this Kapwa does not know: start the one that wrote it"
        case .invalid(let sequence, let field, let message):
            "event \(sequence.map { "\($0)" } ?? "without a number"): field \(field) \(message)"
        }
    }
}

/// Reads events back from the journal's parts, or from their full form. For one thread.
public final class EventDecoder {
    /// Nested deeper than a command may be: a decision holds candidates, these their terms.
    private static let depthMax = 16

    private let openParser = JSONParser()
    private let personalParser = JSONParser()
    private let sealedParser = JSONParser()

    public init() {}

    /// The event. `personal` and `sealed` may be empty: never there, or forgotten.
    public func decode(
        open: UnsafeRawBufferPointer, personal: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
        sealed: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
    ) throws(EventDecodingError) -> Event {
        let openRoot = try parse(openParser, open)
        let personalRoot = personal.isEmpty ? nil : try parse(personalParser, personal)
        let sealedRoot = sealed.isEmpty ? nil : try parse(sealedParser, sealed)
        var fields = JSONFields(openRoot)
        let sequence = try Self.integer(&fields, "seq", nil)
        // A copy in a private topic has none.
        var probe = fields
        let previous = probe.find("prev") == nil ? 0 : try Self.integer(&fields, "prev", sequence)
        let version = try Self.integer(&fields, "v", sequence)
        guard version <= Int64(EventEncoder.version) else { throw .newer(sequence: sequence, version: version) }
        let tenant: TenantID = try Self.value(&fields, "tenant", sequence)
        let at: Instant = try Self.value(&fields, "at", sequence)
        let type: String = try Self.value(&fields, "type", sequence)
        guard var body = Event.Body.blanksByType[type] else { throw .unknownType(sequence: sequence, type: type) }
        let cause = try Self.cause(&fields, sequence)
        var reader = FieldReader(fields: fields, personal: personalRoot, sealed: sealedRoot)
        body.visit(&reader)
        if let failure = reader.failure {
            throw .invalid(sequence: sequence, field: failure.path, message: failure.message)
        }
        var event = Event(
            sequence: sequence, previous: previous, tenant: tenant, at: at, cause: cause, body: body)
        event.isErased = reader.lacksSealed
        return event
    }

    /// The event from the journal's parts.
    public func decode(_ parts: EventParts) throws(EventDecodingError) -> Event {
        let result = parts.open.withUnsafeBytes { open in
            parts.personal.withUnsafeBytes { personal in
                parts.sealed.withUnsafeBytes { sealed in
                    Result { () throws(EventDecodingError) -> Event in
                        try self.decode(open: open, personal: personal, sealed: sealed)
                    }
                }
            }
        }
        return try result.get()
    }

    /// The event; `personal` may be empty.
    public func decode(open: [UInt8], personal: [UInt8] = []) throws(EventDecodingError) -> Event {
        try decode(EventParts(open: open, personal: personal))
    }

    private func parse(
        _ parser: JSONParser, _ bytes: UnsafeRawBufferPointer
    ) throws(EventDecodingError) -> JSONValue {
        let root: JSONValue
        do {
            root = try parser.parse(bytes, depthMax: Self.depthMax, nodesMax: Limits.frameBytesMax)
        } catch {
            throw .malformed(error.message)
        }
        guard root.isObject else { throw .malformed("\(root.kind) where an object is expected") }
        return root
    }

    private static func integer(
        _ fields: inout JSONFields, _ name: StaticString, _ sequence: Int64?
    ) throws(EventDecodingError) -> Int64 {
        try value(&fields, name, sequence)
    }

    private static func value<T: WireValue>(
        _ fields: inout JSONFields, _ name: StaticString, _ sequence: Int64?
    ) throws(EventDecodingError) -> T {
        guard let json = fields.find(name) else {
            throw .invalid(sequence: sequence, field: "\(name)", message: "missing; it must be \(T.expectation)")
        }
        guard let value = T(json: json) else {
            let message = "is \(json.kind); it must be \(T.expectation)"
            throw .invalid(sequence: sequence, field: "\(name)", message: message)
        }
        return value
    }

    private static func cause(
        _ fields: inout JSONFields, _ sequence: Int64
    ) throws(EventDecodingError) -> Event.Cause {
        if let json = fields.find("cause") {
            if json.isObject {
                var inner = JSONFields(json)
                return .command(try value(&inner, "id", sequence))
            }
            switch json.string {
            case "timer": return .timer
            case "match": return .match
            case "rules": return .rules
            case "restart": return .restart
            default: break
            }
        }
        let message = #"must be {"id":…} or one of "timer", "match", "rules", "restart""#
        throw .invalid(sequence: sequence, field: "cause", message: message)
    }
}
