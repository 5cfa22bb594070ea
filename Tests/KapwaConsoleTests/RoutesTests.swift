import Foundation
import KapwaDomain
import Testing

@testable import KapwaConsole

@Suite("What the console answers")
struct RoutesTests {
    private let routes = Routes(source: Daemon())

    @Test("every listed path is answered, for GET and HEAD alone", arguments: Routes.paths)
    func paths(_ path: String) async {
        for (method, status) in [("GET", 200), ("HEAD", 200), ("POST", 405), ("DELETE", 405), ("OPTIONS", 405)] {
            #expect(await routes.answer(Question(method: method, path: path)).status == status)
        }
    }

    @Test(
        "a path is taken as it is: no slash more, no dots, no other case",
        arguments: [
            "/metrics/", "//metrics", "/Metrics", "/v1/../metrics", "", "/health", "/%6detrics",
        ])
    func otherPaths(_ path: String) async {
        #expect(await routes.answer(Question(path: path)).status == 404)
    }

    @Test(
        "why is asked of one conversation, by its id, an offer or an event, and of a tenant",
        arguments: [
            ("/v1/conversations/c-1/why", nil, 200, "c-1"), ("/v1/conversations/c%2D1/why", "at=7", 200, "c-1@7"),
            ("/v1/conversations/c-1/why", "offer=o9&tenant=pldt&x=1", 200, "c-1 o9 pldt"),
            ("/v1/conversations/c-1/why", "offer=o9&at=7", 400, "exclude"),
            ("/v1/conversations/c-1/why", "at=-7", 400, "from 1"), ("/v1/conversations/c-1/why", "at=x", 400, "from 1"),
            ("/v1/conversations/c-1/why", "offer=", 400, "o812"), ("/v1/conversations//why", nil, 400, "1 to 128"),
            ("/v1/conversations/%22/why", nil, 400, "1 to 128"), ("/v1/conversations/gone/why", nil, 404, "gone"),
            ("/v1/conversations/busy/why", nil, 503, "busy"), ("/v1/conversations/c-1/why/", nil, 404, "nothing"),
        ] as [(String, String?, Int, String)])
    func why(_ path: String, _ query: String?, _ status: Int, _ words: String) async {
        let answer = await routes.answer(Question(path: path, query: query))
        #expect(answer.status == status)
        #expect(String(decoding: answer.body, as: UTF8.self).contains(words))
        #expect(answer.retryAfter == (status == 503 ? 2 : nil))
        #expect(answer.contentType == "application/json")
    }

    @Test("what a stranger sends is shown short and without control characters")
    func shown() async {
        let answer = await routes.answer(Question(path: "/\u{1B}[2J" + String(repeating: "a", count: 10_000)))
        #expect(answer.body.count < 300)
        #expect(!answer.body.contains(0x1B))
    }

    @Test("every row of the limits is shown under its name")
    func limits() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let source = try String(contentsOf: root.appending(path: "Sources/KapwaDomain/Limits.swift"), encoding: .utf8)
        let rows = source.matches(of: #/static let ([A-Za-z]+)/#).map { row in
            row.1.reduce(into: "") { name, letter in
                if letter.isUppercase { name += "_" }
                name += letter.lowercased()
            }
        }
        #expect(rows.count > 50)
        let shown = Set(LimitsTable.values.keys.map { $0.hasSuffix("_ms") ? String($0.dropLast(3)) : $0 })
        #expect(Set(rows).subtracting(shown) == [], "add them to LimitsTable")
        #expect(shown.subtracting(rows) == [])
        #expect(LimitsTable.values["read_wait_max_ms"] == .whole(30_000))
        #expect(LimitsTable.values["skill_levels"] == .range(1, 5))
        #expect(LimitsTable.values["mailbox_openings_ratio"] == .share(0.6))
        let body = await routes.answer(Question(path: "/v1/limits")).body
        #expect(String(decoding: body, as: UTF8.self).contains("\"skill_levels\":{\"least\":1,\"most\":5}"))
    }

    @Test(
        "dates are written as HTTP wants them",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_767_225_599, "Wed, 31 Dec 2025 23:59:59 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        ])
    func dates(_ seconds: Int, _ text: String) {
        #expect(HTTPDate.write(seconds) == text)
    }
}
