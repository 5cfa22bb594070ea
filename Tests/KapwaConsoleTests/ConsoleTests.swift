import Foundation
import KapwaConsole
import Logging
import ServiceLifecycle
import Testing

@Suite("The console over a real socket")
struct ConsoleTests {
    @Test("metrics come in the format that was asked for, with its content type and never from a cache")
    func metrics() async throws {
        let console = try await Running()
        let plain = try await console.request("/metrics")
        #expect(plain.status == 200)
        #expect(plain.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(plain.headers["cache-control"] == "no-store")
        #expect(plain.body == "# HELP a A\n# TYPE a gauge\na 1\n")
        let open = try await console.request("/metrics", headers: ["Accept: application/openmetrics-text"])
        #expect(open.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
        #expect(open.body == "# EOF\n")
        await console.stop()
    }

    @Test("health says each check; 503 when one does not pass")
    func health() async throws {
        let well = try await Running()
        let ready = try await well.request("/health/ready?verbose=1")
        #expect(ready.status == 200)
        #expect(ready.headers["content-type"] == "application/json")
        let object = try ready.json()
        #expect(object["status"] as? String == "ready")
        #expect(object["mode"] as? String == "enforce")
        #expect(object["breaks"] as? String == "observe")
        #expect((object["checks"] as? [[String: Any]])?.map { $0["name"] as? String } == ["journal", "sockets"])
        #expect(try await well.request("/health/live").json()["status"] as? String == "alive")
        await well.stop()

        let ill = try await Running(Daemon(isReady: false, isAlive: false))
        let notReady = try await ill.request("/health/ready")
        #expect(notReady.status == 503)
        #expect(
            notReady.body == """
                {"breaks":"observe","checks":[{"detail":"disk \\"full\\"; free some space","name":"journal","ok":false},\
                {"detail":"bound","name":"sockets","ok":true}],"lexicon":"def","mode":"enforce","rules":"abc",\
                "status":"not_ready","version":"0.1.0"}

                """)
        let failing = try await ill.request("/health/live")
        #expect(failing.status == 503)
        #expect(try failing.json()["status"] as? String == "failing")
        await ill.stop()
    }

    @Test("an unknown path, a wrong method and a strange host are told what would be right")
    func errors() async throws {
        let console = try await Running()
        let missing = try await console.request("/v1/nothing\"here")
        #expect(missing.status == 404)
        let error = try #require(missing.json()["error"] as? [String: String])
        #expect(error["code"] == "not_found")
        #expect(
            error["message"]
                == "there is nothing at \"/v1/nothing\"here\"; there is /, /health/live, /health/ready, /metrics, "
                + "/v1/limits, /v1/conversations/{id}/why"
        )
        let wrong = try await console.request("/metrics", method: "POST", headers: ["Content-Length: 3"], body: "abc")
        #expect(wrong.status == 405)
        #expect(wrong.headers["allow"] == "GET, HEAD")
        #expect((try wrong.json()["error"] as? [String: String])?["code"] == "method_not_allowed")
        let strange = try await console.request("/metrics", host: "evil.example:7410")
        #expect(strange.status == 403)
        #expect((try strange.json()["error"] as? [String: String])?["code"] == "forbidden_host")
        #expect(!strange.body.contains("# HELP"))
        await console.stop()
    }

    @Test("HEAD gets the head of GET and no body")
    func head() async throws {
        let console = try await Running()
        let get = try await console.request("/v1/limits")
        let head = try await console.request("/v1/limits", method: "HEAD")
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(head.headers["content-length"] == String(get.body.utf8.count))
        await console.stop()
    }

    @Test("the page lists every endpoint, the modes and the version")
    func page() async throws {
        var daemon = Daemon()
        daemon.status.version = "0.1.0<b>"
        let console = try await Running(daemon)
        let page = try await console.request("/", host: "localhost:\(console.address.port)")
        #expect(page.headers["content-type"] == "text/html; charset=utf-8")
        #expect(page.headers["x-content-type-options"] == "nosniff")
        for part in ["/metrics", "/health/live", "/health/ready", "/v1/limits", "enforce", "observe", "0.1.0&lt;b&gt;"]
        {
            #expect(page.body.contains(part), "\(part)")
        }
        await console.stop()
    }

    @Test("bytes that are no HTTP, and heads without end, are cut off; the next request is answered")
    func garbage() async throws {
        let console = try await Running()
        let port = console.address.port
        let answer = try await LoopbackClient.exchange("\u{0}\u{1}\r\n\r\n", port: port)
        // The end of the connection may overtake the answer: what is not read any more resets it.
        #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400"))
        let long = "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + String(repeating: "x", count: 100_000) + "\r\n\r\n"
        #expect(try await !LoopbackClient.exchange(long, port: port).contains("200 OK"))
        #expect(try await console.request("/health/live").status == 200)
        await console.stop()
    }

    @Test("several requests on one connection are answered in order")
    func keepAlive() async throws {
        let console = try await Running()
        let answer = try await LoopbackClient.exchange(
            "GET /health/live HTTP/1.1\r\nHost: [::1]:1\r\n\r\nGET /none HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Connection: close\r\n\r\n", port: console.address.port)
        #expect(answer.components(separatedBy: "HTTP/1.1 ").map { $0.prefix(3) } == ["", "200", "404"])
        await console.stop()
    }

    @Test("a busy port is one clear line, an address of another machine too")
    func busyPort() async throws {
        let console = try await Running()
        let second = Console(
            address: console.address, source: Daemon(), door: Running.door, logger: Logger(label: "test"))
        await #expect(throws: ConsoleError.portBusy(console.address)) { try await second.run() }
        #expect(
            ConsoleError.portBusy(console.address).description
                == "the HTTP address \(console.address) is in use; "
                + "stop the program that has it, or choose another port with --http")
        await console.stop()
        let foreign = Console(
            address: ConsoleAddress(host: "192.0.2.1", port: 0), source: Daemon(), door: Running.door,
            logger: Logger(label: "test"))
        let error = await #expect(throws: ConsoleError.self) { try await foreign.run() }
        #expect(error?.description.hasPrefix("cannot listen on the HTTP address 192.0.2.1:0: ") == true)
    }

    @Test("the port is free again after a graceful shutdown by its service group")
    func gracefulShutdown() async throws {
        struct Wrapped: Service {
            let console: Console
            func run() async throws { try await console.run() }
        }
        let (stream, continuation) = AsyncStream.makeStream(of: ConsoleAddress.self)
        let console = Console(
            address: ConsoleAddress(host: "127.0.0.1", port: 0), source: Daemon(), door: Running.door,
            logger: Logger(label: "test")
        ) { continuation.yield($0) }
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: Wrapped(console: console))], logger: Logger(label: "test")))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await address in stream {
                let request = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                #expect(try await LoopbackClient.exchange(request, port: address.port).hasPrefix("HTTP/1.1 200"))
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                await #expect(throws: LoopbackClient.Failure.self) {
                    try await LoopbackClient.exchange(request, port: address.port)
                }
                break
            }
        }
    }
}
