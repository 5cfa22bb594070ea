public import KapwaDomain

/// What is different for a team.
public struct TeamRules: Sendable, Hashable {
    public var id: TeamID
    /// `nil`: as for everybody.
    public var routingMode: Mode?
    /// `nil`: as for everybody.
    public var breaksMode: Mode?
    /// The team's whole policy, what it does not name already taken from the tenant's; `nil`: as for everybody.
    public var breaks: BreakPolicy?

    public init(id: TeamID) { self.id = id }
}

extension RuleSet {
    /// The break policy that holds for an agent of this team.
    public func breaks(for team: TeamID?) -> BreakPolicy { rules(of: team)?.breaks ?? breaks }

    /// The routing mode that holds for an agent of this team.
    public func routingMode(for team: TeamID?) -> Mode { rules(of: team)?.routingMode ?? routingMode }

    /// The mode of breaks that holds for an agent of this team.
    public func breaksMode(for team: TeamID?) -> Mode { rules(of: team)?.breaksMode ?? breaksMode }

    private func rules(of team: TeamID?) -> TeamRules? {
        guard let team, !teams.isEmpty else { return nil }
        var (low, high) = (0, teams.count)
        while low < high {
            let middle = (low + high) / 2
            if teams[middle].id < team { low = middle + 1 } else { high = middle }
        }
        return low < teams.count && teams[low].id == team ? teams[low] : nil
    }
}

extension [TeamRules] {
    var isSortedByTeam: Bool { zip(self, dropFirst()).allSatisfy { $0.id < $1.id } }
}

/// Ready agents that planned breaks must leave on the floor. A hard deadline wins against it, and is told.
public struct Floor: Sendable, Hashable {
    /// Only agents with this skill count; `nil`: every agent.
    public var skill: SkillID?
    /// Least level of that skill, 1…5.
    public var level: Int
    /// Only agents of this team count; `nil`: of every team.
    public var team: TeamID?
    /// So many must remain.
    public var least: Int

    public init(skill: SkillID? = nil, level: Int = 1, team: TeamID? = nil, least: Int) {
        self.skill = skill
        self.level = level
        self.team = team
        self.least = least
    }

    /// Whether an agent is one of those who are counted.
    public func counts(skills: Skills, team: TeamID?) -> Bool {
        if let wanted = self.team, wanted != team { return false }
        return skill.map { skills.level(of: $0) >= level } ?? true
    }
}

/// What an incident of a topic brings: words for everybody, and more agents who may help.
public struct Playbook: Sendable, Hashable {
    public var topic: String
    /// What the agents do, at the top of their brief.
    public var text: String
    /// What the customers are told.
    public var announcement: String
    /// While the incident runs, conversations of the topic need these skills no longer.
    public var drop: [SkillID]

    public init(topic: String, text: String, announcement: String = "", drop: [SkillID] = []) {
        self.topic = topic
        self.text = text
        self.announcement = announcement
        self.drop = drop
    }

    /// What conversations of the topic need while the incident runs.
    public func relaxed(_ needs: Skills) -> Skills { Step(after: 0, drop: drop).relaxed(needs) }
}
