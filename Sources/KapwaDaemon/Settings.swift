public import KapwaDomain
import KapwaRules

/// How a daemon is to run: options before `KAPWA_…` before the configuration file before the defaults.
public struct Settings: Sendable {
    public var data: String
    public var rules: String?
    public var models: String
    public var overlays: [String]
    public var commands: String
    public var events: String
    public var workers: String?
    public var http: String
    /// PEM files of HTTP's certificate and its key, both or none.
    public var httpCertificate: String?
    public var httpKey: String?
    /// Host names under which HTTP may be asked, besides the loopback's or the address itself.
    public var httpNames: [String]
    public var tenants: [TenantID]
    /// On which sockets peers must show a key.
    public var keys: KeyDemand
    /// Scoring threads in the daemon; 0 leaves it to worker processes, and to the router thread when there is none.
    public var scoringThreads: Int
    public var logLevel: String
    /// When the daemon takes a snapshot of what is true.
    public var snapshots: SnapshotRhythm
    /// Events older than that are deleted once nothing needs them; `nil`: never.
    public var keep: Milliseconds?
    /// What customers said, matched by the lexicon, is erased after that.
    public var keepEvidence: Milliseconds
    /// What weighed on agents, and what danger customers were in, cannot be read any more after that.
    public var keepSensitive: Milliseconds
    /// Whether reasons in people's own words are kept.
    public var retainsText: Bool
    /// Whether customers are known by keyed hashes of their ids, not by these.
    public var namesCustomers: Bool
    /// How many times faster than the real one the daemon's clock runs: for demonstrations.
    public var speed = 1

    /// One layer: what it does not say is `nil`.
    public struct Layer: Sendable {
        public var data: String?
        public var rules: String?
        public var models: String?
        public var overlays: [String]?
        public var commands: String?
        public var events: String?
        public var workers: String?
        public var http: String?
        public var httpCertificate: String?
        public var httpKey: String?
        public var httpNames: [String]?
        public var tenants: [String]?
        public var keys: String?
        public var scoringThreads: Int?
        public var logLevel: String?
        public var snapshotEvents: Int?
        public var snapshotEvery: Milliseconds?
        public var keep: Milliseconds?
        public var keepEvidence: Milliseconds?
        public var keepSensitive: Milliseconds?
        public var retainText: Bool?
        public var customerIDs: CustomerIDs?

        public init() {}
    }

    /// How the ids of customers are kept, and told.
    public enum CustomerIDs: String, CaseIterable, Sendable {
        case hashed, plain
    }

    /// Puts the layers together, the first that says something counts.
    ///
    /// - Throws: ``StartFailure`` naming the setting that is missing or wrong.
    public init(_ layers: [Layer], defaultModels: String) throws(StartFailure) {
        func first<Value>(_ path: KeyPath<Layer, Value?>) -> Value? {
            layers.lazy.compactMap { $0[keyPath: path] }.first
        }
        guard let data = first(\.data) else {
            throw StartFailure(
                .usage, "no data directory; name one with --data DIR, KAPWA_DATA or data: in the configuration file")
        }
        self.data = data
        rules = first(\.rules)
        models = first(\.models) ?? defaultModels
        overlays = first(\.overlays) ?? []
        commands = first(\.commands) ?? "tcp://127.0.0.1:7411"
        events = first(\.events) ?? "tcp://127.0.0.1:7412"
        workers = first(\.workers)
        http = first(\.http) ?? "127.0.0.1:7410"
        httpCertificate = first(\.httpCertificate)
        httpKey = first(\.httpKey)
        httpNames = try Self.httpNames(first(\.httpNames) ?? [])
        scoringThreads = first(\.scoringThreads) ?? 2
        logLevel = first(\.logLevel) ?? "info"
        snapshots = SnapshotRhythm(
            events: Int64(first(\.snapshotEvents) ?? Limits.snapshotEventsDefault),
            every: first(\.snapshotEvery) ?? Limits.snapshotEveryDefault)
        keep = first(\.keep)
        keepEvidence = first(\.keepEvidence) ?? Limits.evidenceKeepDefault
        keepSensitive = first(\.keepSensitive) ?? Limits.sensitiveKeepDefault
        retainsText = first(\.retainText) ?? false
        namesCustomers = first(\.customerIDs) != .plain
        tenants = try Self.tenants(first(\.tenants) ?? ["main"])
        keys = try Self.keys(first(\.keys) ?? KeyDemand.auto.rawValue)
        guard (httpCertificate == nil) == (httpKey == nil) else {
            throw StartFailure(
                .configuration, "http_certificate and http_key belong together; name both, or leave both out")
        }
        guard httpCertificate != nil || Loopback.holds("tcp://\(http)") else { throw Loopback.refusal(http: http) }
        guard (0...64).contains(scoringThreads) else {
            throw StartFailure(.configuration, "scoring_threads is \(scoringThreads); 0 to 64 are possible")
        }
        guard Self.logLevels.contains(logLevel) else {
            throw StartFailure(
                .configuration, "log_level \"\(logLevel)\" is none of \(Self.logLevels.joined(separator: ", "))")
        }
    }

