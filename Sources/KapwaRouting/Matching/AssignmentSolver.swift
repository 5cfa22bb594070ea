/// By whom: every row gets a column of its own, at the least total cost.
///
/// Shortest augmenting paths with prices of columns after Jonker and Volgenant (Computing 38, 1987), with more columns
/// than rows as Crouse describes (IEEE Transactions on Aerospace and Electronic Systems 52, 2016); whole numbers
/// throughout. Of several pairings that cost the same the first is taken: row by row, the smallest column that still
/// allows the least total.
public struct AssignmentSolver: Sendable {
    /// A pair that may not be made.
    public static let forbidden = Int64.max
    /// The greatest cost of a pair that may.
    public static let costMax: Int64 = 1 << 40

    /// Stands for ``forbidden``: more than any path of allowed pairs costs, whatever the prices, and far from
    /// overflow.
    private static let never: Int64 = 1 << 60
    private static let unreachable: Int64 = 1 << 59

    private let rows: Int
    private let columns: Int
    private var cost: [Int64]
    /// Never above 0, and 0 for every column that nobody has: so a column left over costs nothing.
    private var price: [Int64]
    private var columnOf: [Int]
    private var rowOf: [Int]
    private var search: Search

    /// - Parameter cost: row after row; ``forbidden`` where a pair may not be made, else at most ``costMax`` in size.
    public init(rows: Int, columns: Int, cost: [Int64]) {
        precondition(rows <= columns && cost.count == rows * columns, "every row needs a column, and a cost for each")
        self.rows = rows
        self.columns = columns
        self.cost = cost.map { $0 > Self.costMax ? Self.never : $0 }
        price = Array(repeating: 0, count: columns)
        columnOf = Array(repeating: -1, count: rows)
        rowOf = Array(repeating: -1, count: columns)
        search = Search(columns)
    }

    /// The column of each row; `nil` when not every row can have one.
    public mutating func solve() -> [Int]? {
        guard let unseated = seatCheapest() else { return nil }
        for row in bid(unseated) {
            guard augment(from: row) else { return nil }
        }
        takeFirstOfEqual()
        return columnOf
    }

    /// Rows whose cheapest column is nobody else's take it at once; returns the others, or `nil` when one of them may
    /// have no column at all.
    private mutating func seatCheapest() -> [Int]? {
        var unseated: [Int] = []
        for row in 0..<rows {
            let best = twoBest(row)
            guard best.least < Self.unreachable else { return nil }
            if rowOf[best.column] < 0 { seat(row, best.column) } else { unseated.append(row) }
        }
        return unseated
    }

    private mutating func seat(_ row: Int, _ column: Int) {
        rowOf[column] = row
        columnOf[row] = column
    }

    /// Lets rows without a column take the one that is best for them, at a price by which it is no better than their
    /// second best; who had it goes on. Most rows find theirs so. Returns those that do not.
    private mutating func bid(_ unseated: [Int]) -> [Int] {
        var waiting = unseated
        var left: [Int] = []
        // Prices move by steps as small as costs differ: without a bound that could go on for long.
        var steps = 4 * rows
        var next = 0
        while next < waiting.count {
            let row = waiting[next]
            next += 1
            steps -= 1
            let best = twoBest(row)
            guard steps > 0, best.second < Self.unreachable else {
                left.append(row)
                continue
            }
            let gain = best.second - best.least
            let owner = rowOf[best.column]
            // At the same price nothing is gained by sending somebody away.
            guard gain > 0 || owner < 0 else {
                if rowOf[best.secondColumn] < 0 { seat(row, best.secondColumn) } else { left.append(row) }
                continue
            }
            price[best.column] -= gain
            seat(row, best.column)
            if owner >= 0 {
                columnOf[owner] = -1
                next -= 1
                waiting[next] = owner
            }
        }
        return left
    }

    /// A row's cheapest column at the present prices, and the next.
    private func twoBest(_ row: Int) -> (least: Int64, column: Int, second: Int64, secondColumn: Int) {
        var least = Self.never
        var second = Self.never
        var column = -1
        var secondColumn = -1
        cost.withUnsafeBufferPointer { cost in
            price.withUnsafeBufferPointer { price in
                let base = row * columns
                for candidate in 0..<columns {
                    let value = cost[base + candidate] - price[candidate]
                    if value < second {
                        if value < least {
                            second = least
                            secondColumn = column
                            least = value
                            column = candidate
                        } else {
                            second = value
                            secondColumn = candidate
                        }
                    }
                }
            }
        }
        return (least, column, second, secondColumn)
    }

