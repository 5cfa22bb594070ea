import Glibc
import KapwaConsole
import KapwaDomain
import Testing

@Suite("The door of the console over a real socket")
struct DoorTests {
    @Test("who shows no token, or another, is told how; nothing is shown, each is counted")
    func tokens() async throws {
        let refusals = Refusals()
        let console = try await Running(door: refusals.door())
        let none = try await console.request("/v1/limits", token: nil)
        #expect(none.status == 401)
        #expect(none.headers["www-authenticate"] == "Bearer realm=\"kapwa\"")
        #expect((try none.json()["error"] as? [String: String])?["code"] == "no_token")
        let wrong = try await console.request("/v1/limits", token: "guessed")
        #expect(wrong.status == 401)
        #expect(wrong.headers["www-authenticate"]?.contains("invalid_token") == true)
        #expect(!wrong.body.contains("guessed"))
        #expect(try await console.request("/v1/limits").status == 200)
        #expect(try await console.request("/metrics", token: nil).status == 200)
        #expect(refusals.all == [.noToken, .wrongToken])
        await console.stop()
    }

    @Test("a name that was rebound, and a page from elsewhere, get nothing, each is counted")
    func strangers() async throws {
        let refusals = Refusals()
        let console = try await Running(door: refusals.door(names: ["kapwa.example"]))
        #expect(try await console.request("/health/live", host: "evil.example").status == 403)
        #expect(try await console.request("/metrics", headers: ["Origin: http://evil.example"]).status == 403)
        #expect(try await console.request("/metrics", host: "kapwa.example:7410").status == 200)
        #expect(refusals.all == [.forbiddenHost, .forbiddenOrigin])
        await console.stop()
    }

    @Test("who fails too often is cut off each time; the right token opens all the same")
    func tooOften() async throws {
        let refusals = Refusals()
        let console = try await Running(door: refusals.door())
        for _ in 0..<Limits.httpFailuresMax {
            #expect(try await console.request("/v1/limits", token: "guessed").status == 401)
        }
        let late = try await LoopbackClient.exchange(
            "GET /v1/limits HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer guessed\r\n\r\n",
            port: console.address.port)
        #expect(late.hasPrefix("HTTP/1.1 429 "))
        #expect(late.contains("Retry-After: 60\r\n"))
        #expect(refusals.all.suffix(2) == [.wrongToken, .tooManyFailures])
        #expect(try await console.request("/v1/limits").status == 200)
        await console.stop()
    }

    @Test("a body is read over as far as 64 KiB; one that does not end is cut off")
    func endlessBody() async throws {
        let refusals = Refusals()
        let console = try await Running(door: refusals.door())
        let body = String(repeating: "x", count: Limits.httpBodyBytesMax)
        let short = try await console.request(
            "/metrics", method: "POST", headers: ["Content-Length: \(body.utf8.count)"], body: body)
        #expect(short.status == 405)
        let chunk = "8000\r\n" + String(repeating: "x", count: 0x8000) + "\r\n"
        // Comes back only because the other side ends it.
        _ = try await LoopbackClient.exchange(
            "POST /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                + String(repeating: chunk, count: 100), port: console.address.port)
        #expect(refusals.all == [.tooLarge])
        #expect(try await console.request("/health/live").status == 200)
        await console.stop()
    }

    @Test("connections that say nothing make room for those that ask, the ones that waited longest first")
    func crowd() async throws {
        let refusals = Refusals()
        let console = try await Running(door: refusals.door())
        var idle: [Int32] = []
        defer { for descriptor in idle { close(descriptor) } }
        // On a busy machine the first may have gone for their silence alone before the last come.
        for _ in 1...20 where refusals.all.isEmpty {
            for descriptor in idle { close(descriptor) }
            idle = []
            for number in 0..<(Limits.httpConnectionsMax + 32) {
                let descriptor = try LoopbackClient.connect(port: console.address.port)
                idle.append(descriptor)
                if number.isMultiple(of: 2) { _ = send(descriptor, "GET /", 5, Int32(MSG_NOSIGNAL)) }
            }
            #expect(try await console.request("/health/live").status == 200)
            #expect(try await console.request("/v1/limits").status == 200)
        }
        #expect(!refusals.all.isEmpty)
        #expect(refusals.all.allSatisfy { $0 == .crowded })
        await console.stop()
    }
}
