/// A list in memory of its own that never changes after it is made, read without counting references.
///
/// The scorer looks into these several times per word. Whoever makes one frees it, after its last reader is gone.
struct Table<Element: BitwiseCopyable> {
    let base: UnsafeMutablePointer<Element>
    let count: Int

    init(_ elements: [Element]) {
        count = elements.count
        // At the start of a line of the processor's cache, so that what fits one needs one.
        let size = MemoryLayout<Element>.stride * max(1, elements.count)
        base = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64).bindMemory(
            to: Element.self, capacity: max(1, elements.count))
        _ = UnsafeMutableBufferPointer(start: base, count: count).initialize(from: elements)
    }

    /// Reads in place: a field can be looked at without copying its neighbours.
    @inline(__always)
    subscript(index: Int) -> Element {
        _read {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index outside of the table")
            yield base[index]
        }
    }

    @inline(__always)
    subscript(index: Int32) -> Element {
        _read {
            precondition(UInt(bitPattern: Int(index)) < UInt(bitPattern: count), "index outside of the table")
            yield base[Int(index)]
        }
    }

    func free() { base.deallocate() }
}
