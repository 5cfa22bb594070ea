import KapwaDomain

/// Pages for people.
enum Page {
    private static let paths: [(path: String, meaning: String)] = [
        ("/metrics", "figures for Prometheus, as text 0.0.4 or OpenMetrics 1.0"),
        ("/health/live", "whether the process should be left alone"),
        ("/health/ready", "whether it takes commands, with each check"),
        ("/v1/limits", "every bound that Kapwa keeps"),
    ]

    /// What there is to see, in which modes Kapwa works, and its version.
    static func index(_ status: ConsoleStatus) -> String {
        let rows = paths.map { "<li><a href=\"\($0.path)\">\($0.path)</a> – \($0.meaning)</li>" }
        return """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Kapwa</title></head>
            <body>
            <h1>Kapwa \(escaped(status.version))</h1>
            <p>Routing: \(status.routing.rawValue). Breaks: \(status.breaks.rawValue).</p>
            <ul>
            \(rows.joined(separator: "\n"))
            <li>\(WhyRoute.shape) – why a conversation went to whom it went</li>
            </ul>
            </body>
            </html>

            """
    }

    private static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            default: String(character)
            }
        }.joined()
    }
}
