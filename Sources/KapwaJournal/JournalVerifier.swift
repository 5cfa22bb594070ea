import GRDB
public import KapwaDomain

/// Goes through a whole journal and holds every stored byte that counts against the checksum chain.
///
/// Reads only; a daemon may be at work meanwhile, then it verifies what was committed when it began.
public struct JournalVerifier {
    /// What was found: counts, and the first thing that is wrong.
    public struct Report: Sendable, Hashable {
        /// A tenant whose entries are all sound.
        public struct Tenant: Sendable, Hashable {
            public var tenant: TenantID
            public var entries: Int
            public var head: Int64
            /// The last link of the chain, hexadecimal: noted elsewhere, it proves later that nothing was changed.
            public var chain: String
        }

        public var tenants: [Tenant] = []
        public var entries = 0
        /// Personal parts that are still there and fit their hash.
        public var personalParts = 0
        /// Entries whose personal part was forgotten.
        public var forgotten = 0
        /// Sealed parts that open with the key of their day.
        public var sealedParts = 0
        /// Entries whose sealed part nobody can open any more, for the key was erased.
        public var erased = 0
        public var rememberedReplies = 0
        public var rules = 0
        /// `nil`: the journal is sound.
        public var fault: Fault?
    }

    /// The first thing that is wrong.
    public struct Fault: Sendable, Hashable, CustomStringConvertible {
        public var tenant: TenantID?
        public var sequence: Int64?
        public var what: String

        public var description: String {
            let place = [tenant.map { "tenant \($0)" }, sequence.map { "sequence \($0)" }].compactMap { $0 }
            return (place + [what]).joined(separator: ", ")
        }
    }

    let reader: JournalReader
    let decodes: (RememberedReply) -> Bool

    /// - Parameter decodes: whether the bytes of a remembered reply make sense to whoever wrote them.
    public init(directory: String, decodes: @escaping (RememberedReply) -> Bool = { _ in true }) throws(JournalError) {
        reader = try JournalReader(directory: directory)
        self.decodes = decodes
    }

    /// - Parameter progress: told now and then how many entries were checked, of how many.
    /// - Throws: ``JournalError`` when the journal cannot be read; what is wrong in it is in the report.
    public func verify(progress: (Int, Int) -> Void = { _, _ in }) throws(JournalError) -> Report {
        var walk = Walk(reader: reader)
        do throws(JournalError) {
            try walk.checkFile()
            try walk.checkTenants(progress: progress)
            try walk.checkRemembered(decodes)
            try walk.checkRules()
        } catch {
            guard case .corrupt(_, let tenant, let sequence, let what) = error else { throw error }
            walk.report.fault = Fault(tenant: tenant, sequence: sequence, what: what)
        }
        return walk.report
    }

    /// Checks the entries of a tenant after one at which the chain is known: what a start from a snapshot reads.
    ///
    /// - Parameter chain: the checksum chain at that entry, hexadecimal.
    /// - Throws: ``JournalError/corrupt(path:tenant:sequence:what:)`` with the first thing that is wrong.
    public func verify(
        _ tenant: TenantID, after sequence: Int64, chain: String, progress: (Int, Int) -> Void = { _, _ in }
    ) throws(JournalError) {
        var walk = Walk(reader: reader)
        try walk.check(tenant, after: sequence, chain: chain, progress: progress)
    }
}

/// A verification under way. Damage is thrown as ``JournalError/corrupt(path:tenant:sequence:what:)``.
private struct Walk {
    let reader: JournalReader
    var report = JournalVerifier.Report()

    init(reader: JournalReader) { self.reader = reader }

    private func damage(_ tenant: TenantID?, _ sequence: Int64?, _ what: String) -> JournalError {
        .corrupt(path: reader.path, tenant: tenant, sequence: sequence, what: what)
    }

    /// The structure of the file as SQLite sees it.
    func checkFile() throws(JournalError) {
        try reader.read("checking the file") { database throws(JournalError) in
            let rows = try PreparedStatement(database, "PRAGMA integrity_check(1)", path: reader.path)
            defer { rows.reset() }
            guard try rows.step(doing: "checking the file") else { return }
            let answer = rows.text(0)
            guard answer == "ok" else { throw damage(nil, nil, answer) }
        }
    }

