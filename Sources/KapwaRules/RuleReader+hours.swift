import KapwaDomain

extension RuleReader {
    private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    func zoneName(_ field: Field) -> String? {
        guard let name = field.text(bytes: 1...64) else { return nil }
        if clocks[name] == nil { clocks[name] = ZoneClock.transitions(of: name) }
        guard clocks[name] != nil else {
            let guess = Nearest.word(to: name, in: ZoneClock.names.map { $0.lowercased() })
            let right = guess.flatMap { guess in ZoneClock.names.first { $0.lowercased() == guess } }
            field.report(
                "\(quoted(name)) is no time zone",
                fix: right.map { "did you mean \"\($0)\"?" } ?? "write the name of a place, as in Asia/Manila, or UTC")
            return nil
        }
        return name
    }

    func readShifts(_ field: Field?) {
        guard let section = field?.section(keys: nil) else { return }
        guard section.all.count <= Limits.namedShiftsMax else {
            return section.report("\(section.all.count) shifts", fix: "\(Limits.namedShiftsMax) are the most")
        }
        for (key, value) in section.all {
            guard let name = key.identifier("shift", of: Never.self), let hours = hours(value) else { continue }
            shifts.append(Shift(name: name.rawValue, hours: hours))
        }
    }

    /// The shifts that a condition names.
    func namedShifts(_ field: Field) -> Shift? {
        guard let name = field.text() else { return nil }
        if let shift = shifts.first(where: { $0.name == name }) { return shift }
        let names = shifts.map(\.name)
        let guess = Nearest.word(to: name, in: names).map { "did you mean \"\($0)\"?" }
        let known = names.isEmpty ? "define it under shifts" : "the shifts are \(names.joined(separator: ", "))"
        field.report("there is no shift \(quoted(name))", fix: guess ?? known)
        return nil
    }

    /// Opening hours: days with their intervals, in the clock of a place.
    func hours(_ field: Field) -> Hours? {
        guard let section = field.section(keys: nil) else { return nil }
        let zone = section["zone"].map(zoneName) ?? self.zone
        if section["zone"] == nil, self.zone == nil {
            field.report(
                "nobody knows which clock these hours follow", fix: "write zone: Asia/Manila here, or once for the file"
            )
        }
        var week = [[Range<Int>]](repeating: [], count: 7)
        var named: [Int: Field] = [:]
        var isWhole = true
        for (key, value) in section.all {
            guard case .scalar(let name, _) = key.value.kind, !RuleKeys.hours.contains(name) else { continue }
            guard let days = Self.days(named: name) else {
                key.report(
                    "\(quoted(name)) is no day", fix: "write mon, tue, wed, thu, fri, sat, sun, mon-fri or daily")
                continue
            }
            for day in days where named[day] != nil {
                key.report("\(Self.days[day]) is there already", fix: "give each day its hours once")
            }
            guard let intervals = intervals(value) else {
                isWhole = false
                continue
            }
            for day in days where named[day] == nil {
                named[day] = value
                for interval in intervals { Self.add(interval, to: &week, day) }
            }
        }
        check(&week, named)
        if isWhole, week.allSatisfy(\.isEmpty) {
            section.report("these hours never come", fix: "name a day, as in mon-fri: 08:00-20:00")
        }
        let exceptions = exceptions(section["dates"])
        guard let zone, let transitions = clocks[zone] else { return nil }
        return Hours(zone: zone, transitions: transitions, week: week, exceptions: exceptions)
    }

    /// `22:00-06:00` of one day ends on the next.
    private static func add(_ interval: (from: Int, to: Int), to week: inout [[Range<Int>]], _ day: Int) {
        if interval.from < interval.to {
            week[day].append(interval.from..<interval.to)
        } else {
            week[day].append(interval.from..<1_440)
            if interval.to > 0 { week[(day + 1) % 7].append(0..<interval.to) }
        }
    }

    private func check(_ week: inout [[Range<Int>]], _ named: [Int: Field]) {
        for day in 0..<7 {
            week[day].sort { $0.lowerBound < $1.lowerBound }
            guard week[day].count <= Limits.openIntervalsPerDayMax else {
                named[day]?.report(
                    "\(Self.days[day]) has \(week[day].count) intervals",
                    fix: "\(Limits.openIntervalsPerDayMax) are the most")
                continue
            }
            for (one, next) in zip(week[day], week[day].dropFirst()) where one.upperBound > next.lowerBound {
                (named[day] ?? named[(day + 6) % 7])?.report(
                    "two intervals of \(Self.days[day]) overlap", fix: "write them as one, or let one end earlier")
                break
            }
        }
    }

    private static func days(named name: String) -> [Int]? {
        if name == "daily" { return Array(0..<7) }
        let ends = name.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard (1...2).contains(ends.count), let first = days.firstIndex(of: ends[0]),
            let last = days.firstIndex(of: ends[ends.count - 1])
        else { return nil }
        return (0...((last - first + 7) % 7)).map { (first + $0) % 7 }
    }

    /// One interval, a list of them, or `closed`.
    private func intervals(_ field: Field) -> [(from: Int, to: Int)]? {
        if case .scalar("closed", _) = field.value.kind { return [] }
        if case .list = field.value.kind {
            return field.list(most: Limits.openIntervalsPerDayMax)?.compactMap(interval)
        }
        return interval(field).map { [$0] }
    }

    private func interval(_ field: Field) -> (from: Int, to: Int)? {
        if case .scalar(let text, _) = field.value.kind {
            let ends = text.split(separator: "-", omittingEmptySubsequences: false)
            if ends.count == 2, let from = CalendarDay.minute(ends[0]), let to = CalendarDay.minute(ends[1]),
                from < 1_440, from != to
            {
                return (from, to)
            }
        }
        field.report(
            "\(field.noun) is no time of day from and to",
            fix: "write it as 08:00-20:00, over midnight as 22:00-06:00, or closed")
        return nil
    }

    private func exceptions(_ field: Field?) -> [Hours.Exception] {
        guard let section = field?.section(keys: nil) else { return [] }
        guard section.all.count <= Limits.exceptionalDaysMax else {
            section.report("\(section.all.count) dates", fix: "\(Limits.exceptionalDaysMax) are the most")
            return []
        }
        var exceptions: [Hours.Exception] = []
        for (key, value) in section.all {
            guard case .scalar(let text, _) = key.value.kind, let day = CalendarDay.number(text) else {
                key.report("\(key.noun) is no date", fix: "write a day as 2026-12-25")
                continue
            }
            guard let intervals = intervals(value) else { continue }
            if intervals.contains(where: { $0.from >= $0.to }) {
                value.report(
                    "the hours of a date end at midnight", fix: "let them end at 24:00, and name the next date too")
                continue
            }
            let open = intervals.map { $0.from..<$0.to }.sorted { $0.lowerBound < $1.lowerBound }
            if zip(open, open.dropFirst()).contains(where: { $0.upperBound > $1.lowerBound }) {
                value.report("two intervals overlap", fix: "write them as one, or let one end earlier")
                continue
            }
            exceptions.append(Hours.Exception(day: day, open: open))
        }
        return exceptions.sorted { $0.day < $1.day }
    }
}
