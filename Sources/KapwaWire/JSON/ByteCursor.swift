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

    /// Text that needs no escapes: a word of the contract, which is short, or what is looked through afterwards.
    @inline(__always)
    mutating func plain(_ text: String) {
        let start = next
        let written: Int? = text.utf8.withContiguousStorageIfAvailable { utf8 in
            if let base = utf8.baseAddress { start.update(from: base, count: utf8.count) }
            return utf8.count
        }
        guard let written else {
            for byte in text.utf8 { self.byte(byte) }
            return
        }
        next += written
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
        // Nearly no text holds anything to be escaped: it is copied first and looked through where it lies.
        let start = next
        plain(text)
        if Self.needsEscapes(start, next - start) {
            next = start
            escapes(text)
        }
        byte(UInt8(ascii: "\""))
    }

    private mutating func escapes(_ text: String) {
        for byte in text.utf8 {
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                escaped(byte)
            } else {
                self.byte(byte)
            }
        }
    }

    /// Whether there is a control character, a quotation mark or a backslash; looks at eight bytes at once.
    private static func needsEscapes(_ start: UnsafeMutablePointer<UInt8>, _ count: Int) -> Bool {
        let bytes = UnsafeRawPointer(start)
        var offset = 0
        while offset + 8 <= count {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let controls = (word &- 0x2020_2020_2020_2020) & ~word
            if (controls | zeros(word ^ 0x2222_2222_2222_2222) | zeros(word ^ 0x5C5C_5C5C_5C5C_5C5C))
                & 0x8080_8080_8080_8080 != 0
            {
                return true
            }
            offset += 8
        }
        while offset < count {
            let byte = start[offset]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return true }
            offset += 1
        }
        return false
    }

    /// The high bit of each byte that is zero is set; of bytes above a zero it may be set as well.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 { (word &- 0x0101_0101_0101_0101) & ~word }

    /// The most that a string can take.
    static func room(for text: String) -> Int { text.utf8.count * 6 + 2 }

    /// What stands for a character that may not stand in a string as it is: up to six bytes.
    mutating func escaped(_ byte: UInt8) {
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
