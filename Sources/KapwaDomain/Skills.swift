/// Skills with levels 1–5, sorted by name: what an agent has, or the least that a conversation needs.
public struct Skills: Hashable, Sendable {
    /// One skill and its level.
    public struct Entry: Hashable, Sendable {
        public var skill: SkillID
        public var level: Int

        public init(skill: SkillID, level: Int) {
            self.skill = skill
            self.level = level
        }
    }

    /// Ascending by name, each name once.
    public private(set) var entries: [Entry]

    public static let none = Skills([])

    /// Sorts; of a name that comes twice the higher level stays.
    public init(_ entries: [Entry]) {
        var sorted: [Entry] = []
        for entry in entries.sorted(by: { ($0.skill, $0.level) < ($1.skill, $1.level) }) {
            if sorted.last?.skill == entry.skill { sorted.removeLast() }
            sorted.append(entry)
        }
        self.entries = sorted
    }

    /// Takes entries that are in order already.
    package init(ascending entries: [Entry]) { self.entries = entries }

    public var isEmpty: Bool { entries.isEmpty }

    /// The level of a skill, 0 when it is missing.
    public func level(of skill: SkillID) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].skill < skill { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].skill == skill ? entries[low].level : 0
    }

    /// The first need that these skills do not meet; `nil` when all are met.
    public func firstUnmet(of needs: Skills) -> Entry? {
        needs.entries.first { level(of: $0.skill) < $0.level }
    }

    /// Both lists together, the higher level where both name a skill.
    public func merging(_ other: Skills) -> Skills {
        if other.isEmpty { return self }
        return isEmpty ? other : Skills(entries + other.entries)
    }
}

extension Skills: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (SkillID, Int)...) {
        self.init(elements.map { Entry(skill: $0.0, level: $0.1) })
    }
}

/// What the sender wants to remember about an agent or a conversation: name → value, sorted by name.
public struct Attributes: Hashable, Sendable {
    /// A scalar of JSON without fraction.
    public enum Value: Hashable, Sendable {
        case text(String)
        case integer(Int64)
        case boolean(Bool)
    }

    public struct Entry: Hashable, Sendable {
        public var name: String
        public var value: Value

        public init(name: String, value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// Ascending by name, each name once.
    public let entries: [Entry]

    public static let none = Attributes([])

    public init(_ entries: [Entry]) { self.entries = entries.sorted { $0.name < $1.name } }

    public var isEmpty: Bool { entries.isEmpty }

    public subscript(_ name: String) -> Value? { entries.first { $0.name == name }?.value }
}
