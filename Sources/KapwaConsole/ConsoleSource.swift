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
