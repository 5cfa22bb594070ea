public import KapwaDomain
import Synchronization

/// The journal without a disk, for tests and simulations: the same rules, nothing outlives the process.
///
/// It is its own reader. Made to fail by ``CommitFaults``, it behaves as ``SQLiteJournal`` does.
public final class InMemoryJournal: Journal, JournalReading {
    private struct Key: Hashable {
        var tenant: TenantID
        var sender: String
        var id: CommandID
    }

    private struct Storage {
        var entries: [TenantID: [JournalEntry]] = [:]
        var remembered: [Key: (number: Int64, reply: RememberedReply)] = [:]
        /// Keys in the order in which they were remembered, from `oldest` on.
        var order: [Int64: Key] = [:]
        var oldest: Int64 = 1
        var next: Int64 = 1
        var rules: [String: [UInt8]] = [:]
        var idsSince: Instant
        var commits = 0
        var failure: JournalError?
    }

    private let storage: Mutex<Storage>
    private let rememberedMax: Int
    private let rememberedFor: Milliseconds
    private let faults: CommitFaults

    /// - Parameters:
    ///   - now: the instant from which ids are remembered.
    ///   - faults: asked before each commit, counted from 1; `nil` lets it pass.
    public init(
        now: Instant, rememberedMax: Int = Limits.rememberedCommandsMax,
        rememberedFor: Milliseconds = Limits.rememberedFor,
        faults: @escaping CommitFaults = { _ in nil }
    ) {
        storage = Mutex(Storage(idsSince: now))
        self.rememberedMax = rememberedMax
        self.rememberedFor = rememberedFor
        self.faults = faults
    }

    public var idsSince: Instant { storage.withLock { $0.idsSince } }
    public var rememberedCount: Int { storage.withLock { $0.remembered.count } }
    public var synchronousLevel: Int { 0 }

    public func head(_ tenant: TenantID) -> Int64 {
        storage.withLock { Int64($0.entries[tenant]?.count ?? 0) }
    }

    @discardableResult
    public func append(
        entries: [JournalEntry], remembered: [RememberedReply]
    ) throws(JournalError) -> AppendReceipt {
        guard !entries.isEmpty || !remembered.isEmpty else { return AppendReceipt() }
        return try commit { storage throws(JournalError) in
            var heads: [TenantID: Int64] = [:]
            for entry in entries {
                let expected = (heads[entry.tenant] ?? Int64(storage.entries[entry.tenant]?.count ?? 0)) + 1
                guard entry.sequence == expected else {
                    throw .gap(tenant: entry.tenant, expected: expected, found: entry.sequence)
                }
                heads[entry.tenant] = expected
            }
        } change: { storage in
            for entry in entries { storage.entries[entry.tenant, default: []].append(Self.asKept(entry)) }
            var receipt = AppendReceipt()
            receipt.forgotten = remember(remembered, in: &storage)
            return receipt
        }
    }

    /// A subject is kept only beside a personal part.
    private static func asKept(_ entry: JournalEntry) -> JournalEntry {
        guard entry.personalPart == nil, entry.subject != nil else { return entry }
        var kept = entry
        kept.subject = nil
        return kept
    }

    /// Checks, asks for a fault, and only then changes anything.
    private func commit<Value: Sendable>(
        check: (borrowing Storage) throws(JournalError) -> Void = { _ in }, change: (inout Storage) -> Value
    ) throws(JournalError) -> Value {
        let counted: Result<Int, JournalError> = storage.withLock { storage in
            Result { () throws(JournalError) in
                if let failure = storage.failure { throw failure }
                try check(storage)
                storage.commits += 1
                return storage.commits
            }
        }
        let number = try counted.get()
        // Asked outside the lock: the hook may want to read. Nothing else writes meanwhile, there is one writer.
        switch faults(number) {
        case .full:
            throw .full(path: "memory")
        case .io:
            let failure = JournalError.io(code: 10, message: "committing in memory failed: made to fail")
            storage.withLock { $0.failure = failure }
            throw failure
        case nil:
            return storage.withLock { change(&$0) }
        }
    }

