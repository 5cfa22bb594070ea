public import KapwaDomain

/// Figures of who comes in and who does not.
public struct AccessSeries: Sendable {
    public let keys: GaugeSeries
    public let authFailures: ByCase<AuthFailure, CounterSeries>
    public let subscriptionsRefused: CounterSeries
    public let connectionsCut: CounterSeries
    public let httpRefusals: ByCase<HTTPRefusal, CounterSeries>

    init(_ registry: MetricRegistry) {
        keys = registry.gauge("kapwa_keys", "Keys that hold; 0 where none is asked for.").series()
        authFailures = ByCase(
            registry.counter(
                "kapwa_auth_failures_total", "Peers that were not let in, by why.", labels: ["reason"]))
        subscriptionsRefused =
            registry.counter(
                "kapwa_subscriptions_refused_total", "Subscriptions to what the subscriber may not hear."
            ).series()
        connectionsCut =
            registry.counter(
                "kapwa_connections_cut_total",
                "Connections that were ended: too much unread, no end, or a key withdrawn."
            ).series()
        httpRefusals = ByCase(
            registry.counter(
                "kapwa_http_refusals_total", "HTTP requests and connections that were turned away, by why.",
                labels: ["reason"]))
    }
}
