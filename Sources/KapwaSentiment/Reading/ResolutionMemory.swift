/// Remembers what rare spellings were resolved to. It changes nothing but the time that it takes.
struct ResolutionMemory {
    private static let slotsMax = 16_384
    private static let stride = Morphology.wordBytesMax

    private var words = [UInt8](repeating: 0, count: slotsMax * stride)
    private var lengths = [UInt8](repeating: 0, count: slotsMax)
    private var values = [Resolver.Resolution](repeating: Resolver.Resolution(), count: slotsMax)

    private static func slot(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash ^ (hash >> 32)) & (slotsMax - 1) }

    func find(_ word: [UInt8], hash: UInt64) -> Resolver.Resolution? {
        let slot = Self.slot(hash)
        guard Int(lengths[slot]) == word.count else { return nil }
        let start = slot * Self.stride
        for offset in 0..<word.count where words[start + offset] != word[offset] { return nil }
        return values[slot]
    }

    /// Overwrites what was remembered in the same place.
    mutating func keep(_ word: [UInt8], hash: UInt64, _ value: Resolver.Resolution) {
        guard !word.isEmpty, word.count <= Self.stride else { return }
        let slot = Self.slot(hash)
        lengths[slot] = UInt8(word.count)
        values[slot] = value
        for offset in 0..<word.count { words[slot * Self.stride + offset] = word[offset] }
    }
}
