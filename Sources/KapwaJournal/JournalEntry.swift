public import KapwaDomain

/// One event as the journal keeps it: bytes whose meaning is somebody else's.
public struct JournalEntry: Hashable, Sendable {
    public var tenant: TenantID
    /// Position in the tenant's journal: from 1, without gaps, below 2⁴⁸.
    public var sequence: Int64
    public var at: Instant
    /// The event's name, by which readers choose. One of a few hundred at most: each name is stored once.
    public var type: String
    /// Version of the form of both parts.
    public var version: Int
    /// What stays for ever.
    public var publicPart: [UInt8]
    /// What can be forgotten without breaking the checksum chain; `nil`: nothing personal, or forgotten.
    public var personalPart: [UInt8]?
    /// Whose salt protects the personal part (`customer:C1`). Entries with a personal part and no subject share one
    /// salt, so that part cannot be forgotten by name. Kept only beside a personal part.
    public var subject: String?
    /// What can be read as long as the key of the entry's day is kept; `nil`: there is none, or the key was erased.
    public var sealedPart: [UInt8]?

    public init(
        tenant: TenantID, sequence: Int64, at: Instant, type: String, version: Int = 1, publicPart: [UInt8],
        personalPart: [UInt8]? = nil, subject: String? = nil, sealedPart: [UInt8]? = nil
    ) {
        self.tenant = tenant
        self.sequence = sequence
        self.at = at
        self.type = type
        self.version = version
        self.publicPart = publicPart
        self.personalPart = personalPart
        self.subject = subject
        self.sealedPart = sealedPart
    }
}
