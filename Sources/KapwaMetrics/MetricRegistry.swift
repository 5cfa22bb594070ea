public import KapwaDomain
import Synchronization

/// All families of the process. Families are declared at start; their series are then updated without it.
public final class MetricRegistry: Sendable {
    private struct Store: Sendable {
        var families: [String: any ScrapedFamily] = [:]
        /// Every name that a family occupies in either format → the family.
        var claims: [String: String] = [:]
        var refused: [String] = []
    }

    private let store = Mutex(Store())
    private let scrape = Mutex(())
    private let seriesMax: Int
    private let overflow: CounterSeries
    private let refusals: CounterSeries

    /// - Parameter seriesMax: Series of one family; what comes after is counted under `other="true"`.
    public init(seriesMax: Int = Limits.seriesPerFamilyMax) {
        self.seriesMax = seriesMax
        overflow = CounterSeries()
        refusals = CounterSeries()
        let (overflow, refusals) = (overflow, refusals)
        install(
            FamilyHead(
                name: "kapwa_metrics_overflow_total",
                help: "Lookups of a series that went to other=\"true\" because the family was full.", kind: .counter,
                labels: []), make: { overflow }, read: { .count($0.count) })
        install(
            FamilyHead(
                name: "kapwa_metrics_refused_total",
                help: "Families that are not exported because their name or labels break the rules.", kind: .counter,
                labels: []), make: { refusals }, read: { .count($0.count) })
    }

    /// A counter; its name ends in `_total`.
    public func counter(_ name: String, _ help: String, labels: [String] = []) -> MetricFamily<CounterSeries> {
        install(
            FamilyHead(name: name, help: help, kind: .counter, labels: labels), make: { CounterSeries() },
            read: { .count($0.count) })
    }

    /// A figure as it is now, in a base unit that stands at the end of its name.
    public func gauge(_ name: String, _ help: String, labels: [String] = []) -> MetricFamily<GaugeSeries> {
        install(
            FamilyHead(name: name, help: help, kind: .gauge, labels: labels), make: { GaugeSeries() },
            read: { .figure($0.figure) })
    }

    /// A fact in words: labels with the value 1; its name ends in `_info`.
    public func info(_ name: String, _ help: String, labels: [String]) -> MetricFamily<GaugeSeries> {
        install(
            FamilyHead(name: name, help: help, kind: .info, labels: labels), make: { GaugeSeries() },
            read: { _ in .figure(1) })
    }

    /// A distribution over these buckets.
    public func histogram(
        _ name: String, _ help: String, labels: [String] = [], buckets: HistogramSeries.Buckets
    ) -> MetricFamily<HistogramSeries> {
        install(
            FamilyHead(name: name, help: help, kind: .histogram(buckets), labels: labels),
            make: { HistogramSeries(buckets) }, read: { .distribution($0.read()) })
    }

    /// Sets several figures so that a scrape sees all of them or none.
    public func together<Result>(_ update: () -> Result) -> Result { scrape.withLock { _ in update() } }

    /// Why families were not taken in, in the order in which they came; empty in a right program.
    public var refused: [String] { store.withLock { $0.refused } }

    func snapshot() -> [FamilySnapshot] {
        let families = store.withLock { $0.families.values.sorted { $0.head.name < $1.head.name } }
        return scrape.withLock { _ in families.map { $0.snapshot() } }
    }

    /// Takes a family in. The same declaration twice is the same family; one that clashes with another, or whose name
    /// no scraper would take, works for its owner but is not exported: a wrong metric must not stop a daemon.
    @discardableResult
    private func install<Series: Sendable>(
        _ head: FamilyHead, make: @escaping @Sendable () -> Series, read: @escaping @Sendable (Series) -> SeriesValue
    ) -> MetricFamily<Series> {
        let fresh = MetricFamily(head, overflow: overflow, seriesMax: seriesMax, make: make, read: read)
        return store.withLock { store in
            if let old = store.families[head.name], old.head == head, let family = old as? MetricFamily<Series> {
                return family
            }
            let claims = MetricText.claims(of: head)
            let rival = claims.compactMap { store.claims[$0] }.first
            let problem = MetricText.problem(with: head) ?? rival.map { "\(head.name) clashes with \($0)" }
            if let problem {
                // A long list of refusals says no more than a short one; the counter has their number.
                if store.refused.count < 100 { store.refused.append(problem) }
                refusals.add()
                return fresh
            }
            for claim in claims { store.claims[claim] = head.name }
            store.families[head.name] = fresh
            return fresh
        }
    }
}
