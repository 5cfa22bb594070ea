import KapwaDomain
public import KapwaRules

/// The day as one page that needs nothing else: no script, no font, no picture from elsewhere; light and dark.
public struct DayPage: Sendable {
    /// What is told about the day at the top.
    public struct Heading: Sendable {
        public var title: String
        public var facts: [String]

        public init(title: String, facts: [String]) {
            self.title = title
            self.facts = facts
        }
    }

    let heading: Heading
    let names: [String]
    let days: [DayRecord]
    let rules: [RuleSet]

    /// - Parameters:
    ///   - names: of the rule sets, one or two.
    ///   - days: the same seed under each.
    public init(heading: Heading, names: [String], days: [DayRecord], rules: [RuleSet]) {
        precondition(names.count == days.count && (1...2).contains(days.count), "a name for each day, one or two")
        self.heading = heading
        self.names = names
        self.days = days
        self.rules = rules
    }

    public var html: String {
        var parts = ["<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"]
        parts.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        parts.append("<title>\(Self.escaped(heading.title))</title><style>\(Self.style)</style></head><body><main>")
        parts.append("<h1>\(Self.escaped(heading.title))</h1>")
        parts.append("<p class=\"facts\">" + heading.facts.map(Self.escaped).joined(separator: " · ") + "</p>")
        if days.count == 2 { parts.append(key) }
        parts.append(panel("Who came, and who waited", queue, [("bar", "came, per quarter of an hour")], "waiting"))
        parts.append(panel("How long people waited", waits, [("", "95 % waited less, by when they came")], ""))
        parts.append(
            panel(
                "What people carry", ledgers,
                [("", "nine of ten agents on the floor have less; 1 is an ordinary hard contact")], ""))
        for index in days.indices { parts.append(timeline(index)) }
        parts.append(table)
        parts.append("</main></body></html>\n")
        return parts.joined(separator: "\n")
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    private var key: String {
        "<p class=\"key\">"
            + zip(["a", "b"], names).map { "<span class=\"\($0)\"></span>\(Self.escaped($1))" }.joined(separator: " ")
            + "</p>"
    }

    private func panel(_ title: String, _ svg: String, _ notes: [(style: String, text: String)], _ last: String)
        -> String
    {
        let lines = notes.map { $0.style.isEmpty ? $0.text : "<span class=\"\($0.style)\"></span>\($0.text)" }
        let more = last.isEmpty ? [] : ["line: \(last)"]
        return
            "<section><h2>\(title)</h2><p class=\"note\">\((lines + more).joined(separator: " · "))</p>\(svg)</section>"
    }

    // MARK: Time

    private func minute(_ instant: Instant) -> Double { Double(instant - SimulatedDay.begin) / 60_000 }

    private var minutes: ClosedRange<Double> {
        let begin = days.map { minute($0.begin) }.min() ?? 0
        let last =
            days.map { minute(min($0.end, max($0.arrivals.last ?? $0.begin, $0.begin) + .minutes(30))) }.max() ?? 60
        return begin...max(begin + 10, last)
    }

    private static let styles = ["line a", "line b"]

    // MARK: Panels

    private var queue: String {
        let quarter = 15.0
        var came: [Int: Int] = [:]
        for arrival in days[0].arrivals { came[Int(minute(arrival) / quarter), default: 0] += 1 }
        let bars = came.keys.sorted().map { (minute: Double($0) * quarter, value: Double(came[$0] ?? 0)) }
        let lines = days.map { $0.samples.map { (minute: minute($0.at), value: Double($0.waiting)) } }
        let most = (bars.map(\.value) + lines.flatMap { $0.map(\.value) }).max() ?? 1
        var chart = Chart(minutes: minutes, most: most)
        chart.bars(bars, width: quarter, style: "bar")
        for (index, line) in lines.enumerated() { chart.line(line, style: Self.styles[index]) }
        return chart.svg(title: "Arrivals and people waiting", hasScale: true) {
            Figure.decimal($0, $0.rounded() == $0 ? 0 : 1)
        }
    }

    private var waits: String {
        let quarter = 15.0
        let lines = days.map { day in
            var waits: [Int: [Double]] = [:]
            for episode in day.episodes where !episode.isMail {
                waits[Int(minute(episode.at) / quarter), default: []].append(Double(episode.wait) / 60_000)
            }
            return waits.keys.sorted().map { slot in
                (
                    minute: (Double(slot) + 0.5) * quarter,
                    value: Statistics.percentile(950, of: (waits[slot] ?? []).sorted()) ?? 0
                )
            }
        }
        var chart = Chart(minutes: minutes, most: lines.flatMap { $0.map(\.value) }.max() ?? 1)
        for (index, line) in lines.enumerated() { chart.line(line, style: Self.styles[index]) }
        return chart.svg(title: "Waits", hasScale: true) { "\(Figure.decimal($0, $0.rounded() == $0 ? 0 : 2)) min" }
    }

    private var ledgers: String {
        let lines = days.map { $0.samples.map { (minute: minute($0.at), value: Double($0.ledgerNinth) / 1_000) } }
        let threshold = Double(rules[0].breaks.threshold) / 1_000
        var chart = Chart(minutes: minutes, most: max(threshold * 1.2, lines.flatMap { $0.map(\.value) }.max() ?? 1))
        chart.level(threshold, style: "threshold", label: "a break is owed")
        for (index, line) in lines.enumerated() { chart.line(line, style: Self.styles[index]) }
        return chart.svg(title: "Stress ledgers", hasScale: true) { Figure.decimal($0, $0.rounded() == $0 ? 0 : 1) }
    }

    /// Most people that a timeline shows; of more every second, third … stands for the others.
    private static let rowsMost = 150

    private func timeline(_ index: Int) -> String {
        let day = days[index]
        let people = day.people.indices.filter { day.people[$0].onDuty > 0 }
        let step = (people.count + Self.rowsMost - 1) / Self.rowsMost
        let shown = people.enumerated().filter { $0.offset % max(1, step) == 0 }.map(\.element)
        let thick = shown.count > 60 ? 4.0 : 8.0
        let rows = Dictionary(uniqueKeysWithValues: shown.enumerated().map { ($1, 10 + Double($0) * (thick + 1)) })
        var chart = Chart(minutes: minutes, most: 1, height: 40 + Double(shown.count) * (thick + 1))
        for duty in day.duties {
            guard let row = rows[duty.agent] else { continue }
            chart.span(minute(duty.from), minute(duty.to), row: row, thick: thick, style: "duty")
        }
        for taken in day.breaks {
            guard let row = rows[taken.agent] else { continue }
            if let owed = taken.owedAt, taken.isEnforced, taken.reason == .care {
                chart.span(minute(owed), minute(taken.startedAt ?? owed), row: row, thick: thick, style: "owed")
            }
            guard let started = taken.startedAt else { continue }
            let style = taken.kind == .stress ? "care" : taken.kind == .meal ? "meal" : "pause"
            chart.span(minute(started), minute(taken.endedAt ?? day.end), row: row, thick: thick, style: style)
        }
        let note =
            "a row is an agent\(step > 1 ? ", one of \(step)" : "") · <span class=\"duty\"></span>on duty "
            + "<span class=\"owed\"></span>owed, with a live contact <span class=\"care\"></span>break for care "
            + "<span class=\"meal\"></span>meal <span class=\"pause\"></span>other break"
        let title = "Breaks" + (names.count == 2 ? " · " + Self.escaped(names[index]) : "")
        return "<section><h2>\(title)</h2><p class=\"note\">\(note)</p>"
            + chart.svg(title: "Breaks of each agent", hasScale: false) { _ in "" } + "</section>"
    }

    private var table: String {
        let figures = days.map(\.figures)
        let head = names.map { "<th>\(Self.escaped($0))</th>" }.joined()
        let rows = Figure.allCases.map { figure in
            "<tr><td>\(figure.title)</td>" + figures.map { "<td>\(figure.text($0[figure]))</td>" }.joined() + "</tr>"
        }
        return "<section><h2>The day in figures</h2><table><thead><tr><th></th>\(head)</tr></thead><tbody>"
            + rows.joined() + "</tbody></table></section>"
    }

    static let style = """
        :root{color-scheme:light dark;--ground:#fdfcfa;--ink:#1d2327;--soft:#5c666d;--grid:#e3e0da;--a:#1f6fb2;--b:#c2571a;\
        --bar:#cfd6db;--care:#2c8a57;--owed:#d9a21b;--meal:#8b93a3;--pause:#b6a9c9;--duty:#e9e6df;--threshold:#a33a3a}
        @media(prefers-color-scheme:dark){:root{--ground:#15191c;--ink:#e6e9eb;--soft:#9aa5ad;--grid:#2a3137;--a:#6db3ee;\
        --b:#f09a5f;--bar:#3a444c;--care:#52c087;--owed:#e3b94b;--meal:#717a8c;--pause:#85789b;--duty:#232a2f;\
        --threshold:#e08080}}
        body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.45 system-ui,sans-serif}
        main{max-width:1080px;margin:0 auto;padding:28px 20px 60px}
        h1{font-size:24px;margin:0 0 4px}h2{font-size:17px;margin:30px 0 2px}
        p{margin:0}.facts,.note{color:var(--soft)}p.note{font-size:13px;margin-bottom:6px}
        svg{display:block;width:100%;height:auto}
        .key{margin-top:14px}.key span,.note span{display:inline-block;width:14px;height:10px;margin:0 5px 0 10px}
        .key .a{background:var(--a)}.key .b{background:var(--b)}
        span.bar{background:var(--bar)}span.duty{background:var(--duty)}span.owed{background:var(--owed)}
        span.care{background:var(--care)}span.meal{background:var(--meal)}span.pause{background:var(--pause)}
        .line{fill:none;stroke-width:1.8;stroke-linejoin:round}.line.a{stroke:var(--a)}.line.b{stroke:var(--b)}
        rect.bar{fill:var(--bar)}rect.duty{fill:var(--duty)}rect.owed{fill:var(--owed)}rect.care{fill:var(--care)}
        rect.meal{fill:var(--meal)}rect.pause{fill:var(--pause)}
        .grid,.tick{stroke:var(--grid);stroke-width:1}.threshold{stroke:var(--threshold);stroke-dasharray:5 4}
        svg text{fill:var(--soft);font-size:11px}
        table{border-collapse:collapse;margin-top:8px}th,td{padding:3px 18px 3px 0;text-align:right;\
        border-bottom:1px solid var(--grid)}th:first-child,td:first-child{text-align:left}td{font-variant-numeric:tabular-nums}
        """
}
