import KapwaMetrics
import Testing

extension MetricRegistry {
    /// The text without the registry's own families.
    func text(_ format: ExpositionFormat = .prometheus) -> String {
        String(decoding: exposition(format), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.contains("kapwa_metrics_") }.joined(separator: "\n")
    }
}

@Suite("What a scraper reads")
struct ExpositionTests {
    private func small() -> MetricRegistry {
        let registry = MetricRegistry()
        let offers = registry.counter("kapwa_offers_total", "Offers.", labels: ["result"])
        offers.series("made").add(3)
        offers.series("accepted").add()
        registry.gauge("kapwa_mailbox_fill_ratio", "How full.").series().set(0.25)
        let waits = registry.histogram(
            "kapwa_wait_seconds", "Waits.", labels: ["queue"],
            buckets: .init([100, 1_000, 20_000], ticksPerUnit: 1_000))
        for wait in [100, 101, 1_000, 20_001, -5] as [Int64] { waits.series("main").observe(wait) }
        _ = registry.info("kapwa_build_info", "Version.", labels: ["version"]).series("1.2.3")
        return registry
    }

    @Test("Prometheus text 0.0.4: families by name, series by labels, each family with HELP and TYPE")
    func prometheus() {
        #expect(
            small().text() == """
                # HELP kapwa_build_info Version.
                # TYPE kapwa_build_info gauge
                kapwa_build_info{version="1.2.3"} 1
                # HELP kapwa_mailbox_fill_ratio How full.
                # TYPE kapwa_mailbox_fill_ratio gauge
                kapwa_mailbox_fill_ratio 0.25
                # HELP kapwa_offers_total Offers.
                # TYPE kapwa_offers_total counter
                kapwa_offers_total{result="accepted"} 1
                kapwa_offers_total{result="made"} 3
                # HELP kapwa_wait_seconds Waits.
                # TYPE kapwa_wait_seconds histogram
                kapwa_wait_seconds_bucket{queue="main",le="0.1"} 2
                kapwa_wait_seconds_bucket{queue="main",le="1"} 4
                kapwa_wait_seconds_bucket{queue="main",le="20"} 4
                kapwa_wait_seconds_bucket{queue="main",le="+Inf"} 5
                kapwa_wait_seconds_sum{queue="main"} 21.202
                kapwa_wait_seconds_count{queue="main"} 5

                """)
    }

    @Test("OpenMetrics 1.0: counters and infos without suffix in TYPE, units, canonical bounds, EOF at the end")
    func openMetrics() {
        #expect(
            small().text(.openMetrics) == """
                # HELP kapwa_build Version.
                # TYPE kapwa_build info
                kapwa_build_info{version="1.2.3"} 1
                # HELP kapwa_mailbox_fill_ratio How full.
                # TYPE kapwa_mailbox_fill_ratio gauge
                # UNIT kapwa_mailbox_fill_ratio ratio
                kapwa_mailbox_fill_ratio 0.25
                # HELP kapwa_offers Offers.
                # TYPE kapwa_offers counter
                kapwa_offers_total{result="accepted"} 1
                kapwa_offers_total{result="made"} 3
                # HELP kapwa_wait_seconds Waits.
                # TYPE kapwa_wait_seconds histogram
                # UNIT kapwa_wait_seconds seconds
                kapwa_wait_seconds_bucket{queue="main",le="0.1"} 2
                kapwa_wait_seconds_bucket{queue="main",le="1.0"} 4
                kapwa_wait_seconds_bucket{queue="main",le="20.0"} 4
                kapwa_wait_seconds_bucket{queue="main",le="+Inf"} 5
                kapwa_wait_seconds_sum{queue="main"} 21.202
                kapwa_wait_seconds_count{queue="main"} 5
                # EOF

                """)
    }

    @Test("the same figures give the same bytes, in whatever order they were declared and set")
    func deterministic() {
        let names = ["kapwa_b", "kapwa_a", "kapwa_c"]
        let texts = [names, names.reversed()].map { order in
            let registry = MetricRegistry()
            for name in order {
                let family = registry.gauge(name, "Figure.", labels: ["queue", "state"])
                for queue in order { for state in ["y", "x"] { family.series(queue, state).set(1) } }
            }
            return registry.exposition(.prometheus)
        }
        #expect(texts[0] == texts[1])
    }

    @Test("quotes, backslashes and line feeds in labels and help texts are escaped, control characters replaced")
    func escapes() {
        let registry = MetricRegistry()
        registry.gauge("kapwa_a", "A \"q\" \\d\nB", labels: ["queue"]).series("a\"b\\c\nd\re\u{0}f").set(1)
        #expect(
            registry.text() == #"""
                # HELP kapwa_a A "q" \\d\nB
                # TYPE kapwa_a gauge
                kapwa_a{queue="a\"b\\c\nd�e�f"} 1

                """#)
        #expect(registry.text(.openMetrics).hasPrefix(#"# HELP kapwa_a A \"q\" \\d\nB"#))
        #expect(!registry.exposition(.prometheus).contains(UInt8(ascii: "\r")))
    }

    @Test("every text ends in one line feed and has no empty line")
    func lineEnds() {
        for format in [ExpositionFormat.prometheus, .openMetrics] {
            let text = String(decoding: small().exposition(format), as: UTF8.self)
            #expect(text.hasSuffix("\n"))
            #expect(!text.contains("\n\n"))
        }
        #expect(!MetricRegistry().exposition(.prometheus).isEmpty)
    }

    @Test(
        "figures print as scrapers read them",
        arguments: [
            (0, "0"), (-0.0, "0"), (1, "1"), (-2.5, "-2.5"), (0.1, "0.1"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
            (.nan, "NaN"), (1e15, "1000000000000000"), (-1e300, "-1e+300"), (123_456_789_012, "123456789012"),
            (1_790_000_000.123, "1790000000.123"),
            (0.000_001, "1e-06"),
        ] as [(Double, String)])
    func figures(_ figure: Double, _ text: String) {
        let registry = MetricRegistry()
        registry.gauge("kapwa_a", "A.").series().set(figure)
        #expect(registry.text().contains("\nkapwa_a \(text)\n"))
    }

    @Test("the sum of a histogram is exact, beyond what a double or 64 bits hold")
    func exactSum() {
        let registry = MetricRegistry()
        let series = registry.histogram("kapwa_a_seconds", "A.", buckets: .nanoseconds).series()
        for _ in 0..<3 { series.observe(.max) }
        series.observe(1)
        #expect(registry.text().contains("kapwa_a_seconds_sum 27670116110.564327422\n"))
        #expect(registry.text().contains("kapwa_a_seconds_bucket{le=\"0.000001\"} 1\n"))
    }

    @Test(
        "OpenMetrics is given to who prefers it, Prometheus text to everybody else",
        arguments: [
            (nil, false), ("", false), ("*/*", false), ("text/plain", false), ("application/json", false),
            ("application/openmetrics-text", true), ("application/openmetrics-text; version=1.0.0", true),
            ("APPLICATION/OpenMetrics-Text;VERSION=1.0.0", true), ("application/openmetrics-text;version=0.0.1", false),
            ("application/openmetrics-text;version=2.0.0", false), ("application/openmetrics-text;q=0", false),
            ("application/openmetrics-text;q=0.3,text/plain;q=0.5", false),
            ("text/plain;q=0.5 , application/openmetrics-text ; q=0.5", true),
            ("application/openmetrics-text;q=x", false),
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                    + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true
            ),
        ] as [(String?, Bool)])
    func negotiation(_ accept: String?, _ isOpenMetrics: Bool) {
        #expect((ExpositionFormat(accept: accept) == .openMetrics) == isOpenMetrics)
    }

    @Test("the content types name format, version and encoding")
    func contentTypes() {
        #expect(ExpositionFormat.prometheus.contentType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(
            ExpositionFormat.openMetrics.contentType == "application/openmetrics-text; version=1.0.0; charset=utf-8")
    }
}
