public import KapwaDomain

/// What was true of a tenant after one of its entries, as bytes whose meaning is somebody else's: a start reads it and
/// only the entries after it.
public struct Snapshot: Sendable, Equatable {
    public var tenant: TenantID
    /// Sequence of the last entry that is in it.
    public var sequence: Int64
    /// The checksum chain at that entry, hexadecimal: says of which journal it is.
    public var chain: String
    /// Hash of the rules in force.
    public var rules: String
    public var madeAt: Instant
    /// Version of the form of ``state``.
    public var form: Int
    public var state: ArraySlice<UInt8>

    public init(
        tenant: TenantID, sequence: Int64, chain: String, rules: String, madeAt: Instant, form: Int,
        state: ArraySlice<UInt8>
    ) {
        self.tenant = tenant
        self.sequence = sequence
        self.chain = chain
        self.rules = rules
        self.madeAt = madeAt
        self.form = form
        self.state = state
    }
}

/// A snapshot's file, known by its name alone.
public struct SnapshotFile: Sendable, Hashable {
    public let path: String
    public let tenant: TenantID
    public let sequence: Int64
}
