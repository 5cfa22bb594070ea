import ArgumentParser
import Foundation
import KapwaDaemon
import KapwaDomain
import KapwaTransport

struct Send: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sends commands to a running daemon and prints the replies.",
        discussion: """
            One JSON object per line, from a file or from standard input; blank lines are passed over. Replies come in \
            the same order, one per line. Each message waits for the reply to the one before, so that it sees what that \
            one did; --window lets more go ahead. Exit code 0 when all were carried out, 1 when one was refused, 69 when nobody \
            answers.

            Examples:
              kapwa send commands.jsonl
              echo '{"type":"ping","id":"p1"}' | kapwa send
              kapwa send --to tcp://127.0.0.1:7411 --batch 100 commands.jsonl
              kapwa send --to tcp://10.0.0.5:7411 --key crm.secret commands.jsonl
            """)

    @Argument(help: "A file with one command per line; - or nothing: standard input.")
    var file: String = "-"
    @Option(help: ArgumentHelp("The daemon's commands socket.", valueName: "endpoint"))
    var to: String = "tcp://127.0.0.1:7411"
    @Option(help: ArgumentHelp("Commands per message.", valueName: "n"))
    var batch: Int = 1
    @Option(help: ArgumentHelp("Messages sent ahead of their replies.", valueName: "n"))
    var window: Int = 1
    @Option(help: ArgumentHelp("How long to wait for a reply.", valueName: "seconds"))
    var timeout: Int = 10
    @OptionGroup var keys: KeyOptions

    /// A daemon stops reading from a peer that has more than this waiting.
    private static let windowMax = Limits.messagesPerPeerWaitingMax

    func validate() throws {
        guard (1...Limits.framesPerMessageMax).contains(batch) else {
            throw ValidationError("--batch is \(batch); 1 to \(Limits.framesPerMessageMax) are possible")
        }
        guard (1...Self.windowMax).contains(window) else {
            throw ValidationError("--window is \(window); 1 to \(Self.windowMax) are possible")
        }
        guard (1...3_600).contains(timeout) else {
            throw ValidationError("--timeout is \(timeout); 1 to 3600 are possible")
        }
    }

    func run() async throws {
        try await Failing.withOneLine {
            var input = LineReader(try Self.open(file))
            do {
                let refused = try send(&input)
                if refused > 0 { throw ExitCode(1) }
            } catch let error as TransportError {
                throw StartFailure(.unavailable, "\(to): \(error)")
            }
        }
    }

    private static func open(_ file: String) throws(StartFailure) -> FileHandle {
        guard file != "-" else { return FileHandle.standardInput }
        return try LineReader.open(file, expected: "a file that is there, or - for standard input")
    }

    /// Sends a window of messages ahead of their replies.
    private func send(_ input: inout LineReader) throws -> Int {
        let client = try CommandClient(endpoint: to, key: keys.clientKey())
        defer { client.close() }
        var refused = 0
        var outstanding = 0
        var frames = FrameList()
        var isAtEnd = false
        while !isAtEnd || outstanding > 0 {
            while !isAtEnd && outstanding < window {
                frames.removeAll(keepingCapacity: true)
                while frames.count < batch, let line = try nextLine(&input) { frames.append(line) }
                if frames.isEmpty {
                    isAtEnd = true
                } else {
                    try client.send(frames, timeout: Milliseconds(timeout) * 1_000)
                    outstanding += 1
                }
            }
            guard outstanding > 0 else { break }
            guard let replies = try client.receive(timeout: Milliseconds(timeout) * 1_000) else {
                throw StartFailure(.unavailable, "\(to) did not answer within \(timeout) s; is a daemon running there?")
            }
            outstanding -= 1
            refused += show(replies)
        }
        return refused
    }

    private func nextLine(_ input: inout LineReader) throws(StartFailure) -> [UInt8]? {
        while let line = input.next() {
            guard line.count <= Limits.frameBytesMax else {
                throw StartFailure(
                    .badData, "a line of \(line.count) bytes; \(Limits.commandBytesMax) are the most for a command")
            }
            if !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return line }
        }
        return nil
    }

    private func show(_ replies: FrameList) -> Int {
        var refused = 0
        for index in 0..<replies.count {
            let reply = String(decoding: replies[index], as: UTF8.self)
            if reply.contains("\"ok\":false") { refused += 1 }
            print(reply)
        }
        fflush(nil)
        return refused
    }
}
