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
            if let tenant = choice.tenant, !known.contains(tenant) {
                throw StartFailure(
                    .noInput,
                    "the journal has no tenant \"\(tenant)\"; it has \(known.map(\.rawValue).joined(separator: ", "))")
            }
            var count = 0
            for tenant in choice.tenant.map({ [$0] }) ?? known {
                count += try export(tenant, choice, progress, write)
            }
            return count
        } catch let error as JournalError {
            throw StartFailure(error)
        }
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
                EventEncoder.merge(
                    open: entry.publicPart, personal: choice.isPublic ? [] : entry.personalPart ?? [], into: &line)
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
