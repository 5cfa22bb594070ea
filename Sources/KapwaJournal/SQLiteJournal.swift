import GRDB
public import KapwaDomain

/// The journal in a SQLite file, through GRDB: every append is one transaction that is on disk when it returns.
///
/// There is one writer per data directory, kept alone by a lock file, and it alone moves the write-ahead log into
/// the main file. Readers (``JournalReader``) have connections of their own. Not `Sendable` on purpose: the thread
/// that decides owns it.
public final class SQLiteJournal: Journal {
    /// Name of the journal in its data directory.
    public static let fileName = "journal.sqlite"
    /// Name of the file that a running daemon holds locked.
    public static let lockName = "journal.lock"

    /// What a journal can be opened with besides its place.
    public struct Options {
        /// The remembered replies kept at most.
        public var rememberedMax = Limits.rememberedCommandsMax
        /// How long replies are remembered, counted from the newest.
        public var rememberedFor = Limits.rememberedFor
        /// The file grows to this many pages of 4 KiB, then appends throw ``JournalError/full(path:)``.
        public var pagesMax: Int?
        /// Pages in the write-ahead log above which an append moves it into the main file.
        public var checkpointPages = Limits.journalCheckpointPages
        /// Makes commits fail on purpose.
        public var faults: CommitFaults = { _ in nil }
        /// Anything but `full` loses what was acknowledged when the power goes: there to show that a test would notice.
        package var synchronous = Synchronous.full

        public init() {}
    }

    /// When a commit waits for the disk, as SQLite calls it.
    package enum Synchronous: String, Sendable {
        case full = "FULL"
        case off = "OFF"
    }

    /// Path of the SQLite file.
    public let path: String
    public let synchronousLevel: Int
    public internal(set) var idsSince: Instant
    public var rememberedCount: Int {
        (try? settleRemembered())?.count ?? 0
    }

    let options: Options
    /// `nil` once closed.
    var connection: WriterConnection?
    /// Why nothing may be written any more.
    var failure: JournalError?
    var names: Names
    var subjects: [SubjectKey: Subject] = [:]
    /// Of each tenant the one in use.
    var dayKeys: [Int64: DayKey] = [:]
    var remembered: RememberedIndex
    /// Reads ``remembered`` meanwhile; `nil` once that is there.
    private var loader: RememberedLoader?
    /// Numbers of the remembered rows: oldest, and the next to give.
    var rememberedRange: Range<Int64>
    /// When the oldest remembered reply was given.
    var rememberedOldest = Instant.distantFuture
    private var commits = 0
    private var lock: LockFile?

    /// Opens the journal in `directory`, or makes one; both are readable by their owner alone.
    ///
    /// - Parameter now: the instant from which ids are remembered in a new journal.
    /// - Throws: ``JournalError/locked(path:pid:)``, ``JournalError/newer(path:found:known:)``,
    ///   ``JournalError/notWritable(path:why:)``, ``JournalError/corrupt(path:tenant:sequence:what:)``,
    ///   ``JournalError/full(path:)``, ``JournalError/io(code:message:)``.
    public init(directory: String, now: Instant, options: Options = Options()) throws(JournalError) {
        let place = DataDirectory(path: directory)
        try place.make()
        lock = try LockFile(path: place.file(SQLiteJournal.lockName))
        path = place.file(SQLiteJournal.fileName)
        try place.prepare(file: path)
        let connection = try WriterConnection(path: path, options: options)
        let start = try connection.load(now: now)
        self.options = options
        self.connection = connection
        synchronousLevel = start.synchronousLevel
        names = start.names
        remembered = start.remembered
        loader = start.loader
        rememberedRange = start.rememberedRange
        rememberedOldest = start.rememberedOldest
        idsSince = start.idsSince
    }

    public func head(_ tenant: TenantID) -> Int64 { names.tenants[tenant]?.head ?? 0 }

