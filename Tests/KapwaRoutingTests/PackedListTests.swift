import Testing

@testable import KapwaRouting

@Suite struct PackedListTests {
    @Test("a packed list agrees with a sorted array over random insertions and removals", arguments: 1...10)
    func agreement(seed: Int) throws {
        var random = SeededGenerator(state: UInt64(seed))
        var list = PackedList()
        var expected: [[Int]] = []
        var free = Array(0..<4_000)
        for _ in 1...6_000 {
            if expected.isEmpty || Int.random(in: 0..<100, using: &random) < 70, !free.isEmpty {
                let slot = free.remove(at: Int.random(in: 0..<free.count, using: &random))
                let load = Int.random(in: 0...200, using: &random)
                list.insert(load: load, slot: slot)
                expected.append([load, slot])
            } else {
                let gone = expected.remove(at: Int.random(in: 0..<expected.count, using: &random))
                list.remove(load: gone[0], slot: gone[1])
                free.append(gone[1])
            }
        }
        #expect(list.count == expected.count && list.isEmpty == expected.isEmpty)
        expected.sort { $0.lexicographicallyPrecedes($1) }
        for least in [0, 1, 100, 200, 201] {
            var found: [[Int]] = []
            list.forEach(from: least) { load, slot in
                found.append([load, slot])
                return true
            }
            #expect(found == expected.filter { $0[0] >= least })
        }
        var looked = 0
        list.forEach { _, _ in
            looked += 1
            return looked < 3
        }
        #expect(looked == min(3, expected.count), "a walk ends when it is told to")
        for entry in expected { list.remove(load: entry[0], slot: entry[1]) }
        #expect(list.isEmpty)
    }
}
