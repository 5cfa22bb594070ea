/// The same JSON written otherwise: spaces wherever they may stand, and letters in strings as escapes.
///
/// Knows nothing of the parser under test: it goes from byte to byte of a document that is known to be valid.
struct Respelling {
    private var result: [UInt8] = []

    /// - Parameter document: valid JSON in UTF-8.
    static func of(_ document: [UInt8]) -> [UInt8] {
        var respelling = Respelling()
        respelling.result.reserveCapacity(document.count * 2)
        respelling.write(document)
        return respelling.result
    }

    private mutating func write(_ document: [UInt8]) {
        var isInString = false
        // Bytes that belong to an escape and stay as they are.
        var kept = 0
        for byte in document {
            if isInString {
                if kept > 0 {
                    let begins = result.last == UInt8(ascii: "\\") && kept == 1
                    kept = begins && byte == UInt8(ascii: "u") ? 4 : kept - 1
                    result.append(byte)
                } else if byte == UInt8(ascii: "\\") {
                    kept = 1
                    result.append(byte)
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                    result.append(byte)
                } else {
                    letter(byte)
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                isInString = true
                result.append(byte)
            case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"),
                UInt8(ascii: ","):
                result += [UInt8(ascii: "\n"), byte, UInt8(ascii: "\t"), UInt8(ascii: " ")]
            default: result.append(byte)
            }
        }
    }

    /// Every second letter is written as `\u0061`, so that both ways stand side by side.
    private mutating func letter(_ byte: UInt8) {
        guard (0x61...0x7A).contains(byte), byte % 2 == 1 else { return result.append(byte) }
        let digits = Array("0123456789abcdef".utf8)
        result += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
