import KapwaDomain
import KapwaMetrics

/// Which path answers what.
struct Routes: Sendable {
    static let paths = ["/", "/health/live", "/health/ready", "/metrics", "/v1/limits"]

    let source: any ConsoleSource
    /// Whether only this machine can reach the console: then the name that was asked for must be one of its own, or a
    /// page somewhere in the web could read it through a browser that runs here.
    let isLoopback: Bool

    /// - Parameters:
    ///   - path: as it stands in the request.
    ///   - query: what follows its question mark, if it has one.
    func answer(method: String, path: String, query: String? = nil, host: String?, accept: String?) async -> Answer {
        guard !isLoopback || Self.isOwnName(host) else {
            return .error(
                403, "forbidden_host",
                "the host \(Self.shown(host ?? "")) is not this machine; ask for 127.0.0.1, [::1] or localhost")
        }
        let why = WhyRoute(path: path)
        guard why != nil || Self.paths.contains(path) else {
            let all = (Self.paths + [WhyRoute.shape]).joined(separator: ", ")
            return .error(404, "not_found", "there is nothing at \(Self.shown(path)); there is \(all)")
        }
        guard method == "GET" || method == "HEAD" else {
            var answer = Answer.error(
                405, "method_not_allowed", "\(Self.shown(method)) does nothing here; use GET or HEAD")
            answer.allow = "GET, HEAD"
            return answer
        }
        if let why { return await why.answer(query: query, source) }
        switch path {
        case "/metrics":
            let format = ExpositionFormat(accept: accept)
            return Answer(status: 200, contentType: format.contentType, body: source.metrics(format))
        case "/health/live": return health(source.liveness(), good: "alive", bad: "failing")
        case "/health/ready": return health(source.readiness(), good: "ready", bad: "not_ready")
        case "/v1/limits": return .json(200, LimitsTable.values)
        default:
            return Answer(
                status: 200, contentType: "text/html; charset=utf-8", body: Array(Page.index(source.status).utf8))
        }
    }

    private struct HealthBody: Encodable {
        var status: String
        var checks: [Health.Check]
        var version: String
        var mode: String
        var breaks: String
        var rules: String
        var lexicon: String
    }

    private func health(_ health: Health, good: String, bad: String) -> Answer {
        let status = source.status
        return .json(
            health.isHealthy ? 200 : 503,
            HealthBody(
                status: health.isHealthy ? good : bad, checks: health.checks, version: status.version,
                mode: status.routing.rawValue, breaks: status.breaks.rawValue, rules: status.rules,
                lexicon: status.lexicon))
    }

    /// What a stranger sent, fit to be shown: short and without control characters.
    private static func shown(_ text: String) -> String {
        let clean = text.unicodeScalars.prefix(100).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0) }
        return "\"\(clean.joined())\(text.unicodeScalars.count > 100 ? "…" : "")\""
    }

    /// `host` or `host:port`. A request without a name comes from no browser.
    private static func isOwnName(_ host: String?) -> Bool {
        guard let host else { return true }
        guard host.hasPrefix("[") else {
            return ConsoleAddress.isLoopback(host.prefix { $0 != ":" })
        }
        return ConsoleAddress.isLoopback(host.dropFirst().prefix { $0 != "]" })
    }
}
