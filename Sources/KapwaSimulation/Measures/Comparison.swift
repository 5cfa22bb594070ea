/// Days under one or two rule sets, seed by seed.
public struct Comparison: Sendable {
    /// What stands over the columns.
    public var names: [String]
    /// Per rule set one per seed, in the same order.
    public private(set) var days: [[DayFigures]]
    public private(set) var seeds: [UInt64] = []

    public init(names: [String]) {
        precondition((1...2).contains(names.count), "one rule set, or two beside each other")
        self.names = names
        days = names.map { _ in [] }
    }

    public mutating func add(seed: UInt64, _ figures: [DayFigures]) {
        precondition(figures.count == names.count, "each rule set has played the day")
        seeds.append(seed)
        for index in figures.indices { days[index].append(figures[index]) }
    }

    public struct Row: Sendable {
        public var figure: Figure
        /// Mean over the seeds, per rule set.
        public var values: [Statistics.Estimate]
        /// Of the second against the first.
        public var difference: Statistics.Estimate?
    }

    public var rows: [Row] {
        Figure.allCases.compactMap { figure in
            let columns = days.map { $0.map { $0[figure] } }
            let values = columns.compactMap { Statistics.estimate($0) }
            guard values.count == names.count else { return nil }
            let difference = columns.count == 2 ? Statistics.pairedDifference(columns[0], columns[1]) : nil
            return Row(figure: figure, values: values, difference: difference)
        }
    }

    /// One day has no interval: what differs may be that day's own.
    private func difference(_ figure: Figure, _ estimate: Statistics.Estimate) -> String {
        seeds.count > 1 ? figure.difference(estimate) : figure.difference(ofOneDay: estimate.mean)
    }

    /// Lines for a terminal: name, mean of each, and the paired difference with its 95 % interval.
    public var table: [String] {
        var lines: [[String]] = [["over \(seeds.count) seed\(seeds.count == 1 ? "" : "s")"] + names]
        if names.count == 2 { lines[0].append(seeds.count > 1 ? "difference, 95 % interval" : "difference on one day") }
        for row in rows {
            var line = [row.figure.title] + row.values.map { row.figure.text($0.mean) }
            if let difference = row.difference {
                line.append(self.difference(row.figure, difference) + (difference.isClear ? "" : "  (unclear)"))
            }
            lines.append(line)
        }
        let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            line.enumerated().map { column, text in
                let blank = String(repeating: " ", count: widths[column] - text.count)
                return column == 0 ? text + blank : blank + text
            }.joined(separator: "   ")
        }
    }

    /// The same as a table of a Markdown page.
    public var markdown: [String] {
        var lines = ["| | " + names.joined(separator: " | ") + (names.count == 2 ? " | difference |" : " |")]
        lines.append("|---|" + String(repeating: "---:|", count: names.count + (names.count == 2 ? 1 : 0)))
        for row in rows {
            var cells = [row.figure.title] + row.values.map { row.figure.text($0.mean) }
            if let difference = row.difference { cells.append(self.difference(row.figure, difference)) }
            lines.append("| " + cells.joined(separator: " | ") + " |")
        }
        return lines
    }
}
