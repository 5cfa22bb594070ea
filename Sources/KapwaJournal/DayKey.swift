internal import Crypto
import Foundation
import GRDB
import KapwaDomain

/// Up to where a tenant's keys were erased.
enum ErasedKeys {
    /// Name of its row in `meta`.
    static func name(tenantNumber: Int64) -> String { "keys_erased:\(tenantNumber)" }
}

/// The key of one day.
struct DayKey {
    let day: JournalDay
    private let key: SymmetricKey

    init(day: JournalDay) {
        self.day = day
        key = SymmetricKey(size: .bits256)
    }

    /// `nil` unless these are as many bytes as a key has.
    init?(day: JournalDay, bytes: UnsafeRawBufferPointer) {
        guard bytes.count == SymmetricKeySize.bits256.bitCount / 8 else { return nil }
        self.day = day
        key = SymmetricKey(data: bytes)
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result { key.withUnsafeBytes(body) }

    func seal(_ part: [UInt8]) -> [UInt8] {
        guard let box = try? AES.GCM.seal(part, using: key), let bytes = box.combined else {
            preconditionFailure("a key of 256 bits seals any bytes")
        }
        return Array(bytes)
    }

    /// `nil`: these bytes were not sealed with this key, or are no longer what they were.
    func open(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        guard let box = try? AES.GCM.SealedBox(combined: Data(bytes)), let part = try? AES.GCM.open(box, using: key)
        else { return nil }
        return Array(part)
    }
}

/// The keys of a tenant as one reading meets them. None is kept longer: what is erased must not be read from memory.
struct DayKeys {
    private let database: Database
    private let tenant: TenantRow
    private let path: String
    private var last: (day: JournalDay, key: DayKey?)?
    private var erased: Int64?

    init(_ database: Database, tenant: TenantRow, path: String) {
        self.database = database
        self.tenant = tenant
        self.path = path
    }

    /// The sealed part of the current row; `nil` when there is none, or its key was erased.
    mutating func open(_ rows: EntryRows) throws(JournalError) -> [UInt8]? {
        guard let count = StoredPart.openCount(rows.storedVersion) else { return nil }
        let stored = rows.storedPart
        func damage(_ what: String) -> JournalError {
            .corrupt(path: path, tenant: tenant.tenant, sequence: rows.sequence, what: what)
        }
        guard count >= 0, count < stored.count else { throw damage("how long its public part is, is wrong") }
        let key = try key(of: JournalDay(of: rows.at))
        let isErased = rows.sequence <= (try erasedThrough())
        guard let key else {
            guard isErased else { throw damage("the key of its sealed part is missing") }
            return nil
        }
        guard !isErased else { throw damage("the key of its sealed part was erased and is there") }
        guard let part = key.open(UnsafeRawBufferPointer(rebasing: stored[count...])) else {
            throw damage("its sealed part does not open with the key of its day")
        }
        return part
    }

    private mutating func key(of day: JournalDay) throws(JournalError) -> DayKey? {
        if let last, last.day == day { return last.key }
        let rows = try PreparedStatement(
            database, "SELECT key FROM day_key WHERE tenant = ?1 AND day = ?2", path: path)
        rows.bind(tenant.number, at: 1)
        rows.bind(day.number, at: 2)
        var key: DayKey?
        if try rows.step(doing: "reading a key") {
            defer { rows.reset() }
            key = DayKey(day: day, bytes: rows.bytes(0))
            guard key != nil else {
                throw .corrupt(path: path, tenant: tenant.tenant, sequence: nil, what: "a key is not 32 bytes long")
            }
        }
        last = (day, key)
        return key
    }

    private mutating func erasedThrough() throws(JournalError) -> Int64 {
        if let erased { return erased }
        let found = try tenant.keysErased(database, path: path)
        erased = found
        return found
    }
}
