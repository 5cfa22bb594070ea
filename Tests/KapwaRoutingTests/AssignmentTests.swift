import Testing

@testable import KapwaRouting

/// The two pure halves of matching, held against trying everything.
@Suite struct AssignmentTests {
    @Test("who is served is the first set by rank that can be seated, as trying all sets finds it")
    func servedSet() {
        var random = SeededGenerator(state: 1)
        for _ in 1...3_000 {
            let rows = Int.random(in: 1...7, using: &random)
            let columns = Int.random(in: 1...7, using: &random)
            let density = Int.random(in: 5...95, using: &random)
            let pairs = (0..<rows).map { _ in
                (0..<columns).map { _ in Int.random(in: 0..<100, using: &random) < density }
            }
            var seating = Seating(rows: rows, columns: columns)
            for row in 0..<rows { for column in 0..<columns where pairs[row][column] { seating.allow(row, column) } }
            let served = seating.serve()
            #expect(served == BruteForce.firstServedSet(pairs))
            #expect(Set(served.map { seating.columnOf[$0] }).count == served.count)
            for row in served { #expect(pairs[row][seating.columnOf[row]]) }
        }
    }

    @Test("columns beyond a machine word are seated too")
    func manyColumns() {
        var seating = Seating(rows: 130, columns: 130)
        for row in 0..<130 {
            seating.allow(row, 129 - row)
            seating.allow(row, min(129, 130 - row))
        }
        #expect(seating.serve() == Array(0..<130))
    }

    @Test("the pairing costs the least there is, and of equal ones it is the first, as trying all pairings finds it")
    func leastCost() {
        var random = SeededGenerator(state: 2)
        for round in 1...4_000 {
            let rows = Int.random(in: 1...6, using: &random)
            let columns = Int.random(in: rows...7, using: &random)
            // Few values make many ties.
            let greatest: Int64 = round % 2 == 0 ? 3 : 20_000_000
            let cost = (0..<rows * columns).map { _ in
                Int.random(in: 0..<100, using: &random) < 20
                    ? AssignmentSolver.forbidden : Int64.random(in: 0...greatest, using: &random)
            }
            var solver = AssignmentSolver(rows: rows, columns: columns, cost: cost)
            let found = solver.solve()
            #expect(found == BruteForce.firstCheapest(rows, columns, cost), "round \(round)")
        }
    }

    @Test("a pairing of many equal costs is the identity")
    func allEqual() {
        var solver = AssignmentSolver(rows: 60, columns: 80, cost: Array(repeating: 7, count: 60 * 80))
        #expect(solver.solve() == Array(0..<60))
    }
}

/// Tries everything: slow, short and obviously right.
enum BruteForce {
    /// The lexicographically first set of rows that can all be seated.
    static func firstServedSet(_ pairs: [[Bool]]) -> [Int] {
        var served: [Int] = []
        for row in pairs.indices where canSeat((served + [row])[...], pairs, taken: []) { served.append(row) }
        return served
    }

    private static func canSeat(_ rows: ArraySlice<Int>, _ pairs: [[Bool]], taken: Set<Int>) -> Bool {
        guard let row = rows.first else { return true }
        return pairs[row].indices.contains { column in
            pairs[row][column] && !taken.contains(column)
                && canSeat(rows.dropFirst(), pairs, taken: taken.union([column]))
        }
    }

    /// The cheapest pairing of all rows, of equal ones the lexicographically first; `nil` when there is none.
    static func firstCheapest(_ rows: Int, _ columns: Int, _ cost: [Int64]) -> [Int]? {
        var best: (total: Int64, pairing: [Int])?
        func extend(_ pairing: [Int], _ total: Int64) {
            let row = pairing.count
            if row == rows {
                if best.map({ total < $0.total }) ?? true { best = (total, pairing) }
                return
            }
            for column in 0..<columns where !pairing.contains(column) {
                let pair = cost[row * columns + column]
                if pair != AssignmentSolver.forbidden { extend(pairing + [column], total + pair) }
            }
        }
        extend([], 0)
        return best?.pairing
    }
}
