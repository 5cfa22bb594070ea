public import KapwaDomain

/// A moment of a shift, counted from its start or back from its end.
public enum ShiftMoment: Sendable, Hashable {
    case afterStart(Milliseconds)
    case beforeEnd(Milliseconds)

    /// When that is in a shift.
    public func instant(from start: Instant, to end: Instant) -> Instant {
        switch self {
        case .afterStart(let length): start + length
        case .beforeEnd(let length): end - length
        }
    }
}

/// A break that every shift of a kind has, or that work at the screen brings again and again.
public struct PlannedBreakRule: Sendable, Hashable {
    public enum Timing: Sendable, Hashable {
        /// Once a shift, begun between these moments; a shift too short to have the window has no such break.
        case window(earliest: ShiftMoment, startBy: ShiftMoment)
        /// Each time so much work went by without a break; it starts within this time.
        case every(work: Milliseconds, within: Milliseconds)
    }

    /// `rest`, `meal` or `screen`.
    public var kind: BreakKind
    /// 1…240.
    public var minutes: Int
    /// Only a meal of at least an hour may be unpaid.
    public var paid: Bool
    public var timing: Timing
    /// Only shifts at least so long have it.
    public var shiftAtLeast: Milliseconds
    /// Before this nobody can end it, not even the agent; at most ``minutes``.
    public var minimumMinutes: Int
    /// Taken away from the place of work.
    public var awayFromStation: Bool

    public init(
        kind: BreakKind, minutes: Int, paid: Bool = true, timing: Timing, shiftAtLeast: Milliseconds = 0,
        minimumMinutes: Int? = nil, awayFromStation: Bool = false
    ) {
        self.kind = kind
        self.minutes = minutes
        self.paid = paid
        self.timing = timing
        self.shiftAtLeast = shiftAtLeast
        self.minimumMinutes = minimumMinutes ?? minutes
        self.awayFromStation = awayFromStation
    }

    /// The meal of the preset `ph-labor-code`: an hour, unpaid, begun by the fifth hour of work.
    public static let philippineMeal = PlannedBreakRule(
        kind: .meal, minutes: 60, paid: false,
        timing: .window(earliest: .afterStart(.hours(3)), startBy: .afterStart(.hours(5))), shiftAtLeast: .hours(6))
}

/// A break of one shift: begins in its window.
public struct PlannedBreak: Sendable, Hashable {
    /// Place of its rule in ``BreakPolicy/planned``.
    public var rule: Int
    public var kind: BreakKind
    public var minutes: Int
    public var paid: Bool
    public var minimumMinutes: Int
    public var earliest: Instant
    public var startBy: Instant
}

extension BreakPolicy {
    /// The breaks that a shift plans, in the order of their windows.
    ///
    /// - Parameter mealAt: When the agent is to eat, if the shift says so: the meal may begin then, and no later than
    ///   half an hour after, as far as its rule allows.
    /// - Returns: Breaks that repeat are laid out as if each were taken when it is first due; those of which each shift
    ///   has one leave room for each other.
    public func plan(from start: Instant, to end: Instant, mealAt: Instant? = nil) -> [PlannedBreak] {
        let (inTurn, others, _) = planInTurn(from: start, to: end, mealAt: mealAt)
        return (inTurn + others).sorted {
            ($0.earliest, $0.startBy, $0.rule) < ($1.earliest, $1.startBy, $1.rule)
        }
    }

    /// Rules whose break a shift of this length cannot begin inside its window, because others are in the way.
    public func crowded(shift: Milliseconds) -> [PlannedBreakRule] {
        let start = Instant(milliseconds: 0)
        return planInTurn(from: start, to: start + shift, mealAt: nil).crowded.map { planned[$0] }
    }

    private func planInTurn(
        from start: Instant, to end: Instant, mealAt: Instant?
    ) -> (inTurn: [PlannedBreak], others: [PlannedBreak], crowded: [Int]) {
        guard start < end else { return ([], [], []) }
        var windows: [PlannedBreak] = []
        var breaks: [PlannedBreak] = []
        for (index, rule) in planned.enumerated() where end - start >= rule.shiftAtLeast {
            switch rule.timing {
            case .window(let earliest, let startBy):
                var window = (
                    earliest: max(start, earliest.instant(from: start, to: end)),
                    startBy: min(startBy.instant(from: start, to: end), end - .minutes(Int64(rule.minutes)))
                )
                guard window.earliest <= window.startBy else { continue }
                if rule.kind == .meal, let mealAt {
                    window.earliest = min(max(mealAt, window.earliest), window.startBy)
                    window.startBy = min(window.startBy, window.earliest + Self.mealWindow)
                }
                windows.append(Self.planned(rule, index, window.earliest, window.startBy))
            case .every(let work, let within):
                guard work > 0 else { continue }
                var due = start + work
                while due + .minutes(Int64(rule.minutes)) <= end, breaks.count < Limits.plannedBreaksPerShiftMax {
                    breaks.append(Self.planned(rule, index, due, due + within))
                    due = due + .minutes(Int64(rule.minutes)) + work
                }
            }
        }
        let crowded = Self.takeTurns(&windows, until: end)
        return (windows, breaks, crowded)
    }

    /// Has the breaks of one shift begin one after the other, the earliest deadline first: each begins by when the next
    /// one still can in its window. One whose window is over before its turn begins right after the one before it, if
    /// the shift lasts that long.
    ///
    /// - Returns: Rules of those whose windows are over before their turn.
    private static func takeTurns(_ breaks: inout [PlannedBreak], until end: Instant) -> [Int] {
        breaks.sort { ($0.startBy, $0.earliest, $0.rule) < ($1.startBy, $1.earliest, $1.rule) }
        var crowded: [Int] = []
        var first: [Instant] = []
        for place in breaks.indices {
            var begin = breaks[place].earliest
            if place > 0 { begin = max(begin, first[place - 1] + .minutes(Int64(breaks[place - 1].minutes))) }
            if begin > breaks[place].startBy {
                crowded.append(breaks[place].rule)
                breaks[place].earliest = begin
                breaks[place].startBy = begin
            }
            first.append(begin)
        }
        for place in breaks.indices.dropLast().reversed() {
            let last = breaks[place + 1].startBy - .minutes(Int64(breaks[place].minutes))
            breaks[place].startBy = max(first[place], min(breaks[place].startBy, last))
        }
        breaks.removeAll { $0.startBy >= end }
        return crowded
    }

    /// A meal at a named time begins within this of it.
    public static let mealWindow: Milliseconds = .minutes(30)

    private static func planned(
        _ rule: PlannedBreakRule, _ index: Int, _ earliest: Instant, _ startBy: Instant
    ) -> PlannedBreak {
        PlannedBreak(
            rule: index, kind: rule.kind, minutes: rule.minutes, paid: rule.paid, minimumMinutes: rule.minimumMinutes,
            earliest: earliest, startBy: startBy)
    }
}