    /// Where one search has come: how far each column is, from which row, and which are not reached for good yet.
    private struct Search {
        var distance: [Int64]
        var cameFrom: [Int]
        var open: [Int]

        init(_ columns: Int) {
            distance = Array(repeating: 0, count: columns)
            cameFrom = Array(repeating: 0, count: columns)
            open = Array(0..<columns)
        }
    }
}

extension AssignmentSolver {
    /// Seats one more row along the cheapest path of changes; false when there is none.
    private mutating func augment(from start: Int) -> Bool {
        for column in 0..<columns { search.open[column] = column }
        var left = columns
        var row = start
        var base: Int64 = 0
        var isFirst = true
        while true {
            let place = relax(row, from: base, first: left, isBegin: isFirst)
            isFirst = false
            let column = search.open[place]
            let least = search.distance[column]
            guard least < Self.unreachable else { return false }
            // Columns reached for good stand behind the open ones, in the order in which they were reached.
            left -= 1
            search.open.swapAt(place, left)
            guard rowOf[column] >= 0 else {
                settlePrices(reached: left + 1..<columns, least)
                take(column, for: start)
                return true
            }
            row = rowOf[column]
            base = least - (cost[row * columns + column] - price[column])
        }
    }

    /// Looks from a row at every open column; where the nearest one stands, free ones first.
    private mutating func relax(_ row: Int, from base: Int64, first left: Int, isBegin: Bool) -> Int {
        let costs = row * columns
        return search.open.withUnsafeBufferPointer { open in
            search.distance.withUnsafeMutableBufferPointer { distance in
                search.cameFrom.withUnsafeMutableBufferPointer { cameFrom in
                    cost.withUnsafeBufferPointer { cost in
                        price.withUnsafeBufferPointer { price in
                            var nearest = Int64.max
                            var nearestAt = 0
                            for place in 0..<left {
                                let column = open[place]
                                let through = base + cost[costs + column] - price[column]
                                if isBegin || through < distance[column] {
                                    distance[column] = through
                                    cameFrom[column] = row
                                }
                                let here = distance[column]
                                if here < nearest || (here == nearest && rowOf[column] < 0) {
                                    nearest = here
                                    nearestAt = place
                                }
                            }
                            return nearestAt
                        }
                    }
                }
            }
        }
    }

    /// Columns on the way become dearer to leave by as much as the way beyond them costs.
    private mutating func settlePrices(reached: Range<Int>, _ least: Int64) {
        for place in reached {
            let column = search.open[place]
            price[column] += search.distance[column] - least
        }
    }

    /// Moves every row on the way to the next column.
    private mutating func take(_ last: Int, for start: Int) {
        var column = last
        while true {
            let row = search.cameFrom[column]
            rowOf[column] = row
            swap(&columnOf[row], &column)
            if row == start { return }
        }
    }
}

// MARK: Of equal ones the first

extension AssignmentSolver {
    /// Among the pairings of least cost: for each row in turn the smallest column.
    ///
    /// All of them, and only they, use pairs whose cost is exactly the sum of both prices and leave no column with a
    /// price below 0 unused. What nobody has belongs to the *spare* row, which may have any column of price 0.
    private mutating func takeFirstOfEqual() {
        var tight = TightPairs(rows: rows, columns: columns)
        for row in 0..<rows {
            let own = cost[row * columns + columnOf[row]] - price[columnOf[row]]
            for column in 0..<columns where cost[row * columns + column] - price[column] == own {
                tight.add(row, column)
            }
        }
        var walk = Walk(rows: rows)
        for row in 0..<rows {
            tight.columns(of: row, below: columnOf[row], into: &walk.wanted)
            if let first = walk.wanted.first { exchange(row, first, tight, &walk) }
            tight.fix(columnOf[row])
        }
    }

