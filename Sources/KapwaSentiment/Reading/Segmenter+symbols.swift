extension Segmenter {
    /// A mark, an emoticon, a mention, or a sign that means nothing here.
    mutating func readSymbol(_ text: UnsafeBufferPointer<UInt8>, _ value: UInt32, _ length: Int) {
        if value < 0x80 {
            if readEmoticon(text) { return }
            if value == UInt32(UInt8(ascii: "@")), Self.isWordByte(text, position + 1) { return readMention(text) }
            if value == UInt32(UInt8(ascii: "#")), Self.isWordByte(text, position + 1) { return readTag(text) }
        }
        if case .apostrophe = ScalarClass(value) { return readApostrophe(length) }
        guard case .mark(let mark) = ScalarClass(value) else { return skip(length) }
        var segment = begin(.mark)
        segment.mark = mark
        while position < text.count {
            let (next, nextLength) = Self.decode(text, position)
            guard case .mark(mark) = ScalarClass(next) else { break }
            segment.markCount += 1
            skip(nextLength)
        }
        finish(segment)
    }

    /// Outside a word an apostrophe may open or close a quotation.
    private mutating func readApostrophe(_ length: Int) {
        var segment = begin(.mark)
        segment.mark = UInt8(ascii: "'")
        segment.markCount = 1
        skip(length)
        finish(segment)
    }

    private mutating func readMention(_ text: UnsafeBufferPointer<UInt8>) {
        let segment = begin(.mention)
        skip(1)
        while Self.isWordByte(text, position) || Self.has(text, position, "_") { skip(1) }
        finish(segment)
    }

    private mutating func readTag(_ text: UnsafeBufferPointer<UInt8>) {
        skip(1)
        let before = segments.count
        readWord(text)
        if before < segments.count { markTag(at: before) }
    }

    /// Eyes, perhaps a nose, a mouth that may be drawn out: `:)`, `;-D`, `:'(((`; and a few that stand alone.
    private mutating func readEmoticon(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let first = text[position]
        guard first >= UInt8(ascii: "-") || first == UInt8(ascii: "'") else { return false }
        for fixed in Self.fixedEmoticons where Self.has(text, position, fixed) {
            let segment = begin(.emoticon)
            for byte in fixed.utf8 { append(byte) }
            for _ in 0..<fixed.utf8CodeUnitCount { skip(1) }
            finish(segment)
            return true
        }
        guard let eyes = Self.byte(text, position), Self.isEye(eyes) else { return false }
        var offset = position + 1
        var weeps = false
        while let nose = Self.byte(text, offset), Self.isNose(nose), offset < position + 3 {
            weeps = weeps || nose == UInt8(ascii: "'")
            offset += 1
        }
        guard let mouth = Self.byte(text, offset), let plain = Self.plainMouth(mouth) else { return false }
        let drawn = mouth >= UInt8(ascii: "A") && !Self.isOpen(mouth)
        if drawn, Self.isWordByte(text, offset + 1) { return false }
        let segment = begin(.emoticon)
        append(eyes == UInt8(ascii: ";") ? eyes : UInt8(ascii: ":"))
        if weeps { append(UInt8(ascii: "'")) }
        append(plain)
        while position <= offset { skip(1) }
        while Self.byte(text, position) == mouth { skip(1) }
        finish(segment)
        return true
    }

    /// Brackets and slashes as mouths may be followed by anything.
    private static func isOpen(_ mouth: UInt8) -> Bool { !(mouth | 0x20 >= 0x61 && mouth | 0x20 <= 0x7A) }

    private static let fixedEmoticons: [StaticString] = ["</3", "<3", "^_^", "^^", "-_-", ">_<", ">:("]
    private static func isEye(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ":") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "=")
    }

    private static func isNose(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "'") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "^")
    }

    /// The one way in which a mouth is written in the lexicons.
    private static func plainMouth(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): UInt8(ascii: ")")
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): UInt8(ascii: "(")
        case UInt8(ascii: "/"), UInt8(ascii: "\\"): UInt8(ascii: "/")
        case UInt8(ascii: "|"), UInt8(ascii: "*"), UInt8(ascii: "D"), UInt8(ascii: "3"): byte
        case UInt8(ascii: "P"), UInt8(ascii: "p"): UInt8(ascii: "P")
        case UInt8(ascii: "O"), UInt8(ascii: "o"): UInt8(ascii: "O")
        default: nil
        }
    }

    // MARK: Looking at bytes

    static func byte(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt8? {
        index < text.count ? text[index] : nil
    }

    static func isLetter(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        guard let byte = byte(text, index) else { return false }
        return (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || byte >= 0xC3
    }

    /// The `ll` of "I'll" and the `d` of "she'd", whose words without the apostrophe are others: ill, hell, shed.
    static func isShortVerb(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        guard let byte = byte(text, index) else { return false }
        if byte | 0x20 == UInt8(ascii: "d") { return !isLetter(text, index + 1) }
        guard byte | 0x20 == UInt8(ascii: "l"), let next = self.byte(text, index + 1), next == byte else {
            return false
        }
        return !isLetter(text, index + 2)
    }

    static func isDigit(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        guard let byte = byte(text, index) else { return false }
        return byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    static func isWordByte(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        guard let byte = byte(text, index), byte < 0x80 else { return false }
        return isLetter(text, index) || isDigit(text, index)
    }

    static func has(_ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ prefix: StaticString) -> Bool {
        guard index + prefix.utf8CodeUnitCount <= text.count else { return false }
        for offset in 0..<prefix.utf8CodeUnitCount where text[index + offset] != prefix.utf8Start[offset] {
            return false
        }
        return true
    }

    /// The character at a byte and its length; U+FFFD with the length of the broken part where it is no UTF-8.
    static func decode(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> (UInt32, Int) {
        let first = text[index]
        if first < 0x80 { return (UInt32(first), 1) }
        let count: Int
        var value: UInt32
        switch first {
        case 0xC2...0xDF: (count, value) = (1, UInt32(first & 0x1F))
        case 0xE0...0xEF: (count, value) = (2, UInt32(first & 0x0F))
        case 0xF0...0xF4: (count, value) = (3, UInt32(first & 0x07))
        default: return (0xFFFD, 1)
        }
        var length = 1
        for offset in 1...count {
            guard let byte = byte(text, index + offset), byte & 0xC0 == 0x80 else { return (0xFFFD, length) }
            if offset == 1 {
                let allowed: ClosedRange<UInt8> =
                    switch first {
                    case 0xE0: 0xA0...0xBF
                    case 0xED: 0x80...0x9F
                    case 0xF0: 0x90...0xBF
                    case 0xF4: 0x80...0x8F
                    default: 0x80...0xBF
                    }
                guard allowed.contains(byte) else { return (0xFFFD, 1) }
            }
            value = value << 6 | UInt32(byte & 0x3F)
            length += 1
        }
        return (value, length)
    }
}

extension StaticString {
    fileprivate var utf8: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount) }
}
