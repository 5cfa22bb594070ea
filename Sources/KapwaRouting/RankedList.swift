/// Slots in ascending order of (rank, order), with their position.
struct RankedList: Sendable {
    struct Key: Hashable, Comparable, Sendable {
        var rank: Int64
        /// Sequence of opening: breaks ties, unique.
        var order: Int64

        static func < (left: Self, right: Self) -> Bool {
            left.rank != right.rank ? left.rank < right.rank : left.order < right.order
        }
    }

    /// Two entries are the same when their keys are.
    struct Entry: Comparable, Sendable {
        var key: Key
        var slot: Int

        static func < (left: Self, right: Self) -> Bool { left.key < right.key }
        static func == (left: Self, right: Self) -> Bool { left.key == right.key }
    }

    private var entries = SortedChunks<Entry>()

    var count: Int { entries.count }
    var isEmpty: Bool { entries.isEmpty }
    var first: Entry? { entries.first }

    /// Adds an entry whose key is not there yet.
    mutating func insert(_ key: Key, slot: Int) {
        let isNew = entries.insert(Entry(key: key, slot: slot))
        precondition(isNew, "a key stands in a ranked list once")
    }

    /// Removes an entry that is there.
    mutating func remove(_ key: Key) {
        let slot = removeIfThere(key)
        precondition(slot != nil, "the key to remove stands in the list")
    }

    /// Removes an entry; its slot, or `nil` when it is not there.
    mutating func removeIfThere(_ key: Key) -> Int? { entries.remove(Entry(key: key, slot: 0))?.slot }

    /// Where a key stands or would stand, from 1.
    func position(of key: Key) -> Int { entries.countBelow(Entry(key: key, slot: 0)) + 1 }

    /// Visits in order until the body returns false.
    func forEach(_ body: (Entry) -> Bool) { entries.forEach(body) }

    /// Visits in order, beginning with the first that is not smaller, until the body returns false.
    func forEach(from least: Key, _ body: (Entry) -> Bool) { entries.forEach(from: Entry(key: least, slot: 0), body) }
}
