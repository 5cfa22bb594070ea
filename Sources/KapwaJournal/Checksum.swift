internal import Crypto

/// SHA-256 in the forms that the rest of Kapwa needs.
public enum Checksum {
    /// SHA-256 of `bytes` as 64 lower-case hexadecimal digits: the name of a rules text or a lexicon.
    public static func sha256Hex(_ bytes: [UInt8]) -> String {
        Digest(SHA256.hash(data: bytes)).hexadecimal
    }

    static func sha256(_ bytes: UnsafeRawBufferPointer) -> Digest {
        var sum = RunningChecksum()
        sum.add(bytes)
        return sum.finish()
    }
}

/// SHA-256 of bytes that come in pieces.
struct RunningChecksum {
    private var hasher = SHA256()

    mutating func add(_ bytes: UnsafeRawBufferPointer) { hasher.update(bufferPointer: bytes) }

    func finish() -> Digest { Digest(hasher.finalize()) }
}

/// 32 bytes of SHA-256, held without an allocation.
struct Digest: Hashable, Sendable {
    static let byteCount = 32
    static let zero = Digest(first: 0, second: 0, third: 0, fourth: 0)

    private var first: UInt64
    private var second: UInt64
    private var third: UInt64
    private var fourth: UInt64

    private init(first: UInt64, second: UInt64, third: UInt64, fourth: UInt64) {
        self.first = first
        self.second = second
        self.third = third
        self.fourth = fourth
    }

    init(_ digest: SHA256.Digest) {
        self = digest.withUnsafeBytes { $0.loadUnaligned(as: Digest.self) }
    }

    /// `nil` unless exactly 32 bytes.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Digest.byteCount else { return nil }
        self = bytes.loadUnaligned(as: Digest.self)
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: self, body)
    }

    /// The first eight bytes as a number: enough to notice damage where no chain runs.
    var leading: Int64 { Int64(bitPattern: first) }

    var hexadecimal: String {
        withBytes { bytes in
            String(unsafeUninitializedCapacity: 2 * Digest.byteCount) { text in
                for (index, byte) in bytes.enumerated() {
                    text[2 * index] = Digest.digit(byte >> 4)
                    text[2 * index + 1] = Digest.digit(byte & 0x0F)
                }
                return 2 * Digest.byteCount
            }
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}

/// Random bytes that keep a short personal text from being guessed from its hash once the text is erased.
struct Salt: Hashable, Sendable {
    static let byteCount = 16

    private var high: UInt64
    private var low: UInt64

    static func random() -> Salt {
        var generator = SystemRandomNumberGenerator()
        return Salt(high: generator.next(), low: generator.next())
    }

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// `nil` unless exactly 16 bytes.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Salt.byteCount else { return nil }
        self = bytes.loadUnaligned(as: Salt.self)
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: self, body)
    }
}
