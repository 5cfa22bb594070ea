/// Tells two bodies of one command id apart: 128 bits over the command as decoded.
///
/// The same in every process, on every machine and in later versions: it is kept beside the remembered reply.
public struct BodyHash: Sendable, Hashable, CustomStringConvertible {
    public var high: UInt64
    public var low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// 32 hexadecimal digits.
    public var description: String { Self.hexadecimal(high) + Self.hexadecimal(low) }

    private static func hexadecimal(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// SipHash-2-4 with 128 bits of output and a fixed key.
struct BodyHasher {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    /// Bytes that do not yet fill a word, the first lowest.
    private var tail: UInt64 = 0
    private var length: UInt64 = 0

    init(key0: UInt64 = 0x6b61_7077_6120_7769, key1: UInt64 = 0x7265_2062_6f64_7920) {
        v0 = key0 ^ 0x736f_6d65_7073_6575
        v1 = key1 ^ 0x646f_7261_6e64_6f6d ^ 0xee
        v2 = key0 ^ 0x6c79_6765_6e65_7261
        v3 = key1 ^ 0x7465_6462_7974_6573
    }

    /// Feeds bytes as they are.
    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        while bytes.count - index >= 8 {
            feed(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
            index += 8
        }
        guard index < bytes.count else { return }
        var word: UInt64 = 0
        for place in index..<bytes.count { word |= UInt64(bytes[place]) << (UInt64(place - index) * 8) }
        feed(word, bytes: UInt64(bytes.count - index))
    }

    /// A number of fixed width.
    mutating func feed(_ number: UInt64) { feed(number, bytes: 8) }

    /// The lowest bytes of a word, 1 to 8 of them; the others are zero.
    private mutating func feed(_ word: UInt64, bytes: UInt64) {
        let waiting = length & 7
        length &+= bytes
        tail |= word << (waiting * 8)
        guard waiting + bytes >= 8 else { return }
        compress(tail)
        // A shift by all 64 bits gives 0: nothing was waiting, nothing is left over.
        tail = word >> ((8 - waiting) * 8)
    }

    /// Text with its length before it, so that no two lists of texts run together alike.
    mutating func feed(text: UnsafeBufferPointer<UInt8>) {
        feed(UInt64(text.count))
        feed(UnsafeRawBufferPointer(text))
    }

    consuming func finish() -> BodyHash {
        compress(tail | length << 56)
        v2 ^= 0xee
        for _ in 0..<4 { round() }
        let first = v0 ^ v1 ^ v2 ^ v3
        v1 ^= 0xdd
        for _ in 0..<4 { round() }
        return BodyHash(high: first, low: v0 ^ v1 ^ v2 ^ v3)
    }

    private mutating func compress(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    private mutating func round() {
        v0 &+= v1
        v1 = v1 << 13 | v1 >> 51
        v1 ^= v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = v3 << 16 | v3 >> 48
        v3 ^= v2
        v0 &+= v3
        v3 = v3 << 21 | v3 >> 43
        v3 ^= v0
        v2 &+= v1
        v1 = v1 << 17 | v1 >> 47
        v1 ^= v2
        v2 = v2 << 32 | v2 >> 32
    }
}
