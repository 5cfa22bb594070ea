public import KapwaDomain

/// What has arrived on the command socket, many messages in one buffer.
public struct InboundBatch: Sendable {
    /// The frames of all messages.
    public internal(set) var bytes: [UInt8] = []
    /// Where each frame lies in ``bytes``.
    public internal(set) var frames: [Range<Int>] = []
    /// In the order of arrival.
    public internal(set) var messages: [InboundMessage] = []

    package init() {}

    public var isEmpty: Bool { messages.isEmpty }

    /// The bytes of frame `index` (an index out of a message's `content`).
    public subscript(frame index: Int) -> ArraySlice<UInt8> { bytes[frames[index]] }
}

/// One message of the batch: who sent it, and its command frames or what is wrong with them.
public struct InboundMessage: Sendable {
    public let peer: PeerID
    /// Who it is, as far as the key says that it showed.
    public let caller: Caller
    /// Counts the messages of this peer. Each ticket wants exactly one reply.
    public let ticket: UInt64
    /// Whether a REQ's empty frame stood before the header. The transport puts it before the reply by itself.
    public let delimiter: Bool
    /// The command frames as indexes into the batch's `frames`, or why there are none.
    public let content: Result<Range<Int>, FramingError>
    /// The peer has `Limits.repliesPerPeerMax` messages unanswered: refuse this one as `overloaded`.
    public let flooded: Bool
}
