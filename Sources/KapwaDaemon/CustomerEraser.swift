public import KapwaDomain
import KapwaJournal
import KapwaRouting
import KapwaWire
public import Logging

/// Makes a journal forget a customer: whatever the customer said, and what was said of the customer, goes for good,
/// and the checksum chain over the rest still holds.
///
/// No daemon may serve the journal meanwhile: it would go on knowing the customer.
public struct CustomerEraser {
    public struct Report: Sendable, Hashable {
        public var tenant: TenantID
        /// Events whose personal part is gone now.
        public var events = 0
        /// Snapshots that were written anew without the customer.
        public var snapshots = 0
    }

    private let directory: String
    private let logger: Logger

    public init(directory: String, logger: Logger) {
        self.directory = directory
        self.logger = logger
    }

    /// - Parameters:
    ///   - customer: the id that senders use, or the name that events have it by.
    ///   - tenant: `nil`: of every tenant.
    public func forget(_ customer: CustomerID, of tenant: TenantID?) throws(StartFailure) -> [Report] {
        try OwnFile.Owner.become(of: directory)
        do {
            let reader = try JournalReader(directory: directory)
            let known = try reader.tenants()
            if let tenant, !known.contains(tenant) {
                let names = known.map(\.rawValue).joined(separator: ", ")
                throw StartFailure(.noInput, "the journal has no tenant \"\(tenant)\"; it has \(names)")
            }
            let journal = try SQLiteJournal(directory: directory, now: DaemonClock.wall())
            let key = try CustomerKey.read(in: directory)
            if key == nil, !CustomerKey.isName(customer), try reader.namesCustomers() {
                throw StartFailure(
                    .noInput,
                    "the journal knows customers by names that \(CustomerKey.fileName) gave, and there is no such file in "
                        + "\(directory); put it there, or name the customer as events do (\(CustomerKey.prefix)…)")
            }
            var reports: [Report] = []
            for tenant in tenant.map({ [$0] }) ?? known {
                var names = [customer]
                if let name = key?.name(of: customer, tenant: tenant), name != customer { names.append(name) }
                reports.append(try forget(names, of: tenant, journal, reader))
            }
            try journal.close()
            return reports
        } catch let error as JournalError {
            throw StartFailure(error)
        } catch let error as StartFailure {
            throw error
        } catch {
            throw StartFailure(.failed, "\(error)")
        }
    }

    private func forget(
        _ names: [CustomerID], of tenant: TenantID, _ journal: SQLiteJournal, _ reader: JournalReader
    ) throws -> Report {
        var report = Report(tenant: tenant)
        for subject in try subjects(of: names, tenant, reader) {
            report.events += try journal.forget(tenant: tenant, subject: subject)
        }
        let store = SnapshotStore(directory: directory)
        let replayer = Replayer(reader: reader, snapshots: store, logger: logger)
        let taker = SnapshotTaker(replayer: replayer, store: store, logger: logger)
        for name in names { report.snapshots = max(report.snapshots, try taker.forget(name, of: tenant)) }
        return report
    }

    /// Under whose salts the journal keeps what is personal of a customer: the customer's, and those of conversations
    /// from before somebody said whose they are.
    private func subjects(
        of names: [CustomerID], _ tenant: TenantID, _ reader: JournalReader
    ) throws -> [String] {
        let own = names.map { "customer:\($0)" }
        let decoder = EventDecoder()
        var conversations: Set<ConversationID> = []
        var subjects = own
        try reader.replay(tenant: tenant, from: try reader.first(tenant)) { entry in
            guard let subject = entry.subject, own.contains(subject) else { return }
            let event = try decoder.decode(entry.parts)
            guard let id = event.body.conversation, conversations.insert(id).inserted else { return }
            subjects.append("conversation:\(id)")
        }
        return subjects
    }
}
