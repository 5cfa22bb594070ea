/// Rows as they are now: how a client starts, before it follows the events.
public struct StateRead: Sendable, Hashable {
    public enum What: String, CaseIterable, Sendable {
        case agents, conversations, offers, breaks, queues, followups, incidents
    }

    public var what: What
    /// One row alone.
    public var id: String?
    /// Rows whose id sorts after this one.
    public var after: String?
    public var limit: Int?

    public init(what: What, id: String? = nil, after: String? = nil, limit: Int? = nil) {
        self.what = what
        self.id = id
        self.after = after
        self.limit = limit
    }
}

/// Events after a sequence number.
public struct EventsRead: Sendable, Hashable {
    public var after: Int64
    public var limit: Int?
    /// Only these types; all when absent.
    public var types: [String]?
    /// How long to wait for the first match.
    public var wait: Milliseconds?

    public init(after: Int64, limit: Int? = nil, types: [String]? = nil, wait: Milliseconds? = nil) {
        self.after = after
        self.limit = limit
        self.types = types
        self.wait = wait
    }
}

/// How long one will wait: of a conversation that waits, or of one that would enter a queue now.
public struct QueueEstimate: Sendable, Hashable {
    public enum Subject: Sendable, Hashable {
        case conversation(ConversationID)
        case queue(QueueID)
    }

    public var subject: Subject

    public init(subject: Subject) { self.subject = subject }
}
