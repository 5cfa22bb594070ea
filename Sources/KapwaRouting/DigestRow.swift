import KapwaDomain

/// A sum of 128-bit hashes of rows, in whatever order they come.
struct DigestSum: Sendable {
    private var high: UInt64 = 0
    private var low: UInt64 = 0

    mutating func add(_ kind: String, _ name: String, _ numbers: Int64...) {
        var row = DigestRow(kind)
        row.text(name)
        for number in numbers { row.number(number) }
        add(row)
    }

    mutating func add(_ row: DigestRow) {
        let (first, second) = row.hash
        high &+= first
        low &+= second
    }

    mutating func add(_ other: DigestSum) {
        high &+= other.high
        low &+= other.low
    }

    var hexadecimal: String { Self.digits(high) + Self.digits(low) }

    private static func digits(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}

/// One thing as a hash: its kind, and its parts in a fixed order, each once.
///
/// Eight bytes at a time in two lanes of different multipliers: a start makes one of a million rows. It tells
/// accidents apart, it withstands nobody.
struct DigestRow {
    private var first: UInt64 = 0xCBF2_9CE4_8422_2325
    private var second: UInt64 = 0x9AE1_6A3B_2F90_404F

    init(_ kind: String) { text(kind) }

    private mutating func mix(_ word: UInt64) {
        first = (first ^ word) &* 0x9FB2_1C65_1E98_DF25
        first ^= first >> 32
        second = (second &+ word) &* 0xD6E8_FEB8_6659_FD93
        second ^= second >> 29
    }

    var hash: (first: UInt64, second: UInt64) {
        var end = self
        end.mix(0)
        return (end.first, end.second)
    }

    /// Its length, then its bytes, the last eight filled up.
    mutating func text(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            mix(UInt64(bytes.count))
            var place = 0
            while place + 8 <= bytes.count {
                mix(
                    UInt64(
                        littleEndian: UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped)
                            .loadUnaligned(fromByteOffset: place, as: UInt64.self)))
                place += 8
            }
            guard place < bytes.count else { return }
            var word: UInt64 = 0
            for index in place..<bytes.count { word |= UInt64(bytes[index]) << UInt64(8 * (index - place)) }
            mix(word)
        }
    }

    mutating func text(_ text: String?) {
        if let text { self.text(text) } else { mix(.max) }
    }

    mutating func number(_ number: Int64) { mix(UInt64(bitPattern: number)) }
    mutating func number(_ number: Int) { mix(UInt64(bitPattern: Int64(number))) }
    mutating func number(_ instant: Instant) { number(instant.milliseconds) }

    mutating func number(_ instant: Instant?) {
        flag(instant != nil)
        if let instant { number(instant.milliseconds) }
    }

    mutating func flag(_ flag: Bool) { mix(flag ? 1 : 0) }
}
