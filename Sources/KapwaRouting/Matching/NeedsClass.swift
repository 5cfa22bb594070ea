import KapwaDomain

/// Everyone who meets the same needs, and everything that waits with them.
struct NeedsClass: Sendable {
    let needs: Skills
    /// The need under which the class is found from an agent's skills; `nil` for no needs at all.
    let anchor: SkillID?
    /// Agents who meet the needs, of any presence.
    var known = 0
    /// Of those, how many are not offline.
    var present = 0
    /// Of those, how many are ready and neither owe nor take a break.
    var ready = 0
    /// Of those, how many pass every test that no conversation makes a difference to.
    var passing = 0
    /// The passing ones that no reservation keeps for one conversation, and those that one keeps.
    var agents = AgentsByRoom()
    var kept = AgentsByRoom()
    /// What waits, in groups whose members an agent without history takes all or none of.
    private(set) var groups: [(group: WaitingGroup, list: RankedList)] = []
    /// How many wait with these needs, those that only one agent may have included.
    var waiting = 0
    /// Whether the class stands in the line of those that may be dropped.
    var isIdle = false

    init(needs: Skills, anchor: SkillID?) {
        self.needs = needs
        self.anchor = anchor
    }

    /// Visits passing agents whose capacity, not lessened by a landing, has room for so many units.
    func forEachWithRoom(for units: Int, _ body: (_ slot: Int) -> Void) {
        agents.forEachWithRoom(for: units, body)
        kept.forEachWithRoom(for: units, body)
    }

    mutating func file(_ slot: Int, _ key: RankedList.Key, _ group: WaitingGroup) {
        waiting += 1
        if let place = groups.firstIndex(where: { $0.group == group }) {
            groups[place].list.insert(key, slot: slot)
        } else {
            var list = RankedList()
            list.insert(key, slot: slot)
            groups.append((group, list))
        }
    }

    mutating func unfile(_ key: RankedList.Key, _ group: WaitingGroup) {
        guard let place = groups.firstIndex(where: { $0.group == group }) else {
            preconditionFailure("what leaves a group stands in it")
        }
        waiting -= 1
        groups[place].list.remove(key)
        if groups[place].list.isEmpty { groups.remove(at: place) }
    }
}

/// Agents by capacity; within one capacity the least loaded first.
struct AgentsByRoom: Sendable {
    private var lists: [(capacity: Int, list: PackedList)] = []

    var count: Int { lists.reduce(0) { $0 + $1.list.count } }

    mutating func add(_ slot: Int, load: Int, capacity: Int) {
        if let place = lists.firstIndex(where: { $0.capacity == capacity }) {
            lists[place].list.insert(load: load, slot: slot)
        } else {
            var list = PackedList()
            list.insert(load: load, slot: slot)
            lists.append((capacity, list))
        }
    }

    mutating func remove(_ slot: Int, load: Int, capacity: Int) {
        guard let place = lists.firstIndex(where: { $0.capacity == capacity }) else {
            preconditionFailure("an agent who leaves a class stands in it")
        }
        lists[place].list.remove(load: load, slot: slot)
        if lists[place].list.isEmpty { lists.remove(at: place) }
    }

    /// Visits those whose capacity, not lessened by a landing, has room for so many units.
    func forEachWithRoom(for units: Int, _ body: (_ slot: Int) -> Void) {
        for (capacity, list) in lists {
            list.forEach { load, slot in
                guard load == 0 || load + units <= capacity else { return false }
                body(slot)
                return true
            }
        }
    }

    /// Visits those without such room, the least loaded of each capacity first, until the body returns false.
    func forEachWithoutRoom(for units: Int, _ body: (_ load: Int, _ slot: Int) -> Bool) {
        for (capacity, list) in lists { list.forEach(from: max(1, capacity - units + 1), body) }
    }
}

/// What decides, besides needs, whether an agent can be asked: the same for all members of a group.
struct WaitingGroup: Hashable, Sendable, BitwiseCopyable {
    enum Hold: UInt8, Sendable, BitwiseCopyable {
        case never, running, over
    }

    /// Number of the queue in the ``QueueTable``.
    var queue: UInt32
    var units: UInt16
    /// Hard and not about danger: soft tests may keep it from an agent.
    var isHard: Bool
    /// About danger: no soft test, and no reservation for others, stands in its way.
    var isSafety: Bool
    var hold: Hold
    /// An agent is reserved for it.
    var isReserved: Bool
    /// It should have been answered by now.
    var isLate: Bool
}
