import KapwaDomain
import Synchronization

/// What kind of figure a family holds.
enum MetricKind: Hashable, Sendable {
    case counter, gauge, info
    case histogram(HistogramSeries.Buckets)
}

/// All series of one name. Series are told apart by the values of the family's labels, which come from closed sets:
/// a queue, a state, a reason; never a person, a conversation or a text.
public final class MetricFamily<Series: Sendable>: Sendable {
    let head: FamilyHead
    private let make: @Sendable () -> Series
    private let read: @Sendable (Series) -> SeriesValue
    private let overflow: CounterSeries
    private let seriesMax: Int
    private let store = Mutex(Store())

    private struct Store: Sendable {
        var series: [[String]: Series] = [:]
        var other: Series?
        /// All series as they are written, ascending by label values; made anew only after series came or went.
        var lines: [(labels: [UInt8], series: Series)]?
    }

    init(
        _ head: FamilyHead, overflow: CounterSeries, seriesMax: Int, make: @escaping @Sendable () -> Series,
        read: @escaping @Sendable (Series) -> SeriesValue
    ) {
        self.head = head
        self.overflow = overflow
        self.seriesMax = seriesMax
        self.make = make
        self.read = read
        if head.labels.isEmpty { _ = series([]) }
    }

    /// The series with these label values, in the order of the family's labels; made at zero when it is new.
    ///
    /// Costs a lookup: resolve once and keep it. Beyond the family's most series, or with a wrong number of values, it
    /// is the one series labelled `other="true"`, and `kapwa_metrics_overflow_total` counts.
    public func series(_ values: [String]) -> Series {
        let values = values.map(MetricText.label)
        return store.withLock { store in
            if let series = store.series[values] { return series }
            store.lines = nil
            guard values.count == head.labels.count, store.series.count < seriesMax else {
                overflow.add()
                let other = store.other ?? make()
                store.other = other
                return other
            }
            let series = make()
            store.series[values] = series
            return series
        }
    }

    public func series(_ values: String...) -> Series { series(values) }

    /// Drops every series whose values are not in the list: queues that a reload took away.
    public func keep(only values: [[String]]) {
        let kept = Set(values.map { $0.map(MetricText.label) })
        store.withLock { store in
            store.series = store.series.filter { kept.contains($0.key) }
            store.lines = nil
        }
    }
}

/// What is written above the series of a family.
struct FamilyHead: Hashable, Sendable {
    var name: String
    var help: String
    var kind: MetricKind
    var labels: [String]
}

/// A figure at the time of the scrape.
enum SeriesValue: Sendable {
    case count(UInt64)
    case figure(Double)
    case distribution(HistogramSeries.State)
}

/// A family at the time of the scrape: plain values, sorted, ready to be written without any lock.
struct FamilySnapshot: Sendable {
    var head: FamilyHead
    /// Ascending by label values, `other="true"` last; labels as they are written, without braces.
    var series: [(labels: [UInt8], value: SeriesValue)]
}

protocol ScrapedFamily: AnyObject, Sendable {
    var head: FamilyHead { get }
    func snapshot() -> FamilySnapshot
}

extension MetricFamily: ScrapedFamily {
    func snapshot() -> FamilySnapshot {
        let lines = store.withLock { store in
            if let lines = store.lines { return lines }
            let lines = write(store)
            store.lines = lines
            return lines
        }
        return FamilySnapshot(head: head, series: lines.map { ($0.labels, read($0.series)) })
    }

    private func write(_ store: Store) -> [(labels: [UInt8], series: Series)] {
        var lines = store.series
            .sorted { left, right in left.key.lexicographicallyPrecedes(right.key) }
            .map { (labels: MetricText.labels(head.labels, $0.key), series: $0.value) }
        if let other = store.other { lines.append((Array("other=\"true\"".utf8), other)) }
        return lines
    }
}
