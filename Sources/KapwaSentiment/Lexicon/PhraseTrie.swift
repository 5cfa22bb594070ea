/// Phrases as paths of words. An edge is a word as written, a root in any of its forms, a role, or any one word.
struct PhraseTrie: Sendable {
    /// What one step of a phrase accepts.
    enum Step: Hashable, Sendable {
        case word(Vocabulary.ID)
        case root(Vocabulary.ID)
        case role(Int)
        case any

        var key: UInt32 {
            switch self {
            case .word(let id): UInt32(id) << 2
            case .root(let id): UInt32(id) << 2 | 1
            case .role(let bit): UInt32(bit) << 2 | 2
            case .any: 3
            }
        }
    }

    /// The keys of the steps, as they stand in the edge table.
    @inline(__always)
    static func word(_ id: Vocabulary.ID) -> UInt32 { UInt32(id) << 2 }
    @inline(__always)
    static func root(_ id: Vocabulary.ID) -> UInt32 { UInt32(id) << 2 | 1 }
    @inline(__always)
    static func role(_ bit: Int) -> UInt32 { UInt32(bit) << 2 | 2 }
    static let any: UInt32 = 3

    struct Node: Sendable {
        /// The entry that ends here, −1 when none.
        var entry: Int32 = -1
        /// Roles that lead on from here.
        var roles: UInt64 = 0
        var takesAny = false
        var hasEdges = false
    }

    private(set) var nodes: [Node] = [Node()]
    private(set) var slots: [UInt64] = Array(repeating: .max, count: 1_024)
    private(set) var targets: [Int32] = Array(repeating: -1, count: 1_024)
    private var edges = 0
    /// The phrase added last, step by step, and the nodes that it leads through: the next one often begins alike.
    private var lastSteps: [UInt32] = []
    private var lastNodes: [Int32] = []
    private var lastDepth = 0

    static let start: Int32 = 0
    var count: Int { nodes.count }

    @inline(__always)
    static func slot(_ key: UInt64, _ mask: Int) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 32) & mask
    }

    @inline(__always)
    static func key(_ node: Int32, _ step: UInt32) -> UInt64 { UInt64(UInt32(node)) << 32 | UInt64(step) }

    private func child(_ node: Int32, _ step: UInt32) -> Int32 {
        let wanted = Self.key(node, step)
        let mask = slots.count - 1
        var slot = Self.slot(wanted, mask)
        while true {
            let key = slots[slot]
            if key == wanted { return targets[slot] }
            if key == .max { return -1 }
            slot = (slot + 1) & mask
        }
    }

    /// Where one step leads from the start.
    func first(_ step: UInt32) -> PhraseStart {
        let node = child(Self.start, step)
        guard node >= 0 else { return .none }
        return nodes[Int(node)].hasEdges ? .on(node) : .whole(nodes[Int(node)].entry)
    }

    /// Adds a phrase; the entry that ends on the same path already, or `nil`.
    mutating func add(_ path: [Step], entry: Int32) -> Int32? {
        var node = Self.start
        var shared = 0
        while shared < path.count, shared < lastDepth, path[shared].key == lastSteps[shared] {
            node = lastNodes[shared]
            shared += 1
        }
        while lastSteps.count < path.count {
            lastSteps.append(0)
            lastNodes.append(0)
        }
        for place in shared..<path.count {
            let known = child(node, path[place].key)
            node = known >= 0 ? known : grow(from: node, by: path[place])
            lastSteps[place] = path[place].key
            lastNodes[place] = node
        }
        lastDepth = path.count
        let present = nodes[Int(node)].entry
        if present >= 0 { return present }
        nodes[Int(node)].entry = entry
        return nil
    }

    private mutating func grow(from node: Int32, by step: Step) -> Int32 {
        let created = Int32(nodes.count)
        nodes.append(Node())
        nodes[Int(node)].hasEdges = true
        if case .role(let bit) = step { nodes[Int(node)].roles |= 1 << UInt64(bit) }
        if case .any = step { nodes[Int(node)].takesAny = true }
        insert(Self.key(node, step.key), created)
        return created
    }

    /// Sets the entry of a phrase that is there.
    mutating func replace(_ path: [Step], entry: Int32) {
        var node = Self.start
        for step in path { node = child(node, step.key) }
        nodes[Int(node)].entry = entry
    }

    private mutating func insert(_ key: UInt64, _ target: Int32) {
        edges += 1
        if edges * 2 > slots.count {
            let old = zip(slots, targets).filter { $0.0 != .max }
            slots = Array(repeating: .max, count: slots.count * 2)
            targets = Array(repeating: -1, count: slots.count)
            for (key, target) in old { place(key, target) }
        }
        place(key, target)
    }

    private mutating func place(_ key: UInt64, _ target: Int32) {
        let mask = slots.count - 1
        var slot = Self.slot(key, mask)
        while slots[slot] != .max { slot = (slot + 1) & mask }
        slots[slot] = key
        targets[slot] = target
    }
}
