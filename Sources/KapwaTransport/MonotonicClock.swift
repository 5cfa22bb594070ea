import Glibc
import KapwaDomain

/// Milliseconds of a clock that is never set, for deadlines on this host.
enum MonotonicClock {
    static func now() -> Milliseconds {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Milliseconds(time.tv_sec) * 1_000 + Milliseconds(time.tv_nsec) / 1_000_000
    }
}
