/// The two text formats in which a scraper may read the figures.
public enum ExpositionFormat: Hashable, Sendable {
    /// Prometheus text, version 0.0.4.
    case prometheus
    /// OpenMetrics text, version 1.0.0.
    case openMetrics

    /// For the header `Content-Type`.
    public var contentType: String {
        switch self {
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// What a client prefers by its header `Accept`; Prometheus text when it does not ask for OpenMetrics 1.0.
    public init(accept: String?) {
        var best = (prometheus: -1.0, openMetrics: -1.0)
        for range in (accept ?? "").prefix(4_096).split(separator: ",").prefix(64) {
            let parts = range.split(separator: ";").map { Self.trimmed($0).lowercased() }
            let parameters = parts.dropFirst()
            let quality = Self.quality(parameters)
            switch parts.first {
            case "application/openmetrics-text":
                let version = parameters.first { $0.hasPrefix("version=") }?.dropFirst("version=".count)
                if version == nil || version == "1.0.0" { best.openMetrics = max(best.openMetrics, quality) }
            case "text/plain", "text/*", "*/*":
                best.prometheus = max(best.prometheus, quality)
            default: break
            }
        }
        self = best.openMetrics > 0 && best.openMetrics >= best.prometheus ? .openMetrics : .prometheus
    }

    private static func quality(_ parameters: ArraySlice<String>) -> Double {
        guard let text = parameters.first(where: { $0.hasPrefix("q=") })?.dropFirst(2) else { return 1 }
        return Double(text).map { min(1, max(0, $0)) } ?? 0
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}

extension MetricRegistry {
    /// All families as a scraper reads them: the figures are copied first, the text is made from the copy.
    public func exposition(_ format: ExpositionFormat) -> [UInt8] { ExpositionWriter.write(snapshot(), as: format) }
}

/// Writes snapshots: families by name, series by label values, buckets ascending, so that the same figures give the
/// same bytes.
struct ExpositionWriter {
    private let format: ExpositionFormat
    private var out: [UInt8] = []

    static func write(_ families: [FamilySnapshot], as format: ExpositionFormat) -> [UInt8] {
        var writer = ExpositionWriter(format: format)
        writer.out.reserveCapacity(64 * 1_024)
        for family in families { writer.write(family) }
        if format == .openMetrics { writer.append("# EOF\n") }
        return writer.out
    }

    private init(format: ExpositionFormat) { self.format = format }

    private mutating func append(_ text: String) { out.append(contentsOf: text.utf8) }

    private mutating func append(_ number: UInt64) {
        if number >= 10 { append(number / 10) }
        out.append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    /// The end of a line: a space, the number, a line feed.
    private mutating func end(_ number: UInt64) {
        out.append(UInt8(ascii: " "))
        append(number)
        out.append(UInt8(ascii: "\n"))
    }

    private mutating func end(_ number: String) { append(" \(number)\n") }

    private mutating func write(_ family: FamilySnapshot) {
        let head = family.head
        writeHead(head)
        if case .histogram(let buckets) = head.kind {
            writeHistograms(family, buckets)
            return
        }
        for (labels, value) in family.series {
            sample(head.name, labels)
            switch value {
            case .count(let count): end(count)
            case .figure(let figure): end(MetricText.number(figure))
            case .distribution: preconditionFailure("only histograms have distributions")
            }
        }
    }

    private mutating func writeHead(_ head: FamilyHead) {
        let name = format == .openMetrics ? MetricText.base(of: head) : head.name
        append("# HELP \(name) \(MetricText.escaped(head.help, quotes: format == .openMetrics))\n")
        append("# TYPE \(name) \(typeName(head.kind))\n")
        if format == .openMetrics, let unit = ["seconds", "bytes", "ratio"].first(where: { name.hasSuffix("_\($0)") }) {
            append("# UNIT \(name) \(unit)\n")
        }
    }

    private mutating func sample(_ name: String, _ labels: [UInt8]) {
        append(name)
        guard !labels.isEmpty else { return }
        out.append(UInt8(ascii: "{"))
        out.append(contentsOf: labels)
        out.append(UInt8(ascii: "}"))
    }

    private mutating func writeHistograms(_ family: FamilySnapshot, _ buckets: HistogramSeries.Buckets) {
        let name = family.head.name
        let isCanonical = format == .openMetrics
        let bounds = buckets.bounds.map {
            MetricText.decimal(Int128($0), per: buckets.ticksPerUnit, canonical: isCanonical)
        }
        let ends = (bounds + ["+Inf"]).map { Array("le=\"\($0)\"}".utf8) }
        let start = Array("\(name)_bucket{".utf8)
        for (labels, value) in family.series {
            guard case .distribution(let state) = value else { preconditionFailure("a histogram has distributions") }
            var count: UInt64 = 0
            for (inBucket, bound) in zip(state.counts, ends) {
                count += inBucket
                out.append(contentsOf: start)
                out.append(contentsOf: labels)
                if !labels.isEmpty { out.append(UInt8(ascii: ",")) }
                out.append(contentsOf: bound)
                end(count)
            }
            sample("\(name)_sum", labels)
            end(MetricText.decimal(state.sum, per: buckets.ticksPerUnit))
            sample("\(name)_count", labels)
            end(count)
        }
    }

    private func typeName(_ kind: MetricKind) -> String {
        switch kind {
        case .counter: "counter"
        case .gauge: "gauge"
        case .info: format == .openMetrics ? "info" : "gauge"
        case .histogram: "histogram"
        }
    }
}
