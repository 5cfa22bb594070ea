/// Looks at eight bytes of text at once, the first in the lowest bits.
enum EightBytes {
    private static let highs: UInt64 = 0x8080_8080_8080_8080
    private static let caseBits: UInt64 = 0x2020_2020_2020_2020

    /// How many of the first bytes are ASCII letters.
    @inline(__always)
    static func letters(_ bytes: UInt64) -> Int {
        let low = lowered(bytes)
        let seven = low & ~highs
        // Per byte: the high bit is set from `a` on, and from behind `z` on; no sum carries into the next byte.
        let fromA = seven &+ 0x1F1F_1F1F_1F1F_1F1F
        let behindZ = seven &+ 0x0505_0505_0505_0505
        let others = ~(fromA & ~behindZ & ~low) & highs
        return others.trailingZeroBitCount >> 3
    }

    /// With the bit set in every byte that tells small letters from capitals.
    @inline(__always)
    static func lowered(_ bytes: UInt64) -> UInt64 { bytes | caseBits }

    /// Whether the first `count` bytes, all letters, are capitals.
    @inline(__always)
    static func areCapitals(_ bytes: UInt64, _ count: Int) -> Bool {
        kept(bytes & caseBits, count) == 0
    }

    /// The first `count` bytes, zeros in place of the others.
    @inline(__always)
    static func kept(_ bytes: UInt64, _ count: Int) -> UInt64 {
        count >= 8 ? bytes : bytes & ~(.max << UInt64(8 &* count))
    }

    /// Whether a letter stands three times in a row across the border of two eights.
    @inline(__always)
    static func hasTriple(_ head: UInt64, _ tail: UInt64) -> Bool {
        let (last, next) = (head >> 56, tail & 0xFF)
        return last == next && (head >> 48 & 0xFF == last || tail >> 8 & 0xFF == last)
    }

    /// Whether a letter stands three times in a row; zeros behind a shorter word do not count.
    @inline(__always)
    static func hasTriple(_ word: UInt64) -> Bool {
        let pairs = word ^ (word >> 8)
        let triples = pairs | (pairs >> 8)
        // A zero byte is a triple; those that zeros behind the word make are told by the word itself.
        let zeros = (triples &- 0x0101_0101_0101_0101) & ~triples & highs
        return zeros & nonZero(word) != 0
    }

    @inline(__always)
    private static func nonZero(_ word: UInt64) -> UInt64 { (word &+ 0x7F7F_7F7F_7F7F_7F7F) & highs }
}
