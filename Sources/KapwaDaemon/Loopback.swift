import KapwaConsole

/// Without keys every peer may do almost everything, so nobody but this machine may be one.
enum Loopback {
    /// Whether an endpoint is reached from this machine alone. What is no TCP endpoint is judged when it is bound.
    static func holds(_ endpoint: String) -> Bool {
        guard endpoint.hasPrefix("tcp://"), let colon = endpoint.lastIndex(of: ":") else { return true }
        let start = endpoint.index(endpoint.startIndex, offsetBy: "tcp://".count)
        guard start < colon else { return true }
        let host = endpoint[start..<colon]
        return host == "[::1]" || host == "lo" || host != "::1" && ConsoleAddress.isLoopback(host)
    }

    static func refusal(_ endpoint: String) -> StartFailure {
        StartFailure(
            .configuration,
            "\(endpoint) can be reached from other machines, and without keys everybody could do everything there; "
                + "make keys with kapwa keys new, or choose an address of the loopback, as 127.0.0.1")
    }

    static func refusal(http: String) -> StartFailure {
        StartFailure(
            .configuration,
            "\(http) can be reached from other machines, and without a certificate everybody could read along; name one "
                + "with --http-certificate and --http-key, or choose an address of the loopback, as 127.0.0.1")
    }
}
