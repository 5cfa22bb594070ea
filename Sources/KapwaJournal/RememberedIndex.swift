/// Where each remembered reply is, by a 64-bit hash of whose command it was.
///
/// Held in memory so that a new id, which is nearly every one, costs no look-up on disk, and so that the table needs
/// no index, whose random inserts would cost a page each. Hashes are keyed anew in every process: nobody outside
/// can choose ids that collide. A collision costs a second look at the row, never a wrong reply.
struct RememberedIndex {
    private var newest: [UInt64: Int64] = [:]
    /// Older rows under the same hash: collisions, or an id that was used again after it was due to be forgotten.
    private var older: [UInt64: [Int64]] = [:]
    private(set) var count = 0

    init(capacity: Int = 0) { newest.reserveCapacity(capacity) }

    static func key(tenantNumber: Int64, sender: UnsafeRawBufferPointer, id: UnsafeRawBufferPointer) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(tenantNumber)
        hasher.combine(sender.count)
        hasher.combine(bytes: sender)
        hasher.combine(bytes: id)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    static func key(tenantNumber: Int64, sender: String, id: String) -> UInt64 {
        var sender = sender
        var id = id
        return sender.withUTF8 { sender in
            id.withUTF8 { id in
                key(
                    tenantNumber: tenantNumber, sender: UnsafeRawBufferPointer(sender),
                    id: UnsafeRawBufferPointer(id))
            }
        }
    }

    /// Rows that may be the one, newest first.
    func candidates(_ key: UInt64) -> [Int64] {
        guard let first = newest[key] else { return [] }
        guard let rest = older[key] else { return [first] }
        return [first] + rest.reversed()
    }

    /// Adds a row that is newer than all others.
    mutating func insert(_ key: UInt64, number: Int64) {
        if let before = newest.updateValue(number, forKey: key) { older[key, default: []].append(before) }
        count += 1
    }

    mutating func remove(_ key: UInt64, number: Int64) {
        if var rest = older[key] {
            if newest[key] == number {
                newest[key] = rest.removeLast()
            } else if let place = rest.firstIndex(of: number) {
                rest.remove(at: place)
            } else {
                return
            }
            older[key] = rest.isEmpty ? nil : rest
            count -= 1
        } else if newest[key] == number {
            newest[key] = nil
            count -= 1
        }
    }
}
