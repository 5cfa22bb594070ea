import KapwaDomain

/// Floors, teams, who hears of danger, and what an incident brings.
extension RuleReader {
    func floors(_ field: Field?) -> [Floor] {
        (field?.list(most: Limits.floorsMax) ?? []).compactMap { field in
            guard let section = field.section(keys: RuleKeys.floor) else { return nil }
            let least = section.required("least", example: "4")?.integer(in: 1...Limits.agentsMax)
            let skill = section["skill"]?.identifier("skill", of: Named.Skill.self)
            let level = section["level"]?.integer(in: Limits.skillLevels)
            if section["level"] != nil, section["skill"] == nil {
                section["level"]?.report("a level of no skill", fix: "name the skill, or leave the level out")
            }
            let team = section["team"]?.identifier("team", of: Named.Team.self)
            return least.map { Floor(skill: skill, level: level ?? 1, team: team, least: $0) }
        }
    }

    /// A team's policy begins with the tenant's, and changes what it names.
    func teams(_ field: Field?, _ rules: RuleSet) -> [TeamRules] {
        var teams: [TeamRules] = []
        for field in field?.list(most: Limits.teamsMax) ?? [] {
            guard let section = field.section(keys: RuleKeys.team),
                let id = section.required("id", example: "night")?.identifier("team", of: Named.Team.self)
            else { continue }
            guard !teams.contains(where: { $0.id == id }) else {
                section["id"]?.report("the team \"\(id)\" is there already", fix: "name each team once")
                continue
            }
            var team = TeamRules(id: id)
            if let routing = section["routing"]?.section(keys: RuleKeys.routing) {
                team.routingMode = routing["mode"]?.choice("mode", of: Mode.self)
            }
            if let breaks = section["breaks"] {
                var policy = rules.breaks
                var mode = rules.breaksMode
                readBreaks(breaks, into: &policy, mode: &mode)
                if policy != rules.breaks { team.breaks = policy }
                if mode != rules.breaksMode { team.breaksMode = mode }
            }
            if team == TeamRules(id: id) {
                field.warn("nothing is different for the team \"\(id)\"", fix: "leave it out")
            }
            teams.append(team)
        }
        return teams
    }

    func readEscalation(_ field: Field, into rules: inout RuleSet) {
        guard let section = field.section(keys: RuleKeys.safetyEscalation) else { return }
        if let to = section["to"]?.list(most: Limits.safetyEscalationMax) {
            if to.isEmpty { section["to"]?.report("nobody hears of danger", fix: "name at least one, as [lead]") }
            var names: [String] = []
            for field in to {
                guard let name = field.text() else { continue }
                if names.contains(name) {
                    field.report(
                        "\(quoted(name)) is told already",
                        fix: "name each one once; after the last the first is told again")
                }
                names.append(name)
            }
            rules.safetyEscalation = names
        }
        set(
            &rules.safetyRound,
            section["round"]?.duration(in: .seconds(15)...(.minutes(5)), because: ": somebody may be in danger"))
    }

    func playbooks(_ field: Field?) -> [Playbook] {
        var playbooks: [Playbook] = []
        for field in field?.list(most: Limits.playbooksMax) ?? [] {
            guard let section = field.section(keys: RuleKeys.playbook) else { continue }
            let topic = section.required("topic", example: "outage")?.text()
            let text = section.required("text", example: "what the agents do and say")?
                .text(bytes: 1...Limits.commentBytesMax)
            let announcement = section["announcement"]?.text(bytes: 1...Limits.commentBytesMax)
            let drop = skillNames(section["drop"])
            guard let topic, let text else { continue }
            guard !playbooks.contains(where: { $0.topic == topic }) else {
                section["topic"]?.report("\(quoted(topic)) has a playbook already", fix: "write one per topic")
                continue
            }
            playbooks.append(Playbook(topic: topic, text: text, announcement: announcement ?? "", drop: drop))
        }
        return playbooks
    }

    func skillNames(_ field: Field?) -> [SkillID] {
        (field?.list(most: Limits.skillsMax) ?? []).compactMap { $0.identifier("skill", of: Named.Skill.self) }
    }
}
