public import KapwaDomain

/// Writes the reply to `events.read` event by event, from bytes that are JSON already.
///
/// `{"id":"…","ok":true,"seq":0,"events":[…],"next":N,"head":M,"first":F}`, at most 1 MiB.
public struct EventsReadReply {
    /// What stands behind the events, at its longest.
    private static let tailBytesMax = 96

    private var out: ByteWriter
    /// Events in it so far.
    public private(set) var count = 0

    /// Begins the reply to the command with this id.
    public init(id: CommandID, reusing out: consuming ByteWriter = ByteWriter(capacity: 4_096)) {
        self.out = out
        self.out.removeAll()
        self.out.raw("{\"id\":")
        self.out.string(id.rawValue)
        self.out.raw(",\"ok\":true,\"seq\":0,\"events\":[")
    }

    /// Whether an event of so many bytes still fits. The first one always does: a reader must get on.
    public func fits(bytes: Int) -> Bool {
        count == 0 || out.count + 1 + bytes + Self.tailBytesMax <= Limits.readReplyBytesMax
    }

    /// Adds an event in a form that was written before; `false` when it no longer fits and the reply is to end.
    public mutating func add(_ event: [UInt8]) -> Bool {
        guard fits(bytes: event.count) else { return false }
        out.separate()
        out.raw(event)
        count += 1
        return true
    }

    /// Adds an event in its full form from the journal's parts; `false` when it no longer fits.
    public mutating func add(_ parts: EventParts) -> Bool {
        guard fits(bytes: parts.open.count + parts.sealed.count + parts.personal.count) else { return false }
        out.separate()
        EventEncoder.merge(parts, into: &out)
        count += 1
        return true
    }

    /// Ends the reply.
    ///
    /// - Parameters:
    ///   - next: the last sequence examined, matching or not.
    ///   - head: the last sequence of the tenant.
    ///   - first: the first sequence that is kept.
    public consuming func finish(next: Int64, head: Int64, first: Int64) -> ByteWriter {
        out.raw("],\"next\":")
        out.integer(next)
        out.raw(",\"head\":")
        out.integer(head)
        out.raw(",\"first\":")
        out.integer(first)
        out.byte(UInt8(ascii: "}"))
        return out
    }
}
