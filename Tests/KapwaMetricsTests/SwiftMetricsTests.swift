import CoreMetrics
import KapwaMetrics
import Testing

@Suite("Figures of libraries, through swift-metrics")
struct SwiftMetricsTests {
    private let registry = MetricRegistry()
    private var factory: SwiftMetricsFactory { SwiftMetricsFactory(registry: registry) }

    @Test("a counter becomes a counter with a name that scrapers take")
    func counter() {
        let counter = Counter(label: "hb.requests", dimensions: [("hb.uri", "/metrics")], factory: factory)
        counter.increment(by: 2)
        counter.reset()
        counter.increment()
        #expect(registry.text().contains("hb_requests_total{hb_uri=\"/metrics\"} 3\n"))
    }

    @Test("a floating-point counter counts whole units as they fill up")
    func floatingPointCounter() {
        let counter = FloatingPointCounter(label: "energy", factory: factory)
        for _ in 0..<5 { counter.increment(by: 0.5) }
        #expect(registry.text().contains("energy_total 2\n"))
    }

    @Test("a timer becomes a histogram in seconds")
    func timer() {
        Timer(label: "http.server.request.duration", factory: factory).recordMilliseconds(20)
        #expect(registry.text().contains("http_server_request_duration_seconds_sum 0.02\n"))
        #expect(registry.text().contains("http_server_request_duration_seconds_bucket{le=\"0.025\"} 1\n"))
    }

    @Test("a recorder becomes a histogram, a gauge and a meter a gauge")
    func others() {
        Recorder(label: "sizes", factory: factory).record(1.5)
        Recorder(label: "sizes", factory: factory).record(2)
        Gauge(label: "poolSize", factory: factory).record(4)
        let meter = Meter(label: "level", factory: factory)
        meter.set(5)
        meter.increment(by: 1.5)
        meter.decrement(by: 0.5)
        let text = registry.text()
        #expect(text.contains("sizes_sum 3.5\nsizes_count 2\n"))
        #expect(text.contains("pool_size 4\n"))
        #expect(text.contains("level 6\n"))
    }

    @Test("figures that are no numbers or have no end do not spoil a sum")
    func noNumbers() {
        let recorder = Recorder(label: "sizes", factory: factory)
        for figure in [Double.nan, .infinity, -.infinity, -3, 1e300] { recorder.record(figure) }
        recorder.record(Int64.max)
        #expect(registry.text().contains("sizes_count 3\n"))
    }

    @Test("a label that is already another kind of family, or has other dimensions, is counted and not exported")
    func clash() {
        Counter(label: "a", factory: factory).increment()
        Counter(label: "a", dimensions: [("b", "c")], factory: factory).increment()
        Gauge(label: "a_total", factory: factory).record(1)
        #expect(registry.refused.count == 2)
        #expect(registry.text().contains("a_total 1\n"))
        #expect(!registry.text().contains("b=\"c\""))
    }
}
