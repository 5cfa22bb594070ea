import Glibc
import KapwaDomain
import Synchronization

/// The daemon's clock: it never goes back, and it counts while the machine sleeps.
///
/// `now` = anchor + CLOCK_BOOTTIME, where the anchor is the later of the last journaled instant and the wall clock at
/// start, less CLOCK_BOOTTIME at start. A wall clock that is set back does not reach it.
final class DaemonClock: Sendable {
    private let anchor: Milliseconds
    private let factor: Int64

    /// - Parameters:
    ///   - lastEvent: time of the last journaled event.
    ///   - speed: how many times faster than the real one it runs; 1 but for demonstrations.
    init(notBefore lastEvent: Instant, speed: Int = 1) {
        precondition(speed >= 1, "time does not stand still")
        factor = Int64(speed)
        anchor = max(lastEvent, Self.wall()).milliseconds - Self.sinceBoot() * factor
    }

    var now: Instant { Instant(milliseconds: anchor + Self.sinceBoot() * factor) }

    /// Real time until an instant of this clock, never negative.
    func realTime(until instant: Instant) -> Milliseconds { max(0, (instant - now + factor - 1) / factor) }

    static func wall() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    static func sinceBoot() -> Milliseconds { Int64(nanosecondsSinceBoot() / 1_000_000) }

    /// For measuring how long something took.
    static func nanosecondsSinceBoot() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
