public import KapwaDomain

/// The day that every simulation plays: a Monday in Manila, from midnight to midnight.
public enum SimulatedDay {
    /// 2026-06-01T00:00:00+08:00.
    public static let begin = Instant(milliseconds: 1_780_243_200_000)
    public static let length: Milliseconds = .hours(24)
    public static let end = begin + length

    /// The minute of the day in which an instant falls; beyond midnight it goes on counting.
    public static func minute(of now: Instant) -> Int { Int((now - begin) / .minutes(1)) }
}
