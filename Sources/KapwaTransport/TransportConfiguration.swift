public import KapwaDomain

/// What the transport binds, and how.
public struct TransportConfiguration: Sendable {
    /// `tcp://`, `ipc://` or `inproc://`; a TCP port of `0` or `*` takes a free one.
    public var commands = "tcp://127.0.0.1:7411"
    public var events = "tcp://127.0.0.1:7412"
    /// For worker processes. Threads of this process are always served, over an inproc endpoint.
    public var workers: [String] = []

    /// How often libzmq asks a silent connection whether it still lives; after three times without answer it is closed.
    public var heartbeatInterval: Milliseconds = .seconds(2)
    /// A connection that does not finish its handshake in this time is closed.
    public var handshakeMax: Milliseconds = .seconds(3)
    /// How long what is still to be sent may hold up a stop. At most one second.
    public var lingerMax: Milliseconds = .seconds(1)
    /// A peer without a message for this long, and with nothing to get, is forgotten.
    public var peerIdleMax: Milliseconds = Limits.peerIdleMax
    public var peersMax = Limits.peersMax
    /// Unanswered messages of one peer; what comes beyond is marked `flooded`.
    public var repliesPerPeerMax = Limits.repliesPerPeerMax
    /// Events that wait for one subscriber; what comes beyond is lost to it, and only to it.
    public var eventsPerSubscriberMax = Limits.eventsPerSubscriberMax

    /// Which peers must show a key; `nil`: none.
    public var authentication: Authentication?
    /// What a subscriber gets that asks for events whose topic starts with these bytes: the beginnings of topics that
    /// it may have; none refuses. Called on the transport's thread.
    public var permittedTopics: @Sendable (_ topicPrefix: [UInt8], Caller) -> [[UInt8]] = { topic, _ in [topic] }
    /// What goes to the subscribers once a second (`TENANT/heartbeat/`). Called on the transport's thread.
    public var heartbeat: @Sendable (_ batch: inout OutboundBatch) -> Void = { _ in }
    /// Which workers are taken, and how they are used.
    public var scoring = ScoringSettings()

    public init() {}
}

/// Where the sockets were bound, with the ports that were taken.
public struct BoundEndpoints: Sendable, Hashable {
    public let commands: String
    public let events: String
    /// In the order of the configuration, without the inproc endpoint.
    public let workers: [String]
}
