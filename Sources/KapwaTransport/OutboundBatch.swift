/// What is to leave: replies and publications, many in one buffer.
public struct OutboundBatch: Sendable {
    struct Entry: Sendable {
        let peer: PeerID
        let ticket: UInt64
        /// Indexes into ``frames``; `nil`: no reply yet, the ticket is excused from the order.
        let reply: Range<Int>?
    }

    var frames = FrameList()
    var entries: [Entry] = []
    /// Indexes of topic frames; the body is the frame behind.
    var publications: [Int] = []

    public init() {}

    public var isEmpty: Bool { entries.isEmpty && publications.isEmpty }
    /// Bytes of all frames so far.
    public var byteCount: Int { frames.bytes.count }

    /// The reply to one message. `body` appends one frame per command; header and delimiter are the transport's.
    public mutating func reply(
        to peer: PeerID, ticket: UInt64, _ body: (inout FrameList) throws -> Void
    ) rethrows {
        let start = frames.count
        try body(&frames)
        precondition(frames.count > start, "a reply has at least one frame")
        entries.append(Entry(peer: peer, ticket: ticket, reply: start..<frames.count))
    }

    /// Lets later messages of the peer be answered before this one (a waiting `events.read`).
    public mutating func excuse(_ peer: PeerID, ticket: UInt64) {
        entries.append(Entry(peer: peer, ticket: ticket, reply: nil))
    }

    /// One event for the subscribers of its topic.
    public mutating func publish(topic: some Sequence<UInt8>, body: some Sequence<UInt8>) {
        publications.append(frames.count)
        frames.append(topic)
        frames.append(body)
    }

    /// One event, written in place.
    public mutating func publish(
        topic: (inout [UInt8]) throws -> Void, body: (inout [UInt8]) throws -> Void
    ) rethrows {
        let start = frames.count
        try frames.append(writing: topic)
        try frames.append(writing: body)
        publications.append(start)
    }
}
