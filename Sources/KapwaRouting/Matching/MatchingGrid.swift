import KapwaDomain

/// Conversations against agents: the sub-matrix of one round.
struct MatchingGrid {
    private let rows: ArraySlice<MatchingRow>
    /// Slots of agents, ascending by id.
    let columns: [Int]
    private var candidates: [[MatchingRow.Candidate]] = []

    /// Of n rows each needs at most its n cheapest agents: if it had another one, one of those would be free and no
    /// dearer.
    ///
    /// - Parameter id: of an agent's slot.
    init(rows: ArraySlice<MatchingRow>, id: (_ slot: Int) -> AgentID) {
        self.rows = rows
        var slots: [Int] = []
        for row in rows {
            var open = row.passed.filter { row.isOpen($0) }
            if open.count > rows.count {
                let named = open.map { (candidate: $0, id: id($0.agent)) }.sorted {
                    $0.candidate.cost != $1.candidate.cost ? $0.candidate.cost < $1.candidate.cost : $0.id < $1.id
                }
                open = named.prefix(rows.count).map(\.candidate)
            }
            for candidate in open { slots.append(candidate.agent) }
            candidates.append(open)
        }
        slots.sort()
        var unique: [(slot: Int, id: AgentID)] = []
        for slot in slots where slot != unique.last?.slot { unique.append((slot, id(slot))) }
        columns = unique.sorted { $0.id < $1.id }.map(\.slot)
    }

    /// The rows that are served, ascending, each with the slot of its agent.
    func solve() -> [(row: Int, agent: Int)] {
        var columnOf: [Int: Int] = [:]
        for (column, slot) in columns.enumerated() { columnOf[slot] = column }
        var seating = Seating(rows: candidates.count, columns: columns.count)
        for (row, open) in candidates.enumerated() {
            for candidate in open { if let column = columnOf[candidate.agent] { seating.allow(row, column) } }
        }
        let served = seating.serve()
        var cost = Array(repeating: AssignmentSolver.forbidden, count: served.count * columns.count)
        for (place, row) in served.enumerated() {
            for candidate in candidates[row] {
                if let column = columnOf[candidate.agent] {
                    cost[place * columns.count + column] = Int64(candidate.cost)
                }
            }
        }
        var solver = AssignmentSolver(rows: served.count, columns: columns.count, cost: cost)
        guard let pairing = solver.solve() else { preconditionFailure("whoever can be seated can be paired") }
        return served.indices.map { (rows.startIndex + served[$0], columns[pairing[$0]]) }
    }
}

/// The smallest keys of many, with their slots.
struct RankedChoice {
    struct Entry {
        var key: RankedList.Key
        var slot: Int
    }

    private let most: Int
    private(set) var entries: [Entry] = []

    init(most: Int) { self.most = most }

    /// Whether another key could still get in.
    func wants(_ key: RankedList.Key) -> Bool {
        guard entries.count >= most, let last = entries.last else { return true }
        return key < last.key
    }

    /// Adds one in any order; ``order()`` comes before ``slots``.
    mutating func add(_ key: RankedList.Key, _ slot: Int) { entries.append(Entry(key: key, slot: slot)) }

    /// Adds one at its place, and drops the greatest when there are too many.
    mutating func place(_ key: RankedList.Key, _ slot: Int) {
        var at = entries.count
        while at > 0 && key < entries[at - 1].key { at -= 1 }
        entries.insert(Entry(key: key, slot: slot), at: at)
        if entries.count > most { entries.removeLast() }
    }

    /// Sorts, each key once.
    mutating func order() {
        entries.sort { $0.key < $1.key }
        var kept: [Entry] = []
        for entry in entries where entry.key != kept.last?.key { kept.append(entry) }
        entries = kept
    }

    var slots: [Int] { entries.map(\.slot) }
}
