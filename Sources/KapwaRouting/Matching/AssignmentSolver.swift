/// By whom: every row gets a column of its own, at the least total cost.
///
/// Shortest augmenting paths with dual prices after Jonker and Volgenant (Computing 38, 1987), in the rectangular form
/// that Crouse describes (IEEE Transactions on Aerospace and Electronic Systems 52, 2016); whole numbers throughout.
/// Of several pairings that cost the same the first is taken: row by row, the smallest column that still allows the
/// least total.
public struct AssignmentSolver: Sendable {
    /// A pair that may not be made.
    public static let forbidden = Int64.max

    private let rows: Int
    private let columns: Int
    private let cost: [Int64]
    private var rowPrice: [Int64]
    private var columnPrice: [Int64]
    private var columnOf: [Int]
    private var rowOf: [Int]

    /// - Parameter cost: row after row; ``forbidden`` where a pair may not be made, else at most 2⁵⁰ in size.
    public init(rows: Int, columns: Int, cost: [Int64]) {
        precondition(rows <= columns && cost.count == rows * columns, "every row needs a column, and a cost for each")
        self.rows = rows
        self.columns = columns
        self.cost = cost
        rowPrice = Array(repeating: 0, count: rows)
        columnPrice = Array(repeating: 0, count: columns)
        columnOf = Array(repeating: -1, count: rows)
        rowOf = Array(repeating: -1, count: columns)
    }

    /// The column of each row; `nil` when not every row can have one.
    public mutating func solve() -> [Int]? {
        seatCheapest()
        for row in 0..<rows where columnOf[row] < 0 {
            guard augment(from: row) else { return nil }
        }
        takeFirstOfEqual()
        return columnOf
    }

    /// Rows whose cheapest column is nobody else's take it at once; the prices stay true.
    private mutating func seatCheapest() {
        for row in 0..<rows {
            var least = Self.forbidden
            var column = -1
            for candidate in 0..<columns where cost[row * columns + candidate] < least {
                least = cost[row * columns + candidate]
                column = candidate
            }
            guard column >= 0 else { continue }
            rowPrice[row] = least
            if rowOf[column] < 0 {
                rowOf[column] = row
                columnOf[row] = column
            }
        }
    }

    /// Seats one more row along the cheapest path of changes.
    private mutating func augment(from start: Int) -> Bool {
        var search = Search(columns)
        // Columns not reached for good yet, in any order.
        var open = Array(0..<columns)
        var row = start
        var least: Int64 = 0
        var sink = -1
        while sink < 0 {
            search.rows.append(row)
            let place = relax(row, from: least - rowPrice[row], open, &search)
            guard place >= 0 else { return false }
            let column = open[place]
            least = search.distance[column]
            open.swapAt(place, open.count - 1)
            open.removeLast()
            if rowOf[column] < 0 {
                sink = column
            } else {
                search.columns.append(column)
                row = rowOf[column]
            }
        }
        rowPrice[start] += least
        for reached in search.rows.dropFirst() { rowPrice[reached] += least - search.distance[columnOf[reached]] }
        for column in search.columns { columnPrice[column] -= least - search.distance[column] }
        var column = sink
        while true {
            let from = search.cameFrom[column]
            rowOf[column] = from
            swap(&columnOf[from], &column)
            if from == start { return true }
        }
    }

    /// How far one search has come.
    private struct Search {
        var distance: [Int64]
        var cameFrom: [Int]
        var rows: [Int] = []
        var columns: [Int] = []

        init(_ columns: Int) {
            distance = Array(repeating: AssignmentSolver.forbidden, count: columns)
            cameFrom = Array(repeating: -1, count: columns)
        }
    }

    /// Looks from a row at every open column; the place of the nearest one, free ones first, or -1.
    private func relax(_ row: Int, from base: Int64, _ openColumns: [Int], _ search: inout Search) -> Int {
        let forbidden = Self.forbidden
        var nearest = forbidden
        var nearestAt = -1
        let open = openColumns.span
        let costs = cost.span.extracting(row * columns..<(row + 1) * columns)
        let prices = columnPrice.span
        let owners = rowOf.span
        for place in open.indices {
            let column = open[place]
            let pair = costs[column]
            if pair != forbidden {
                let through = base + pair - prices[column]
                if through < search.distance[column] {
                    search.distance[column] = through
                    search.cameFrom[column] = row
                }
            }
            let here = search.distance[column]
            if here < nearest || (here == nearest && here != forbidden && owners[column] < 0) {
                nearest = here
                nearestAt = place
            }
        }
        return nearestAt
    }
}

extension AssignmentSolver {
    /// Among the pairings of least cost: for each row in turn the smallest column.
    ///
    /// All of them, and only they, use pairs whose cost is exactly the sum of both prices and leave no column with a
    /// price below 0 unused. What nobody has belongs to the *spare* row, which may have any column of price 0.
    private mutating func takeFirstOfEqual() {
        for row in 0..<rows {
            let wanted = (0..<columnOf[row]).filter { isTight(row, $0) && (rowOf[$0] < 0 || rowOf[$0] > row) }
            if !wanted.isEmpty { exchange(row, wanted) }
        }
    }

    private func isTight(_ row: Int, _ column: Int) -> Bool {
        let pair = cost[row * columns + column]
        return pair != Self.forbidden && pair == rowPrice[row] + columnPrice[column]
    }

    /// Gives a row the first of other columns that it can have at the same total without a change to earlier rows.
    private mutating func exchange(_ row: Int, _ wanted: [Int]) {
        let freed = columnOf[row]
        // Where each later row, and at the end the spare one, moves to when its column is taken.
        var moves = Array(repeating: -1, count: rows + 1)
        let spare = rows
        var reached = [freed]
        var next = 0
        while next < reached.count {
            let column = reached[next]
            next += 1
            for other in row + 1..<rows where moves[other] < 0 && isTight(other, column) {
                moves[other] = column
                reached.append(columnOf[other])
            }
            if moves[spare] < 0 && columnPrice[column] == 0 {
                moves[spare] = column
                for free in 0..<columns where rowOf[free] < 0 { reached.append(free) }
            }
        }
        guard let taken = wanted.first(where: { moves[rowOf[$0] < 0 ? spare : rowOf[$0]] >= 0 }) else { return }
        var mover = row
        var column = taken
        while true {
            let displaced = rowOf[column] < 0 ? spare : rowOf[column]
            rowOf[column] = mover == spare ? -1 : mover
            if mover != spare { columnOf[mover] = column }
            if column == freed { return }
            mover = displaced
            column = moves[displaced]
        }
    }
}
