/// A digest of bytes: tells one lexicon from another. It guards against mix-ups, not against forgers.
struct ContentDigest {
    private var first: UInt64 = 0xcbf2_9ce4_8422_2325
    private var second: UInt64 = 0x6c62_272e_07bb_0142

    mutating func add(_ source: Lexicon.Source) {
        add(source.name.utf8)
        add(source.bytes)
    }

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            first = (first ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
            second = (second ^ UInt64(byte)) &* 0x9e37_79b9_7f4a_7c15
            second ^= second >> 29
        }
        // A separator that no UTF-8 text contains, so that moving a byte between files changes the digest.
        first = (first ^ 0xff) &* 0x0000_0100_0000_01b3
        second = (second ^ 0xff) &* 0x9e37_79b9_7f4a_7c15
    }

    /// 32 hexadecimal digits.
    var hex: String { Self.hex(first) + Self.hex(second) }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
