import Testing

@testable import KapwaRouting

/// The list under everything that stands in order, held against a sorted array.
@Suite struct SortedChunksTests {
    private func listed(_ chunks: SortedChunks<Int>) -> [Int] {
        var found: [Int] = []
        chunks.forEach { value in
            found.append(value)
            return true
        }
        return found
    }

    private func expectAdded(_ value: Int, _ isNew: Bool, _ chunks: inout SortedChunks<Int>) {
        let added = chunks.insert(value)
        #expect(added == isNew, "\(value)")
    }

    private func expectRemoved(_ value: Int, _ expected: Int?, _ chunks: inout SortedChunks<Int>) {
        let removed = chunks.remove(value)
        #expect(removed == expected, "\(value)")
    }

    /// Holds everything that can be asked of a list against the same of an array.
    private func compare(_ chunks: SortedChunks<Int>, _ expected: [Int]) {
        #expect(listed(chunks) == expected)
        #expect(chunks.count == expected.count && chunks.isEmpty == expected.isEmpty)
        #expect(chunks.first == expected.first)
        let bounds = [expected.first, expected.last, expected.dropFirst(expected.count / 2).first].compactMap { $0 }
        for bound in bounds.flatMap({ [$0 - 1, $0, $0 + 1] }) + [.min, .max] {
            #expect(chunks.countBelow(bound) == expected.count { $0 < bound })
            var found: [Int] = []
            chunks.forEach(from: bound) { value in
                found.append(value)
                return found.count < 600
            }
            #expect(found == Array(expected.filter { $0 >= bound }.prefix(600)))
        }
    }

    @Test("values come back in order, each once, whatever was added and removed, there or not", arguments: 1...6)
    func agreement(seed: Int) {
        var random = SeededGenerator(state: UInt64(seed))
        var chunks = SortedChunks<Int>()
        var expected: [Int] = []
        for round in 0..<4_000 {
            let value = Int.random(in: 0..<2_000, using: &random)
            let place = expected.firstIndex { $0 >= value } ?? expected.count
            let isThere = place < expected.count && expected[place] == value
            // First it grows, then it empties.
            if Int.random(in: 0..<4_000, using: &random) > round {
                let isNew = chunks.insert(value)
                #expect(isNew == !isThere)
                if !isThere { expected.insert(value, at: place) }
            } else {
                let removed = chunks.remove(value)
                #expect(removed == (isThere ? value : nil))
                if isThere { expected.remove(at: place) }
            }
            #expect(chunks.first == expected.first)
            if round % 500 == 0 { compare(chunks, expected) }
        }
        compare(chunks, expected)
        for value in expected { expectRemoved(value, value, &chunks) }
        compare(chunks, [])
    }

    @Test(
        "what comes ascending, descending or from the middle, over the bounds of what is kept in one piece",
        arguments: [1, 2, 255, 256, 257, 511, 512, 513, 514, 1_025])
    func sizes(_ size: Int) {
        let ascending = Array(0..<size)
        let middle = ascending.sorted { abs($0 - size / 2) < abs($1 - size / 2) }
        for order in [ascending, ascending.reversed(), middle] {
            var chunks = SortedChunks<Int>()
            for value in order { expectAdded(2 * value, true, &chunks) }
            compare(chunks, ascending.map { 2 * $0 })
            for value in order { expectAdded(2 * value, false, &chunks) }
            // Between those that are there, before and behind them.
            for value in [-1, 1, 2 * size - 1, 2 * size] { expectRemoved(value, nil, &chunks) }
            compare(chunks, ascending.map { 2 * $0 })
            for value in order.prefix(size / 2) { expectRemoved(2 * value, 2 * value, &chunks) }
            compare(chunks, order.dropFirst(size / 2).map { 2 * $0 }.sorted())
        }
    }

    @Test("what is there is found in a piece that is full, and where that is parted", arguments: [256, 512, 768])
    func fullPieces(_ size: Int) {
        var full = SortedChunks<Int>()
        for value in 0..<size { expectAdded(value, true, &full) }
        for value in 0..<size {
            var chunks = full
            expectAdded(value, false, &chunks)
            #expect(chunks.count == size && chunks.countBelow(value) == value)
        }
    }
}
