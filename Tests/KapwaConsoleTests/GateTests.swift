import KapwaDomain
import Testing

@testable import KapwaConsole

@Suite("Who is let in over HTTP")
struct GateTests {
    private static let token = "Bearer \(Running.token)"

    private func gate(_ host: String, names: [String] = []) -> Gate {
        Gate(door: ConsoleDoor(token: Running.token, names: names), address: ConsoleAddress(host: host, port: 7_410))
    }

    @Test(
        "on loopback only this machine's names are answered",
        arguments: [
            ("127.0.0.1", true), ("127.0.0.1:7410", true), ("localhost", true), ("LocalHost:1", true), ("[::1]", true),
            ("[::1]:7410", true), (nil, true), ("", false), ("evil.example", false), ("localhost.evil.example", false),
            ("127.0.0.1.evil.example:7410", false), ("0.0.0.0", false), ("[::2]", false), ("10.0.0.5", false),
            ("localhost@evil.example", false), ("kapwa.example", true), ("KAPWA.example:443", true),
            ("a.kapwa.example", false),
        ] as [(String?, Bool)])
    func loopbackHosts(_ host: String?, _ isAnswered: Bool) {
        let refusal = gate("127.0.0.1", names: ["Kapwa.Example"]).refusal(of: Question(path: "/metrics", host: host))
        #expect(refusal == (isAnswered ? nil : .forbiddenHost))
    }

    @Test(
        "elsewhere an address is answered, which no name can be rebound to, and names that were configured",
        arguments: [
            ("10.0.0.5:7410", true), ("[fe80::1]:7410", true), ("kapwa.example", true), (nil, true),
            ("evil.example", false), ("localhost", false), ("10.0.0.5.evil.example", false), ("", false),
        ] as [(String?, Bool)])
    func otherHosts(_ host: String?, _ isAnswered: Bool) {
        let refusal = gate("0.0.0.0", names: ["kapwa.example"])
            .refusal(of: Question(path: "/metrics", host: host, authorization: Self.token))
        #expect(refusal == (isAnswered ? nil : .forbiddenHost))
    }

    @Test(
        "a page may ask that came from here, and no other",
        arguments: [
            (nil, true), ("http://127.0.0.1:7410", true), ("https://127.0.0.1:7410", true), ("null", false),
            ("http://evil.example", false), ("http://127.0.0.1:8080", false), ("http://localhost:7410", false),
            ("file://127.0.0.1:7410", false), ("127.0.0.1:7410", false), ("", false),
        ] as [(String?, Bool)])
    func origins(_ origin: String?, _ isAnswered: Bool) {
        let question = Question(path: "/metrics", host: "127.0.0.1:7410", origin: origin)
        #expect(gate("127.0.0.1").refusal(of: question) == (isAnswered ? nil : .forbiddenOrigin))
        let nameless = Question(path: "/metrics", host: nil, origin: origin)
        #expect(gate("127.0.0.1").refusal(of: nameless) == (origin == nil ? nil : .forbiddenOrigin))
    }

    @Test(
        "the token opens /v1, whatever is asked for there",
        arguments: [
            (nil, .noToken), ("", .noToken), ("Bearer", .noToken), ("Basic eDp5", .noToken), ("Bearer x", .wrongToken),
            ("Bearer \(Running.token)x", .wrongToken), ("Bearer \(Running.token.dropLast())", .wrongToken),
            ("Bearer  \(Running.token)", .wrongToken), (token, nil), ("bearer \(Running.token)", nil),
        ] as [(String?, HTTPRefusal?)])
    func tokens(_ authorization: String?, _ refusal: HTTPRefusal?) {
        for host in ["127.0.0.1", "0.0.0.0"] {
            for path in ["/v1", "/v1/", "/v1/limits", "/v1/conversations/c-1/why", "/v1/nowhere"] {
                #expect(gate(host).refusal(of: Question(path: path, authorization: authorization)) == refusal)
            }
        }
    }

    @Test("health is open everywhere, metrics and the page on loopback alone; elsewhere health says one word")
    func openPaths() {
        for path in ["/health/live", "/health/ready"] {
            #expect(gate("127.0.0.1").refusal(of: Question(path: path)) == nil)
            #expect(gate("0.0.0.0").refusal(of: Question(path: path)) == nil)
            #expect(gate("127.0.0.1").isTrusted(Question(path: path)))
            #expect(!gate("0.0.0.0").isTrusted(Question(path: path)))
            #expect(gate("0.0.0.0").isTrusted(Question(path: path, authorization: Self.token)))
        }
        for path in ["/metrics", "/", "/nowhere", "/v10", "/V1/limits"] {
            #expect(gate("127.0.0.1").refusal(of: Question(path: path)) == nil)
            #expect(gate("0.0.0.0").refusal(of: Question(path: path)) == .noToken)
            #expect(gate("0.0.0.0").refusal(of: Question(path: path, authorization: Self.token)) == nil)
        }
    }

    @Test("a new token opens from when it is used, and the old one no more")
    func newToken() {
        let door = ConsoleDoor(token: "old")
        #expect(door.refusal(of: "Bearer old") == nil)
        door.use(token: "new")
        #expect(door.refusal(of: "Bearer old") == .wrongToken)
        #expect(door.refusal(of: "Bearer new") == nil)
    }

    @Test("an address may be refused so often within a minute, each for itself, and the table of them is bounded")
    func failures() {
        let failures = FailureCount()
        for _ in 0..<Limits.httpFailuresMax { #expect(!failures.add("a", at: 1_000)) }
        #expect(failures.add("a", at: 1_000))
        #expect(failures.add("a", at: 60_999))
        #expect(!failures.add("b", at: 60_999))
        #expect(!failures.add("a", at: 61_000))
        for number in 0..<(3 * Limits.httpFailureAddressesMax) { #expect(!failures.add("\(number)", at: 70_000)) }
    }

    @Test(
        "of IPv6 a network counts as one, and IPv4 by whatever way it came as itself",
        arguments: [
            ("10.1.2.3", "10.1.2.3"), ("::1", "::1"), ("::ffff:10.1.2.3", "10.1.2.3"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ])
    func peers(_ address: String, _ peer: String) {
        #expect(FailureCount.peer(address) == peer)
    }
}
