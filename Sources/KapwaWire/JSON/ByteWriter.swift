public import KapwaDomain

/// Builds JSON in one buffer that is reused: clear it with ``removeAll()`` and write on.
public struct ByteWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8] = []

    public init(capacity: Int = 1_024) { bytes.reserveCapacity(capacity) }

    public var isEmpty: Bool { bytes.isEmpty }
    public var count: Int { bytes.count }

    /// Empties the buffer and keeps its memory.
    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Takes back everything after the first `count` bytes.
    public mutating func truncate(to count: Int) { bytes.removeLast(bytes.count - count) }

    // MARK: Raw

    public mutating func byte(_ byte: UInt8) { bytes.append(byte) }
    public mutating func raw(_ text: StaticString) { bytes.append(contentsOf: text.buffer) }
    public mutating func raw(_ more: [UInt8]) { bytes.append(contentsOf: more) }
    public mutating func raw(_ more: ArraySlice<UInt8>) { bytes.append(contentsOf: more) }
    public mutating func raw(_ more: UnsafeRawBufferPointer) { bytes.append(contentsOf: more) }

    /// Appends what `write` writes from the address on that it gets; it tells how many bytes these were.
    @inline(__always)
    mutating func append(upTo capacity: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Int) {
        bytes.append(addingCapacity: capacity) { span in
            span.withUnsafeMutableBufferPointer { memory, count in
                guard let base = memory.baseAddress else { return }
                let written = write(base + count)
                precondition(written <= capacity, "more was written than there is room for")
                count += written
            }
        }
    }

    // MARK: JSON

    /// Writes a comma unless the value opens an object or array.
    public mutating func separate() {
        if !opens { bytes.append(UInt8(ascii: ",")) }
    }

    /// Whether what comes next is the first of its object or array.
    private var opens: Bool {
        guard let last = bytes.last else { return true }
        return last == UInt8(ascii: "{") || last == UInt8(ascii: "[")
    }

    /// Writes `"name":`, with a comma before it where one is due. The name needs no escapes.
    public mutating func key(_ name: StaticString) {
        let opens = opens
        direct(upTo: name.utf8CodeUnitCount + 4) { cursor in
            if !opens { cursor.byte(UInt8(ascii: ",")) }
            cursor.byte(UInt8(ascii: "\""))
            cursor.raw(name)
            cursor.raw("\":")
        }
    }

    /// Strings up to this many bytes are written in one go; room is made as if every byte were escaped.
    private static let shortStringMax = 128

    /// Writes a string with quotes and escapes.
    public mutating func string(_ text: String) {
        if text.utf8.count <= Self.shortStringMax {
            return direct(upTo: ByteCursor.room(for: text)) { $0.string(text) }
        }
        bytes.append(UInt8(ascii: "\""))
        let done: Void? = text.utf8.withContiguousStorageIfAvailable { escape($0) }
        if done == nil { Array(text.utf8).withUnsafeBufferPointer { escape($0) } }
        bytes.append(UInt8(ascii: "\""))
    }

    public mutating func boolean(_ value: Bool) { value ? raw("true") : raw("false") }

    public mutating func integer(_ value: some FixedWidthInteger & SignedInteger) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        digits(UInt64(value.magnitude), width: 1)
    }

    /// Writes a score with its three decimals: `0.830`, `-0.610`.
    public mutating func score(_ score: Score) {
        direct(upTo: 24) { $0.score(score) }
    }

    /// Writes a point in time with quotes: `"2026-11-21T19:30:00.123Z"`.
    public mutating func instant(_ instant: Instant) {
        bytes.append(UInt8(ascii: "\""))
        timestamp(instant)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Decimal digits, with leading zeros up to `width`.
    mutating func digits(_ value: UInt64, width: Int) {
        if value < 10 && width == 1 { return bytes.append(Self.digit(value)) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { piece in
            var start = piece.count
            var rest = value
            repeat {
                start -= 1
                piece[start] = Self.digit(rest % 10)
                rest /= 10
            } while rest > 0 || piece.count - start < width
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: piece[start...]))
        }
    }

    private static func digit(_ value: UInt64) -> UInt8 { UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value) }

    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        var from = 0
        for index in text.indices {
            let byte = text[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            bytes.append(contentsOf: text[from..<index])
            direct(upTo: 6) { $0.escaped(byte) }
            from = index + 1
        }
        bytes.append(contentsOf: text[from...])
    }
}
