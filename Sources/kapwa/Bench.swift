import ArgumentParser
import Foundation
import KapwaDaemon
import KapwaDomain
import KapwaTransport
import Synchronization

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures this program on this machine.",
        subcommands: [Wire.self, Score.self, Route.self, Journal.self, Start.self])

    struct Wire: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Commands per second through a whole daemon, beside a bare echo of the same frames.",
            discussion: """
                Both run in this process and are driven over TCP by one pipelined client: first sockets that send every \
                frame back, then a daemon that decodes, scores, decides, commits and publishes.

                Examples:
                  kapwa bench wire
                  kapwa bench wire --commands 200000 --batch 100
                """)

        @Option(help: ArgumentHelp("Commands to send.", valueName: "n"))
        var commands: Int = 50_000
        @Option(help: ArgumentHelp("Commands per message.", valueName: "n"))
        var batch: Int = 50
        @Option(help: ArgumentHelp("Messages ahead of their replies.", valueName: "n"))
        var window: Int = 40
        @Option(help: ArgumentHelp("Directory with the lexicons.", valueName: "dir"))
        var models: String?
        @Option(help: ArgumentHelp("Where the journal goes; a temporary directory otherwise.", valueName: "dir"))
        var data: String?

        func validate() throws {
            guard (1...Limits.framesPerMessageMax).contains(batch), (1...10_000_000).contains(commands), window > 0
            else { throw ValidationError("--batch is 1 to \(Limits.framesPerMessageMax), --commands 1 to 10000000") }
        }

        func run() async throws {
            try await Failing.withOneLine {
                do {
                    let echo = try WireBenchmark.echo(self)
                    print("echo    \(echo)")
                    let daemon = try WireBenchmark.daemon(self, models: models ?? ModelsDirectory.standard)
                    print("daemon  \(daemon)")
                    print("ratio   \(Int((daemon.perSecond / echo.perSecond * 100).rounded())) %")
                } catch let error as TransportError {
                    throw StartFailure(.unavailable, "\(error)")
                }
            }
        }
    }
}

/// Drives an endpoint with opening messages, and times it.
struct WireBenchmark: CustomStringConvertible {
    let commands: Int
    let refused: Int
    let seconds: Double
    /// Round trips of messages, sorted, in milliseconds.
    let roundTrips: [Double]

    var perSecond: Double { Double(commands) / seconds }

    var description: String {
        func at(_ share: Double) -> String {
            let value = roundTrips[min(roundTrips.count - 1, Int(Double(roundTrips.count) * share))]
            return "\((value * 10).rounded() / 10) ms"
        }
        return "\(commands) commands in \((seconds * 100).rounded() / 100) s, \(Int(perSecond)) per second; "
            + "message round trip p50 \(at(0.5)), p99 \(at(0.99)); \(refused) refused"
    }

    static func echo(_ bench: Bench.Wire) throws -> WireBenchmark {
        let echo = EchoDelegate()
        var configuration = TransportConfiguration()
        configuration.commands = "tcp://127.0.0.1:*"
        configuration.events = "tcp://127.0.0.1:*"
        let transport = try Transport(configuration, delegate: echo)
        echo.connect(transport)
        let endpoints = try transport.start()
        defer { transport.stop() }
        return try drive(endpoints.commands, bench)
    }

    static func daemon(_ bench: Bench.Wire, models: String) throws -> WireBenchmark {
        let directory =
            bench.data.map { URL(filePath: $0) }
            ?? FileManager.default.temporaryDirectory.appending(path: "kapwa-bench-\(UUID().uuidString)")
        defer { if bench.data == nil { try? FileManager.default.removeItem(at: directory) } }
        var layer = Settings.Layer()
        layer.data = directory.path(percentEncoded: false)
        layer.commands = "tcp://127.0.0.1:*"
        layer.events = "tcp://127.0.0.1:*"
        let daemon = try Daemon(
            try Settings([layer], defaultModels: models), logger: Logs.logger("kapwa", level: "error"))
        defer {
            daemon.stop()
            if let failure = daemon.join() { Failing.say("kapwa: \(failure)") }
        }
        return try drive(daemon.endpoints.commands, bench)
    }

    private static let texts = [
        "kanina pa po ako naghihintay ng order ko, gutom na ang anak ko", "salamat po, nakuha ko na!",
        "ang tagal naman, 2 hrs na, asan na ang rider nyo?", "good morning, may tanong lang ako sa load ko",
        "please help, I am stranded and I cannot call my family", "pwede po ba i-cancel yung isang item?",
    ]

    private static func messages(_ bench: Bench.Wire) -> [FrameList] {
        stride(from: 0, to: bench.commands, by: bench.batch).map { first in
            var frames = FrameList()
            for number in first..<min(first + bench.batch, bench.commands) {
                frames.append(
                    ("{\"type\":\"conversation.message\",\"id\":\"b\(number)\",\"conversation\":\"k\(number)\","
                        + "\"from\":\"customer\",\"channel\":\"chat\",\"customer\":\"c\(number % 5_000)\","
                        + "\"text\":\"\(texts[number % texts.count])\"}").utf8)
            }
            return frames
        }
    }

    private static func drive(_ endpoint: String, _ bench: Bench.Wire) throws -> WireBenchmark {
        let client = try CommandClient(endpoint: endpoint)
        defer { client.close() }
        let clock = ContinuousClock()
        // Made before the clock starts, so that making them is not measured.
        let messages = Self.messages(bench)
        var begun: [ContinuousClock.Instant] = []
        var trips: [Double] = []
        var refused = 0
        let start = clock.now
        while trips.count < messages.count {
            while begun.count < messages.count && begun.count - trips.count < bench.window {
                begun.append(clock.now)
                try client.send(messages[begun.count - 1], timeout: 30_000)
            }
            guard let replies = try client.receive(timeout: 30_000) else {
                throw StartFailure(.unavailable, "\(endpoint) did not answer within 30 s")
            }
            let trip = clock.now - begun[trips.count]
            trips.append(Double(trip.components.seconds) * 1e3 + Double(trip.components.attoseconds) / 1e15)
            for index in 0..<replies.count where replies[index].contains(subsequence: "\"ok\":false") { refused += 1 }
        }
        let took = clock.now - start
        return WireBenchmark(
            commands: bench.commands, refused: refused,
            seconds: Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18,
            roundTrips: trips.sorted())
    }
}

extension ArraySlice<UInt8> {
    fileprivate func contains(subsequence text: StaticString) -> Bool {
        text.withUTF8Buffer { firstRange(of: $0) != nil }
    }
}

/// Sends every message back as it came.
private final class EchoDelegate: TransportDelegate {
    private let transport = Mutex<Transport?>(nil)

    func connect(_ transport: Transport) { self.transport.withLock { $0 = transport } }

    func received(_ batch: consuming InboundBatch) {
        var out = OutboundBatch()
        for message in batch.messages {
            guard case .success(let frames) = message.content else { continue }
            out.reply(to: message.peer, ticket: message.ticket) { list in
                for index in frames { list.append(batch[frame: index]) }
            }
        }
        transport.withLock { $0 }?.send(out)
    }

    func scored(_ outcome: consuming ScoringOutcome) {}
    func noticed(_ notice: TransportNotice) {}
}
