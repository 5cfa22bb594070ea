import KapwaDomain

/// How pieces of rules read in a sentence.
enum Words {
    /// `30 s`, `15 min`, `4 h`, `7 d`.
    static func time(_ length: Milliseconds) -> String {
        let units: [(Milliseconds, String)] = [
            (.days(1), "d"), (.hours(1), "h"), (.minutes(1), "min"), (.seconds(1), "s"), (1, "ms"),
        ]
        guard length != 0, let unit = units.first(where: { length % $0.0 == 0 }) else { return "0 s" }
        return "\(length / unit.0) \(unit.1)"
    }

    static func minutes(_ count: Int) -> String { "\(count) min" }

    /// Thousandths as percent.
    static func share(_ thousandths: Int) -> String {
        thousandths % 10 == 0 ? "\(thousandths / 10) %" : "\(thousandths / 10).\(thousandths % 10) %"
    }

    /// The place in a list, from 0.
    static func ordinal(_ place: Int) -> String {
        let names = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
        if place < names.count { return names[place] }
        let number = place + 1
        let ending =
            (11...13).contains(number % 100) ? "th" : [1: "st", 2: "nd", 3: "rd"][number % 10] ?? "th"
        return "\(number)\(ending)"
    }

    static func list(_ words: [String], _ last: String = "and") -> String {
        guard words.count > 1, let end = words.last else { return words.first ?? "nothing" }
        return words.dropLast().joined(separator: ", ") + " \(last) " + end
    }

    static func skills(_ names: [SkillID]) -> String { list(names.map(\.rawValue)) }

    static func step(_ step: Step) -> String { "after \(time(step.after)) it \(relaxes(step))" }

    static func relaxes(_ step: Step) -> String {
        let lowers = step.lower.entries.map { "\($0.skill) to \($0.level)" }
        var parts: [String] = []
        if !lowers.isEmpty { parts.append("lowers \(list(lowers))") }
        if !step.drop.isEmpty { parts.append("drops \(skills(step.drop))") }
        return list(parts)
    }

    static func condition(_ condition: Condition) -> String {
        var parts: [String] = []
        if !condition.channels.isEmpty { parts.append("by " + list(condition.channels.map(\.rawValue), "or")) }
        if !condition.topics.isEmpty { parts.append("about " + list(condition.topics, "or")) }
        if !condition.languages.isEmpty { parts.append("in " + list(condition.languages.map(\.rawValue), "or")) }
        for tag in condition.tags {
            parts.append("with \(tag.tag.rawValue) of at least \(Field.decimal(tag.atLeast.milli))")
        }
        parts += mood(condition.mood) + history(condition.history)
        for entry in condition.attributes { parts.append("\(entry.name) \(value(entry.value))") }
        if let safety = condition.safety { parts.append("in \(safety.rawValue) danger") }
        if let hours = condition.hours { parts.append("at \(self.hours(hours))") }
        if !condition.shifts.isEmpty { parts.append("in the shift " + list(condition.shifts.map(\.name), "or")) }
        return parts.isEmpty ? "everything" : parts.joined(separator: ", ")
    }

    private static func mood(_ mood: MoodCondition) -> [String] {
        var parts: [String] = []
        if !mood.trends.isEmpty { parts.append("feeling " + list(mood.trends.map(\.rawValue), "or")) }
        if let below = mood.polarityBelow { parts.append("feeling less than \(signed(below.milli))") }
        if let above = mood.polarityAbove { parts.append("feeling more than \(signed(above.milli))") }
        return parts
    }

    private static func history(_ history: HistoryCondition) -> [String] {
        var parts: [String] = []
        if let bad = history.badEpisodes { parts.append("after \(bad) bad episodes") }
        if let within = history.returningWithin { parts.append("back within \(time(within))") }
        return parts
    }

    private static func signed(_ thousandths: Int) -> String {
        (thousandths < 0 ? "-" : "") + Field.decimal(abs(thousandths))
    }

    private static func value(_ value: Attributes.Value) -> String {
        switch value {
        case .text(let text): text
        case .integer(let number): "\(number)"
        case .boolean(let flag): "\(flag)"
        }
    }

    static func hours(_ hours: Hours?) -> String {
        guard let hours else { return "always" }
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        var parts: [String] = []
        var day = 0
        while day < 7 {
            var last = day
            while last + 1 < 7, hours.week[last + 1] == hours.week[day] { last += 1 }
            if !hours.week[day].isEmpty {
                let days = day == last ? names[day] : "\(names[day])-\(names[last])"
                parts.append("\(days) \(intervals(hours.week[day]))")
            }
            day = last + 1
        }
        let dates = hours.exceptions.isEmpty ? "" : ", \(hours.exceptions.count) dates apart"
        return "\(parts.joined(separator: ", ")) in \(hours.zone)\(dates)"
    }

    private static func intervals(_ ranges: [Range<Int>]) -> String {
        ranges.map { "\(clock($0.lowerBound))-\(clock($0.upperBound))" }.joined(separator: " and ")
    }

    private static func clock(_ minute: Int) -> String {
        let (hour, rest) = (minute / 60, minute % 60)
        return "\(hour < 10 ? "0" : "")\(hour):\(rest < 10 ? "0" : "")\(rest)"
    }

    static func floor(_ floor: Floor) -> String {
        let skill = floor.skill.map { " with \($0) \(floor.level)" } ?? ""
        let team = floor.team.map { " of team \($0)" } ?? ""
        return "\(floor.least) ready agents\(skill)\(team)"
    }

    static func planned(_ rule: PlannedBreakRule) -> String {
        let what = "a \(rule.kind.rawValue) break of \(rule.minutes) min, \(rule.paid ? "paid" : "unpaid")"
        let shift = rule.shiftAtLeast > 0 ? ", in shifts of at least \(time(rule.shiftAtLeast))" : ""
        switch rule.timing {
        case .window(let earliest, let startBy):
            return "\(what), between \(moment(earliest)) and \(moment(startBy))\(shift)"
        case .every(let work, let within):
            return "\(what), after each \(time(work)) of work, within \(time(within))\(shift)"
        }
    }

    private static func moment(_ moment: ShiftMoment) -> String {
        switch moment {
        case .afterStart(0): "the start"
        case .afterStart(let length): "\(time(length)) after the start"
        case .beforeEnd(let length): "\(time(length)) before the end"
        }
    }
}
