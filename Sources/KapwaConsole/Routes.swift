import KapwaDomain
import KapwaMetrics

/// Which path answers what.
struct Routes: Sendable {
    static let paths = ["/", "/health/live", "/health/ready", "/metrics", "/v1/limits"]

    let source: any ConsoleSource

    /// - Parameter isWhole: whether the answer may say more than a stranger needs.
    func answer(_ question: Question, isWhole: Bool = true) async -> Answer {
        let (method, path) = (question.method, question.path)
        let why = WhyRoute(path: path)
        guard why != nil || Self.paths.contains(path) else {
            let all = (Self.paths + [WhyRoute.shape]).joined(separator: ", ")
            return .error(404, "not_found", "there is nothing at \(Answer.shown(path)); there is \(all)")
        }
        guard method == "GET" || method == "HEAD" else {
            var answer = Answer.error(
                405, "method_not_allowed", "\(Answer.shown(method)) does nothing here; use GET or HEAD")
            answer.allow = "GET, HEAD"
            return answer
        }
        if let why { return await why.answer(query: question.query, source) }
        switch path {
        case "/metrics":
            let format = ExpositionFormat(accept: question.accept)
            return Answer(status: 200, contentType: format.contentType, body: source.metrics(format))
        case "/health/live": return health(source.liveness(), good: "alive", bad: "failing", isWhole)
        case "/health/ready": return health(source.readiness(), good: "ready", bad: "not_ready", isWhole)
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

    private func health(_ health: Health, good: String, bad: String, _ isWhole: Bool) -> Answer {
        guard isWhole else {
            return .json(health.isHealthy ? 200 : 503, ["status": health.isHealthy ? good : bad])
        }
        let status = source.status
        return .json(
            health.isHealthy ? 200 : 503,
            HealthBody(
                status: health.isHealthy ? good : bad, checks: health.checks, version: status.version,
                mode: status.routing.rawValue, breaks: status.breaks.rawValue, rules: status.rules,
                lexicon: status.lexicon))
    }
}
