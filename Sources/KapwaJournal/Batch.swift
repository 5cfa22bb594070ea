import KapwaDomain

/// What the writer knows of the names that entries refer to by number.
struct Names {
    struct Tenant {
        var number: Int64
        var head: Int64
        var chain: Digest
    }

    var tenants: [TenantID: Tenant] = [:]
    var types: [String: Int64] = [:]
}

struct SubjectKey: Hashable {
    var tenant: Int64
    var name: String
}

struct Subject {
    var number: Int64
    var salt: Salt
}

/// The changes of one append, taken over by the journal only once they are committed.
struct Batch {
    struct Row {
        var key: UInt64
        var number: Int64
    }

    var names: Names
    var added: [Row] = []
    var forgotten: [Row] = []
    var rememberedRange: Range<Int64>?
    var rememberedOldest: Instant?
    var idsSince: Instant?
    /// Tenants whose head moved, and those that are new to the file.
    private var moved: [TenantID] = []

    init(names: Names) { self.names = names }

    /// Number of a tenant; a new one gets the next.
    mutating func number(of tenant: TenantID, with statements: WriterStatements) throws(JournalError) -> Int64 {
        if let known = names.tenants[tenant] { return known.number }
        let number = Int64(names.tenants.count + 1)
        let statement = statements.insertTenant
        statement.bind(number, at: 1)
        statement.bind(tenant.rawValue, at: 2)
        statement.bind(0, at: 3)
        statement.bind(Digest.zero, at: 4)
        try statement.run(doing: "adding a tenant")
        names.tenants[tenant] = Names.Tenant(number: number, head: 0, chain: .zero)
        return number
    }

    private mutating func number(ofType type: String, with statements: WriterStatements) throws(JournalError) -> Int64 {
        if let known = names.types[type] { return known }
        let number = Int64(names.types.count + 1)
        statements.insertType.bind(number, at: 1)
        statements.insertType.bind(type, at: 2)
        try statements.insertType.run(doing: "adding an event type")
        names.types[type] = number
        return number
    }

    mutating func write(
        _ entries: [JournalEntry], subjects: inout [SubjectKey: Subject], keys: inout [Int64: DayKey],
        with statements: WriterStatements
    ) throws(JournalError) {
        var index = entries.startIndex
        // Neighbours mostly belong to one tenant, whose head then stays out of the dictionary.
        while index < entries.endIndex {
            let tenant = entries[index].tenant
            _ = try number(of: tenant, with: statements)
            guard var state = names.tenants[tenant] else { preconditionFailure("a tenant was just numbered") }
            while index < entries.endIndex, entries[index].tenant == tenant {
                try write(entries[index], after: &state, subjects: &subjects, keys: &keys, with: statements)
                index += 1
            }
            names.tenants[tenant] = state
            if !moved.contains(tenant) { moved.append(tenant) }
        }
    }

    private mutating func write(
        _ entry: JournalEntry, after state: inout Names.Tenant, subjects: inout [SubjectKey: Subject],
        keys: inout [Int64: DayKey], with statements: WriterStatements
    ) throws(JournalError) {
        guard entry.sequence == state.head + 1, entry.sequence <= Schema.sequenceMax else {
            throw .gap(tenant: entry.tenant, expected: state.head + 1, found: entry.sequence)
        }
        var subject: Subject?
        var personalHash = Digest.zero
        if let personal = entry.personalPart {
            let key = SubjectKey(tenant: state.number, name: entry.subject ?? "")
            let found = try Batch.subject(key, in: &subjects, with: statements)
            subject = found
            personalHash = personal.withUnsafeBytes { Chain.personalHash(salt: found.salt, personal: $0) }
        }
        let stored = try StoredPart(entry, tenantNumber: state.number, keys: &keys, with: statements)
        var facts = entry.facts
        facts.version = Int(stored.version)
        let chain = stored.bytes.withUnsafeBytes {
            Chain.link(after: state.chain, publicPart: $0, personalHash: personalHash, facts: facts)
        }
        let statement = statements.insertEntry
        statement.bind(Schema.position(tenantNumber: state.number, sequence: entry.sequence), at: 1)
        statement.bind(try number(ofType: entry.type, with: statements), at: 2)
        statement.bind(stored.version, at: 3)
        statement.bind(entry.at.milliseconds, at: 4)
        statement.bind(chain, at: 5)
        if let subject {
            statement.bind(subject.number, at: 6)
            statement.bind(personalHash, at: 7)
        } else {
            statement.bindNull(at: 6)
            statement.bindNull(at: 7)
            statement.bindNull(at: 9)
        }
        let result = stored.bytes.withUnsafeBytes { publicPart in
            (entry.personalPart ?? []).withUnsafeBytes { personal in
                Result { () throws(JournalError) in
                    statement.bind(borrowing: publicPart, at: 8)
                    if subject != nil { statement.bind(borrowing: personal, at: 9) }
                    try statement.run(doing: "appending an entry")
                }
            }
        }
        try result.get()
        state.head = entry.sequence
        state.chain = chain
    }

    private static func subject(
        _ key: SubjectKey, in subjects: inout [SubjectKey: Subject], with statements: WriterStatements
    ) throws(JournalError) -> Subject {
        if let known = subjects[key] { return known }
        if subjects.count >= Limits.journalSubjectsCachedMax { subjects.removeAll(keepingCapacity: true) }
        let subject: Subject
        if let found = try stored(key, with: statements) {
            subject = found
        } else {
            subject = try added(key, with: statements)
        }
        subjects[key] = subject
        return subject
    }

    private static func stored(
        _ key: SubjectKey, with statements: WriterStatements
    ) throws(JournalError) -> Subject? {
        let statement = statements.selectSubject
        statement.bind(key.tenant, at: 1)
        statement.bind(key.name, at: 2)
        guard try statement.step(doing: "looking up a subject") else { return nil }
        defer { statement.reset() }
        guard let salt = Salt(statement.bytes(1)) else {
            throw .corrupt(
                path: statement.path, tenant: nil, sequence: nil,
                what: "the salt of subject \(statement.integer(0)) has \(statement.bytes(1).count) bytes, not 16")
        }
        return Subject(number: statement.integer(0), salt: salt)
    }

    private static func added(_ key: SubjectKey, with statements: WriterStatements) throws(JournalError) -> Subject {
        let salt = Salt.random()
        let statement = statements.insertSubject
        statement.bind(key.tenant, at: 1)
        statement.bind(key.name, at: 2)
        statement.bind(salt, at: 3)
        guard try statement.step(doing: "adding a subject") else {
            throw .io(code: 0, message: "adding a subject gave no number")
        }
        let number = statement.integer(0)
        // Stepped to its end: a row that SQLite has not finished inserting would hold up the commit.
        while try statement.step(doing: "adding a subject") {}
        return Subject(number: number, salt: salt)
    }

    /// Writes where each tenant now ends, so that a journal whose last rows were cut off is noticed.
    func writeHeads(with statements: WriterStatements) throws(JournalError) {
        for tenant in moved {
            guard let state = names.tenants[tenant] else { continue }
            statements.updateTenant.bind(state.number, at: 1)
            statements.updateTenant.bind(state.head, at: 2)
            statements.updateTenant.bind(state.chain, at: 3)
            try statements.updateTenant.run(doing: "moving a tenant's head")
        }
    }
}
