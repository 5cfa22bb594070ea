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
        if format == .openMetrics { writer.line("# EOF") }
        return writer.out
    }

    private init(format: ExpositionFormat) { self.format = format }

    private mutating func line(_ parts: String...) {
        for part in parts { out.append(contentsOf: part.utf8) }
        out.append(UInt8(ascii: "\n"))
    }

    private mutating func write(_ family: FamilySnapshot) {
        let head = family.head
        let name = format == .openMetrics ? MetricText.base(of: head) : head.name
        line("# HELP ", name, " ", escapedHelp(head.help))
        line("# TYPE ", name, " ", typeName(head.kind))
        if format == .openMetrics, let unit = ["seconds", "bytes", "ratio"].first(where: { name.hasSuffix("_\($0)") }) {
            line("# UNIT ", name, " ", unit)
        }
        for (values, value) in family.series {
            let labels = labels(head.labels, values)
            switch value {
            case .count(let count): line(head.name, braced(labels), " ", String(count))
            case .figure(let figure): line(head.name, braced(labels), " ", MetricText.number(figure))
            case .distribution(let state): write(head, labels, state)
            }
        }
    }

    private mutating func write(_ head: FamilyHead, _ labels: String, _ state: HistogramSeries.State) {
        guard case .histogram(let buckets) = head.kind else { return }
        let lead = labels.isEmpty ? "" : labels + ","
        var count: UInt64 = 0
        for (bound, inBucket) in zip(buckets.bounds, state.counts) {
            count += inBucket
            let text = MetricText.decimal(
                Int128(bound), per: buckets.ticksPerUnit, canonical: format == .openMetrics)
            line(head.name, "_bucket{", lead, "le=\"", text, "\"} ", String(count))
        }
        count += state.counts[buckets.bounds.count]
        line(head.name, "_bucket{", lead, "le=\"+Inf\"} ", String(count))
        line(head.name, "_sum", braced(labels), " ", MetricText.decimal(state.sum, per: buckets.ticksPerUnit))
        line(head.name, "_count", braced(labels), " ", String(count))
    }

    private func typeName(_ kind: MetricKind) -> String {
        switch kind {
        case .counter: "counter"
        case .gauge: "gauge"
        case .info: format == .openMetrics ? "info" : "gauge"
        case .histogram: "histogram"
        }
    }

    private func labels(_ names: [String], _ values: [String]?) -> String {
        guard let values else { return "other=\"true\"" }
        return zip(names, values).map { "\($0)=\"\(escaped($1, quotes: true))\"" }.joined(separator: ",")
    }

    private func braced(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }

    private func escapedHelp(_ help: String) -> String { escaped(help, quotes: format == .openMetrics) }

    private func escaped(_ text: String, quotes: Bool) -> String {
        var view = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": view.append(contentsOf: "\\\\".unicodeScalars)
            case "\n": view.append(contentsOf: "\\n".unicodeScalars)
            case "\"" where quotes: view.append(contentsOf: "\\\"".unicodeScalars)
            default: view.append(scalar)
            }
        }
        return String(view)
    }
}