    mutating func checkTenants(progress: (Int, Int) -> Void) throws(JournalError) {
        let path = reader.path
        let tenants = try reader.tenants()
        var rows: [TenantRow] = []
        for tenant in tenants {
            let row = try reader.read("reading a tenant") { database throws(JournalError) in
                try TenantRow(tenant, database, path: path)
            }
            if let row { rows.append(row) }
        }
        try checkNoStrays(rows)
        let total = rows.reduce(0) { $0 + Int(clamping: $1.head) }
        for row in rows {
            let anchor = try reader.read("reading where the journal begins") { database throws(JournalError) in
                try row.anchor(database, path: path)
            }
            try check(row, from: (anchor.sequence, anchor.chain), total: total, progress: progress)
        }
    }

    /// Every entry belongs to a tenant that is in the file.
    private func checkNoStrays(_ tenants: [TenantRow]) throws(JournalError) {
        let numbers = Set(tenants.map(\.number))
        try reader.read("looking for strays") { database throws(JournalError) in
            // From one tenant's entries straight to the next one's, wherever they are.
            let rows = try PreparedStatement(
                database, "SELECT position FROM entry WHERE position > ?1 ORDER BY position LIMIT 1", path: reader.path)
            var after = Int64.min
            while true {
                rows.bind(after, at: 1)
                guard try rows.step(doing: "looking for strays") else { return }
                let position = rows.integer(0)
                rows.reset()
                let number = position >> 48
                guard numbers.contains(number) else {
                    throw damage(nil, Schema.sequence(ofPosition: position), "an entry of no tenant (\(number))")
                }
                after = Schema.position(tenantNumber: number, sequence: Schema.sequenceMax)
            }
        }
    }

    mutating func check(
        _ tenant: TenantID, after sequence: Int64, chain: String, progress: (Int, Int) -> Void
    ) throws(JournalError) {
        let path = reader.path
        let found = try reader.read("reading a tenant") { database throws(JournalError) in
            let row = try TenantRow(tenant, database, path: path)
            return (row: row, link: try row?.link(at: sequence, database, path: path))
        }
        guard let row = found.row, let link = found.link, link.hexadecimal == chain else {
            throw damage(tenant, sequence, "its checksum is not the one that was noted of it")
        }
        try check(row, from: (sequence, link), total: Int(clamping: row.head - sequence), progress: progress)
    }

    private mutating func check(
        _ tenant: TenantRow, from start: (last: Int64, chain: Digest), total: Int, progress: (Int, Int) -> Void
    ) throws(JournalError) {
        var state = start
        while state.last < tenant.head {
            let before = state.last
            try checkChunk(tenant, &state)
            guard state.last > before else {
                throw damage(tenant.tenant, before + 1, "missing: \(tenant.head) entries were appended")
            }
            progress(report.entries, total)
        }
        guard state.chain == tenant.chain else {
            throw damage(tenant.tenant, tenant.head, "the last checksum is not the one noted for the tenant")
        }
        report.tenants.append(
            .init(
                tenant: tenant.tenant, entries: Int(state.last - start.last), head: tenant.head,
                chain: state.chain.hexadecimal))
    }

    private mutating func checkChunk(
        _ tenant: TenantRow, _ state: inout (last: Int64, chain: Digest)
    ) throws(JournalError) {
        var report = self.report
        var current = state
        try reader.read("checking entries") { database throws(JournalError) in
            // A daemon may have deleted what comes next; what it keeps hangs on the chain all the same.
            let anchor = try tenant.anchor(database, path: reader.path)
            if anchor.sequence > current.last { current = (anchor.sequence, anchor.chain) }
            let rows = try EntryRows(database, tenant: tenant, path: reader.path)
            rows.seek(after: current.last, limit: 10_000)
            defer { rows.end() }
            var names = NameCache(reader)
            var salts = SaltLookup(database, path: reader.path)
            var keys = DayKeys(database, tenant: tenant, path: reader.path)
            while current.last < tenant.head, try rows.next() {
                let sequence = rows.sequence
                guard sequence == current.last + 1 else {
                    throw damage(tenant.tenant, current.last + 1, "missing: the next entry is \(sequence)")
                }
                let type = try names.type(rows.typeNumber, database)
                let hash = try personalHash(rows, tenant.tenant, &salts, &report)
                let link = Chain.link(
                    after: current.chain, publicPart: rows.storedPart, personalHash: hash,
                    facts: rows.facts(type: type))
                guard rows.chain == link else {
                    throw damage(tenant.tenant, sequence, "its checksum does not fit the entry and those before it")
                }
                if StoredPart.openCount(rows.storedVersion) != nil {
                    if try keys.open(rows) == nil { report.erased += 1 } else { report.sealedParts += 1 }
                }
                current = (sequence, link)
                report.entries += 1
            }
        }
        self.report = report
        state = current
    }