    @discardableResult
    public func append(
        entries: [JournalEntry], remembered replies: [RememberedReply]
    ) throws(JournalError) -> AppendReceipt {
        let started = ContinuousClock.now
        var batch = Batch(names: names)
        var receipt = AppendReceipt()
        guard !entries.isEmpty || !replies.isEmpty else { return receipt }
        if !replies.isEmpty { try settleRemembered() }
        receipt.commitNanoseconds = try transaction("appending") { statements throws(JournalError) in
            try batch.write(entries, subjects: &subjects, keys: &dayKeys, with: statements)
            try remember(replies, in: &batch, with: statements)
            try batch.writeHeads(with: statements)
        }
        settle(batch)
        receipt.forgotten = batch.forgotten.count
        receipt.checkpointNanoseconds = try checkpointIfDue()
        receipt.totalNanoseconds = (ContinuousClock.now - started).nanoseconds
        return receipt
    }

    /// Waits until the ids that were remembered before the start are known.
    @discardableResult
    func settleRemembered() throws(JournalError) -> RememberedIndex {
        if let loader {
            self.loader = nil
            do throws(JournalError) {
                remembered = try loader.take()
            } catch {
                // Without them a command could be carried out twice.
                failure = failure ?? error
                throw error
            }
        }
        return remembered
    }

    /// Takes over what a committed batch changed.
    private func settle(_ batch: Batch) {
        names = batch.names
        for row in batch.forgotten { remembered.remove(row.key, number: row.number) }
        for row in batch.added { remembered.insert(row.key, number: row.number) }
        rememberedRange = batch.rememberedRange ?? rememberedRange
        rememberedOldest = batch.rememberedOldest ?? rememberedOldest
        idsSince = batch.idsSince ?? idsSince
    }

    public func close() throws(JournalError) {
        guard let connection else { return }
        // Its connection goes before the last one closes the log.
        _ = try? settleRemembered()
        self.connection = nil
        defer { lock = nil }
        if failure == nil {
            try connection.close()
        } else {
            connection.abandon()
        }
    }

    deinit {
        if failure != nil { connection?.abandon() }
    }
}

extension SQLiteJournal {
    /// Runs `body` in a transaction of its own: all on disk when it returns, nothing when it throws.
    ///
    /// - Returns: nanoseconds of the commit.
    @discardableResult
    func transaction(
        _ doing: String, _ body: (WriterStatements) throws(JournalError) -> Void
    ) throws(JournalError) -> Int64 {
        let connection = try writer()
        do throws(JournalError) {
            return try connection.access { statements throws(JournalError) in
                try statements.begin.run(doing: doing)
                do throws(JournalError) {
                    try body(statements)
                    commits += 1
                    try raise(options.faults(commits))
                    let started = ContinuousClock.now
                    try statements.commit.run(doing: "committing")
                    return (ContinuousClock.now - started).nanoseconds
                } catch {
                    connection.rollBack()
                    throw error
                }
            }
        } catch {
            // Numbers given to subjects in the transaction went with it, and new keys.
            subjects = [:]
            dayKeys = [:]
            if !error.leavesWriterUsable { failure = error }
            throw error
        }
    }

    private func raise(_ fault: CommitFault?) throws(JournalError) {
        switch fault {
        case .full: throw .full(path: path)
        case .io: throw .io(code: 10, message: "committing in \(path) failed: made to fail")
        case nil: break
        }
    }

    /// The connection, unless the journal was closed or a write failed in a way that forbids another.
    func writer() throws(JournalError) -> WriterConnection {
        if let failure { throw failure }
        guard let connection else { throw .io(code: 0, message: "the journal \(path) is closed; writing to it") }
        return connection
    }

    /// Moves the log into the main file when it has grown enough. Nanoseconds that it took.
    private func checkpointIfDue() throws(JournalError) -> Int64 {
        let connection = try writer()
        guard connection.isCheckpointDue else { return 0 }
        let started = ContinuousClock.now
        do throws(JournalError) {
            try connection.checkpoint()
        } catch {
            // The log still has everything; when the disk has space again, the next attempt moves it.
            if !error.leavesWriterUsable {
                failure = error
                throw error
            }
        }
        return (ContinuousClock.now - started).nanoseconds
    }
}

extension Duration {
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
