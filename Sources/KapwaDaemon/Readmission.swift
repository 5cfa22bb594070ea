import KapwaDomain

/// When somebody who was refused for want of room may come back: in turn, at the pace at which commands are carried out.
///
/// Everybody refused gets a turn of their own behind those who were told before. Whoever keeps to it meets a backlog that
/// has been worked off by then, unless others send more in the meantime.
struct Readmission {
    /// Until any were counted: fewer than any machine carries out, so that nobody comes back too early.
    private static let perSecondAtFirst = 2_000.0
    /// Busy seconds after which what was measured before counts for half.
    private static let memory = 1.0

    /// Commands carried out in a second of work.
    private(set) var perSecond = Self.perSecondAtFirst
    /// Until when turns are given away, in nanoseconds since boot.
    private var promised: UInt64 = 0

    /// Notes what a turn of work brought about.
    ///
    /// - Parameter commands: carried out, not refused.
    mutating func worked(_ commands: Int, nanoseconds: UInt64) {
        guard commands > 0, nanoseconds > 0 else { return }
        let seconds = Double(nanoseconds) / 1e9
        let weight = seconds / (seconds + Self.memory)
        perSecond += (Double(commands) / seconds - perSecond) * weight
    }

    /// There is room: whoever was told to wait gets in at any time.
    mutating func thereIsRoom() { promised = 0 }

    /// How long the next one who is refused should wait, within ``Limits/retryAfter``.
    ///
    /// - Parameter excess: commands that wait beyond the mark that refused it.
    /// - Parameter now: nanoseconds since boot.
    mutating func wait(excess: Int, at now: UInt64) -> Milliseconds {
        let bounds = Limits.retryAfter
        let latest = now + UInt64(bounds.upperBound) * 1_000_000
        let drained = now + Self.nanoseconds(Double(max(0, excess)) / perSecond)
        let turn = min(max(promised, drained), latest)
        promised = turn + Self.nanoseconds(1 / perSecond)
        return min(max(Milliseconds((turn - now + 999_999) / 1_000_000), bounds.lowerBound), bounds.upperBound)
    }

    private static func nanoseconds(_ seconds: Double) -> UInt64 { UInt64(min(seconds, 3_600) * 1e9) }
}
