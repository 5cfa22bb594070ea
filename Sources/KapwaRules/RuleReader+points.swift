import KapwaDomain

extension RuleReader {
    func readPoints(_ field: Field, into points: inout PointRules) {
        guard let section = field.section(keys: RuleKeys.points) else { return }
        let range = 0...Limits.pointsMax
        set(&points.hardUrgency, section["hard_urgency"]?.integer(in: range))
        set(&points.strongDistress, section["strong_distress"]?.integer(in: range))
        set(&points.familyInNeed, section["family_in_need"]?.integer(in: range))
        set(&points.badExperiences, section["bad_experiences"]?.integer(in: range))
        for own in section["own"]?.list(most: Limits.pointRulesMax) ?? [] {
            guard let rule = own.section(keys: RuleKeys.pointRule) else { continue }
            let when = rule.required("when", example: "{tags: {urgency: 0.7}}")
            let minutes = rule.required("points", example: "10")?.integer(in: 1...Limits.pointsMax)
            guard let when, let minutes else { continue }
            let condition = condition(when)
            points.own.append(PointRule(condition: condition, points: minutes))
        }
    }
}
