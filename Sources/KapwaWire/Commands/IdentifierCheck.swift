import KapwaDomain

extension UnsafeBufferPointer<UInt8> {
    /// What ``Identifier/isValid(_:)`` says of these bytes, by a table: every command is full of identifiers.
    var isIdentifier: Bool {
        guard (1...Limits.identifierBytesMax).contains(count) else { return false }
        for byte in self where byte >= 128 || !Self.isAllowed(byte) { return false }
        return true
    }

    /// One bit for each of the 128 ASCII characters.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        let word = byte < 64 ? lower : upper
        return word >> UInt64(byte & 63) & 1 == 1
    }

    private static var lower: UInt64 { 0x07FF_6800_0000_0000 }
    private static var upper: UInt64 { 0x07FF_FFFE_87FF_FFFF }
}
