import DequeModule
import KapwaDomain

/// Finds who could serve a conversation, and what an agent could serve, without walking over everyone.
///
/// Derived from the records, therefore no part of the digest. Dictionaries are looked up and never walked.
struct MatchingIndex: Sendable {
    /// How an agent stands to all conversations alike: the first test that fails, or none.
    enum Standing: Int, Sendable {
        case offline, away, breakOwed, onBreak, wrapUp, passing

        var isReady: Bool { self == .wrapUp || self == .passing }
    }

    /// What the index has taken in of an agent.
    struct Facts: Hashable, Sendable {
        var id: AgentID
        var team: TeamID?
        var skills: Skills
        var standing: Standing
        var load: Int
        var capacity: Int
        /// All of the agent is kept for one conversation.
        var isKept: Bool
    }

    /// The class of no needs, and that of a conversation about danger. They are never dropped.
    static let noNeeds = 0
    static let danger = 1
    static let dangerNeeds: Skills = ["safety": 1]

    private(set) var classes: [NeedsClass] = []
    private var numbers: [Skills: Int] = [:]
    private var freeNumbers: [Int] = []
    private var anchored: [SkillID: [Int]] = [:]
    private var idle: Deque<Int> = []
    private var facts: [Facts?] = []
    /// Of each agent the classes whose needs it meets, as of a version: only few classes come and go.
    private var met: [(version: Int, numbers: [Int])] = []
    /// Counts classes that came and went.
    private var version = 0
    /// Who has a skill, by level.
    private var holders: [SkillID: PackedList] = [:]
    /// Members of each team, ascending by id.
    private var teams: [TeamID?: [Int]] = [:]
    /// Agents by standing.
    private var standings = [0, 0, 0, 0, 0, 0]
    /// Classes in which at most one agent is left who is not offline: what was transferred may have to go back.
    private(set) var lonely: [Int] = []
    /// Waiting conversations that only one agent may have for now.
    private(set) var onlyFor: [AgentID: [Int]] = [:]

    init() {
        _ = number(of: .none)
        _ = number(of: Self.dangerNeeds)
    }

    func count(_ standing: Standing) -> Int { standings[standing.rawValue] }

    /// What was taken in of an agent.
    func fact(_ slot: Int) -> Facts? { slot < facts.count ? facts[slot] : nil }

    /// Members of a team, ascending by id.
    func members(of team: TeamID?) -> [Int] { teams[team] ?? [] }

    /// How many agents who meet the needs are not offline; `nil` when nothing waits with these needs.
    func present(_ needs: Skills) -> Int? { numbers[needs].map { classes[$0].present } }

    /// Whether anybody who meets the needs is not offline, whether anything waits with these needs or ever did.
    func isAnyonePresent(meeting needs: Skills) -> Bool {
        if let present = present(needs) { return present > 0 }
        var isFound = false
        guard let anchor = needs.entries.min(by: { holderCount($0.skill) < holderCount($1.skill) }) else {
            return isFound
        }
        holders[anchor.skill]?.forEach(from: anchor.level) { _, slot in
            if let agent = facts[slot], agent.standing != .offline, agent.skills.firstUnmet(of: needs) == nil {
                isFound = true
            }
            return !isFound
        }
        return isFound
    }

    /// The classes whose needs an agent meets.
    func numbers(metBy slot: Int) -> [Int] {
        if met[slot].version == version { return met[slot].numbers }
        return facts[slot].map { numbers(metBy: $0.skills) } ?? []
    }

    private func numbers(metBy skills: Skills) -> [Int] {
        var met = [Self.noNeeds]
        for entry in skills.entries {
            for number in anchored[entry.skill] ?? []
            where skills.firstUnmet(of: classes[number].needs) == nil { met.append(number) }
        }
        return met
    }

    mutating func takeLonely() -> [Int] {
        var taken: [Int] = []
        swap(&taken, &lonely)
        return taken
    }

    // MARK: Classes

    /// The class of these needs; made when there is none yet.
    mutating func number(of needs: Skills) -> Int {
        if let known = numbers[needs] { return known }
        version += 1
        let anchor = needs.entries.min { holderCount($0.skill) < holderCount($1.skill) }
        let number = freeNumbers.popLast() ?? classes.count
        var new = NeedsClass(needs: needs, anchor: anchor?.skill)
        if let anchor {
            anchored[anchor.skill, default: []].append(number)
            holders[anchor.skill]?.forEach(from: anchor.level) { _, slot in
                if let agent = facts[slot], agent.skills.firstUnmet(of: needs) == nil { new.count(slot, agent, 1) }
                return true
            }
        }
        if number == classes.count { classes.append(new) } else { classes[number] = new }
        numbers[needs] = number
        noteIfIdle(number)
        return number
    }

    /// Visits the agents who have a skill at any level, until the body returns false.
    func forEachHolder(of skill: SkillID, _ body: (Int) -> Bool) {
        holders[skill]?.forEach { _, slot in body(slot) }
    }

    private func holderCount(_ skill: SkillID) -> Int { holders[skill]?.count ?? 0 }

