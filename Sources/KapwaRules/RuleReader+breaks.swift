import KapwaDomain

extension RuleReader {
    private static let breakKeys = [
        "mode", "threshold", "length", "grave_length", "insult_length", "minimum", "start_within", "paid",
    ]

    /// What no rule may set: the promise to the people who answer is the same on every floor.
    func readBreaks(_ field: Field, into rules: inout RuleSet) {
        guard let section = field.section(keys: Self.breakKeys) else { return }
        let longest = Limits.breakMinutes.upperBound
        set(&rules.breaksMode, section["mode"]?.choice("mode", of: Mode.self))
        set(
            &rules.breaks.threshold,
            section["threshold"]?.thousandths(
                in: Limits.breakThresholds, because: ": after six hard contacts a break is overdue"))
        let floor = Limits.stressBreakMinutesMin
        let short = ": a stress break lasts at least \(floor)m"
        set(&rules.breaks.minutes, section["length"].flatMap { minutes($0, in: floor...longest, because: short) })
        set(
            &rules.breaks.graveMinutes,
            section["grave_length"].flatMap { minutes($0, in: floor...longest, because: short) })
        set(&rules.breaks.insultMinutes, section["insult_length"].flatMap { minutes($0, in: 1...60) })
        set(
            &rules.breaks.minimumMinutes,
            section["minimum"].flatMap { minutes($0, in: floor...longest, because: short) })
        set(
            &rules.breaks.startWithin,
            section["start_within"]?.duration(
                in: .minutes(1)...Limits.breakWindowMax, because: ": a break that starts later helps nobody"))
        if let paid = section["paid"], paid.flag() == false {
            paid.report("a stress break is always paid", fix: "write true, or leave the key out")
        }
        checkLengths(section, rules.breaks)
    }

    private func checkLengths(_ section: Section, _ policy: BreakPolicy) {
        let shortest = min(policy.minutes, policy.graveMinutes)
        if policy.minimumMinutes > shortest {
            (section["minimum"] ?? section["length"] ?? section["grave_length"])?.report(
                "a break of \(shortest)m is shorter than its minimum of \(policy.minimumMinutes)m",
                fix: "let minimum be at most length and grave_length")
        }
        if policy.graveMinutes < policy.minutes {
            (section["grave_length"] ?? section["length"])?.warn(
                "the break after a threat or a safety contact is shorter than the ordinary one",
                fix: "let grave_length be at least length")
        }
    }

    /// A length of time in whole minutes.
    private func minutes(_ field: Field, in range: ClosedRange<Int>, because reason: String = "") -> Int? {
        let allowed: ClosedRange<Milliseconds> = .minutes(Int64(range.lowerBound))...(.minutes(Int64(range.upperBound)))
        guard let length = field.duration(in: allowed, because: reason) else { return nil }
        guard length % .minutes(1) == 0 else {
            field.report("\(DurationText.write(length)) is not in whole minutes", fix: "write minutes as in 10m")
            return nil
        }
        return Int(length / .minutes(1))
    }

    func readPoints(_ field: Field, into points: inout PointRules) {
        let keys = ["hard_urgency", "strong_distress", "family_in_need", "bad_experiences", "own"]
        guard let section = field.section(keys: keys) else { return }
        let range = 0...Limits.pointsMax
        set(&points.hardUrgency, section["hard_urgency"]?.integer(in: range))
        set(&points.strongDistress, section["strong_distress"]?.integer(in: range))
        set(&points.familyInNeed, section["family_in_need"]?.integer(in: range))
        set(&points.badExperiences, section["bad_experiences"]?.integer(in: range))
        for own in section["own"]?.list(most: Limits.pointRulesMax) ?? [] {
            guard let rule = own.section(keys: ["when", "points"]) else { continue }
            let when = rule.required("when", example: "{tags: {urgency: 0.7}}")
            let minutes = rule.required("points", example: "10")?.integer(in: 1...Limits.pointsMax)
            guard let when, let minutes else { continue }
            let condition = condition(when)
            warnOfShouting(when, condition)
            points.own.append(PointRule(condition: condition, points: minutes))
        }
    }

    /// Who shouts must not be served before who waits: then everybody learns to shout.
    private func warnOfShouting(_ field: Field, _ condition: Condition) {
        for tag in condition.tags.map(\.tag) where [.frustration, .abuse, .threat].contains(tag) {
            field.warn(
                "points for \(tag.rawValue) reward shouting",
                fix: "use urgency or distress; let a route on \(tag.rawValue) choose who answers, not when")
        }
    }
}
