import KapwaDomain

/// How fast a queue moves: the times between its last services, for estimates of a wait. Decides nothing.
struct ServicePace: Sendable {
    private(set) var lastServedAt: Instant?
    /// The last ``Limits/serviceIntervalsMax`` intervals; the oldest stands at ``next`` once there are so many.
    private var intervals: [Milliseconds] = []
    private var next = 0

    mutating func noteServed(at now: Instant) {
        if let last = lastServedAt {
            if intervals.count < Limits.serviceIntervalsMax {
                intervals.append(now - last)
            } else {
                intervals[next] = now - last
                next = (next + 1) % Limits.serviceIntervalsMax
            }
        }
        lastServedAt = now
    }

    /// What so many services in a row take, in half and in nine tenths of all cases; `nil` while nothing is known.
    ///
    /// For few services what so many in a row took lately; for more than a quarter of what is remembered the mean, and
    /// 1.2816 standard deviations of a sum above it.
    func wait(position: Int, at now: Instant) -> (p50: Milliseconds, p90: Milliseconds)? {
        guard !intervals.isEmpty, position > 0 else { return nil }
        var sample = intervals
        // An interval that is still running counts as soon as it is longer than is usual.
        if let last = lastServedAt, let longest = sample.max(), now - last > longest { sample.append(now - last) }
        let count = sample.count
        if position == 1 || position * 4 <= count { return Self.sums(sample, of: position) }
        let mean = sample.reduce(0, +) / Int64(count)
        let variance = sample.reduce(Int64(0)) {
            $0 + min(abs($1 - mean), 1 << 28) * min(abs($1 - mean), 1 << 28) / Int64(count)
        }
        let spread = Self.root(min(variance, Int64.max / Int64(position)) * Int64(position))
        return (mean * Int64(position), mean * Int64(position) + spread * 12_816 / 10_000)
    }

    /// Middle and ninth tenth of the sums of so many intervals in a row, wherever they begin.
    private static func sums(_ sample: [Milliseconds], of length: Int) -> (p50: Milliseconds, p90: Milliseconds) {
        var sums: [Milliseconds] = []
        for begin in sample.indices {
            var sum: Milliseconds = 0
            for offset in 0..<length { sum += sample[(begin + offset) % sample.count] }
            sums.append(sum)
        }
        sums.sort()
        return (sums[(sums.count - 1) / 2], sums[(sums.count - 1) * 9 / 10])
    }

    /// The root, rounded down.
    private static func root(_ value: Int64) -> Int64 {
        var root: Int64 = 0
        var bit: Int64 = 1 << 30
        while bit > 0 {
            let candidate = root + bit
            if candidate * candidate <= value { root = candidate }
            bit >>= 1
        }
        return root
    }
}

extension ServicePace: Saved {
    static var blank: ServicePace { ServicePace() }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&lastServedAt)
        pass.field(&intervals)
        pass.field(&next)
        if pass.isReading, next < 0 || next > intervals.count { pass.fail() }
    }
}