    /// Classes in which nothing waits are kept for a while: they tend to come again.
    private mutating func noteIfIdle(_ number: Int) {
        guard number > Self.danger, classes[number].waiting == 0, !classes[number].isIdle else { return }
        classes[number].isIdle = true
        idle.append(number)
        while idle.count > Limits.idleNeedsMax, let oldest = idle.popFirst() {
            classes[oldest].isIdle = false
            if classes[oldest].waiting == 0 { drop(oldest) }
        }
    }

    private mutating func drop(_ number: Int) {
        version += 1
        numbers[classes[number].needs] = nil
        if let anchor = classes[number].anchor {
            anchored[anchor]?.removeAll { $0 == number }
            if anchored[anchor]?.isEmpty == true { anchored[anchor] = nil }
        }
        classes[number] = NeedsClass(needs: .none, anchor: nil)
        freeNumbers.append(number)
    }

    // MARK: Agents

    /// Takes in what an agent has become; `nil` for one who is gone.
    mutating func update(_ slot: Int, _ new: Facts?) {
        while facts.count <= slot {
            facts.append(nil)
            met.append((0, []))
        }
        let old = facts[slot]
        guard old != new else { return }
        if old?.team != new?.team || old?.id != new?.id { move(slot, from: old, to: new) }
        facts[slot] = new
        if let old { standings[old.standing.rawValue] -= 1 }
        if let new { standings[new.standing.rawValue] += 1 }
        if let old, let new, old.skills == new.skills {
            // Of whom no conversation could be offered to, the classes count no more than how they stand.
            if old.standing == new.standing && new.standing != .passing { return }
            for number in refreshedNumbers(slot, new.skills) {
                classes[number].count(slot, old, -1)
                classes[number].count(slot, new, 1)
                if old.standing != .offline && new.standing == .offline { noteIfLonely(number) }
            }
            return
        }
        for entry in old?.skills.entries ?? [] {
            holders[entry.skill]?.remove(load: entry.level, slot: slot)
            if holders[entry.skill]?.isEmpty == true { holders[entry.skill] = nil }
        }
        for entry in new?.skills.entries ?? [] {
            holders[entry.skill, default: PackedList()].insert(load: entry.level, slot: slot)
        }
        if let old {
            for number in numbers(metBy: old.skills) {
                classes[number].count(slot, old, -1)
                noteIfLonely(number)
            }
        }
        met[slot] = (0, [])
        if let new { for number in refreshedNumbers(slot, new.skills) { classes[number].count(slot, new, 1) } }
    }

    /// The classes that these skills of an agent meet, found anew if any came or went.
    private mutating func refreshedNumbers(_ slot: Int, _ skills: Skills) -> [Int] {
        if met[slot].version != version { met[slot] = (version, numbers(metBy: skills)) }
        return met[slot].numbers
    }

    private mutating func noteIfLonely(_ number: Int) {
        if classes[number].present <= 1 && classes[number].waiting > 0 { lonely.append(number) }
    }

    private mutating func move(_ slot: Int, from old: Facts?, to new: Facts?) {
        if let old {
            teams[old.team]?.removeAll { $0 == slot }
            if teams[old.team]?.isEmpty == true { teams[old.team] = nil }
        }
        guard let new else { return }
        let members = teams[new.team] ?? []
        var low = 0
        var high = members.count
        while low < high {
            let middle = (low + high) / 2
            if let id = facts[members[middle]]?.id, id < new.id { low = middle + 1 } else { high = middle }
        }
        teams[new.team, default: []].insert(slot, at: low)
    }

    // MARK: Conversations

    /// - Parameter only: the one agent who may have it for now.
    mutating func file(_ slot: Int, _ key: RankedList.Key, _ place: FiledPlace, only: AgentID?) {
        if let only {
            onlyFor[only, default: []].append(slot)
            classes[place.number].waiting += 1
        } else {
            classes[place.number].file(slot, key, place.group)
        }
    }

    mutating func unfile(_ slot: Int, _ key: RankedList.Key, _ place: FiledPlace, only: AgentID?) {
        if let only {
            onlyFor[only]?.removeAll { $0 == slot }
            if onlyFor[only]?.isEmpty == true { onlyFor[only] = nil }
            classes[place.number].waiting -= 1
        } else {
            classes[place.number].unfile(key, place.group)
        }
        noteIfIdle(place.number)
    }
}

/// Where a waiting conversation stands in the index.
struct FiledPlace: Hashable, Sendable, BitwiseCopyable {
    private var classNumber: Int32
    var group: WaitingGroup

    /// The class of its needs.
    var number: Int { Int(classNumber) }

    init(number: Int, group: WaitingGroup) {
        classNumber = Int32(number)
        self.group = group
    }
}

extension NeedsClass {
    /// Counts an agent who meets the needs in, or out.
    mutating func count(_ slot: Int, _ agent: MatchingIndex.Facts, _ change: Int) {
        known += change
        if agent.standing != .offline { present += change }
        if agent.standing.isReady { ready += change }
        guard agent.standing == .passing else { return }
        passing += change
        switch (agent.isKept, change > 0) {
        case (false, true): agents.add(slot, load: agent.load, capacity: agent.capacity)
        case (false, false): agents.remove(slot, load: agent.load, capacity: agent.capacity)
        case (true, true): kept.add(slot, load: agent.load, capacity: agent.capacity)
        case (true, false): kept.remove(slot, load: agent.load, capacity: agent.capacity)
        }
    }
}
