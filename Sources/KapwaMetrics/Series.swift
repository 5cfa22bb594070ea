public import Synchronization

/// One line of a counter: only ever grows. Resolve it once, keep it, add to it from any thread.
public final class CounterSeries: Sendable {
    @usableFromInline let value = Atomic<UInt64>(0)

    init() {}

    /// Counts; a count below zero is none.
    @inlinable
    public func add(_ count: Int = 1) {
        guard count > 0 else { return }
        value.wrappingAdd(UInt64(count), ordering: .relaxed)
    }

    /// What was counted since the process started.
    public var count: UInt64 { value.load(ordering: .relaxed) }
}

/// One line of a gauge: a figure as it is now.
public final class GaugeSeries: Sendable {
    @usableFromInline let bits = Atomic<UInt64>(0)

    init() {}

    @inlinable
    public func set(_ figure: Double) { bits.store(figure.bitPattern, ordering: .relaxed) }
    public func set(_ figure: Int) { set(Double(figure)) }
    public func set(_ figure: Int64) { set(Double(figure)) }
    public func set(_ holds: Bool) { set(holds ? 1 : 0) }

    /// Adds to the figure; below zero takes away.
    public func add(_ change: Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + change).bitPattern
            let (exchanged, current) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = current
        }
    }

    public var figure: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
}

/// One distribution: how many observations fell up to each bound, how many there were, and their sum.
///
/// Observations are whole ticks (milliseconds, nanoseconds, events), so that the sum is exact whatever the order.
public final class HistogramSeries: Sendable {
    /// What every series of a family has in common.
    public struct Buckets: Sendable, Hashable {
        /// Ascending upper bounds in ticks, each included in its bucket.
        let bounds: [Int64]
        /// Ticks that make one unit of the family: 1000 where seconds are fed in milliseconds. A power of ten.
        let ticksPerUnit: Int64

        /// - Precondition: at least one bound, ascending; `ticksPerUnit` a power of ten.
        public init(_ bounds: [Int64], ticksPerUnit: Int64) {
            precondition(!bounds.isEmpty && zip(bounds, bounds.dropFirst()).allSatisfy(<), "bounds must ascend")
            precondition(
                ticksPerUnit > 0 && String(ticksPerUnit).dropFirst().allSatisfy { $0 == "0" }
                    && String(ticksPerUnit).first == "1", "ticks are decimal parts of a unit")
            self.bounds = bounds
            self.ticksPerUnit = ticksPerUnit
        }
    }

    struct State: Sendable {
        /// One more than there are bounds: the last is for what is above them all. Not cumulative.
        var counts: [UInt64]
        var sum: Int128 = 0
    }

    let buckets: Buckets
    private let state: Mutex<State>

    init(_ buckets: Buckets) {
        self.buckets = buckets
        state = Mutex(State(counts: Array(repeating: 0, count: buckets.bounds.count + 1)))
    }

    /// Adds one observation in ticks. A negative one (a clock that was set back) counts as zero: sums never shrink.
    public func observe(_ ticks: Int64) {
        let value = max(0, ticks)
        var low = 0
        var high = buckets.bounds.count
        while low < high {
            let middle = (low + high) / 2
            if buckets.bounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        // Bucket, count and sum in one critical section: no scrape sees one without the others.
        state.withLock { state in
            state.counts[low] += 1
            state.sum += Int128(value)
        }
    }

    func read() -> State { state.withLock { $0 } }
}
