/// A word as the vocabulary looks it up: its hash, and letters that can be compared at once.
struct WordKey: BitwiseCopyable {
    /// The first eight bytes, zeros behind a shorter word.
    var head: UInt64 = 0
    /// Of words of up to sixteen bytes the rest, zeros behind it; of longer ones the last eight.
    var tail: UInt64 = 0
    /// All bytes and the length went in; the low bits are as good as the high ones.
    var hash: UInt64 = 0

    /// Words of up to this many bytes, nearly all, are told apart by ``head`` and ``tail`` and their length.
    static let wholeMax = 16

    private static let first: UInt64 = 0x9e37_79b9_7f4a_7c15
    private static let second: UInt64 = 0xd6e8_feb8_6659_fd93

    init() {}

    /// Takes two loads and one multiplication (the folded product of wyhash) for nearly every word.
    @inline(__always)
    init(_ word: UnsafeBufferPointer<UInt8>) {
        guard let base = word.baseAddress else { return }
        let bytes = UnsafeRawPointer(base)
        let count = word.count
        var mixed: UInt64
        if count <= 8 {
            head = Self.padded(bytes, count)
            mixed = head
        } else {
            head = bytes.loadUnaligned(as: UInt64.self)
            mixed = head
            tail = bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
            if count <= Self.wholeMax {
                tail >>= UInt64(8 * (Self.wholeMax - count))
            } else {
                var offset = 8
                while offset + 8 < count {
                    let next = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    mixed = Self.fold(mixed ^ next, Self.second)
                    offset += 8
                }
            }
        }
        hash = Self.fold(mixed ^ Self.first, tail ^ Self.second ^ UInt64(truncatingIfNeeded: count) &* Self.first)
    }

    /// Of a word of up to sixteen bytes, given as ``head`` and ``tail``.
    @inline(__always)
    init(head: UInt64, tail: UInt64, count: Int) {
        self.head = head
        self.tail = tail
        hash = Self.fold(head ^ Self.first, tail ^ Self.second ^ UInt64(truncatingIfNeeded: count) &* Self.first)
    }

    /// Up to eight bytes, zeros behind them, without reading beyond.
    @inline(__always)
    private static func padded(_ bytes: UnsafeRawPointer, _ count: Int) -> UInt64 {
        if count == 8 { return bytes.loadUnaligned(as: UInt64.self) }
        if count >= 4 {
            let low = UInt64(bytes.loadUnaligned(as: UInt32.self))
            let high = UInt64(bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
            return low | high << UInt64(8 * (count - 4))
        }
        guard count > 0 else { return 0 }
        let low = UInt64(bytes.load(as: UInt8.self))
        let middle = UInt64(bytes.load(fromByteOffset: count / 2, as: UInt8.self))
        let high = UInt64(bytes.load(fromByteOffset: count - 1, as: UInt8.self))
        return low | middle << UInt64(8 * (count / 2)) | high << UInt64(8 * (count - 1))
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
