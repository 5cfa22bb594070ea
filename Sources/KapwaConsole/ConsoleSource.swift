public import KapwaDomain
public import KapwaMetrics

/// What the console may see of the daemon: copies of figures, never the router itself. Asked from any thread.
public protocol ConsoleSource: Sendable {
    /// Version and modes, shown on every page.
    var status: ConsoleStatus { get }

    /// Everything that a scraper reads.
    func metrics(_ format: ExpositionFormat) -> [UInt8]

    /// Whether the process should be left alone; when not, a supervisor may restart it.
    func liveness() -> Health

    /// Whether it takes commands.
    func readiness() -> Health

    /// Why a conversation went to whom it went, as JSON. Takes as long as the journal is.
    func why(_ question: WhyRequest) async -> Result<[UInt8], Refusal>
}

/// A question about one conversation, as it came: identifiers are of the right form.
public struct WhyRequest: Hashable, Sendable {
    public var tenant: TenantID
    public var conversation: ConversationID
    /// At most one of these two: this offer, or how it stood after this event.
    public var offer: OfferID?
    public var sequence: Int64?

    public init(tenant: TenantID, conversation: ConversationID, offer: OfferID? = nil, sequence: Int64? = nil) {
        self.tenant = tenant
        self.conversation = conversation
        self.offer = offer
        self.sequence = sequence
    }
}

/// What stands on every page.
public struct ConsoleStatus: Hashable, Sendable {
    public var version: String
    public var routing: Mode
    public var breaks: Mode
    /// Hashes of what was read last: whether a reload was taken.
    public var rules: String
    public var lexicon: String

    public init(version: String, routing: Mode, breaks: Mode, rules: String, lexicon: String) {
        self.rules = rules
        self.lexicon = lexicon
        self.version = version
        self.routing = routing
        self.breaks = breaks
    }
}

/// The outcome of some checks; healthy when all pass.
public struct Health: Hashable, Sendable {
    public struct Check: Hashable, Sendable, Encodable {
        /// One word, as `journal`.
        public var name: String
        public var ok: Bool
        /// What was found; when it does not pass, what would help.
        public var detail: String

        public init(name: String, ok: Bool, detail: String) {
            self.name = name
            self.ok = ok
            self.detail = detail
        }
    }

    public var checks: [Check]

    public init(_ checks: [Check]) { self.checks = checks }

    public var isHealthy: Bool { checks.allSatisfy(\.ok) }
}
