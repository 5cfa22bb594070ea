public import KapwaDomain

/// The writing side of a journal. One thread uses it, the one that decides.
public protocol Journal: AnyObject {
    /// Appends all or nothing, and returns when it is on disk.
    ///
    /// The entries of each tenant continue its sequence. After ``JournalError/full(path:)`` and
    /// ``JournalError/gap(tenant:expected:found:)`` nothing was appended and the journal stays usable; after any
    /// other error it refuses all further writing.
    @discardableResult
    func append(entries: [JournalEntry], remembered: [RememberedReply]) throws(JournalError) -> AppendReceipt

    /// The reply that this command got, if it is still remembered.
    func recall(tenant: TenantID, sender: String, id: CommandID) throws(JournalError) -> RememberedReply?

    /// Keeps a rules text under its hash, which is ``Checksum/sha256Hex(_:)`` of it; one that is already kept stays.
    func storeRules(text: [UInt8], hash: String) throws(JournalError)

    /// The rules text with this hash.
    func rules(hash: String) throws(JournalError) -> [UInt8]?

    /// Erases the personal parts and the salt of a subject; the chain still verifies.
    /// - Returns: how many entries had a personal part of it.
    @discardableResult
    func forget(tenant: TenantID, subject: String) throws(JournalError) -> Int

    /// Deletes the oldest entries of a tenant, at most `limit` of them, up to one that some snapshot stands for. The
    /// chain verifies from the first that is kept; the last entry always is.
    ///
    /// - Returns: whether more are to be deleted up to there.
    func trim(_ tenant: TenantID, through sequence: Int64, limit: Int) throws(JournalError) -> Bool

    /// Deletes names and salts that no entry refers to any longer, at most `limit` of them.
    ///
    /// - Parameter unused: what nothing was found to refer to; what came since is looked at, once, and what is dealt with
    ///   is taken out.
    /// - Returns: how many were deleted.
    @discardableResult
    func drop(_ unused: inout UnusedSubjects, of tenant: TenantID, limit: Int) throws(JournalError) -> Int

    /// Erases the personal parts of entries of one type, at most those of `limit` entries, up to a sequence; goes on
    /// where it ended before. The chain still verifies.
    ///
    /// - Returns: whether more are to be looked at up to there.
    func erasePersonalParts(
        of tenant: TenantID, type: String, through sequence: Int64, limit: Int
    ) throws(JournalError) -> Bool

    /// Erases the keys of a tenant's days before one: what entries of these days have sealed can never be read again.
    /// The chain still verifies.
    ///
    /// - Parameter sequence: of the last entry before that day, for which some snapshot stands.
    /// - Returns: whether nothing is left of them in the log either; if not, to be asked again.
    func eraseKeys(of tenant: TenantID, before day: JournalDay, through sequence: Int64) throws(JournalError) -> Bool

    /// Whether there is space to write: throws ``JournalError/full(path:)`` as long as there is none.
    func probe() throws(JournalError)

    /// Sequence of the last entry of a tenant, 0 if it has none.
    func head(_ tenant: TenantID) -> Int64

    /// Every command answered from this instant on is remembered; earlier ones may have been forgotten.
    var idsSince: Instant { get }

    /// How many replies are remembered.
    var rememberedCount: Int { get }

    /// SQLite's `synchronous` as it reads back: 2 (FULL) says that a commit waits for the disk. 0: nothing is on disk.
    var synchronousLevel: Int { get }

    /// Writes back what is pending and gives the lock free. A second call does nothing.
    func close() throws(JournalError)
}

/// What an append cost, for the metrics.
public struct AppendReceipt: Sendable, Hashable {
    /// Nanoseconds of the whole append.
    public var totalNanoseconds: Int64 = 0
    /// Nanoseconds of the commit alone: writing the log and waiting for the disk.
    public var commitNanoseconds: Int64 = 0
    /// Nanoseconds of moving the log into the main file afterwards, 0 when that was not due.
    public var checkpointNanoseconds: Int64 = 0
    /// Replies forgotten because they were old or too many.
    public var forgotten = 0

    public init() {}
}

/// Makes commits fail on purpose, for tests and simulations: asked right before each commit, which are counted from
/// 1; `nil` lets it pass.
public typealias CommitFaults = @Sendable (_ commit: Int) -> CommitFault?

/// How a commit can be made to fail.
public enum CommitFault: Sendable, Hashable {
    /// As if the disk were full.
    case full
    /// As if the disk had failed.
    case io
}
