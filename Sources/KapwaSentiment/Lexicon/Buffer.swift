/// A list that grows in memory of its own and is used again for each message: no reference is counted when it is
/// read or written, and nothing is allocated once it is large enough.
///
/// Copies share the memory; whoever made the first one frees it, after its last user is gone.
struct Buffer<Element: BitwiseCopyable>: RandomAccessCollection, MutableCollection {
    private(set) var base: UnsafeMutablePointer<Element>
    private(set) var count = 0
    private var capacity: Int

    /// - Parameter capacity: elements that fit before memory is asked for again; at least one.
    init(capacity: Int) {
        self.capacity = Swift.max(1, capacity)
        base = UnsafeMutablePointer.allocate(capacity: self.capacity)
    }

    init(repeating element: Element, count: Int) {
        self.init(capacity: count)
        base.initialize(repeating: element, count: count)
        self.count = count
    }

    func free() { base.deallocate() }

    var startIndex: Int { 0 }
    var endIndex: Int { count }

    @inline(__always)
    subscript(index: Int) -> Element {
        _read {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index outside of the buffer")
            yield base[index]
        }
        nonmutating _modify {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index outside of the buffer")
            yield &base[index]
        }
    }

    @inline(__always)
    subscript(index: Int32) -> Element { self[Int(index)] }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == capacity { grow(to: capacity * 2) }
        (base + count).initialize(to: element)
        count += 1
    }

    /// Makes room, so that ``appendWithinCapacity(_:)`` may be used this often.
    mutating func reserve(_ more: Int) {
        if count + more > capacity { grow(to: Swift.max(capacity * 2, count + more)) }
    }

    /// Appends without looking for room: only after ``reserve(_:)``.
    @inline(__always)
    mutating func appendWithinCapacity(_ element: Element) {
        assert(count < capacity)
        (base + count).initialize(to: element)
        count += 1
    }

    /// Counts elements in that were written behind the last one, within what was reserved.
    @inline(__always)
    mutating func grew(by written: Int) {
        assert(count + written <= capacity)
        count += written
    }

    /// Forgets the elements and keeps the memory.
    @inline(__always)
    mutating func removeAll() { count = 0 }

    @inline(never)
    private mutating func grow(to larger: Int) {
        let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        moved.initialize(from: base, count: count)
        base.deallocate()
        base = moved
        capacity = larger
    }
}

extension Buffer where Element == UInt8 {
    /// A stretch of the bytes; good until the next change.
    @inline(__always)
    func bytes(_ start: Int, _ count: Int) -> UnsafeBufferPointer<UInt8> {
        precondition(start >= 0 && count >= 0 && start + count <= self.count, "range outside of the buffer")
        return UnsafeBufferPointer(start: base + start, count: count)
    }
}
