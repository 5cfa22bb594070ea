import KapwaDomain

/// Who waits in each queue, and how fast it moves: found by name, or at once by number.
///
/// Numbers are given in the order in which queues are first heard of, which is the same in every replay, and kept in
/// snapshots: others refer to them. Derived.
struct QueueTable: Sendable {
    private var numbers: [QueueID: Int] = [:]
    private var ids: [QueueID] = []
    private var states: [RoutingState.QueueState] = []

    /// The number of a queue; given when it has none.
    mutating func number(of id: QueueID) -> Int {
        if let known = numbers[id] { return known }
        numbers[id] = states.count
        ids.append(id)
        states.append(RoutingState.QueueState())
        return states.count - 1
    }

    func has(_ number: Int) -> Bool { ids.indices.contains(number) }

    func id(_ number: Int) -> QueueID { ids[number] }

    subscript(number: Int) -> RoutingState.QueueState {
        _read { yield states[number] }
        _modify { yield &states[number] }
    }

    /// A queue that nothing was heard of is empty.
    subscript(id: QueueID) -> RoutingState.QueueState {
        get { numbers[id].map { states[$0] } ?? RoutingState.QueueState() }
        _modify {
            let number = number(of: id)
            yield &states[number]
        }
    }
}

extension QueueTable: Saved {
    static var blank: QueueTable { QueueTable() }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&ids)
        pass.field(&states)
        if pass.counts(1) || !pass.isReading { return }
        numbers = Dictionary(minimumCapacity: ids.count)
        for (number, id) in ids.enumerated() { numbers[id] = number }
        if ids.count != states.count || ids.count != numbers.count { pass.fail() }
    }
}
