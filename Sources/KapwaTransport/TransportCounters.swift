public import KapwaDomain

/// What the transport has counted since its start, and what it holds now.
public struct TransportCounters: Sendable, Hashable {
    public var messagesIn: UInt64 = 0
    public var framesIn: UInt64 = 0
    public var bytesIn: UInt64 = 0
    public var messagesOut: UInt64 = 0
    public var framesOut: UInt64 = 0
    public var bytesOut: UInt64 = 0
    public var eventsOut: UInt64 = 0
    /// Replies whose peer had gone, or did not read what it got.
    public var repliesDropped: UInt64 = 0
    /// Replies to a ticket that was answered before or never given.
    public var repliesUnasked: UInt64 = 0
    public var framingRejected: UInt64 = 0
    public var messagesFlooded: UInt64 = 0
    /// Messages that could not even be refused: their peer is not in the table, or far beyond its bound.
    public var messagesDiscarded: UInt64 = 0
    /// Connections cut because of a message without an end.
    public var connectionsCut: UInt64 = 0
    public var acceptsFailed: UInt64 = 0
    public var handshakesFailed: UInt64 = 0
    public var subscriptionsRefused: UInt64 = 0
    /// What subscribers sent that was no subscription.
    public var feedMessagesRejected: UInt64 = 0
    /// Peers that were not let in, or no longer, by why.
    public var authFailures: [AuthFailure: UInt64] = [:]
    public var workersRefused: UInt64 = 0
    public var workersVanished: UInt64 = 0
    public var workerMessagesRejected: UInt64 = 0
    public var scoringBatches: UInt64 = 0
    public var scoringBatchesMoved: UInt64 = 0
    public var textsScored: UInt64 = 0
    public var textsUnscored: UInt64 = 0

    /// Peers of the command socket that are remembered now.
    public var peers = 0
    public var commandConnections = 0
    public var subscribers = 0
    public var workersReady = 0
    public var readingPaused = false

    public init() {}
}
