/// Two rule sets beside each other over many seeds, as a picture that stands alone.
public struct ComparisonPicture: Sendable {
    let title: String
    let groups: [(name: String, comparison: Comparison)]

    /// - Parameter groups: one block each, for example a world; all compare the same two rule sets.
    public init(title: String, groups: [(name: String, comparison: Comparison)]) {
        precondition(groups.allSatisfy { $0.comparison.names.count == 2 }, "a picture sets two beside each other")
        self.title = title
        self.groups = groups
    }

    /// What is drawn: what the people who answer carry, and what it costs those who wait.
    static let figures: [Figure] = [
        .peakLedgerNinth, .giniHard, .tiredness, .serviceLevelOfAll, .wait95, .abandoned,
    ]

    private static let rowHeight = 34.0
    private static let left = 330.0
    private static let right = 900.0

    public var svg: String {
        let rows = groups.reduce(0) { $0 + 1 + Self.figures.count * ($1.comparison.rows.isEmpty ? 0 : 1) }
        let height = 74 + Double(rows) * Self.rowHeight
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 \(Figure.decimal(height, 0))\""
                + " font-family=\"system-ui,sans-serif\" font-size=\"13\" role=\"img\">",
            "<title>\(DayPage.escaped(title))</title><style>\(Self.style)</style>",
            "<rect class=\"ground\" width=\"1000\" height=\"\(Figure.decimal(height, 0))\"/>",
            "<text class=\"ink\" x=\"20\" y=\"28\" font-size=\"17\" font-weight=\"600\">\(DayPage.escaped(title))</text>",
        ]
        if let names = groups.first?.comparison.names {
            parts.append("<circle class=\"a\" cx=\"26\" cy=\"48\" r=\"5\"/>" + text(names[0], 38, 52, "ink"))
            parts.append("<circle class=\"b\" cx=\"186\" cy=\"48\" r=\"5\"/>" + text(names[1], 198, 52, "ink"))
            parts.append(text("means with 95 % intervals; each line from 0 to its greatest", 346, 52, "soft"))
        }
        var y = 84.0
        for group in groups {
            parts.append(
                "<text class=\"ink\" x=\"20\" y=\"\(Figure.decimal(y, 1))\" font-weight=\"600\">\(DayPage.escaped(group.name))</text>"
            )
            y += Self.rowHeight * 0.8
            let rows = group.comparison.rows
            for figure in Self.figures {
                guard let row = rows.first(where: { $0.figure == figure }) else { continue }
                parts.append(draw(row, y))
                y += Self.rowHeight
            }
            y += Self.rowHeight * 0.2
        }
        return parts.joined() + "</svg>\n"
    }

    private func text(_ text: String, _ x: Double, _ y: Double, _ style: String, anchor: String = "start") -> String {
        "<text class=\"\(style)\" x=\"\(x)\" y=\"\(Figure.decimal(y, 1).ascii)\" text-anchor=\"\(anchor)\">\(DayPage.escaped(text))</text>"
    }

    private func draw(_ row: Comparison.Row, _ y: Double) -> String {
        let most = row.values.map { $0.mean + $0.halfWidth }.max() ?? 1
        func x(_ value: Double) -> Double {
            Self.left + max(0, value) / max(most, 1e-9) * (Self.right - Self.left)
        }
        var parts = [text(row.figure.title, 20, y + 4, "soft")]
        parts.append(
            "<line class=\"grid\" x1=\"\(Self.left)\" x2=\"\(Self.right)\" y1=\"\(Figure.decimal(y, 1))\" y2=\"\(Figure.decimal(y, 1))\"/>"
        )
        for (index, value) in row.values.enumerated() {
            let style = index == 0 ? "a" : "b"
            let (low, high) = (x(value.mean - value.halfWidth), x(value.mean + value.halfWidth))
            let at = Figure.decimal(y + (index == 0 ? -4 : 4), 1)
            parts.append(
                "<line class=\"\(style)\" x1=\"\(Figure.decimal(low, 1))\" x2=\"\(Figure.decimal(high, 1))\" y1=\"\(at)\" y2=\"\(at)\"/>"
            )
            parts.append("<circle class=\"\(style)\" cx=\"\(Figure.decimal(x(value.mean), 1))\" cy=\"\(at)\" r=\"5\"/>")
            let label = row.figure.text(value.mean)
            parts.append(
                "<text class=\"\(style)\" x=\"990\" y=\"\(Figure.decimal(y + (index == 0 ? -3 : 13), 1))\" text-anchor=\"end\">\(label)</text>"
            )
        }
        return parts.joined()
    }

    private static let style = """
        .ground{fill:#fdfcfa}.ink{fill:#1d2327}.soft{fill:#5c666d}.grid{stroke:#e3e0da}
        circle.a,text.a{fill:#1f6fb2}circle.b,text.b{fill:#c2571a}line.a{stroke:#1f6fb2;stroke-width:3}
        line.b{stroke:#c2571a;stroke-width:3}
        @media(prefers-color-scheme:dark){.ground{fill:#15191c}.ink{fill:#e6e9eb}.soft{fill:#9aa5ad}.grid{stroke:#2a3137}
        circle.a,text.a{fill:#6db3ee}circle.b,text.b{fill:#f09a5f}line.a{stroke:#6db3ee}line.b{stroke:#f09a5f}}
        """
}
