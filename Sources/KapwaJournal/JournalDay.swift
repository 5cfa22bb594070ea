public import KapwaDomain

/// A day in UTC: entries of one day share the key of what they have sealed.
public struct JournalDay: Hashable, Comparable, Sendable {
    private static let length: Milliseconds = .days(1)

    /// Days since 1970-01-01.
    public var number: Int64

    public init(number: Int64) { self.number = number }

    /// The day of an instant.
    public init(of instant: Instant) {
        let (whole, rest) = instant.milliseconds.quotientAndRemainder(dividingBy: Self.length)
        number = rest < 0 ? whole - 1 : whole
    }

    public var start: Instant { Instant(milliseconds: number * Self.length) }

    public static func < (left: JournalDay, right: JournalDay) -> Bool { left.number < right.number }
}
