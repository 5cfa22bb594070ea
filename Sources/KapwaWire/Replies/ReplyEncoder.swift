public import KapwaDomain

/// Writes replies as JSON. Reuses its buffers: keep one per thread.
public struct ReplyEncoder {
    private var writer = FieldWriter()

    public init() {}

    /// Appends one reply.
    ///
    /// - Parameter masked: whether rows of breaks read as in the public events, for a peer that may see no more.
    public mutating func encode(_ reply: Reply, masked: Bool = false, into out: inout ByteWriter) {
        // Swapped, not copied: the fields are written straight into the caller's buffer.
        swap(&writer.open, &out)
        defer { swap(&writer.open, &out) }
        writer.masks = masked
        // A comma is due before a key only where something stands before it in this reply.
        writer.open.byte(UInt8(ascii: "{"))
        writer.open.raw("\"id\":")
        identifier(reply.id)
        switch reply.result {
        case .success(let accepted): write(accepted)
        case .failure(let refusal): write(refusal)
        }
        writer.open.byte(UInt8(ascii: "}"))
    }

    /// The reply as bytes of its own.
    public mutating func bytes(of reply: Reply, masked: Bool = false) -> [UInt8] {
        var out = ByteWriter(capacity: 128)
        encode(reply, masked: masked, into: &out)
        return out.bytes
    }

    /// Appends a remembered reply with `"duplicate":true` in it.
    public static func duplicate(of stored: [UInt8], into out: inout ByteWriter) {
        precondition(stored.last == UInt8(ascii: "}"), "a remembered reply is a whole object")
        out.raw(stored)
        out.truncate(to: out.count - 1)
        out.raw(",\"duplicate\":true}")
    }

    /// A remembered reply with `"duplicate":true` in it.
    public static func duplicate(of stored: [UInt8]) -> [UInt8] {
        var out = ByteWriter(capacity: stored.count + 20)
        duplicate(of: stored, into: &out)
        return out.bytes
    }

    private mutating func identifier(_ id: CommandID?) {
        if let id { writer.open.string(id.rawValue) } else { writer.open.raw("null") }
    }

    // MARK: Accepted

    private mutating func write(_ accepted: Reply.Accepted) {
        var sequence = accepted.sequence
        if case .rows(let rows) = accepted.details { sequence = rows.sequence }
        writer.open.raw(",\"ok\":true,\"seq\":")
        writer.open.integer(sequence)
        switch accepted.details {
        case .none: break
        case .presence(let effective):
            writer.open.key("effective")
            effective.write(to: &writer.open)
        case .assessment(let assessment): write(assessment)
        case .violations(let violations):
            writer.open.key("violations")
            violations.write(to: &writer.open)
        case .breakState(let id, let running):
            writer.open.key("break")
            id.write(to: &writer.open)
            writer.open.key("state")
            (running ? BreakStage.running : .owed).write(to: &writer.open)
        case .estimate(let position, let p50, let p90):
            writer.open.key("position")
            writer.open.integer(Int64(position))
            guard let p50, let p90 else { return }
            writer.open.key("wait_ms")
            writer.open.raw("{\"p50\":")
            writer.open.integer(p50)
            writer.open.raw(",\"p90\":")
            writer.open.integer(p90)
            writer.open.byte(UInt8(ascii: "}"))
        case .pong(let version, let now, let idsSince, let mode):
            writer.open.key("version")
            writer.open.string(version)
            writer.open.key("now")
            writer.open.instant(now)
            writer.open.key("ids_since")
            writer.open.instant(idsSince)
            writer.open.key("mode")
            mode.write(to: &writer.open)
        case .rows(let rows): write(rows)
        }
    }

    /// Tags and polarity, and how far both can be trusted.
    private mutating func write(_ assessment: Assessment) {
        var tags = assessment.tags
        var polarity = assessment.polarity
        var scored = assessment.scored
        writer.object("tags", &tags)
        writer.value("polarity", &polarity)
        writer.value("scored", &scored)
    }

    private mutating func write(_ rows: StateRows) {
        switch rows.rows {
        case .agents(let rows): write(.agents, rows)
        case .conversations(let rows): write(.conversations, rows)
        case .offers(let rows): write(.offers, rows)
        case .breaks(let rows): write(.breaks, rows)
        case .queues(let rows): write(.queues, rows)
        case .followups(let rows): write(.followups, rows)
        case .incidents(let rows): write(.incidents, rows)
        }
        var next = rows.next
        writer.optional("next", &next)
    }

    private mutating func write<Row: Visited>(_ what: StateRead.What, _ rows: [Row]) {
        var what = what
        var rows = rows
        writer.value("what", &what)
        writer.objects("rows", &rows)
    }

    // MARK: Refused

    private mutating func write(_ refusal: Refusal) {
        writer.open.raw(",\"ok\":false,\"error\":{\"code\":")
        writer.open.string(refusal.code.rawValue)
        writer.open.raw(",\"message\":")
        writer.open.string(refusal.message)
        var refusal = refusal
        writer.optional("field", &refusal.field)
        writer.optional("state", &refusal.state)
        writer.optional("until", &refusal.until)
        writer.optional("retry_after_ms", &refusal.retryAfter)
        writer.optional("first", &refusal.first)
        if !refusal.supported.isEmpty { writer.value("supported", &refusal.supported) }
        writer.open.byte(UInt8(ascii: "}"))
    }
}
