public import CoreMetrics
import KapwaDomain

/// Lets the libraries that Kapwa stands on write their figures into the same registry, through swift-metrics.
///
/// A label becomes a name that scrapers take (`http.server.requests` → `http_server_requests_total`), timers become
/// histograms in seconds. What clashes with a family of another kind or other dimensions is counted, not exported.
public struct SwiftMetricsFactory: MetricsFactory {
    private let registry: MetricRegistry

    public init(registry: MetricRegistry) { self.registry = registry }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        let name = Self.name(label, suffix: "total")
        return CounterAdapter(
            series: registry.counter(name, Self.help(label), labels: Self.labels(dimensions)).series(
                Self.values(dimensions)))
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        GaugeAdapter(series: gauge(label, dimensions))
    }

    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return GaugeAdapter(series: gauge(label, dimensions)) }
        return HistogramAdapter(
            series: registry.histogram(
                Self.name(label), Self.help(label), labels: Self.labels(dimensions), buckets: Self.amounts
            ).series(Self.values(dimensions)))
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        HistogramAdapter(
            series: registry.histogram(
                Self.name(label, suffix: "seconds"), Self.help(label), labels: Self.labels(dimensions),
                buckets: .nanoseconds
            ).series(Self.values(dimensions)))
    }

    // A series stays when its handle goes: another handle may share it, and a counter that vanishes and comes back
    // looks like a restart to whoever reads it.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries {
        registry.gauge(Self.name(label), Self.help(label), labels: Self.labels(dimensions))
            .series(Self.values(dimensions))
    }

    /// Amounts of an unknown unit, to three decimals.
    static let amounts = HistogramSeries.Buckets(
        [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000], ticksPerUnit: 1_000)

    private static func help(_ label: String) -> String { "Reported by a library as \(label)." }
    private static func values(_ dimensions: [(String, String)]) -> [String] { dimensions.map(\.1) }
    private static func labels(_ dimensions: [(String, String)]) -> [String] { dimensions.map { name($0.0) } }

    /// Lower-case words joined by single underscores, with the suffix that the kind asks for.
    static func name(_ label: String, suffix: String? = nil) -> String {
        var words: [String] = []
        var word = ""
        var wasLower = false
        for character in label.unicodeScalars.prefix(Limits.labelBytesMax) {
            let isWord =
                character.isASCII && (character.properties.isAlphabetic || (0x30...0x39).contains(character.value))
            let isUpper = (0x41...0x5A).contains(character.value)
            if !isWord || (isUpper && wasLower), !word.isEmpty {
                words.append(word)
                word = ""
            }
            if isWord { word += String(character).lowercased() }
            wasLower = isWord && !isUpper
        }
        words.append(word)
        words.removeAll(where: \.isEmpty)
        if words.first?.first?.isNumber ?? true { words.insert("metric", at: 0) }
        if let suffix, words.last != suffix { words.append(suffix) }
        return words.joined(separator: "_")
    }
}

final class CounterAdapter: CounterHandler {
    private let series: CounterSeries

    init(series: CounterSeries) { self.series = series }

    func increment(by amount: Int64) { series.add(Int(clamping: amount)) }

    /// Counters do not go back while the process lives.
    func reset() {}
}

final class GaugeAdapter: MeterHandler, RecorderHandler {
    private let series: GaugeSeries

    init(series: GaugeSeries) { self.series = series }

    func set(_ value: Int64) { series.set(value) }
    func set(_ value: Double) { series.set(value) }
    func record(_ value: Int64) { series.set(value) }
    func record(_ value: Double) { series.set(value) }
    func increment(by amount: Double) { series.add(amount) }
    func decrement(by amount: Double) { series.add(-amount) }
}

final class HistogramAdapter: TimerHandler, RecorderHandler {
    private let series: HistogramSeries

    init(series: HistogramSeries) { self.series = series }

    func recordNanoseconds(_ duration: Int64) { series.observe(duration) }

    func record(_ value: Int64) {
        let (ticks, overflow) = value.multipliedReportingOverflow(by: series.buckets.ticksPerUnit)
        series.observe(overflow ? (value < 0 ? 0 : .max) : ticks)
    }

    func record(_ value: Double) {
        let ticks = (value * Double(series.buckets.ticksPerUnit)).rounded()
        // What is no number, or has no end, has no place in a sum.
        guard ticks.isFinite else { return }
        series.observe(Int64(exactly: ticks) ?? (ticks < 0 ? 0 : .max))
    }
}
