import Dispatch
import KapwaMetrics
import Testing

@Suite("The registry")
struct RegistryTests {
    @Test("a family without labels is there at zero before anything was counted")
    func registeredAtZero() {
        let registry = MetricRegistry()
        _ = registry.counter("kapwa_a_total", "A.")
        _ = registry.histogram("kapwa_b_seconds", "B.", buckets: .waits)
        #expect(registry.text().contains("kapwa_a_total 0\n"))
        #expect(registry.text().contains("kapwa_b_seconds_bucket{le=\"+Inf\"} 0\n"))
        #expect(registry.text().contains("kapwa_b_seconds_sum 0\n"))
    }

    @Test("beyond the most series of a family, what is new is counted together under other=\"true\"")
    func cardinality() {
        let registry = MetricRegistry(seriesMax: 3)
        let family = registry.counter("kapwa_a_total", "A.", labels: ["queue"])
        for round in 0..<2 { for queue in 0..<5 { family.series("q\(queue)").add(round + 1) } }
        #expect(
            registry.text() == """
                # HELP kapwa_a_total A.
                # TYPE kapwa_a_total counter
                kapwa_a_total{queue="q0"} 3
                kapwa_a_total{queue="q1"} 3
                kapwa_a_total{queue="q2"} 3
                kapwa_a_total{other="true"} 6

                """)
        #expect(
            String(decoding: registry.exposition(.prometheus), as: UTF8.self)
                .contains("kapwa_metrics_overflow_total 4\n"))
    }

    @Test("a wrong number of label values is no crash and no wrong line")
    func wrongLabels() {
        let registry = MetricRegistry()
        let family = registry.counter("kapwa_a_total", "A.", labels: ["queue", "state"])
        family.series("main").add()
        #expect(registry.text().contains("kapwa_a_total{other=\"true\"} 1\n"))
    }

    @Test("label values that read alike are one series")
    func sameAfterCleaning() {
        let registry = MetricRegistry()
        let family = registry.counter("kapwa_a_total", "A.", labels: ["queue"])
        family.series("a\r").add()
        family.series("a\u{1}").add()
        #expect(registry.text().contains("kapwa_a_total{queue=\"a\u{FFFD}\"} 2\n"))
    }

    @Test("series that a reload took away are no longer written; the others keep their figures")
    func keep() {
        let registry = MetricRegistry()
        let family = registry.counter("kapwa_a_total", "A.", labels: ["queue"])
        family.series("old").add()
        family.series("main").add(2)
        family.keep(only: [["main"], ["new"]])
        #expect(!registry.text().contains("old"))
        #expect(registry.text().contains("{queue=\"main\"} 2\n"))
    }

    @Test("the same declaration twice is the same family")
    func declaredTwice() {
        let registry = MetricRegistry()
        for _ in 0..<2 { registry.counter("kapwa_a_total", "A.").series().add() }
        #expect(registry.text().contains("kapwa_a_total 2\n"))
        #expect(registry.refused.isEmpty)
    }

    @Test(
        "a name that a scraper or its linter would not take is refused, counted, and still safe to use",
        arguments: [
            "", "kapwa-a", "kapwaA", "Kapwa_a", "kapwa__a", "_kapwa", "kapwa_", "9kapwa", "kapwa:a", "kapwa_a_total",
            "kapwa_a_count", "kapwa_a_sum", "kapwa_a_bucket", "kapwa_a_created", "kapwa_a_info", "kapwa_wait_ms",
            "kapwa_d_seconds", "kapwa_h_depth", "kapwa_a_milliseconds", "kapwa_gauge_a", "kapwa_a_gauge", "käpwa",
        ])
    func refusedNames(_ name: String) {
        let registry = MetricRegistry()
        registry.gauge(name, "A.").series().set(1)
        #expect(registry.refused.count == 1)
        #expect(registry.text() == "")
        #expect(
            String(decoding: registry.exposition(.prometheus), as: UTF8.self).contains(
                "kapwa_metrics_refused_total 1\n"))
    }

    @Test("a counter ends in _total, an info in _info, and nothing else does")
    func suffixes() {
        let registry = MetricRegistry()
        _ = registry.counter("kapwa_a", "A.")
        _ = registry.info("kapwa_b", "B.", labels: ["c"])
        _ = registry.histogram("kapwa_d_total", "D.", buckets: .waits)
        _ = registry.histogram("kapwa_e_bucket", "E.", buckets: .waits)
        #expect(registry.refused.count == 4)
        #expect(registry.text() == "")
    }

    @Test("names that meet in one of the formats clash: a counter and a gauge of the same stem, samples of a histogram")
    func clashes() {
        let registry = MetricRegistry()
        _ = registry.counter("kapwa_breaks_total", "A.")
        _ = registry.gauge("kapwa_breaks", "B.")
        _ = registry.info("kapwa_breaks_info", "C.", labels: ["a"])
        _ = registry.counter("kapwa_breaks_total", "A.", labels: ["kind"])
        #expect(registry.refused.count == 3)
        #expect(registry.text().split(separator: "\n").count == 3)
    }

    @Test(
        "labels of the format itself, repeated ones and a missing help text are refused",
        arguments: [
            (["le"], "A."), (["quantile"], "A."), (["other"], "A."), (["__name__"], "A."), (["a", "a"], "A."),
            (["A"], "A."),
            (["a"], ""),
        ])
    func refusedLabels(_ labels: [String], _ help: String) {
        let registry = MetricRegistry()
        _ = registry.counter("kapwa_a_total", help, labels: labels)
        #expect(registry.refused.count == 1)
    }

    @Test("while many threads observe, every scrape's histogram agrees with itself and nothing is lost")
    func consistentUnderLoad() {
        let registry = MetricRegistry()
        let series = registry.histogram("kapwa_a", "A.", buckets: .init([10], ticksPerUnit: 1)).series()
        let counter = registry.counter("kapwa_b_total", "B.").series()
        let gauge = registry.gauge("kapwa_c", "C.").series()
        DispatchQueue.concurrentPerform(iterations: 8) { worker in
            for round in 0..<2_000 {
                series.observe(7)
                counter.add()
                gauge.add(0.5)
                guard worker == 0, round % 100 == 0 else { continue }
                var figures: [Substring: Int] = [:]
                for line in registry.text().split(separator: "\n") where line.hasPrefix("kapwa_a_") {
                    let parts = line.split(separator: " ")
                    figures[parts[0]] = Int(parts[1])
                }
                #expect(figures["kapwa_a_sum"] == 7 * (figures["kapwa_a_count"] ?? -1))
                #expect(figures["kapwa_a_bucket{le=\"+Inf\"}"] == figures["kapwa_a_count"])
                #expect(figures["kapwa_a_bucket{le=\"10\"}"] == figures["kapwa_a_count"])
            }
        }
        #expect(registry.text().contains("kapwa_a_count 16000\n"))
        #expect(registry.text().contains("kapwa_b_total 16000\n"))
        #expect(registry.text().contains("kapwa_c 8000\n"))
    }

    @Test("figures that are set together are seen together")
    func together() {
        let registry = MetricRegistry()
        let family = registry.gauge("kapwa_a", "A.", labels: ["state"])
        let (left, right) = (family.series("left"), family.series("right"))
        left.set(100)
        DispatchQueue.concurrentPerform(iterations: 2) { worker in
            for round in 0..<500 {
                if worker == 0 {
                    registry.together {
                        left.set(100 - round % 100)
                        right.set(round % 100)
                    }
                } else {
                    let figures = registry.text().split(separator: "\n").suffix(2).compactMap {
                        Int($0.split(separator: " ")[1])
                    }
                    #expect(figures.reduce(0, +) == 100)
                }
            }
        }
    }

    @Test("counters only grow")
    func counters() {
        let series = MetricRegistry().counter("kapwa_a_total", "A.").series()
        series.add(5)
        series.add(-3)
        series.add(0)
        #expect(series.count == 5)
    }
}
