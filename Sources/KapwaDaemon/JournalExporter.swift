public import KapwaDomain
import KapwaJournal
import KapwaWire

/// Writes the events of a journal as JSON lines, as `events.read` gives them.
public struct JournalExporter {
    /// What of the journal.
    public struct Choice: Sendable {
        /// `nil`: all tenants, by name.
        public var tenant: TenantID?
        public var from: Int64 = 1
        public var to = Int64.max
        /// `nil`: all types.
        public var types: Set<String>?
        /// Without what customers and agents said of themselves.
        public var isPublic = false

        public init() {}
    }

    /// The types of events that there are.
    public static var types: Set<String> { EventTypes.all }

    private static let pageBytes = 1_024 * 1_024

    private let reader: JournalReader

    public init(directory: String) throws(StartFailure) {
        do throws(JournalError) {
            reader = try JournalReader(directory: directory)
        } catch {
            throw StartFailure(error)
        }
    }

    /// - Parameters:
    ///   - write: given whole lines, some at a time.
    ///   - progress: told how many entries were looked at, of how many.
    /// - Returns: events written.
    public func export(
        _ choice: Choice, progress: (Int64, Int64) -> Void = { _, _ in }, write: ([UInt8]) throws -> Void
    ) throws -> Int {
        do {
            let known = try reader.tenants()
            if let tenant = choice.tenant { try require(tenant) }
            var count = 0
            for tenant in choice.tenant.map({ [$0] }) ?? known {
                count += try export(tenant, choice, progress, write)
            }
            return count
        } catch let error as JournalError {
            throw StartFailure(error)
        }
    }

    /// Writes what the journal says of an agent, for that agent: every event that names the agent, with what it weighed
    /// for the agent, but nothing that it weighed for another, and nothing that customers said of themselves.
    ///
    /// - Returns: events written.
    public func export(
        about agent: AgentID, tenant: TenantID, progress: (Int64, Int64) -> Void = { _, _ in },
        write: ([UInt8]) throws -> Void
    ) throws -> Int {
        do {
            try require(tenant)
            let head = try reader.head(tenant)
            let decoder = EventDecoder()
            var encoder = EventEncoder()
            var line = ByteWriter(capacity: 4_096)
            var count = 0
            try reader.replay(tenant: tenant, from: try reader.first(tenant)) { entry in
                if entry.sequence % 10_000 == 0 { progress(entry.sequence, head) }
                let event = try decoder.decode(entry.parts)
                guard event.body.names(agent) else { return }
                line.removeAll()
                encoder.account(event, of: agent, into: &line)
                line.byte(UInt8(ascii: "\n"))
                try write(Array(line.bytes[...]))
                count += 1
            }
            return count
        } catch let error as JournalError {
            throw StartFailure(error)
        }
    }

    private func require(_ tenant: TenantID) throws {
        let known = try reader.tenants()
        guard !known.contains(tenant) else { return }
        throw StartFailure(
            .noInput, "the journal has no tenant \"\(tenant)\"; it has \(known.map(\.rawValue).joined(separator: ", "))"
        )
    }

    private func export(
        _ tenant: TenantID, _ choice: Choice, _ progress: (Int64, Int64) -> Void, _ write: ([UInt8]) throws -> Void
    ) throws -> Int {
        var after = max(0, choice.from - 1)
        var count = 0
        var line = ByteWriter(capacity: 4_096)
        while after < choice.to {
            let page = try reader.events(
                tenant: tenant, after: after, limit: Limits.eventsPerReadMax, types: choice.types,
                maxBytes: Self.pageBytes)
            var lines: [UInt8] = []
            for entry in page.entries where entry.sequence <= choice.to {
                line.removeAll()
                var parts = entry.parts
                if choice.isPublic { parts.personal = [] }
                EventEncoder.merge(parts, into: &line)
                lines += line.bytes
                lines.append(UInt8(ascii: "\n"))
                count += 1
            }
            if !lines.isEmpty { try write(lines) }
            progress(min(page.next, choice.to), min(page.head, choice.to))
            guard page.next > after, page.next < page.head else { break }
            after = page.next
        }
        return count
    }
}
