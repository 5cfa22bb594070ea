public import KapwaDomain

extension SQLiteJournal {
    /// Writes replies into a batch, and forgets a few old ones for each: forgetting never takes a commit of its own.
    func remember(
        _ replies: [RememberedReply], in batch: inout Batch, with statements: WriterStatements
    ) throws(JournalError) {
        guard let newest = replies.map(\.at).max() else { return }
        var next = rememberedRange.upperBound
        for reply in replies {
            let tenant = try batch.number(of: reply.tenant, with: statements)
            try insert(reply, number: next, tenant: tenant, with: statements)
            let key = RememberedIndex.key(tenantNumber: tenant, sender: reply.sender, id: reply.id.rawValue)
            batch.added.append(Batch.Row(key: key, number: next))
            next += 1
        }
        batch.rememberedRange = rememberedRange.lowerBound..<next
        if rememberedRange.isEmpty { batch.rememberedOldest = replies[0].at }
        try prune(upTo: 2 * replies.count + 8, newest: newest, in: &batch, with: statements)
    }

    private func insert(
        _ reply: RememberedReply, number: Int64, tenant: Int64, with statements: WriterStatements
    ) throws(JournalError) {
        let statement = statements.insertRemembered
        statement.bind(number, at: 1)
        statement.bind(tenant, at: 2)
        statement.bind(reply.at.milliseconds, at: 3)
        statement.bind(reply.sender, at: 4)
        statement.bind(reply.id.rawValue, at: 5)
        statement.bind(Int64(bitPattern: reply.hash.0), at: 6)
        statement.bind(Int64(bitPattern: reply.hash.1), at: 7)
        statement.bind(reply.checksum, at: 8)
        let result = reply.reply.withUnsafeBytes { bytes in
            Result { () throws(JournalError) in
                statement.bind(borrowing: bytes, at: 9)
                try statement.run(doing: "remembering a reply")
            }
        }
        try result.get()
    }

    /// Forgets from the oldest on what is too old or one too many, at most `limit` rows.
    private func prune(
        upTo limit: Int, newest: Instant, in batch: inout Batch, with statements: WriterStatements
    ) throws(JournalError) {
        let range = batch.rememberedRange ?? rememberedRange
        let excess = range.upperBound - Int64(options.rememberedMax)
        let cutoff = newest - options.rememberedFor
        guard range.lowerBound < excess || rememberedOldest < cutoff else { return }
        let rows = statements.oldestRemembered
        rows.bind(Int64(limit), at: 1)
        var since = idsSince
        defer { rows.reset() }
        while try rows.step(doing: "forgetting old ids") {
            let number = rows.integer(0)
            let at = Instant(milliseconds: rows.integer(1))
            batch.rememberedRange = number..<range.upperBound
            batch.rememberedOldest = at
            guard number < excess || at < cutoff else { break }
            let key = RememberedIndex.key(tenantNumber: rows.integer(2), sender: rows.bytes(3), id: rows.bytes(4))
            batch.forgotten.append(Batch.Row(key: key, number: number))
            since = max(since, at + 1)
        }
        rows.reset()
        guard let first = batch.forgotten.first, let last = batch.forgotten.last else { return }
        statements.deleteRemembered.bind(first.number, at: 1)
        statements.deleteRemembered.bind(last.number, at: 2)
        try statements.deleteRemembered.run(doing: "forgetting old ids")
        statements.setMeta.bind(WriterConnection.idsSinceName, at: 1)
        statements.setMeta.bind(since.milliseconds, at: 2)
        try statements.setMeta.run(doing: "noting from when on ids are remembered")
        batch.rememberedRange = (last.number + 1)..<range.upperBound
        batch.idsSince = since
    }

    public func recall(
        tenant: TenantID, sender: String, id: CommandID
    ) throws(JournalError) -> RememberedReply? {
        guard let number = names.tenants[tenant]?.number else { return nil }
        let key = RememberedIndex.key(tenantNumber: number, sender: sender, id: id.rawValue)
        let candidates = try settleRemembered().candidates(key)
        guard !candidates.isEmpty else { return nil }
        return try reading { statements throws(JournalError) in
            for candidate in candidates {
                if let found = try self.row(candidate, tenant: tenant, with: statements),
                    found.sender == sender, found.id == id
                {
                    return found
                }
            }
            return nil
        }
    }

    private func row(
        _ number: Int64, tenant: TenantID, with statements: WriterStatements
    ) throws(JournalError) -> RememberedReply? {
        let statement = statements.selectRemembered
        statement.bind(number, at: 1)
        guard try statement.step(doing: "recalling a reply") else { return nil }
        defer { statement.reset() }
        guard statement.integer(0) == names.tenants[tenant]?.number else { return nil }
        let found = RememberedReply(statement, tenant: tenant, firstColumn: 1)
        guard found.checksum == statement.integer(5) else {
            throw .corrupt(
                path: path, tenant: tenant, sequence: nil, what: "the reply remembered for command \(found.id)")
        }
        return found
    }

    /// Reads through the writer's connection; allowed also after a failed write.
    func reading<Value>(
        _ body: (WriterStatements) throws(JournalError) -> Value
    ) throws(JournalError) -> Value {
        guard let connection else { throw .io(code: 0, message: "the journal \(path) is closed; reading it") }
        return try connection.access(body)
    }
}

extension RememberedReply {
    /// From columns in the order sender, id, hash (two), checksum, reply, at.
    init(_ row: PreparedStatement, tenant: TenantID, firstColumn: Int32) {
        let column = firstColumn
        self.init(
            tenant: tenant, sender: row.text(column), id: CommandID(row.text(column + 1)),
            hash: (
                UInt64(bitPattern: row.integer(column + 2)), UInt64(bitPattern: row.integer(column + 3))
            ),
            reply: row.array(column + 5), at: Instant(milliseconds: row.integer(column + 6)))
    }
}
