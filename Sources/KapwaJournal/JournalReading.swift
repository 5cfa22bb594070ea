public import KapwaDomain

/// The reading side of a journal: any thread, committed entries alone.
public protocol JournalReading: Sendable {
    /// The next entries of a tenant after a sequence, at most `limit` of them and about `maxBytes` in all (one is
    /// given even if it is larger). With `types`, only these; a page can then be empty and still lead further.
    func events(
        tenant: TenantID, after: Int64, limit: Int, types: Set<String>?, maxBytes: Int
    ) throws(JournalError) -> JournalPage

    /// Gives every entry from `from` on to `body`, in order, without holding more than a few thousand.
    ///
    /// - Throws: ``JournalError``, and whatever `body` throws, which ends the replay.
    func replay(tenant: TenantID, from: Int64, _ body: (JournalEntry) throws -> Void) throws

    /// The tenants that have a place in the journal, by name.
    func tenants() throws(JournalError) -> [TenantID]

    /// Sequence of the last entry, 0 if there is none.
    func head(_ tenant: TenantID) throws(JournalError) -> Int64

    /// Sequence of the first entry that is kept; 1 if there is none.
    func first(_ tenant: TenantID) throws(JournalError) -> Int64

    /// Sequence of the entry after which a replay can begin with what was true then, and before which it cannot: older
    /// entries are no longer kept, or the keys of what they sealed were erased. 0: from nothing.
    func replayStart(_ tenant: TenantID) throws(JournalError) -> Int64

    /// The first day whose key is kept; `nil` when there is none.
    func oldestKey(_ tenant: TenantID) throws(JournalError) -> JournalDay?

    /// Sequence of the last entry before an instant; one before the first when there is none.
    func lastEntry(_ tenant: TenantID, before: Instant) throws(JournalError) -> Int64

    /// Names and salts that no entry refers to. Goes through all entries.
    func unusedSubjects(_ tenant: TenantID) throws(JournalError) -> UnusedSubjects

    /// The checksum chain at an entry, hexadecimal; `nil` when the entry is not there.
    func chain(_ tenant: TenantID, at sequence: Int64) throws(JournalError) -> String?

    /// The rules text with this hash; `nil` when the journal has none.
    func rules(hash: String) throws(JournalError) -> [UInt8]?
}

/// Some entries, and how far they reach.
public struct JournalPage: Sendable, Hashable {
    public var entries: [JournalEntry] = []
    /// Sequence of the last entry looked at, matching or not: what to pass as `after` next. Equal to `head`, or
    /// beyond it if `after` was: nothing more is there now.
    public var next: Int64
    /// Sequence of the tenant's last entry, 0 if there is none.
    public var head: Int64
    /// Sequence of the first entry that is kept; 1 in an empty journal.
    public var first: Int64

    public init(next: Int64, head: Int64, first: Int64) {
        self.next = next
        self.head = head
        self.first = first
    }
}

/// Names and salts that no entry up to a sequence refers to.
public struct UnusedSubjects: Sendable, Hashable {
    public var numbers: [Int64] = []
    public var upTo: Int64 = 0

    public init() {}
}
