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
    /// The passing ones, by capacity; within one capacity the least loaded first.
    private(set) var agents: [(capacity: Int, list: PackedList)] = []
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

    mutating func add(_ slot: Int, load: Int, capacity: Int) {
        if let place = agents.firstIndex(where: { $0.capacity == capacity }) {
            agents[place].list.insert(load: load, slot: slot)
        } else {
            var list = PackedList()
            list.insert(load: load, slot: slot)
            agents.append((capacity, list))
        }
    }

    mutating func remove(_ slot: Int, load: Int, capacity: Int) {
        guard let place = agents.firstIndex(where: { $0.capacity == capacity }) else {
            preconditionFailure("an agent who leaves a class stands in it")
        }
        agents[place].list.remove(load: load, slot: slot)
        if agents[place].list.isEmpty { agents.remove(at: place) }
    }

    /// Visits passing agents whose capacity, not lessened by a landing, has room for so many units.
    func forEachWithRoom(for units: Int, _ body: (_ slot: Int) -> Void) {
        for (capacity, list) in agents {
            list.forEach { load, slot in
                guard load == 0 || load + units <= capacity else { return false }
                body(slot)
                return true
            }
        }
    }

    /// Visits passing agents without such room, the least loaded of each capacity first, until the body returns false.
    func forEachWithoutRoom(for units: Int, _ body: (_ load: Int, _ slot: Int) -> Bool) {
        for (capacity, list) in agents { list.forEach(from: max(1, capacity - units + 1), body) }
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

/// What decides, besides needs, whether an agent can be asked: the same for all members of a group.
struct WaitingGroup: Hashable, Sendable {
    enum Hold: UInt8, Sendable {
        case never, running, over
    }

    var queue: QueueID
    var units: UInt16
    /// Hard and not about danger: soft tests may keep it from an agent.
    var isHard: Bool
    /// About danger: no soft test, and no reservation for others, stands in its way.
    var isSafety: Bool
    var hold: Hold
    /// An agent is reserved for it.
    var isReserved: Bool
}
