/// Who is served: rows are conversations in order of rank, columns are agents.
///
/// A row is served if an augmenting path over eligible pairs seats it without unseating an earlier one. Whoever fails
/// once never succeeds later, so that the result is the lexicographically first set that can be seated.
struct Seating: Sendable {
    private let columns: Int
    private let words: Int
    /// Per row, one bit per column.
    private var eligible: [UInt64]
    private var rowOf: [Int]
    private(set) var columnOf: [Int]

    /// - Parameter columns: how many agents there are, at least one.
    init(rows: Int, columns: Int) {
        self.columns = columns
        words = (columns + 63) / 64
        eligible = Array(repeating: 0, count: rows * words)
        rowOf = Array(repeating: -1, count: columns)
        columnOf = Array(repeating: -1, count: rows)
    }

    mutating func allow(_ row: Int, _ column: Int) { eligible[row * words + column / 64] |= 1 << UInt64(column % 64) }

    /// The rows that are served, ascending.
    mutating func serve() -> [Int] {
        var served: [Int] = []
        for row in columnOf.indices where seat(row) { served.append(row) }
        return served
    }

    /// Breadth first, so that no depth of recursion depends on the input.
    private mutating func seat(_ row: Int) -> Bool {
        var unseen = Array(repeating: UInt64.max, count: words)
        var cameFrom = Array(repeating: -1, count: columns)
        var rows = [row]
        var next = 0
        while next < rows.count {
            let current = rows[next]
            next += 1
            for word in 0..<words {
                var open = eligible[current * words + word] & unseen[word]
                unseen[word] &= ~open
                while open != 0 {
                    let column = word * 64 + open.trailingZeroBitCount
                    open &= open - 1
                    cameFrom[column] = current
                    if rowOf[column] < 0 {
                        flip(to: column, cameFrom)
                        return true
                    }
                    rows.append(rowOf[column])
                }
            }
        }
        return false
    }

    private mutating func flip(to last: Int, _ cameFrom: [Int]) {
        var column = last
        while column >= 0 {
            let row = cameFrom[column]
            let before = columnOf[row]
            columnOf[row] = column
            rowOf[column] = row
            column = before
        }
    }
}
