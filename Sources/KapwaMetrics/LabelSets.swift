public import KapwaDomain

// The closed sets of words that stand in labels and are no word of the domain already.

/// What became of an offer.
public enum OfferResult: String, CaseIterable, Sendable { case made, accepted, declined, expired, withdrawn, advised }

/// Why a break began after its time. A floor keeps none back but a planned one.
public enum LatenessCause: String, CaseIterable, Sendable {
    case liveContact = "live_contact"
    case restart, floor
}

/// What became of a snapshot.
public enum SnapshotResult: String, CaseIterable, Sendable { case taken, failed }

/// What a scoring worker does.
public enum WorkerState: String, CaseIterable, Sendable { case idle, busy }

/// Why bytes from outside did not become a command.
public enum WireRejection: String, CaseIterable, Sendable {
    /// No frames of the contract; one reply without an id.
    case framing
    case malformed
    case unsupportedVersion = "unsupported_version"
    case unknownType = "unknown_type"
    case missingField = "missing_field"
    case invalidField = "invalid_field"
    case tooLarge = "too_large"
    /// For a tenant that there is not, or that the sender's key does not open.
    case unknownTenant = "unknown_tenant"
    case notPermitted = "not_permitted"

    /// The rejection that a refusal by the wire stands for; `nil` when the command was read and refused later.
    public init?(_ code: RefusalCode) { self.init(rawValue: code.rawValue) }
}

/// What a command was answered with, as a label: the code of a refusal, or one of these.
public enum CommandResult: Hashable, Sendable {
    case ok, duplicate
    case refused(RefusalCode)

    static let all: [CommandResult] = [.ok, .duplicate] + RefusalCode.allCases.map(CommandResult.refused)

    var label: String {
        switch self {
        case .ok: "ok"
        case .duplicate: "duplicate"
        case .refused(let code): code.rawValue
        }
    }
}

/// One series for each word of a closed set, all made at zero when the family is; finding one hashes nothing.
public final class ByCase<Key: Equatable & Sendable, Series: Sendable>: Sendable {
    @usableFromInline let keys: [Key]
    @usableFromInline let series: [Series]

    init(_ keys: [Key], _ make: (Key) -> Series) {
        self.keys = keys
        series = keys.map(make)
    }

    /// Inlined where it is used, so that comparing the words costs no call.
    @inlinable
    public subscript(_ key: Key) -> Series {
        guard let index = keys.firstIndex(of: key) else { preconditionFailure("a closed set has all its words") }
        return series[index]
    }
}

extension ByCase where Key: CaseIterable & RawRepresentable, Key.RawValue == String {
    convenience init(_ family: MetricFamily<Series>) { self.init(Array(Key.allCases)) { family.series($0.rawValue) } }
}
