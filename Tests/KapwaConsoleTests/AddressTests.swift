import KapwaConsole
import Testing

@Suite("Where the console listens")
struct AddressTests {
    @Test(
        "HOST:PORT is read and written back",
        arguments: [
            ("127.0.0.1:7410", "127.0.0.1", 7_410), ("localhost:0", "localhost", 0), ("0.0.0.0:*", "0.0.0.0", 0),
            ("[::1]:65535", "::1", 65_535),
        ])
    func reads(_ text: String, _ host: String, _ port: Int) throws {
        let address = try ConsoleAddress(parsing: text)
        #expect(address == ConsoleAddress(host: host, port: port))
        if !text.hasSuffix("*") { #expect(address.description == text) }
    }

    @Test(
        "what is no address is refused with an example of one",
        arguments: [
            "", ":", ":80", "host", "host:", "host:65536", "host:-1", "host:+1", "host:1x", "::1:80", "http://host:80",
            "host:000080", "[]:1",
        ])
    func refuses(_ text: String) {
        let error = #expect(throws: ConsoleError.self) { try ConsoleAddress(parsing: text) }
        #expect(error == .badAddress(text))
        #expect(error?.description.contains("127.0.0.1:7410") == true)
    }

    @Test("loopback is what only this machine reaches")
    func loopback() {
        for host in ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LOCALHOST"] {
            #expect(ConsoleAddress(host: host, port: 1).isLoopback)
        }
        for host in ["0.0.0.0", "::", "128.0.0.1", "127.0.0.1.evil.example", "localhost.evil.example", "127.0.0", ""] {
            #expect(!ConsoleAddress(host: host, port: 1).isLoopback)
        }
    }
}
