/// Slots in ascending order of (rank, order), with their position.
///
/// A list of sorted chunks: insertion, removal and position cost a search plus a move of at most one chunk, which at
/// a hundred thousand entries is a few hundred nanoseconds and needs no allocation.
struct RankedList: Sendable {
    struct Key: Hashable, Comparable, Sendable {
        var rank: Int64
        /// Sequence of opening: breaks ties, unique.
        var order: Int64

        static func < (left: Self, right: Self) -> Bool { (left.rank, left.order) < (right.rank, right.order) }
    }

    struct Entry: Sendable {
        var key: Key
        var slot: Int
    }

    private static let chunkMax = 512
    private var chunks: [[Entry]] = []
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// Adds an entry whose key is not there yet.
    mutating func insert(_ key: Key, slot: Int) {
        count += 1
        guard !chunks.isEmpty else { return chunks.append([Entry(key: key, slot: slot)]) }
        let chunk = min(chunkIndex(for: key), chunks.count - 1)
        let offset = Self.offset(of: key, in: chunks[chunk])
        precondition(
            offset == chunks[chunk].count || chunks[chunk][offset].key != key, "a key stands in a ranked list once")
        chunks[chunk].insert(Entry(key: key, slot: slot), at: offset)
        if chunks[chunk].count > Self.chunkMax {
            let half = Array(chunks[chunk][(Self.chunkMax / 2)...])
            chunks[chunk].removeSubrange((Self.chunkMax / 2)...)
            chunks.insert(half, at: chunk + 1)
        }
    }

    /// Removes an entry that is there.
    mutating func remove(_ key: Key) {
        let slot = removeIfThere(key)
        precondition(slot != nil, "the key to remove stands in the list")
    }

    /// Removes an entry; its slot, or `nil` when it is not there.
    mutating func removeIfThere(_ key: Key) -> Int? {
        let chunk = chunkIndex(for: key)
        guard chunk < chunks.count else { return nil }
        let offset = Self.offset(of: key, in: chunks[chunk])
        guard offset < chunks[chunk].count, chunks[chunk][offset].key == key else { return nil }
        let slot = chunks[chunk].remove(at: offset).slot
        if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
        count -= 1
        return slot
    }

    /// Where a key stands or would stand, from 1.
    func position(of key: Key) -> Int {
        let chunk = chunkIndex(for: key)
        guard chunk < chunks.count else { return count + 1 }
        return chunks[..<chunk].reduce(0) { $0 + $1.count } + Self.offset(of: key, in: chunks[chunk]) + 1
    }

    var first: Entry? { chunks.first?.first }

    /// Visits in order until the body returns false.
    func forEach(_ body: (Entry) -> Bool) {
        for chunk in chunks {
            for entry in chunk where !body(entry) { return }
        }
    }

    /// The first chunk whose last key is not smaller; `chunks.count` when all are smaller.
    private func chunkIndex(for key: Key) -> Int {
        var low = 0
        var high = chunks.count
        while low < high {
            let middle = (low + high) / 2
            if chunks[middle][chunks[middle].count - 1].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func offset(of key: Key, in chunk: [Entry]) -> Int {
        var low = 0
        var high = chunk.count
        while low < high {
            let middle = (low + high) / 2
            if chunk[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
