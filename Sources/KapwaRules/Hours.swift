public import KapwaDomain

/// Opening hours of a week in the clock of a place, summer time and all.
///
/// The changes of that clock are looked up once, when the rules are read; from then on this is arithmetic, the same in
/// every process.
public struct Hours: Sendable, Hashable {
    /// From this instant on the local clock is so far ahead of UTC.
    public struct ZoneShift: Sendable, Hashable {
        public var from: Instant
        public var offset: Milliseconds

        public init(from: Instant, offset: Milliseconds) {
            self.from = from
            self.offset = offset
        }
    }

    /// A day of the calendar that is not as its weekday.
    public struct Exception: Sendable, Hashable {
        /// Days since 1970-01-01.
        public var day: Int
        /// Minutes of that day, ascending, apart; none: closed.
        public var open: [Range<Int>]

        public init(day: Int, open: [Range<Int>]) {
            self.day = day
            self.open = open
        }
    }

    /// Name of the zone, as `Asia/Manila`.
    public var zone: String
    /// Ascending; what is before the first counts as the first.
    public var transitions: [ZoneShift]
    /// Monday first, always seven: minutes of the day from…<to, ascending, apart, 0…1440.
    public var week: [[Range<Int>]]
    /// Ascending by day, each day once.
    public var exceptions: [Exception]

    public init(zone: String, transitions: [ZoneShift], week: [[Range<Int>]], exceptions: [Exception] = []) {
        precondition(week.count == 7, "a week has seven days")
        precondition(!transitions.isEmpty, "a zone has a clock")
        self.zone = zone
        self.transitions = transitions
        self.week = week
        self.exceptions = exceptions
    }

    /// Whether it is open: from the first instant of an interval until just before its end.
    public func isOpen(at now: Instant) -> Bool {
        let day = localDay(of: now)
        return (day - 1...day + 1).contains { day in intervals(of: day).contains { $0.contains(now) } }
    }

    /// The first instant from `now` on at which it is open; `nil` when it never opens within two years.
    public func opens(after now: Instant) -> Instant? {
        let first = localDay(of: now) - 1
        for day in first...first + 732 {
            for interval in intervals(of: day) where interval.upperBound > now { return max(now, interval.lowerBound) }
        }
        return nil
    }

    /// The first beginning of an interval after `now`, whether it is open now or not; `nil` when there is none within
    /// two years.
    public func nextOpening(after now: Instant) -> Instant? {
        let first = localDay(of: now) - 1
        for day in first...first + 732 {
            for interval in intervals(of: day) where interval.lowerBound > now { return interval.lowerBound }
        }
        return nil
    }

    /// How much of this time it was open.
    public func openMilliseconds(from start: Instant, to end: Instant) -> Milliseconds {
        guard start < end else { return 0 }
        var sum: Milliseconds = 0
        let first = localDay(of: start) - 1
        for day in first...min(localDay(of: end) + 1, first + Self.daysLookedAtMax) {
            for interval in intervals(of: day) {
                sum += max(0, min(end, interval.upperBound) - max(start, interval.lowerBound))
            }
        }
        return sum
    }

    /// When it will have been open for so long, counted from `start`; the end of what is looked at (ten years) when
    /// that never comes.
    public func instant(after open: Milliseconds, from start: Instant) -> Instant {
        guard open > 0 else { return start }
        var left = open
        let first = localDay(of: start) - 1
        for day in first...first + Self.daysLookedAtMax {
            for interval in intervals(of: day) where interval.upperBound > start {
                let begin = max(start, interval.lowerBound)
                if interval.upperBound - begin >= left { return begin + left }
                left -= interval.upperBound - begin
            }
        }
        return start + .days(Int64(Self.daysLookedAtMax))
    }

    private static let daysLookedAtMax = 3_660

    // MARK: Days

    /// What is open on a day of the local calendar.
    private func intervals(of day: Int) -> [Range<Instant>] {
        minutes(of: day).compactMap { range in
            let begin = instant(day: day, minute: range.lowerBound)
            let end = instant(day: day, minute: range.upperBound)
            return begin < end ? begin..<end : nil
        }
    }

    private func minutes(of day: Int) -> [Range<Int>] {
        var (low, high) = (0, exceptions.count)
        while low < high {
            let middle = (low + high) / 2
            if exceptions[middle].day < day { low = middle + 1 } else { high = middle }
        }
        if low < exceptions.count, exceptions[low].day == day { return exceptions[low].open }
        // 1970-01-01 was a Thursday.
        return week[((day + 3) % 7 + 7) % 7]
    }

    private func localDay(of now: Instant) -> Int {
        let local = min(now.milliseconds, .days(3_650_000)) + offset(at: now)
        return Int((local - (local % .days(1) + .days(1)) % .days(1)) / .days(1))
    }

    // MARK: Zone

    private func offset(at now: Instant) -> Milliseconds { transitions[segment(at: now)].offset }

    private func segment(at now: Instant) -> Int {
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].from <= now { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    /// When the local clock shows a minute of a day: the first time, where it shows it twice; the moment of the change,
    /// where it leaves it out.
    private func instant(day: Int, minute: Int) -> Instant {
        let local = Int64(day) * .days(1) + Int64(minute) * .minutes(1)
        // No clock differs from UTC by more than a day.
        var index = segment(at: Instant(milliseconds: local - .days(1)))
        while true {
            let reading = Instant(milliseconds: local - transitions[index].offset)
            guard index + 1 < transitions.count else { return reading }
            let change = transitions[index + 1].from
            if reading < change { return index == 0 ? reading : max(reading, transitions[index].from) }
            index += 1
        }
    }
}

/// Hours with a name, for conditions.
public struct Shift: Sendable, Hashable {
    public var name: String
    public var hours: Hours

    public init(name: String, hours: Hours) {
        self.name = name
        self.hours = hours
    }
}
