import GRDBSQLite
public import KapwaDomain

extension SQLiteJournal {
    public func storeRules(text: [UInt8], hash: String) throws(JournalError) {
        precondition(Checksum.sha256Hex(text) == hash, "a rules text is kept under its own SHA-256")
        guard try rules(hash: hash) == nil else { return }
        try transaction("keeping a rules text") { statements throws(JournalError) in
            let result = text.withUnsafeBytes { bytes in
                Result { () throws(JournalError) in
                    statements.insertRules.bind(hash, at: 1)
                    statements.insertRules.bind(borrowing: bytes, at: 2)
                    try statements.insertRules.run(doing: "keeping a rules text")
                }
            }
            try result.get()
        }
    }

    public func rules(hash: String) throws(JournalError) -> [UInt8]? {
        try reading { statements throws(JournalError) in
            statements.selectRules.bind(hash, at: 1)
            guard try statements.selectRules.step(doing: "reading a rules text") else { return nil }
            defer { statements.selectRules.reset() }
            return statements.selectRules.array(0)
        }
    }

    /// Goes through all entries of the journal, in one transaction: for the rare request, not for every minute.
    /// Afterwards nothing of the personal parts is left in the file or its log, provided no reader is at work;
    /// otherwise the next move of the log removes the rest.
    @discardableResult
    public func forget(tenant: TenantID, subject: String) throws(JournalError) -> Int {
        guard let tenantNumber = names.tenants[tenant]?.number else { return 0 }
        var count = 0
        try transaction("forgetting a subject") { statements throws(JournalError) in
            statements.selectSubject.bind(tenantNumber, at: 1)
            statements.selectSubject.bind(subject, at: 2)
            guard try statements.selectSubject.step(doing: "looking up a subject") else { return }
            let number = statements.selectSubject.integer(0)
            statements.selectSubject.reset()
            statements.erasePersonal.bind(number, at: 1)
            statements.erasePersonal.bind(Schema.position(tenantNumber: tenantNumber, sequence: 0), at: 2)
            statements.erasePersonal.bind(
                Schema.position(tenantNumber: tenantNumber, sequence: Schema.sequenceMax), at: 3)
            while try statements.erasePersonal.step(doing: "erasing personal parts") { count += 1 }
            statements.eraseSubject.bind(number, at: 1)
            try statements.eraseSubject.run(doing: "erasing a subject")
        }
        subjects = [:]
        try writer().emptyLog()
        return count
    }

    public func probe() throws(JournalError) {
        // As much as a large batch needs, written for real: statistics of free space lie under quotas.
        let bytes = [UInt8](repeating: 0xA5, count: 4 * 1_024 * 1_024)
        for isThere in [true, false] {
            try transaction("probing for space") { statements throws(JournalError) in
                let result = (isThere ? bytes : []).withUnsafeBytes { bytes in
                    Result { () throws(JournalError) in
                        statements.setMeta.bind("probe", at: 1)
                        statements.setMeta.bind(borrowing: bytes, at: 2)
                        try statements.setMeta.run(doing: "probing for space")
                    }
                }
                try result.get()
            }
        }
    }
}