    /// The hash to chain, after holding it against the personal part if that is still there.
    private func personalHash(
        _ rows: EntryRows, _ tenant: TenantID, _ salts: inout SaltLookup, _ report: inout JournalVerifier.Report
    ) throws(JournalError) -> Digest {
        guard rows.hasPersonalHash else {
            guard rows.personalPart == nil else {
                throw damage(tenant, rows.sequence, "a personal part without a hash")
            }
            return .zero
        }
        guard let hash = rows.personalHash else {
            throw damage(tenant, rows.sequence, "the hash of its personal part is not 32 bytes")
        }
        guard let personal = rows.personalPart else {
            // Forgetting takes the subject's number away with the part.
            guard rows.subjectNumber == nil else {
                throw damage(tenant, rows.sequence, "its personal part is missing")
            }
            report.forgotten += 1
            return hash
        }
        guard let number = rows.subjectNumber, let salt = try salts.salt(number) else {
            throw damage(tenant, rows.sequence, "a personal part whose subject is not in the journal")
        }
        guard Chain.personalHash(salt: salt, personal: personal) == hash else {
            throw damage(tenant, rows.sequence, "its personal part does not fit the hash")
        }
        report.personalParts += 1
        return hash
    }

    mutating func checkRemembered(_ decodes: (RememberedReply) -> Bool) throws(JournalError) {
        var last: Int64 = 0
        var isAtEnd = false
        var report = self.report
        while !isAtEnd {
            try reader.read("checking the remembered replies") { database throws(JournalError) in
                let rows = try PreparedStatement(
                    database,
                    """
                    SELECT remembered.number, name, sender, id, hash_high, hash_low, checksum, reply, at
                    FROM remembered LEFT JOIN tenant ON tenant.number = remembered.tenant
                    WHERE remembered.number > ?1 ORDER BY remembered.number LIMIT 10000
                    """, path: reader.path)
                rows.bind(last, at: 1)
                defer { rows.reset() }
                isAtEnd = true
                while try rows.step(doing: "checking the remembered replies") {
                    isAtEnd = false
                    last = rows.integer(0)
                    guard !rows.isNull(1) else { throw damage(nil, nil, "remembered reply \(last) has no tenant") }
                    let reply = RememberedReply(rows, tenant: TenantID(rows.text(1)), firstColumn: 2)
                    guard reply.checksum == rows.integer(6), decodes(reply) else {
                        throw damage(reply.tenant, nil, "the reply remembered for command \(reply.id) is unreadable")
                    }
                    report.rememberedReplies += 1
                }
            }
        }
        self.report = report
    }

    mutating func checkRules() throws(JournalError) {
        report.rules = try reader.read("checking the rules texts") { database throws(JournalError) in
            let rows = try PreparedStatement(database, "SELECT hash, text FROM rules", path: reader.path)
            defer { rows.reset() }
            var count = 0
            while try rows.step(doing: "checking the rules texts") {
                guard Checksum.sha256Hex(rows.array(1)) == rows.text(0) else {
                    throw damage(nil, nil, "the rules text \(rows.text(0)) does not fit its hash")
                }
                count += 1
            }
            return count
        }
    }
}

/// Salts by subject; neighbours with the same cost one look-up.
private struct SaltLookup {
    private let database: Database
    private let path: String
    private var last: (number: Int64, salt: Salt?)?

    init(_ database: Database, path: String) {
        self.database = database
        self.path = path
    }

    mutating func salt(_ number: Int64) throws(JournalError) -> Salt? {
        if let last, last.number == number { return last.salt }
        let rows = try PreparedStatement(database, "SELECT salt FROM subject WHERE number = ?1", path: path)
        rows.bind(number, at: 1)
        let salt = try rows.step(doing: "reading a salt") ? Salt(rows.bytes(0)) : nil
        rows.reset()
        last = (number, salt)
        return salt
    }
}
