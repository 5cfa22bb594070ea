import Testing

@testable import KapwaRouting

/// Matrices with more rows and columns than a machine word has bits, held against slower ways to the same answer.
@Suite struct WideAssignmentTests {
    /// Each row may have one of a few columns, chosen so that the best pairing can be found from the last row back.
    private struct Band {
        static let width = 3
        let rows: Int
        let columns: Int
        /// Where the columns of the band stand in the matrix.
        let place: [Int]
        /// Row after row, one for each column of the row's band; `nil` where a pair may not be made.
        let cost: [[Int64?]]

        init(rows: Int, spare: Int, greatest: Int64, using random: inout SeededGenerator) {
            self.rows = rows
            columns = rows + Band.width - 1 + spare
            place = Array(0..<columns).shuffled(using: &random)
            cost = (0..<rows).map { _ in
                (0..<Band.width).map { _ in
                    Int.random(in: 0..<100, using: &random) < 15 ? nil : Int64.random(in: 0...greatest, using: &random)
                }
            }
        }

        var matrix: [Int64] {
            var matrix = Array(repeating: AssignmentSolver.forbidden, count: rows * columns)
            for row in 0..<rows {
                for offset in 0..<Band.width {
                    if let cost = cost[row][offset] { matrix[row * columns + place[row + offset]] = cost }
                }
            }
            return matrix
        }

        /// The cheapest pairing, of equal ones the first; `nil` when there is none.
        var best: [Int]? {
            // For each row and each set of the band's columns that earlier rows have: what the rest costs.
            let sets = 1 << Band.width
            var rest = Array(repeating: Array(repeating: Int64?.some(0), count: sets), count: rows + 1)
            func next(_ row: Int, _ taken: Int, _ offset: Int) -> Int64? {
                guard taken & (1 << offset) == 0, let own = cost[row][offset],
                    let others = rest[row + 1][(taken | 1 << offset) >> 1]
                else { return nil }
                return own + others
            }
            for row in (0..<rows).reversed() {
                for taken in 0..<sets {
                    rest[row][taken] = (0..<Band.width).compactMap { next(row, taken, $0) }.min()
                }
            }
            guard rest[0][0] != nil else { return nil }
            var taken = 0
            return (0..<rows).map { row in
                let least = rest[row][taken]
                let offsets = (0..<Band.width).filter { least != nil && next(row, taken, $0) == least }
                let offset = offsets.min { place[row + $0] < place[row + $1] } ?? 0
                taken = (taken | 1 << offset) >> 1
                return place[row + offset]
            }
        }
    }

    @Test("the pairing costs the least there is, and of equal ones it is the first, however wide the matrix is")
    func leastCost() {
        var random = SeededGenerator(state: 3)
        var paired = 0
        for round in 0..<240 {
            let rows = [5, 20, 62, 63, 64, 65, 66, 130][round % 8]
            let band = Band(
                rows: rows, spare: [0, 1, 60][round / 8 % 3], greatest: [0, 1, 3, 1_000][round % 4], using: &random)
            var solver = AssignmentSolver(rows: rows, columns: band.columns, cost: band.matrix)
            let found = solver.solve()
            #expect(found == band.best, "round \(round)")
            if found != nil { paired += 1 }
        }
        #expect(paired > 60)
    }

    @Test("a few rows against many columns: the least cost, and the smallest columns that allow it")
    func manyColumns() {
        var random = SeededGenerator(state: 4)
        for round in 0..<300 {
            let columns = Int.random(in: 60...200, using: &random)
            let greatest: Int64 = [0, 1, 2, 50][round % 4]
            let cost = (0..<3 * columns).map { _ in
                Int.random(in: 0..<100, using: &random) < 40
                    ? AssignmentSolver.forbidden : Int64.random(in: 0...greatest, using: &random)
            }
            // Of each row's columns only the three cheapest, of equal ones the smallest, can be in the first pairing
            // of least cost.
            let kept = (0..<3).map { row in
                (0..<columns).filter { cost[row * columns + $0] != AssignmentSolver.forbidden }
                    .sorted { (cost[row * columns + $0], $0) < (cost[row * columns + $1], $1) }.prefix(3)
            }
            var best: (total: Int64, pairing: [Int])?
            for first in kept[0] {
                for second in kept[1] where second != first {
                    for third in kept[2] where third != first && third != second {
                        let total = cost[first] + cost[columns + second] + cost[2 * columns + third]
                        let pairing = [first, second, third]
                        let isFirst = best.map { total == $0.total && pairing.lexicographicallyPrecedes($0.pairing) }
                        if best.map({ total < $0.total }) ?? true || isFirst == true { best = (total, pairing) }
                    }
                }
            }
            var solver = AssignmentSolver(rows: 3, columns: columns, cost: cost)
            #expect(solver.solve() == best?.pairing, "round \(round)")
        }
    }

    @Test("costs up to the greatest are told apart from pairs that may not be made, below 0 as above")
    func greatestCost() {
        let most = AssignmentSolver.costMax
        var solver = AssignmentSolver(rows: 2, columns: 2, cost: [most, AssignmentSolver.forbidden, 0, most])
        #expect(solver.solve() == [0, 1])
        solver = AssignmentSolver(rows: 2, columns: 2, cost: [-most, most, -most, -most])
        #expect(solver.solve() == [0, 1])
        solver = AssignmentSolver(
            rows: 2, columns: 2, cost: [0, AssignmentSolver.forbidden, 0, AssignmentSolver.forbidden])
        #expect(solver.solve() == nil)
        for (cost, isAllowed) in [(Int64(1) << 40, true), (1 << 40 + 1, false)] {
            solver = AssignmentSolver(rows: 1, columns: 1, cost: [cost])
            #expect(solver.solve() == (isAllowed ? [0] : nil))
        }
        solver = AssignmentSolver(rows: 0, columns: 3, cost: [])
        #expect(solver.solve() == [])
    }

    @Test("who is served is the first set by rank, however many there are")
    func served() {
        var random = SeededGenerator(state: 5)
        for round in 0..<40 {
            let rows = [3, 63, 64, 65, 100][round % 5]
            let columns = [1, 40, 63, 64, 65, 66, 128, 129, 190][round % 9]
            let pairs = (0..<rows).map { _ in
                (0..<columns).filter { _ in Int.random(in: 0..<100, using: &random) < 200 / columns + 1 }
            }
            var seating = Seating(rows: rows, columns: columns)
            for (row, open) in pairs.enumerated() { for column in open { seating.allow(row, column) } }
            let served = seating.serve()
            #expect(served == Naive.served(pairs), "round \(round)")
            #expect(Set(served.map { seating.columnOf[$0] }).count == served.count)
            for row in served { #expect(pairs[row].contains(seating.columnOf[row])) }
        }
    }

    /// Augmenting paths as the textbook has them, by recursion.
    private struct Naive {
        var rowOf: [Int: Int] = [:]
        var seen: Set<Int> = []
        let pairs: [[Int]]

        static func served(_ pairs: [[Int]]) -> [Int] {
            var naive = Naive(pairs: pairs)
            return pairs.indices.filter { row in
                naive.seen = []
                return naive.seat(row)
            }
        }

        init(pairs: [[Int]]) { self.pairs = pairs }

        mutating func seat(_ row: Int) -> Bool {
            for column in pairs[row] where !seen.contains(column) {
                seen.insert(column)
                if let other = rowOf[column], !seat(other) { continue }
                rowOf[column] = row
                return true
            }
            return false
        }
    }
}