    /// Where a search for an exchange has come.
    private struct Walk {
        var wanted: [Int] = []
        /// Where each later row, and at the end the spare one, moves to when its column is taken.
        var moves: [Int]
        var unseen: [UInt64] = []
        var reached: [Int] = []

        init(rows: Int) { moves = Array(repeating: -1, count: rows + 1) }
    }

    /// Gives a row the first of other columns that it can have at the same total without a change to earlier rows.
    private mutating func exchange(_ row: Int, _ first: Int, _ tight: TightPairs, _ walk: inout Walk) {
        let freed = columnOf[row]
        let spare = rows
        let best = rowOf[first] < 0 ? spare : rowOf[first]
        for other in walk.moves.indices { walk.moves[other] = -1 }
        tight.rows(after: row, into: &walk.unseen)
        walk.reached.removeAll(keepingCapacity: true)
        walk.reached.append(freed)
        var next = 0
        // Nothing is better than the first.
        while next < walk.reached.count && walk.moves[best] < 0 {
            let column = walk.reached[next]
            next += 1
            tight.takeRows(of: column, from: &walk.unseen) { other in
                walk.moves[other] = column
                walk.reached.append(columnOf[other])
            }
            if walk.moves[spare] < 0 && price[column] == 0 {
                walk.moves[spare] = column
                for free in 0..<columns where rowOf[free] < 0 { walk.reached.append(free) }
            }
        }
        guard let taken = walk.wanted.first(where: { walk.moves[rowOf[$0] < 0 ? spare : rowOf[$0]] >= 0 }) else {
            return
        }
        var mover = row
        var column = taken
        while true {
            let displaced = rowOf[column] < 0 ? spare : rowOf[column]
            rowOf[column] = mover == spare ? -1 : mover
            if mover != spare { columnOf[mover] = column }
            if column == freed { return }
            mover = displaced
            column = walk.moves[displaced]
        }
    }
}

/// Pairs that a pairing of least cost may contain, as bits by row and by column.
private struct TightPairs {
    private let columnWords: Int
    private let rowWords: Int
    private var byRow: [UInt64]
    private var byColumn: [UInt64]
    /// Columns that no earlier row has.
    private var unfixed: [UInt64]

    init(rows: Int, columns: Int) {
        columnWords = (columns + 63) / 64
        rowWords = (rows + 63) / 64
        byRow = Array(repeating: 0, count: rows * columnWords)
        byColumn = Array(repeating: 0, count: columns * rowWords)
        unfixed = Array(repeating: .max, count: columnWords)
    }

    mutating func add(_ row: Int, _ column: Int) {
        byRow[row * columnWords + column / 64] |= 1 << UInt64(column % 64)
        byColumn[column * rowWords + row / 64] |= 1 << UInt64(row % 64)
    }

    /// The column stays with its row from now on.
    mutating func fix(_ column: Int) { unfixed[column / 64] &= ~(1 << UInt64(column % 64)) }

    /// Columns of a row, under a bound, that no earlier row has; ascending.
    func columns(of row: Int, below bound: Int, into found: inout [Int]) {
        found.removeAll(keepingCapacity: true)
        for word in 0...bound / 64 {
            var bits = byRow[row * columnWords + word] & unfixed[word]
            if word == bound / 64 { bits &= (1 << UInt64(bound % 64)) - 1 }
            while bits != 0 {
                found.append(word * 64 + bits.trailingZeroBitCount)
                bits &= bits - 1
            }
        }
    }

    /// The rows after one, as bits.
    func rows(after row: Int, into later: inout [UInt64]) {
        later.removeAll(keepingCapacity: true)
        for word in 0..<rowWords {
            let own: UInt64 = ~((2 << UInt64(row % 64)) &- 1)
            later.append(word < row / 64 ? 0 : word == row / 64 ? own : .max)
        }
    }

    /// Visits the rows of a column that are among some, and takes them from those; ascending.
    func takeRows(of column: Int, from some: inout [UInt64], _ body: (Int) -> Void) {
        for word in 0..<rowWords {
            var bits = byColumn[column * rowWords + word] & some[word]
            some[word] &= ~bits
            while bits != 0 {
                body(word * 64 + bits.trailingZeroBitCount)
                bits &= bits - 1
            }
        }
    }
}
