/// What a site's own system counted, averaged over the days of its export.
public struct History: Sendable, Hashable {
    /// Conversations per half hour of an average day; 48 of them.
    public var arrivals: [Double]
    /// Mean handle time per half hour in seconds; 0 where nothing was handled.
    public var handleSeconds: [Double]
    /// Conversations of an average day, those that were answered, and those that gave up.
    public var arrived: Double
    public var handled: Double
    public var abandoned: Double
    /// Days in the export.
    public var days: Int

    /// Mean handle time over the day in seconds, 0 when nothing was handled.
    public var meanHandleSeconds: Double {
        let weighed = zip(arrivals, handleSeconds).filter { $0.1 > 0 }
        let count = weighed.reduce(0) { $0 + $1.0 }
        return count > 0 ? weighed.reduce(0) { $0 + $1.0 * $1.1 } / count : 0
    }

    public var profile: ArrivalProfile { ArrivalProfile(perHalfHour: arrivals) }
}

/// Why a history file cannot be used: where, what, and what would be right.
public struct HistoryError: Error, Hashable, Sendable, CustomStringConvertible {
    public var file: String
    /// From 1.
    public var line: Int
    public var message: String

    public var description: String { "\(file):\(line): \(message)" }
}

/// Everything that is wrong with a history file, in the order of the lines.
public struct HistoryErrors: Error, Hashable, Sendable {
    public var errors: [HistoryError]
}
