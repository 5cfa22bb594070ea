/// A length of time in milliseconds.
public typealias Milliseconds = Int64

/// A point in time: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Instant: Hashable, Comparable, Sendable {
    /// Milliseconds since the epoch.
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Later than any instant that a command can name.
    public static let distantFuture = Instant(milliseconds: .max)

    public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
    public static func + (left: Self, right: Milliseconds) -> Self { Self(milliseconds: left.milliseconds + right) }
    public static func - (left: Self, right: Milliseconds) -> Self { Self(milliseconds: left.milliseconds - right) }
    public static func - (left: Self, right: Self) -> Milliseconds { left.milliseconds - right.milliseconds }
}

extension Milliseconds {
    public static func seconds(_ count: Int64) -> Milliseconds { count * 1_000 }
    public static func minutes(_ count: Int64) -> Milliseconds { count * 60_000 }
    public static func hours(_ count: Int64) -> Milliseconds { count * 3_600_000 }
    public static func days(_ count: Int64) -> Milliseconds { count * 86_400_000 }
}
