import KapwaDomain

/// What the column `public` has of an entry: its public part, and behind it the sealed one, encrypted.
///
/// The column `version` then says in its upper bits how long the public part is, and one more, so that the chain covers
/// that too.
struct StoredPart {
    private static let versionBits: Int64 = 16

    var bytes: [UInt8]
    var version: Int64

    init(
        _ entry: JournalEntry, tenantNumber: Int64, keys: inout [Int64: DayKey], with statements: WriterStatements
    ) throws(JournalError) {
        bytes = entry.publicPart
        version = Int64(entry.version)
        precondition(version < 1 << Self.versionBits, "versions are counted from 1")
        guard let part = entry.sealedPart else { return }
        version |= Int64(bytes.count + 1) << Self.versionBits
        bytes += try Self.key(JournalDay(of: entry.at), tenantNumber, in: &keys, with: statements).seal(part)
    }

    static func version(_ stored: Int64) -> Int { Int(stored & (1 << versionBits - 1)) }

    /// Bytes of the public part; `nil` when nothing is sealed.
    static func openCount(_ stored: Int64) -> Int? {
        stored >> versionBits == 0 ? nil : Int(stored >> versionBits) - 1
    }

    private static func key(
        _ day: JournalDay, _ tenantNumber: Int64, in keys: inout [Int64: DayKey], with statements: WriterStatements
    ) throws(JournalError) -> DayKey {
        if let known = keys[tenantNumber], known.day == day { return known }
        let key: DayKey
        statements.selectKey.bind(tenantNumber, at: 1)
        statements.selectKey.bind(day.number, at: 2)
        if try statements.selectKey.step(doing: "looking up a key") {
            defer { statements.selectKey.reset() }
            guard let found = DayKey(day: day, bytes: statements.selectKey.bytes(0)) else {
                throw .corrupt(
                    path: statements.selectKey.path, tenant: nil, sequence: nil,
                    what: "the key of day \(day.number) has \(statements.selectKey.bytes(0).count) bytes, not 32")
            }
            key = found
        } else {
            key = DayKey(day: day)
            let insert = statements.insertKey
            let result = key.withBytes { bytes in
                Result { () throws(JournalError) in
                    insert.bind(tenantNumber, at: 1)
                    insert.bind(day.number, at: 2)
                    insert.bind(borrowing: bytes, at: 3)
                    try insert.run(doing: "adding a key")
                }
            }
            try result.get()
        }
        keys[tenantNumber] = key
        return key
    }
}
