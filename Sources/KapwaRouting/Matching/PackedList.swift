/// Pairs of (load, agent's slot) in ascending order, eight bytes each.
///
/// A list of sorted chunks, so that a change costs a search and a move of at most one chunk, however many there are.
struct PackedList: Sendable {
    private static let chunkMax = 512
    private var chunks: [[UInt64]] = []
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    private static func pack(_ load: Int, _ slot: Int) -> UInt64 {
        precondition(load >= 0 && load <= Int(UInt32.max) && slot <= Int(UInt32.max), "loads and slots fit 32 bits")
        return UInt64(load) << 32 | UInt64(slot)
    }

    mutating func insert(load: Int, slot: Int) {
        let value = Self.pack(load, slot)
        count += 1
        guard !chunks.isEmpty else { return chunks.append([value]) }
        let chunk = min(chunkIndex(for: value), chunks.count - 1)
        chunks[chunk].insert(value, at: Self.offset(of: value, in: chunks[chunk]))
        if chunks[chunk].count > Self.chunkMax {
            let half = Array(chunks[chunk][(Self.chunkMax / 2)...])
            chunks[chunk].removeSubrange((Self.chunkMax / 2)...)
            chunks.insert(half, at: chunk + 1)
        }
    }

    mutating func remove(load: Int, slot: Int) {
        let value = Self.pack(load, slot)
        let chunk = chunkIndex(for: value)
        precondition(chunk < chunks.count, "what is removed from a packed list stands in it")
        let offset = Self.offset(of: value, in: chunks[chunk])
        precondition(chunks[chunk][offset] == value, "what is removed from a packed list stands in it")
        chunks[chunk].remove(at: offset)
        if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
        count -= 1
    }

    /// Visits (load, slot) from the smallest load not under `least` on, until the body returns false.
    func forEach(from least: Int = 0, _ body: (_ load: Int, _ slot: Int) -> Bool) {
        guard least <= Int(UInt32.max) else { return }
        let begin = Self.pack(max(0, least), 0)
        var chunk = chunkIndex(for: begin)
        guard chunk < chunks.count else { return }
        var offset = Self.offset(of: begin, in: chunks[chunk])
        while chunk < chunks.count {
            while offset < chunks[chunk].count {
                let value = chunks[chunk][offset]
                guard body(Int(value >> 32), Int(value & 0xFFFF_FFFF)) else { return }
                offset += 1
            }
            chunk += 1
            offset = 0
        }
    }

    /// The first chunk whose last value is not smaller; `chunks.count` when all are smaller.
    private func chunkIndex(for value: UInt64) -> Int {
        var low = 0
        var high = chunks.count
        while low < high {
            let middle = (low + high) / 2
            if chunks[middle][chunks[middle].count - 1] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func offset(of value: UInt64, in chunk: [UInt64]) -> Int {
        var low = 0
        var high = chunk.count
        while low < high {
            let middle = (low + high) / 2
            if chunk[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
