public import KapwaDomain

extension SQLiteJournal {
    public func trim(
        _ tenant: TenantID, through sequence: Int64, limit: Int
    ) throws(JournalError) -> Bool {
        guard let known = names.tenants[tenant] else { return false }
        // The last entry stays: it says where the journal ends.
        let end = min(sequence, known.head - 1)
        var isMore = false
        try transaction("deleting old entries") { statements throws(JournalError) in
            let first = try firstEntry(known.number, with: statements)
            let last = min(end, first + Int64(limit) - 1)
            guard last >= first else { return }
            isMore = last < end
            let link = statements.selectChain
            link.bind(Schema.position(tenantNumber: known.number, sequence: last), at: 1)
            guard try link.step(doing: "reading a checksum"), let chain = Digest(link.bytes(0)) else {
                throw .corrupt(path: path, tenant: tenant, sequence: last, what: "missing")
            }
            link.reset()
            let delete = statements.deleteEntries
            delete.bind(Schema.position(tenantNumber: known.number, sequence: 0), at: 1)
            delete.bind(Schema.position(tenantNumber: known.number, sequence: last), at: 2)
            try delete.run(doing: "deleting old entries")
            let anchor = Anchor(sequence: last, chain: chain).bytes
            let result = anchor.withUnsafeBytes { bytes in
                Result { () throws(JournalError) in
                    statements.setMeta.bind(Anchor.name(tenantNumber: known.number), at: 1)
                    statements.setMeta.bind(borrowing: bytes, at: 2)
                    try statements.setMeta.run(doing: "noting where the journal begins")
                }
            }
            try result.get()
        }
        return isMore
    }

    public func erasePersonalParts(
        of tenant: TenantID, type: String, through sequence: Int64, limit: Int
    ) throws(JournalError) -> Bool {
        guard let known = names.tenants[tenant], let typeNumber = names.types[type] else { return false }
        let name = "erased:\(known.number):\(type)"
        let end = min(sequence, known.head)
        var isMore = false
        try transaction("erasing old personal parts") { statements throws(JournalError) in
            let done = statements.selectMeta
            done.bind(name, at: 1)
            let before = try done.step(doing: "reading how far was erased") ? done.integer(0) : 0
            done.reset()
            let first = max(before + 1, try firstEntry(known.number, with: statements))
            guard first <= end else { return }
            let last = min(end, first + Int64(limit) - 1)
            isMore = last < end
            let erase = statements.eraseType
            erase.bind(Schema.position(tenantNumber: known.number, sequence: first), at: 1)
            erase.bind(Schema.position(tenantNumber: known.number, sequence: last), at: 2)
            erase.bind(typeNumber, at: 3)
            try erase.run(doing: "erasing old personal parts")
            statements.setMeta.bind(name, at: 1)
            statements.setMeta.bind(last, at: 2)
            try statements.setMeta.run(doing: "noting how far was erased")
        }
        return isMore
    }

    public func eraseKeys(
        of tenant: TenantID, before day: JournalDay, through sequence: Int64
    ) throws(JournalError) -> Bool {
        guard let known = names.tenants[tenant] else { return true }
        try transaction("erasing keys") { statements throws(JournalError) in
            let erase = statements.eraseKeys
            erase.bind(known.number, at: 1)
            erase.bind(day.number, at: 2)
            var count = 0
            while try erase.step(doing: "erasing keys") { count += 1 }
            guard count > 0 else { return }
            statements.setMeta.bind(ErasedKeys.name(tenantNumber: known.number), at: 1)
            statements.setMeta.bind(min(sequence, known.head), at: 2)
            try statements.setMeta.run(doing: "noting up to where keys were erased")
        }
        dayKeys = [:]
        // The log may still have them; nobody waits for a reader who is in the way.
        return try writer().emptyLog(waiting: 0)
    }

    private func firstEntry(_ tenantNumber: Int64, with statements: WriterStatements) throws(JournalError) -> Int64 {
        let first = statements.selectFirst
        first.bind(Schema.position(tenantNumber: tenantNumber, sequence: 0), at: 1)
        first.bind(Schema.position(tenantNumber: tenantNumber, sequence: Schema.sequenceMax), at: 2)
        guard try first.step(doing: "finding the first entry"), !first.isNull(0) else { return .max }
        defer { first.reset() }
        return Schema.sequence(ofPosition: first.integer(0))
    }

    public func drop(
        _ unused: inout UnusedSubjects, of tenant: TenantID, limit: Int
    ) throws(JournalError) -> Int {
        guard let known = names.tenants[tenant] else {
            unused.numbers = []
            return 0
        }
        var left = unused
        var count = 0
        try transaction("deleting subjects") { statements throws(JournalError) in
            // One look at what came since for all of them: a look for each would hold up whoever waits for a commit.
            let used = statements.selectSubjectsSince
            used.bind(Schema.position(tenantNumber: known.number, sequence: left.upTo), at: 1)
            used.bind(Schema.position(tenantNumber: known.number, sequence: known.head), at: 2)
            var again: Set<Int64> = []
            while try used.step(doing: "looking who came again") { again.insert(used.integer(0)) }
            if !again.isEmpty { left.numbers.removeAll { again.contains($0) } }
            left.upTo = known.head
            for number in left.numbers.suffix(limit) {
                statements.eraseSubject.bind(number, at: 1)
                try statements.eraseSubject.run(doing: "deleting a subject")
                count += 1
            }
            left.numbers.removeLast(count)
        }
        unused = left
        // Whoever comes again gets a new salt.
        subjects = [:]
        return count
    }
}