    public static let logLevels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]

    private static func keys(_ word: String) throws(StartFailure) -> KeyDemand {
        guard let demand = KeyDemand(rawValue: word) else {
            let words = KeyDemand.allCases.map(\.rawValue).joined(separator: ", ")
            throw StartFailure(.configuration, "keys \"\(word)\" is none of \(words)")
        }
        return demand
    }

    private static func httpNames(_ names: [String]) throws(StartFailure) -> [String] {
        guard names.count <= Limits.httpNamesMax else {
            throw StartFailure(
                .configuration, "http_names has \(names.count) names; \(Limits.httpNamesMax) are the most")
        }
        for name in names {
            let isName = name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
            guard isName, (1...253).contains(name.utf8.count) else {
                throw StartFailure(
                    .configuration, "the HTTP name \"\(name)\" is none; write it as in kapwa.example, without a port")
            }
        }
        return names
    }

    private static func tenants(_ names: [String]) throws(StartFailure) -> [TenantID] {
        for name in names {
            guard TenantID.isTenant(name) else {
                throw StartFailure(
                    .configuration,
                    "the tenant \"\(name)\" is no name; 1 to \(Limits.tenantBytesMax) of a-z, 0-9 and - make one")
            }
        }
        guard (1...Limits.tenantsMax).contains(names.count), Set(names).count == names.count else {
            throw StartFailure(.configuration, "1 to \(Limits.tenantsMax) different tenants are possible")
        }
        return names.map { TenantID($0) }
    }
}

extension Settings.Layer {
    static let keys = [
        "data", "rules", "models", "overlays", "commands", "events", "workers", "http", "http_certificate",
        "http_key", "http_names", "tenants", "keys", "scoring_threads", "log_level", "journal",
        "retain_text", "customer_ids",
    ]
    private static let journalKeys = ["keep", "keep_evidence", "keep_sensitive", "snapshot_events", "snapshot_every"]

    /// Reads a configuration file; `deploy/kapwa.yaml` documents every key.
    ///
    /// - Throws: ``StartFailure`` with every error of the file, one a line.
    public init(file path: String) throws(StartFailure) {
        let bytes = try FileReading.bytes(path, what: "the configuration file", most: Limits.rulesFileBytesMax)
        do {
            let reading = try StrictYAML.read(
                bytes: bytes, name: path, bytesMax: Limits.rulesFileBytesMax, keys: Self.keys,
                build: Self.init(section:))
            self = reading.value
        } catch {
            throw StartFailure(.configuration, error.errors.map(\.description).joined(separator: "\n"))
        }
    }

