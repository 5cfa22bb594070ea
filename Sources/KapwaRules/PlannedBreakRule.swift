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
    /// - Returns: Breaks that repeat are laid out as if each were taken when it is first due.
    public func plan(from start: Instant, to end: Instant, mealAt: Instant? = nil) -> [PlannedBreak] {
        guard start < end else { return [] }
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
                breaks.append(Self.planned(rule, index, window.earliest, window.startBy))
            case .every(let work, let within):
                guard work > 0 else { continue }
                var due = start + work
                while due + .minutes(Int64(rule.minutes)) <= end, breaks.count < Limits.plannedBreaksPerShiftMax {
                    breaks.append(Self.planned(rule, index, due, due + within))
                    due = due + .minutes(Int64(rule.minutes)) + work
                }
            }
        }
        return breaks.sorted { ($0.earliest, $0.startBy, $0.rule) < ($1.earliest, $1.startBy, $1.rule) }
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
