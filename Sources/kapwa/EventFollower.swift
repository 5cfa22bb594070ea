import Foundation
import KapwaDaemon
import KapwaDomain
import KapwaTransport
import KapwaWire

/// Follows the events of a tenant: woken by the socket, fed by `events.read`, so that nothing is missed or doubled.
final class EventFollower {
    private let client: CommandClient
    private let subscriber: EventSubscriber
    private let endpoint: String
    private let tenant: String
    private let types: [String]?
    private var after: Int64
    private var reads = 0

    init(commands: String, events: String, tenant: String, types: [String]?, after: Int64?, key: ClientKey? = nil)
        throws
    {
        client = try CommandClient(endpoint: commands, key: key)
        subscriber = try EventSubscriber(endpoint: events, topics: ["\(tenant)/"], key: key)
        endpoint = commands
        self.tenant = tenant
        self.types = types
        self.after = 0
        self.after = try after ?? head()
    }

    /// The page of a reply to `events.read`.
    private struct Page: Decodable {
        struct Failure: Decodable { var code: String, message: String, retryAfterMs: Int? }
        var ok: Bool
        var next: Int64?
        var head: Int64?
        var error: Failure?
    }

    /// Beyond all that there is: also where the first events are no longer kept.
    private func head() throws -> Int64 { try read(after: .max, limit: 1).page.head ?? 0 }

    /// Prints what comes, for ever or until everything was printed.
    func run(untilHead: Bool, _ show: (String) -> Void) throws {
        while true {
            let (page, events) = try read(after: after, limit: 1_000)
            if let head = page.head, head < after {
                throw StartFailure(
                    .badData,
                    "the journal ends at event \(head), before \(after): it was set back, as by a restored backup; begin anew "
                        + "with --after 0")
            }
            for event in events { show(event) }
            after = page.next ?? after
            if after >= page.head ?? 0 {
                if untilHead { return }
                // Any event, or the heartbeat once a second: then look again.
                _ = try subscriber.receive(timeout: 1_000)
            }
        }
    }

    func close() {
        client.close()
        subscriber.close()
    }

    private func read(after: Int64, limit: Int) throws -> (page: Page, events: [String]) {
        reads += 1
        var command: [String: Any] = [
            "type": "events.read", "id": "events-\(reads)", "tenant": tenant, "after": after, "limit": limit,
        ]
        if let types { command["types"] = types }
        let frames = FrameList([try JSONSerialization.data(withJSONObject: command)])
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        while true {
            let data = Data(try client.request(frames)[0])
            let page = try decoder.decode(Page.self, from: data)
            if page.ok { return (page, EventLines.split(data)) }
            guard page.error?.code == "overloaded", let wait = page.error?.retryAfterMs else {
                throw StartFailure(.failed, "events cannot be read: \(page.error?.message ?? "no reason was given")")
            }
            Thread.sleep(forTimeInterval: Double(wait) / 1_000)
        }
    }
}

/// The events of a reply, each as the bytes that came.
enum EventLines {

    /// Cuts `"events":[…]` at the commas of its first level, so that every number stays as it was written.
    static func split(_ reply: Data) -> [String] {
        let marker = Array("\"events\":[".utf8)
        let bytes = Array(reply)
        guard let begin = bytes.firstRange(of: marker)?.upperBound else { return [] }
        var events: [String] = []
        var depth = 0
        var start = begin
        var isInString = false
        var index = begin
        while index < bytes.count {
            let byte = bytes[index]
            if isInString {
                if byte == UInt8(ascii: "\\") { index += 1 } else if byte == UInt8(ascii: "\"") { isInString = false }
            } else if byte == UInt8(ascii: "\"") {
                isInString = true
            } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                if depth == 0 { start = index }
                depth += 1
            } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
                if depth == 0 { break }
                depth -= 1
                if depth == 0 { events.append(String(decoding: bytes[start...index], as: UTF8.self)) }
            }
            index += 1
        }
        return events
    }
}
