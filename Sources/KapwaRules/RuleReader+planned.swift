import KapwaDomain

extension RuleReader {
    func plannedBreak(_ field: Field) -> PlannedBreakRule? {
        guard let section = field.section(keys: RuleKeys.planned) else { return nil }
        let kind = section.required("kind", example: "rest").flatMap(plannedKind)
        let length = section.required("length", example: "15m").flatMap { minutes($0, in: Limits.breakMinutes) }
        let timing = timing(section)
        let shiftAtLeast = section["shift_at_least"]?.duration(in: 0...(.hours(24))) ?? 0
        let away = section["away_from_station"]?.flag() ?? false
        let paid = section["paid"]?.flag() ?? true
        guard let kind, let length, let timing else { return nil }
        if !paid, kind != .meal || length < Limits.unpaidMealMinutesMin {
            section["paid"]?.report(
                kind == .meal ? "a shortened meal is working time" : "a break of kind \(kind.rawValue) is working time",
                fix: "write true; only a meal of \(Limits.unpaidMealMinutesMin)m or more may be unpaid")
        }
        let minimum = section["minimum"].flatMap { minutes($0, in: 1...length) } ?? length
        if kind == .meal, minimum < length {
            section["minimum"]?.report("a meal is never shortened", fix: "leave the key out")
        }
        let rule = PlannedBreakRule(
            kind: kind, minutes: length, paid: paid, timing: timing, shiftAtLeast: shiftAtLeast,
            minimumMinutes: minimum,
            awayFromStation: away)
        warnOfNoWindow(field, rule)
        return rule
    }

    private func plannedKind(_ field: Field) -> BreakKind? {
        let kinds: [BreakKind] = [.rest, .meal, .screen]
        if case .scalar(let text, _) = field.value.kind, let kind = kinds.first(where: { $0.rawValue == text }) {
            return kind
        }
        field.report(
            "\(field.noun) is no kind of planned break",
            fix: "write rest, meal or screen; a stress break is owed when it is needed, never planned")
        return nil
    }

    /// Either a window of the shift, or again and again after work.
    private func timing(_ section: Section) -> PlannedBreakRule.Timing? {
        let window = ["earliest", "start_by"].filter { section[$0] != nil }
        let rhythm = ["every", "within"].filter { section[$0] != nil }
        guard window.isEmpty || rhythm.isEmpty else {
            section.report(
                "\(window[0]) and \(rhythm[0]) do not go together",
                fix: "write earliest and start_by for one break a shift, every and within for one that comes again")
            return nil
        }
        if !rhythm.isEmpty {
            let work = section.required("every", example: "50m")?.duration(in: .minutes(10)...(.hours(8)))
            let within = section.required("within", example: "15m")?
                .duration(in: .minutes(1)...Limits.breakWindowMax)
            guard let work, let within else { return nil }
            return .every(work: work, within: within)
        }
        let earliest = section.required("earliest", example: "start + 1h").flatMap(moment)
        let startBy = section.required("start_by", example: "end - 1h").flatMap(moment)
        guard let earliest, let startBy else { return nil }
        switch (earliest, startBy) {
        case (.afterStart(let first), .afterStart(let last)) where first > last,
            (.beforeEnd(let last), .beforeEnd(let first)) where first > last:
            section["start_by"]?.report("the window ends before it begins", fix: "let start_by come after earliest")
            return nil
        default: return .window(earliest: earliest, startBy: startBy)
        }
    }

    /// `start + 1h` or `end - 70m`.
    private func moment(_ field: Field) -> ShiftMoment? {
        if case .scalar(let text, _) = field.value.kind {
            let plain = text.filter { $0 != " " }
            if plain == "start" { return .afterStart(0) }
            let length = DurationText.read(String(plain.drop { $0 != "+" && $0 != "-" }.dropFirst()))
            if let length, length <= .hours(24) {
                if plain.hasPrefix("start+") { return .afterStart(length) }
                if plain.hasPrefix("end-") { return .beforeEnd(length) }
            }
        }
        field.report("\(field.noun) is no moment of a shift", fix: "write it as start + 1h or end - 70m")
        return nil
    }

    private func warnOfNoWindow(_ field: Field, _ rule: PlannedBreakRule) {
        guard case .window(let earliest, let startBy) = rule.timing else { return }
        if case (.beforeEnd(let before), .afterStart(let after)) = (earliest, startBy) {
            return warnOfWindowThatCloses(field, rule, after: before + after)
        }
        let start = Instant(milliseconds: 0)
        let shortest = start + max(rule.shiftAtLeast, .hours(1))
        let last = min(
            startBy.instant(from: start, to: shortest), shortest - .minutes(Int64(rule.minutes)))
        guard rule.shiftAtLeast > 0, earliest.instant(from: start, to: shortest) > last else { return }
        field.warn(
            "a shift of \(DurationText.write(rule.shiftAtLeast)) has no room for this break",
            fix: "let shift_at_least be longer, or earliest earlier")
    }

    /// A window that opens so long before the end and closes so long after the start is there in short shifts alone.
    private func warnOfWindowThatCloses(_ field: Field, _ rule: PlannedBreakRule, after longest: Milliseconds) {
        let fix = "count earliest from the start, or start_by back from the end"
        if rule.shiftAtLeast > longest {
            field.report("no shift has this break: the window ends before it begins", fix: fix)
        } else {
            field.warn(
                "a shift longer than \(DurationText.write(longest)) has no room for this break: the window ends before"
                    + " it begins", fix: fix)
        }
    }
}
