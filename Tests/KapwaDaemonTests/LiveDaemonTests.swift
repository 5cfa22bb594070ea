import Foundation
import KapwaDomain
import KapwaTransport
import Logging
import Testing

@testable import KapwaDaemon

/// A daemon in this process on free ports, talked to over TCP.
@Suite struct LiveDaemonTests {
    static let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Models").path(percentEncoded: false)

    private func settings(_ directory: URL, threads: Int) throws -> Settings {
        var layer = Settings.Layer()
        layer.data = directory.path(percentEncoded: false)
        layer.commands = "tcp://127.0.0.1:*"
        layer.events = "tcp://127.0.0.1:*"
        layer.scoringThreads = threads
        return try Settings([layer], defaultModels: Self.models)
    }

    private func withDaemon(threads: Int = 1, _ body: (Daemon, URL) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "kapwa-live-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let daemon = try Daemon(try settings(directory, threads: threads), logger: Self.quiet)
        do {
            try body(daemon, directory)
        } catch {
            daemon.stop()
            _ = daemon.join()
            throw error
        }
        daemon.stop()
        #expect(daemon.join() == nil)
    }

    private static var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    private func ask(_ client: CommandClient, _ commands: String...) throws -> [[String: Any]] {
        let replies = try client.request(FrameList(commands.map(\.utf8)), timeout: 20_000)
        return try (0..<replies.count).map {
            try #require(try JSONSerialization.jsonObject(with: Data(replies[$0])) as? [String: Any])
        }
    }

    @Test("words are scored with and without scoring threads", arguments: [0, 1])
    func scores(threads: Int) throws {
        try withDaemon(threads: threads) { daemon, _ in
            let client = try CommandClient(endpoint: daemon.endpoints.commands)
            defer { client.close() }
            let replies = try ask(
                client,
                #"{"id":"1","type":"conversation.message","conversation":"k","from":"customer","channel":"chat","#
                    + #""text":"kanina pa po ako naghihintay, tatlong araw na!","return":["tags"]}"#)
            let tags = try #require(replies[0]["tags"] as? [String: Double])
            #expect(tags["frustration"] ?? 0 >= 0.5)
        }
    }

    @Test("the same id is answered the same within a batch, later, and after a restart; another body is a conflict")
    func idempotency() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "kapwa-live-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let first = #"{"id":"1","type":"agent.upsert","agent":"ana","skills":{"billing":2}}"#
        let other = #"{"id":"1","type":"agent.upsert","agent":"ana","skills":{"billing":3}}"#
        for round in 1...2 {
            let daemon = try Daemon(try settings(directory, threads: 0), logger: Self.quiet)
            let client = try CommandClient(endpoint: daemon.endpoints.commands)
            let replies = try ask(client, first, first, other)
            #expect(replies[0]["ok"] as? Bool == true)
            #expect(replies[0]["duplicate"] as? Bool == (round == 1 ? nil : true))
            #expect(replies[1]["duplicate"] as? Bool == true)
            #expect(replies[0]["seq"] as? Int == replies[1]["seq"] as? Int)
            #expect((replies[2]["error"] as? [String: Any])?["code"] as? String == "id_conflict")
            client.close()
            daemon.stop()
            #expect(daemon.join() == nil)
        }
    }

    @Test("a second daemon on the same data is kept out, and says so")
    func locked() throws {
        try withDaemon { _, directory in
            let failure = #expect(throws: StartFailure.self) {
                try Daemon(try settings(directory, threads: 0), logger: Self.quiet)
            }
            #expect(failure?.code == .locked)
        }
    }
}
