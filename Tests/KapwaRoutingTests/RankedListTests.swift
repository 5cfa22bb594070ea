import Testing

@testable import KapwaRouting

@Suite struct RankedListTests {
    @Test("a ranked list agrees with a sorted array over random insertions and removals", arguments: 1...20)
    func agreesWithSortedArray(seed: Int) {
        var random = SeededGenerator(state: UInt64(seed))
        var list = RankedList()
        var expected: [RankedList.Key] = []
        for order in 0..<3_000 {
            if expected.isEmpty || Int.random(in: 0..<10, using: &random) < 7 {
                let key = RankedList.Key(rank: Int64.random(in: -50...50, using: &random), order: Int64(order))
                let index = expected.firstIndex { key < $0 } ?? expected.count
                #expect(list.position(of: key) == index + 1)
                list.insert(key, slot: order)
                expected.insert(key, at: index)
            } else {
                let key = expected.remove(at: Int.random(in: 0..<expected.count, using: &random))
                list.remove(key)
            }
        }
        var walked: [RankedList.Key] = []
        list.forEach { entry in
            walked.append(entry.key)
            return true
        }
        #expect(walked == expected)
        #expect(list.count == expected.count)
        for (index, key) in expected.enumerated().prefix(200) { #expect(list.position(of: key) == index + 1) }
    }
}
