public import KapwaDomain

/// What became of one frame.
public struct DecodedCommand: Sendable {
    /// The command's id as far as it could be read: the reply carries it, refused or not.
    public var id: CommandID?
    /// Over the command as decoded, without its id. Means nothing with a refusal.
    public var hash: BodyHash
    /// The command, or the first reason in the contract's order not to take it.
    public var result: Result<Command, Refusal>

    public init(id: CommandID?, hash: BodyHash, result: Result<Command, Refusal>) {
        self.id = id
        self.hash = hash
        self.result = result
    }
}

/// Makes commands from frames. Holds a parser whose memory is reused: keep one per thread.
public final class CommandDecoder {
    private let parser = JSONParser()

    public init() {}

    /// Decodes one frame. Never fails otherwise than by a refusal, whatever the bytes.
    ///
    /// - Parameters:
    ///   - tenants: the names in the configuration.
    ///   - now: the daemon's clock, against which `at` is held.
    public func decode(
        _ frame: UnsafeRawBufferPointer, tenants: Set<TenantID>, now: Instant
    ) -> DecodedCommand {
        let root: JSONValue
        do {
            root = try parser.parse(frame)
        } catch {
            return Self.refused(nil, Self.unreadable(error, frame.count))
        }
        guard root.isObject else {
            return Self.refused(nil, Refusal(.malformed, "the frame is \(root.kind); it must be one JSON object"))
        }
        var fields = CommandFields(root)
        // The id is no part of the body: it is read before anything is hashed, by a reader of its own.
        var identity = CommandFields(root)
        let id = identity.required("id", CommandID.self)
        if let refusal = identity.refusal { fields.refuse(refusal) }
        if frame.count > Limits.commandBytesMax { fields.refuse(Self.tooLarge(frame.count)) }
        guard let type = Self.type(&fields) else { return Self.refused(id, fields.refusal) }
        var command = fields.envelope(id: id, now: now)
        command.body = fields.body(type, by: command.by)
        if !tenants.contains(command.tenant) {
            let known = tenants.map(\.rawValue).sorted().prefix(Limits.tenantsMax).joined(separator: ", ")
            fields.refuse(
                .unknownTenant, "tenant", "\(command.tenant) is not in the configuration; it must be one of \(known)")
        }
        if let refusal = fields.refusal { return Self.refused(id, refusal) }
        return DecodedCommand(id: id, hash: fields.hasher.finish(), result: .success(command))
    }

    /// Decodes one frame.
    public func decode(_ frame: [UInt8], tenants: Set<TenantID>, now: Instant) -> DecodedCommand {
        frame.withUnsafeBytes { decode($0, tenants: tenants, now: now) }
    }

    /// The type, hashed; `nil` once it is refused.
    private static func type(_ fields: inout CommandFields) -> Command.Kind? {
        guard let json = fields.value("type") else {
            fields.missing("type", "one of \(Command.Kind.known)")
            return nil
        }
        guard let utf8 = json.utf8 else {
            fields.invalid("type", json, "one of \(Command.Kind.known)")
            return nil
        }
        let name = String(decoding: utf8, as: UTF8.self)
        guard let type = Command.Kind.byName[name] else {
            fields.refuse(.unknownType, "type", "is unknown; known are \(Command.Kind.known)")
            return nil
        }
        fields.hash("type", utf8)
        return type
    }

    private static func unreadable(_ failure: JSONFailure, _ bytes: Int) -> Refusal {
        if failure == .tooLarge || failure == .memory { return tooLarge(bytes) }
        return Refusal(.malformed, "the frame is not what it must be: \(failure.message)")
    }

    private static func tooLarge(_ bytes: Int) -> Refusal {
        Refusal(.tooLarge, "the frame has \(bytes) bytes; at most \(Limits.commandBytesMax) are allowed")
    }

    private static func refused(_ id: CommandID?, _ refusal: Refusal?) -> DecodedCommand {
        guard let refusal else { preconditionFailure("refused without a refusal") }
        let shown = id.flatMap { $0.rawValue.isEmpty ? nil : $0 }
        return DecodedCommand(id: shown, hash: BodyHash(high: 0, low: 0), result: .failure(refusal))
    }
}

extension CommandFields {
    /// What all commands have in common; the body is still a ping.
    mutating func envelope(id: CommandID, now: Instant) -> Command {
        var command = Command(id: id, body: .ping)
        if let tenant = identifier("tenant", of: TenantID.self, isBody: false) { command.tenant = tenant }
        if !Self.isTenant(command.tenant) {
            refuse(
                .invalidField, "tenant",
                "is no tenant's name; it must be 1 to \(Limits.tenantBytesMax) of the characters a-z 0-9 -")
        }
        if let json = value("source"), let utf8 = json.utf8, utf8.isEmpty {
            // An empty source is none.
        } else if let source = identifier("source", of: CommandID.self, isBody: false) {
            command.sender = source.rawValue
        }
        command.at = instant("at")
        if let at = command.at, at > now + Limits.clockSkewMax {
            refuse(
                .invalidField, "at",
                "lies more than \(Limits.clockSkewMax / 60_000) minutes ahead of this clock; "
                    + "it must be when it happened")
        }
        command.by = person("by")
        return command
    }

    private static func isTenant(_ tenant: TenantID) -> Bool {
        (1...Limits.tenantBytesMax).contains(tenant.rawValue.utf8.count)
            && tenant.rawValue.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"): true
                default: false
                }
            }
    }
}
