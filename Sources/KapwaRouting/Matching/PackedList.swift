/// Pairs of (load, agent's slot) in ascending order, eight bytes each.
struct PackedList: Sendable {
    private var values = SortedChunks<UInt64>()

    var count: Int { values.count }
    var isEmpty: Bool { values.isEmpty }

    private static func pack(_ load: Int, _ slot: Int) -> UInt64 {
        precondition(load >= 0 && load <= Int(UInt32.max) && slot <= Int(UInt32.max), "loads and slots fit 32 bits")
        return UInt64(load) << 32 | UInt64(slot)
    }

    mutating func insert(load: Int, slot: Int) {
        let isNew = values.insert(Self.pack(load, slot))
        precondition(isNew, "a pair stands in a packed list once")
    }

    mutating func remove(load: Int, slot: Int) {
        let removed = values.remove(Self.pack(load, slot))
        precondition(removed != nil, "what is removed from a packed list stands in it")
    }

    /// Visits (load, slot) from the smallest load not under `least` on, until the body returns false.
    func forEach(from least: Int = 0, _ body: (_ load: Int, _ slot: Int) -> Bool) {
        guard least <= Int(UInt32.max) else { return }
        values.forEach(from: Self.pack(max(0, least), 0)) { body(Int($0 >> 32), Int($0 & 0xFFFF_FFFF)) }
    }
}