    private func remember(_ replies: [RememberedReply], in storage: inout Storage) -> Int {
        guard let newest = replies.map(\.at).max() else { return 0 }
        for reply in replies {
            let key = Key(tenant: reply.tenant, sender: reply.sender, id: reply.id)
            storage.remembered[key] = (storage.next, reply)
            storage.order[storage.next] = key
            storage.next += 1
        }
        var forgotten = 0
        while forgotten < 2 * replies.count + 8, let key = storage.order[storage.oldest] {
            let kept = storage.remembered[key]
            if let kept, kept.number == storage.oldest {
                guard storage.order.count > rememberedMax || kept.reply.at < newest - rememberedFor else { break }
                storage.remembered[key] = nil
                storage.idsSince = max(storage.idsSince, kept.reply.at + 1)
            }
            storage.order[storage.oldest] = nil
            storage.oldest += 1
            forgotten += 1
        }
        return forgotten
    }

    public func recall(
        tenant: TenantID, sender: String, id: CommandID
    ) throws(JournalError) -> RememberedReply? {
        storage.withLock { $0.remembered[Key(tenant: tenant, sender: sender, id: id)]?.reply }
    }

    public func storeRules(text: [UInt8], hash: String) throws(JournalError) {
        precondition(Checksum.sha256Hex(text) == hash, "a rules text is kept under its own SHA-256")
        guard try rules(hash: hash) == nil else { return }
        try commit(change: { $0.rules[hash] = text })
    }

    public func rules(hash: String) throws(JournalError) -> [UInt8]? { storage.withLock { $0.rules[hash] } }

    @discardableResult
    public func forget(tenant: TenantID, subject: String) throws(JournalError) -> Int {
        try commit(change: { storage in
            var count = 0
            for index in storage.entries[tenant, default: []].indices
            where storage.entries[tenant]?[index].subject == subject {
                storage.entries[tenant]?[index].personalPart = nil
                storage.entries[tenant]?[index].subject = nil
                count += 1
            }
            return count
        })
    }

    /// Nothing outlives the process, so nothing grows old.
    public func trim(_ tenant: TenantID, through sequence: Int64, limit: Int) throws(JournalError) -> Bool { false }

    public func erasePersonalParts(
        of tenant: TenantID, type: String, through sequence: Int64, limit: Int
    ) throws(JournalError) -> Bool { false }

    public func eraseKeys(
        of tenant: TenantID, before day: JournalDay, through sequence: Int64
    ) throws(JournalError) -> Bool { true }

    public func drop(
        _ unused: inout UnusedSubjects, of tenant: TenantID, limit: Int
    ) throws(JournalError) -> Int {
        unused.numbers = []
        return 0
    }

    public func probe() throws(JournalError) {
        try commit(change: { _ in })
    }

    public func close() throws(JournalError) {}

    // MARK: Reading

    public func tenants() throws(JournalError) -> [TenantID] { storage.withLock { $0.entries.keys.sorted() } }

    public func events(
        tenant: TenantID, after: Int64, limit: Int, types: Set<String>?, maxBytes: Int
    ) throws(JournalError) -> JournalPage {
        let entries = storage.withLock { $0.entries[tenant] ?? [] }
        let head = Int64(entries.count)
        var page = JournalPage(next: max(0, after), head: head, first: 1)
        var bytes = 0
        let last = page.next < head ? min(head, page.next + Int64(Limits.eventsExaminedPerReadMax)) : head
        while page.next < last, page.entries.count < limit {
            let entry = entries[Int(page.next)]
            if types?.contains(entry.type) ?? true {
                bytes += entry.publicPart.count + (entry.personalPart?.count ?? 0)
                if bytes > maxBytes, !page.entries.isEmpty { break }
                page.entries.append(entry)
            }
            page.next = entry.sequence
        }
        return page
    }

    public func first(_ tenant: TenantID) throws(JournalError) -> Int64 { 1 }

    public func replayStart(_ tenant: TenantID) throws(JournalError) -> Int64 { 0 }

    public func oldestKey(_ tenant: TenantID) throws(JournalError) -> JournalDay? { nil }

    public func lastEntry(_ tenant: TenantID, before: Instant) throws(JournalError) -> Int64 {
        storage.withLock { Int64($0.entries[tenant]?.prefix { $0.at < before }.count ?? 0) }
    }

    public func unusedSubjects(_ tenant: TenantID) throws(JournalError) -> UnusedSubjects { UnusedSubjects() }

    /// No chain runs over what nobody else can touch.
    public func chain(_ tenant: TenantID, at sequence: Int64) throws(JournalError) -> String? { nil }

    public func replay(tenant: TenantID, from: Int64, _ body: (JournalEntry) throws -> Void) throws {
        let entries = storage.withLock { $0.entries[tenant] ?? [] }
        for entry in entries.dropFirst(Int(max(0, from - 1))) { try body(entry) }
    }
}
