import Foundation
import KapwaConsole
import KapwaDomain
import KapwaMetrics
import KapwaTransport
import KapwaWire
import Logging
import Testing

@testable import KapwaDaemon

/// Lexicons read again by a daemon in this process.
@Suite struct ReloadTests {
    private static let plan = "term\tlang\nnanay ko meal\ttl\n"
    private static let text = #""text":"nasaan po ang nanay ko meal, ang nanay ko meal""#

    private let directory = FileManager.default.temporaryDirectory.appending(path: "kapwa-reload-\(UUID().uuidString)")
    private var overlay: URL { directory.appending(path: "products.tsv") }

    private func write(_ text: String) throws { try Data(text.utf8).write(to: overlay) }

    private func withDaemon(threads: Int, _ body: (Daemon, CommandClient) throws -> Void) throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try write("term\tlang\n")
        var layer = Settings.Layer()
        layer.data = directory.appending(path: "data").path(percentEncoded: false)
        layer.overlays = [overlay.path(percentEncoded: false)]
        layer.commands = "tcp://127.0.0.1:*"
        layer.events = "tcp://127.0.0.1:*"
        layer.scoringThreads = threads
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let daemon = try Daemon(try Settings([layer], defaultModels: LiveDaemonTests.models), logger: logger)
        let client = try CommandClient(endpoint: daemon.endpoints.commands)
        defer {
            client.close()
            daemon.stop()
            #expect(daemon.join() == nil)
        }
        try body(daemon, client)
    }

    private func family(_ client: CommandClient, _ number: Int) throws -> Double {
        let command =
            #"{"id":"\#(number)","type":"conversation.message","conversation":"k\#(number)","from":"customer","#
            + #""channel":"chat","return":["tags"],\#(Self.text)}"#
        let replies = try client.request(FrameList([command.utf8]), timeout: 20_000)
        let reply = try #require(try JSONSerialization.jsonObject(with: Data(replies[0])) as? [String: Any])
        return try #require((reply["tags"] as? [String: Double])?["family"])
    }

    private func reloads(_ client: CommandClient) throws -> [[String: Any]] {
        let command = #"{"id":"e","type":"events.read","after":0,"types":["rules.changed"]}"#
        let replies = try client.request(FrameList([command.utf8]), timeout: 20_000)
        let reply = try #require(try JSONSerialization.jsonObject(with: Data(replies[0])) as? [String: Any])
        return try #require(reply["events"] as? [[String: Any]])
    }

    private func metric(_ daemon: Daemon, _ name: String) -> String? {
        String(decoding: daemon.console.metrics(.prometheus), as: UTF8.self)
            .split(separator: "\n").first { $0.hasPrefix(name + " ") }.map { String($0.dropFirst(name.count + 1)) }
    }

    @Test("an overlay counts from its reload on, with and without scoring threads", arguments: [0, 2])
    func takesEffect(threads: Int) throws {
        try withDaemon(threads: threads) { daemon, client in
            let before = daemon.console.status.lexicon
            #expect(try family(client, 1) >= 0.5)
            try write(Self.plan)
            daemon.reload()
            #expect(try family(client, 2) == 0)
            let changes = try reloads(client)
            #expect(changes.map { $0["lexicon"] as? String } == [before, daemon.console.status.lexicon])
            #expect(changes.last?["by"] as? String == "reload")
            #expect(Set(changes.map { $0["hash"] as? String }).count == 1, "the rules are the same")
            daemon.reload()
            #expect(try reloads(client).count == 2, "nothing changed, nothing is said")
        }
    }

    @Test("an overlay with a fault changes nothing and is seen in the metrics; the next good one counts")
    func refused() throws {
        try withDaemon(threads: 1) { daemon, client in
            let before = daemon.console.status
            for fault in ["term\tlang\tanger\n", "term\tlang\nnanay ko meal\txx\n", "", "term\tlang\nx\ten\nX\ten\n"] {
                try write(fault)
                daemon.reload()
                #expect(daemon.console.status == before)
                #expect(metric(daemon, "kapwa_rules_last_reload_successful") == "0")
            }
            #expect(try family(client, 1) >= 0.5)
            #expect(try reloads(client).count == 1)
            try write(Self.plan)
            daemon.reload()
            #expect(metric(daemon, "kapwa_rules_last_reload_successful") == "1")
            #expect(try family(client, 2) == 0)
        }
    }
}
