/// A list in memory of its own that never changes after it is made, read without counting references.
///
/// The scorer looks into these several times per word. Whoever makes one frees it, after its last reader is gone.
struct Table<Element> {
    private let base: UnsafeMutablePointer<Element>
    let count: Int

    init(_ elements: [Element]) {
        count = elements.count
        base = UnsafeMutablePointer.allocate(capacity: max(1, elements.count))
        _ = UnsafeMutableBufferPointer(start: base, count: count).initialize(from: elements)
    }

    @inline(__always)
    subscript(index: Int) -> Element {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index outside of the table")
        return base[index]
    }

    @inline(__always)
    subscript(index: Int32) -> Element { self[Int(index)] }

    /// Whether the bytes from a place on are these.
    @inline(__always)
    func holds(_ bytes: UnsafeBufferPointer<Element>, at start: Int) -> Bool where Element == UInt8 {
        precondition(start >= 0 && start + bytes.count <= count, "range outside of the table")
        for offset in 0..<bytes.count where base[start + offset] != bytes[offset] { return false }
        return true
    }

    func free() {
        base.deinitialize(count: count)
        base.deallocate()
    }
}
