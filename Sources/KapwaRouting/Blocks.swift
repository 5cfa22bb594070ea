/// Records by slot, in blocks: what grows does not move what is there, and a copy of it shares every block that
/// nobody changes.
struct Blocks<Element: Sendable>: RandomAccessCollection, MutableCollection, Sendable {
    private static var shift: Int { 6 }
    private static var mask: Int { (1 << shift) - 1 }
    private var blocks: [[Element]] = []
    private(set) var count = 0

    init() {}

    var startIndex: Int { 0 }
    var endIndex: Int { count }

    subscript(slot: Int) -> Element {
        _read { yield blocks[slot >> Self.shift][slot & Self.mask] }
        _modify { yield &blocks[slot >> Self.shift][slot & Self.mask] }
    }

    mutating func append(_ element: Element) {
        if count & Self.mask == 0 {
            var block: [Element] = []
            block.reserveCapacity(1 << Self.shift)
            blocks.append(block)
        }
        blocks[count >> Self.shift].append(element)
        count += 1
    }
}
