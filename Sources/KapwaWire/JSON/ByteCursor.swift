import KapwaDomain

/// Writes JSON byte after byte into room that ``ByteWriter/direct(upTo:_:)`` made, without looking for room each time.
struct ByteCursor {
    fileprivate var next: UnsafeMutablePointer<UInt8>

    fileprivate init(_ start: UnsafeMutablePointer<UInt8>) { next = start }

    @inline(__always)
    mutating func byte(_ byte: UInt8) {
        next.pointee = byte
        next += 1
    }

    @inline(__always)
    mutating func raw(_ text: StaticString) {
        let count = text.utf8CodeUnitCount
        UnsafeMutableRawPointer(next).copyMemory(from: text.utf8Start, byteCount: count)
        next += count
    }

    /// Text that needs no escapes.
    @inline(__always)
    mutating func plain(_ text: String) {
        for byte in text.utf8 { self.byte(byte) }
    }

    mutating func integer(_ value: Int) {
        if value < 0 { byte(UInt8(ascii: "-")) }
        var rest = value.magnitude
        var width = 1
        var power: UInt = 10
        while power <= rest, width < 19 {
            width += 1
            power *= 10
        }
        for place in (0..<width).reversed() {
            next[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        next += width
    }

    /// A score with its three decimals.
    mutating func score(_ score: Score) {
        if score.milli < 0 { byte(UInt8(ascii: "-")) }
        let magnitude = score.milli.magnitude
        if magnitude < 10_000 {
            byte(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude / 1_000))
        } else {
            integer(Int(magnitude / 1_000))
        }
        let decimals = UInt32(truncatingIfNeeded: magnitude % 1_000)
        next[0] = UInt8(ascii: ".")
        next[1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: decimals / 100)
        next[2] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: decimals / 10 % 10)
        next[3] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: decimals % 10)
        next += 4
    }

    /// A string with quotes and escapes: up to ``room(for:)`` bytes.
    mutating func string(_ text: String) {
        byte(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                escaped(byte)
            } else {
                self.byte(byte)
            }
        }
        byte(UInt8(ascii: "\""))
    }

    /// The most that a string can take.
    static func room(for text: String) -> Int { text.utf8.count * 6 + 2 }

    private mutating func escaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): raw("\\\"")
        case UInt8(ascii: "\\"): raw("\\\\")
        case UInt8(ascii: "\n"): raw("\\n")
        case UInt8(ascii: "\r"): raw("\\r")
        case UInt8(ascii: "\t"): raw("\\t")
        default:
            raw("\\u00")
            let hex: StaticString = "0123456789abcdef"
            self.byte(hex.utf8Start[Int(byte >> 4)])
            self.byte(hex.utf8Start[Int(byte & 15)])
        }
    }
}

extension ByteWriter {
    /// Lets several values be written at once.
    ///
    /// - Parameter capacity: the most bytes that `write` may write.
    @inline(__always)
    mutating func direct(upTo capacity: Int, _ write: (inout ByteCursor) -> Void) {
        append(upTo: capacity) { start in
            var cursor = ByteCursor(start)
            write(&cursor)
            return cursor.next - start
        }
    }
}
