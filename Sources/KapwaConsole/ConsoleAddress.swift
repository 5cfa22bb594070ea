/// Where the console listens: a host and a port; port 0 takes a free one.
public struct ConsoleAddress: Hashable, Sendable, CustomStringConvertible {
    /// A name or an address; an IPv6 address without brackets.
    public var host: String
    /// 0…65535.
    public var port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`; `*` as port takes a free one, an IPv6 address stands in brackets.
    ///
    /// - Throws: ``ConsoleError/badAddress(_:)``
    public init(parsing text: String) throws(ConsoleError) {
        guard let colon = text.lastIndex(of: ":") else { throw .badAddress(text) }
        var host = text[..<colon]
        let port = text[text.index(after: colon)...]
        if host.hasPrefix("[") && host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw .badAddress(text)
        }
        let isPort =
            port == "*" || (1...5).contains(port.utf8.count) && port.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard !host.isEmpty, !host.contains("/"), isPort, let number = port == "*" ? 0 : Int(port), number <= 65_535
        else {
            throw .badAddress(text)
        }
        self.init(host: String(host), port: number)
    }

    /// Whether only programs on this machine can reach it.
    public var isLoopback: Bool { Self.isLoopback(host) }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Whether a name or an address, without brackets, is one of this machine's loopback.
    public static func isLoopback(_ host: some StringProtocol) -> Bool {
        if host.lowercased() == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

/// Why the console does not listen. Each says on one line what is wrong and what would be right.
public enum ConsoleError: Error, Hashable, Sendable, CustomStringConvertible {
    case badAddress(String)
    case portBusy(ConsoleAddress)
    case notPermitted(ConsoleAddress)
    case cannotListen(ConsoleAddress, reason: String)
    case badCertificate(String)

    public var description: String {
        switch self {
        case .badAddress(let text):
            "\"\(text)\" is no HTTP address; write HOST:PORT as in 127.0.0.1:7410, with port 0 or * for a free one"
        case .portBusy(let address):
            "the HTTP address \(address) is in use; stop the program that has it, or choose another port with --http"
        case .notPermitted(let address):
            "this user may not listen on the HTTP address \(address); choose a port above 1023 with --http"
        case .cannotListen(let address, let reason):
            "cannot listen on the HTTP address \(address): \(reason); choose an address of this machine with --http"
        case .badCertificate(let reason): "\(reason); give both in PEM with --http-certificate and --http-key"
        }
    }
}
