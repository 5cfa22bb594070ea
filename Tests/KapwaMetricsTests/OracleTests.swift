import Foundation
import KapwaDomain
import KapwaMetrics
import Testing

@Suite("Other people's readers of the format")
struct OracleTests {
    /// Runs a program of the operating system (Debian's packages prometheus and python3-prometheus-client) with this input; its exit code and what it said.
    private func run(_ program: String, _ arguments: [String], input: [UInt8]) throws -> (code: Int32, said: String) {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stdout
        try process.run()
        stdin.fileHandleForWriting.write(Data(input))
        try stdin.fileHandleForWriting.close()
        let said = String(decoding: stdout.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, said)
    }

    private func everything() -> KapwaMetricSet {
        let set = KapwaMetricSet(version: "0.1.0")
        set.setQueues(["main", "q@b+c:d.e_f-g"])
        set.setMode(routing: .enforce, breaks: .enforce)
        for ticks in [0, 1, 999, 20_000, 90_000_000] as [Int64] { set.queue("main").wait.observe(ticks) }
        set.commit.observe(1_234_567)
        let odd = set.registry.gauge("kapwa_odd", "Quotes \" and \\d and\nlines.", labels: ["queue"])
        odd.series("a\"b\\c\nd").set(.infinity)
        odd.series("₱").set(.nan)
        _ = SwiftMetricsFactory(registry: set.registry).makeTimer(
            label: "http.server.request.duration", dimensions: [("http.request.method", "GET")])
        return set
    }

    @Test("promtool finds nothing wrong with the Prometheus text")
    func promtool() throws {
        let set = everything()
        #expect(set.registry.refused == [])
        let result = try run("/usr/bin/promtool", ["check", "metrics"], input: set.exposition(.prometheus))
        #expect(result.code == 0, "\(result.said)")
        #expect(result.said == "")
    }

    @Test("the OpenMetrics text is what the strict reader of prometheus-client takes")
    func openMetrics() throws {
        let program = """
            import sys
            from prometheus_client.openmetrics import parser
            families = list(parser.text_string_to_metric_families(sys.stdin.read()))
            print(len(families), sum(len(f.samples) for f in families))
            """
        let bytes = everything().exposition(.openMetrics)
        let result = try run("/usr/bin/python3", ["-c", program], input: bytes)
        #expect(result.code == 0, "\(result.said)")
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let types = lines.filter { $0.hasPrefix("# TYPE") }.count
        let samples = lines.filter { !$0.hasPrefix("#") }.count
        #expect(result.said == "\(types) \(samples)\n")
    }
}
