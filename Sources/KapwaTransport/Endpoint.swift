/// Where a socket is bound or connects to, checked before libzmq sees it.
struct Endpoint {
    enum Scheme: String { case tcp, ipc, inproc }

    let scheme: Scheme
    /// As the user wrote it, for messages.
    let text: String
    /// As libzmq wants it.
    let address: String
    /// Whether the host is an IPv6 address in brackets.
    let isVersion6: Bool
    /// Of TCP alone: the host without brackets, and the port.
    let place: (host: String, port: String)?

    /// - Parameter binding: a port of `0` or `*` is good for binding only.
    init(_ text: String, binding: Bool) throws(TransportError) {
        guard let separator = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: String(text[..<separator.lowerBound]))
        else { throw .unsupportedScheme(endpoint: text) }
        let rest = text[separator.upperBound...]
        guard !rest.isEmpty, !rest.utf8.contains(0) else {
            throw .badEndpoint(endpoint: text, reason: "nothing stands behind '\(scheme)://'")
        }
        self.scheme = scheme
        self.text = text
        guard scheme == .tcp else {
            address = text
            isVersion6 = false
            place = nil
            return
        }
        guard let colon = rest.lastIndex(of: ":"), colon != rest.startIndex else {
            throw .badEndpoint(endpoint: text, reason: "expected tcp://HOST:PORT")
        }
        let host = rest[..<colon]
        let port = try Self.port(rest[rest.index(after: colon)...], of: text, binding: binding)
        isVersion6 = host.hasPrefix("[")
        guard isVersion6 == host.hasSuffix("]"), isVersion6 || !host.contains(":") else {
            throw .badEndpoint(endpoint: text, reason: "an IPv6 address stands in brackets: tcp://[::1]:7411")
        }
        address = "tcp://\(host):\(port)"
        place = (String(isVersion6 ? host.dropFirst().dropLast() : host), port)
    }

    private static func port(_ port: Substring, of text: String, binding: Bool) throws(TransportError) -> String {
        if port == "*" || port == "0" {
            guard binding else { throw .badEndpoint(endpoint: text, reason: "a port to connect to is 1 to 65535") }
            return "*"
        }
        guard let number = UInt16(port), number > 0, !port.hasPrefix("+") else {
            throw .badEndpoint(endpoint: text, reason: "a port is 1 to 65535, or 0 or * for a free one")
        }
        return String(number)
    }
}