    private init(section: Section) {
        let path = 1...4_096
        data = section["data"]?.text(bytes: path)
        rules = section["rules"]?.text(bytes: path)
        models = section["models"]?.text(bytes: path)
        overlays = section["overlays"]?.list(most: Limits.listsMax)?.compactMap { $0.text(bytes: path) }
        commands = section["commands"]?.text()
        events = section["events"]?.text()
        workers = section["workers"]?.text()
        http = section["http"]?.text()
        httpCertificate = section["http_certificate"]?.text(bytes: path)
        httpKey = section["http_key"]?.text(bytes: path)
        httpNames = section["http_names"]?.list(most: Limits.httpNamesMax)?.compactMap { $0.text(bytes: 1...253) }
        tenants = section["tenants"]?.list(most: Limits.tenantsMax)?.compactMap { $0.text(bytes: 1...32) }
        keys = section["keys"]?.text()
        scoringThreads = section["scoring_threads"]?.integer(in: 0...64)
        logLevel = section["log_level"]?.text()
        retainText = section["retain_text"]?.flag()
        customerIDs = section["customer_ids"]?.choice("way to keep them", of: Settings.CustomerIDs.self)
        let journal = section["journal"]?.section(keys: Self.journalKeys)
        keep = journal?["keep"]?.duration(in: Limits.journalKeep)
        keepEvidence = journal?["keep_evidence"]?.duration(in: Limits.evidenceKeep)
        keepSensitive = journal?["keep_sensitive"]?.duration(in: Limits.sensitiveKeep)
        snapshotEvents = journal?["snapshot_events"]?.integer(in: Limits.snapshotEvents)
        snapshotEvery = journal?["snapshot_every"]?.duration(in: Limits.snapshotEvery)
    }

    /// Reads `KAPWA_…`, lists separated by commas.
    ///
    /// - Throws: ``StartFailure`` for a number that is none, and for a name that Kapwa does not know.
    public init(environment: [String: String]) throws(StartFailure) {
        self.init()
        func list(_ name: String) -> [String]? {
            environment[name].map { $0.split(separator: ",").map(String.init) }
        }
        data = environment["KAPWA_DATA"]
        rules = environment["KAPWA_RULES"]
        models = environment["KAPWA_MODELS"]
        overlays = list("KAPWA_OVERLAYS")
        commands = environment["KAPWA_COMMANDS"]
        events = environment["KAPWA_EVENTS"]
        workers = environment["KAPWA_WORKERS"]
        http = environment["KAPWA_HTTP"]
        httpCertificate = environment["KAPWA_HTTP_CERTIFICATE"]
        httpKey = environment["KAPWA_HTTP_KEY"]
        httpNames = list("KAPWA_HTTP_NAMES")
        tenants = list("KAPWA_TENANTS")
        keys = environment["KAPWA_KEYS"]
        logLevel = environment["KAPWA_LOG_LEVEL"]
        snapshotEvents = try Self.number("KAPWA_SNAPSHOT_EVENTS", environment, in: Limits.snapshotEvents)
        if let text = environment["KAPWA_RETAIN_TEXT"] {
            guard let isOn = Bool(text) else {
                throw StartFailure(.configuration, "KAPWA_RETAIN_TEXT is \"\(text)\"; it must be true or false")
            }
            retainText = isOn
        }
        if let text = environment["KAPWA_CUSTOMER_IDS"] {
            guard let way = Settings.CustomerIDs(rawValue: text) else {
                throw StartFailure(.configuration, "KAPWA_CUSTOMER_IDS is \"\(text)\"; it must be hashed or plain")
            }
            customerIDs = way
        }
        if let text = environment["KAPWA_SCORING_THREADS"] {
            guard let number = Int(text) else {
                throw StartFailure(.configuration, "KAPWA_SCORING_THREADS is \"\(text)\"; it must be a number")
            }
            scoringThreads = number
        }
    }

    private static func number(
        _ name: String, _ environment: [String: String], in range: ClosedRange<Int>
    ) throws(StartFailure) -> Int? {
        guard let text = environment[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw StartFailure(
                .configuration,
                "\(name) is \"\(text)\"; it must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
