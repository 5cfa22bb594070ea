public import KapwaDomain

/// Somebody who works by the rules, as files for checks and tests name them.
public struct AgentCard: Sendable, Hashable {
    public var id: AgentID
    public var skills: Skills
    public var team: TeamID?
    public var capacity: Int

    public init(id: AgentID, skills: Skills = .none, team: TeamID? = nil, capacity: Int = 100) {
        self.id = id
        self.skills = skills
        self.team = team
        self.capacity = capacity
    }

    public static let keys = ["id", "skills", "team", "capacity"]

    /// Reads a file `agents: [{id: ana, skills: {tagalog: 4}}, …]`; other keys on its first level are passed over, so
    /// that a file of cases can be read too.
    ///
    /// - Throws: ``RuleErrors`` with all that is wrong.
    public static func read(bytes: [UInt8], name: String) throws(RuleErrors) -> [AgentCard] {
        try StrictYAML.read(
            bytes: bytes, name: name, bytesMax: Limits.rulesFileBytesMax, keys: ["agents", "now", "cases"]
        ) { file in
            var cards: [AgentCard] = []
            let extra = ["state", "load", "ledger", "idle"]
            let agents = file.required("agents", example: "[{id: ana, skills: {tagalog: 4}}]")?
                .list(most: Limits.agentsMax)
            for field in agents ?? [] {
                guard let section = field.section(keys: keys, unlisted: extra), let card = Self.read(section) else {
                    continue
                }
                cards.append(card)
            }
            return cards
        }.value
    }

    /// The keys of ``keys`` in a section.
    public static func read(_ section: Section) -> AgentCard? {
        let id = section.required("id", example: "ana")?.identifier("agent", of: Named.Agent.self)
        var card = AgentCard(id: id ?? "")
        change(&card, section)
        return id == nil ? nil : card
    }

    /// Takes over what a section says of skills, team and capacity.
    public static func change(_ card: inout AgentCard, _ section: Section) {
        if let skills = section["skills"].flatMap(skills) { card.skills = skills }
        if let team = section["team"]?.identifier("team", of: Named.Team.self) { card.team = team }
        if let capacity = section["capacity"]?.integer(in: Limits.capacities) { card.capacity = capacity }
    }

    /// Skills with their levels.
    public static func skills(_ field: Field) -> Skills? { field.section(keys: nil).map(RuleReader.skills) }
}
