/// Values in ascending order, each once.
///
/// A list of sorted chunks, so that a change costs a search and a move of at most one chunk, however many there are.
/// What a search over chunks needs stands beside them, in one piece of memory.
struct SortedChunks<Element: Comparable & Sendable>: Sendable {
    private static var chunkMax: Int { 256 }
    private var chunks: [Chunk] = []
    private(set) var count = 0
    /// The smallest, at hand without a look into any chunk.
    private(set) var first: Element?

    private struct Chunk: Sendable {
        var last: Element
        var count: Int
        var elements: [Element]

        init?(_ elements: [Element]) {
            guard let last = elements.last else { return nil }
            self.last = last
            self.elements = elements
            count = elements.count
        }
    }

    var isEmpty: Bool { count == 0 }

    /// Adds an element; false when it is there already.
    mutating func insert(_ element: Element) -> Bool {
        guard add(element) else { return false }
        if first.map({ element < $0 }) ?? true { first = element }
        return true
    }

    private mutating func add(_ element: Element) -> Bool {
        var place = chunkIndex(for: element)
        if place == chunks.count {
            place -= 1
            // Greater than all: what comes in order fills its chunks.
            guard place >= 0, chunks[place].count < Self.chunkMax else {
                open(with: element)
                return true
            }
        } else if chunks[place].count == Self.chunkMax {
            split(place)
            if chunks[place].last < element { place += 1 }
        }
        let offset = Self.offset(of: element, in: chunks[place].elements)
        guard offset == chunks[place].count || element < chunks[place].elements[offset] else { return false }
        if offset == chunks[place].count { chunks[place].last = element }
        chunks[place].elements.insert(element, at: offset)
        chunks[place].count += 1
        count += 1
        return true
    }

    /// Removes an element, and returns it as it stood there; `nil` when it is not there.
    mutating func remove(_ element: Element) -> Element? {
        let place = chunkIndex(for: element)
        guard place < chunks.count else { return nil }
        let offset = Self.offset(of: element, in: chunks[place].elements)
        guard !(element < chunks[place].elements[offset]) else { return nil }
        let removed = chunks[place].elements.remove(at: offset)
        chunks[place].count -= 1
        count -= 1
        if let last = chunks[place].elements.last { chunks[place].last = last } else { chunks.remove(at: place) }
        if place == 0 && offset == 0 { first = chunks.first?.elements.first }
        return removed
    }

    /// How many are smaller.
    func countBelow(_ element: Element) -> Int {
        let place = chunkIndex(for: element)
        var below = 0
        for chunk in chunks[..<place] { below += chunk.count }
        return place == chunks.count ? below : below + Self.offset(of: element, in: chunks[place].elements)
    }

    /// Visits in order until the body returns false.
    func forEach(_ body: (Element) -> Bool) {
        for chunk in chunks {
            for element in chunk.elements where !body(element) { return }
        }
    }

    /// Visits in order, beginning with the first that is not smaller, until the body returns false.
    func forEach(from least: Element, _ body: (Element) -> Bool) {
        var place = chunkIndex(for: least)
        guard place < chunks.count else { return }
        var offset = Self.offset(of: least, in: chunks[place].elements)
        while place < chunks.count {
            while offset < chunks[place].count {
                guard body(chunks[place].elements[offset]) else { return }
                offset += 1
            }
            place += 1
            offset = 0
        }
    }

    private mutating func open(with element: Element) {
        var elements: [Element] = []
        // A short list stays small; of a long one each chunk is filled.
        if !chunks.isEmpty { elements.reserveCapacity(Self.chunkMax) }
        elements.append(element)
        if let chunk = Chunk(elements) { chunks.append(chunk) }
        count += 1
    }

    private mutating func split(_ place: Int) {
        let half = Self.chunkMax / 2
        var upper: [Element] = []
        upper.reserveCapacity(Self.chunkMax)
        upper += chunks[place].elements[half...]
        chunks[place].elements.removeSubrange(half...)
        chunks[place].count = half
        chunks[place].last = chunks[place].elements[half - 1]
        if let chunk = Chunk(upper) { chunks.insert(chunk, at: place + 1) }
    }

    /// The first chunk whose last element is not smaller; `chunks.count` when all are smaller.
    private func chunkIndex(for element: Element) -> Int {
        var low = 0
        var high = chunks.count
        while low < high {
            let middle = (low + high) / 2
            if chunks[middle].last < element { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Where an element stands or would stand in a chunk.
    private static func offset(of element: Element, in chunk: [Element]) -> Int {
        var low = 0
        var high = chunk.count
        while low < high {
            let middle = (low + high) / 2
            if chunk[middle] < element { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
