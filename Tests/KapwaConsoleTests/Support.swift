import Foundation
import Glibc
import KapwaConsole
import KapwaDomain
import KapwaMetrics
import Logging
import Synchronization

/// A daemon that is well, or not.
struct Daemon: ConsoleSource {
    var status = ConsoleStatus(
        version: "0.1.0", routing: .enforce, breaks: .observe, rules: "abc", lexicon: "def")
    var isReady = true
    var isAlive = true

    func metrics(_ format: ExpositionFormat) -> [UInt8] {
        format == .openMetrics ? Array("# EOF\n".utf8) : Array("# HELP a A\n# TYPE a gauge\na 1\n".utf8)
    }

    func why(_ request: WhyRequest) async -> Result<[UInt8], Refusal> {
        switch request.conversation {
        case "gone": return .failure(Refusal(.unknownConversation, "gone"))
        case "busy": return .failure(Refusal(.overloaded, "busy", retryAfter: 1_500))
        default:
            let words = [
                request.conversation.rawValue + (request.sequence.map { "@\($0)" } ?? ""), request.offer?.rawValue,
                request.tenant == "main" ? nil : request.tenant.rawValue,
            ]
            return .success(Array("{\"asked\":\"\(words.compactMap(\.self).joined(separator: " "))\"}".utf8))
        }
    }

    func liveness() -> Health { Health([.init(name: "router", ok: isAlive, detail: "a batch 3 ms ago")]) }

    func readiness() -> Health {
        Health([
            .init(name: "journal", ok: isReady, detail: isReady ? "writable" : "disk \"full\"; free some space"),
            .init(name: "sockets", ok: true, detail: "bound"),
        ])
    }
}

/// A console on a free port, and what is needed to talk to it.
struct Running {
    static let token = "a-token-of-32-letters-or-more-here"
    static var door: ConsoleDoor { ConsoleDoor(token: token) }

    let address: ConsoleAddress
    private let task: Task<Void, any Error>

    /// Starts one and waits until it listens.
    init(_ daemon: Daemon = Daemon(), door: ConsoleDoor = Running.door) async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: ConsoleAddress.self)
        let console = Console(
            address: ConsoleAddress(host: "127.0.0.1", port: 0), source: daemon, door: door,
            logger: Logger(label: "test")
        ) { continuation.yield($0) }
        let task = Task {
            defer { continuation.finish() }
            try await console.run()
        }
        var listening: ConsoleAddress?
        for await address in stream {
            listening = address
            break
        }
        guard let listening else {
            try await task.value
            throw NotListening()
        }
        self.task = task
        address = listening
    }

    struct NotListening: Error {}

    func stop() async {
        task.cancel()
        _ = await task.result
    }

    /// Sends a GET, or another method, with the token, and reads until the other side closes.
    func request(
        _ path: String, method: String = "GET", host: String? = "127.0.0.1", token: String? = Running.token,
        headers: [String] = [], body: String = ""
    ) async throws -> Reply {
        var lines = ["\(method) \(path) HTTP/1.1"]
        if let host { lines.append("Host: \(host)") }
        if let token { lines.append("Authorization: Bearer \(token)") }
        lines += headers + ["Connection: close", "", body]
        return try await Reply(LoopbackClient.exchange(lines.joined(separator: "\r\n"), port: address.port))
    }
}

struct Reply {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: String

    init(_ text: String) throws {
        guard let end = text.range(of: "\r\n\r\n") else { throw LoopbackClient.Failure(what: "no head in \(text)") }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        status = Int(lines[0].split(separator: " ")[1]) ?? 0
        headers = Dictionary(
            lines.dropFirst().map { line in
                let colon = line.firstIndex(of: ":") ?? line.endIndex
                return (line[..<colon].lowercased(), String(line[colon...].dropFirst(2)))
            }, uniquingKeysWith: { $0 + "," + $1 })
        body = String(text[end.upperBound...])
    }

    /// The body as an object.
    func json() throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(body.utf8))
        guard let object = object as? [String: Any] else { throw LoopbackClient.Failure(what: "no object: \(body)") }
        return object
    }
}

/// What was turned away.
final class Refusals: Sendable {
    private let found = Mutex<[HTTPRefusal]>([])

    func add(_ refusal: HTTPRefusal) { found.withLock { $0.append(refusal) } }

    var all: [HTTPRefusal] { found.withLock { $0 } }

    /// A door that tells of everybody whom it turns away.
    func door(names: [String] = []) -> ConsoleDoor {
        ConsoleDoor(token: Running.token, names: names) { refusal, peer in
            precondition(peer == "127.0.0.1", "only this machine asks here")
            self.add(refusal)
        }
    }
}

/// The plainest client there is: bytes out, bytes in, on a thread where waiting blocks nobody.
enum LoopbackClient {
    struct Failure: Error { var what: String }

    static func exchange(_ text: String, port: Int) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            // A thread of its own: the shared ones are few, and the server needs them to answer.
            Thread.detachNewThread {
                continuation.resume(with: Result { try blockingExchange(Array(text.utf8), port: port) })
            }
        }
    }

    private static func blockingExchange(_ bytes: [UInt8], port: Int) throws -> String {
        let descriptor = try connect(port: port)
        defer { close(descriptor) }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            // The other side may answer and close before it has read everything.
            if count <= 0 { break }
            sent += count
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1_024)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            answer += buffer[..<count]
        }
        return String(decoding: answer, as: UTF8.self)
    }

    static func connect(port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(what: "no socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw Failure(what: "nobody listens on \(port)")
        }
        return descriptor
    }
}
