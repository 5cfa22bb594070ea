import KapwaConsole
import KapwaDomain
import KapwaJournal
import KapwaWire
import Logging
import Synchronization

/// Answers why over HTTP, one at a time and on a thread of its own: a replay takes as long as the journal is, and
/// neither the router nor a reader of events waits for it.
final class WhyDesk: Sendable {
    private let reader: any JournalReading
    private let snapshots: SnapshotStore?
    private let tenants: [TenantID]
    private let logger: Logger
    private let isBusy = Mutex(false)

    init(reader: any JournalReading, snapshots: SnapshotStore?, tenants: [TenantID], logger: Logger) {
        self.reader = reader
        self.snapshots = snapshots
        self.tenants = tenants
        self.logger = logger
    }

    /// The answer as JSON in its public form, or why there is none.
    func answer(_ question: WhyQuestion) async -> Result<[UInt8], Refusal> {
        guard tenants.contains(question.tenant) else {
            return .failure(Refusal(.unknownTenant, "there is no tenant \"\(question.tenant)\"", field: "tenant"))
        }
        let isFree = isBusy.withLock { isBusy in
            defer { isBusy = true }
            return !isBusy
        }
        guard isFree else {
            return .failure(
                Refusal(
                    .overloaded, "another explanation is being made, and one is made at a time; ask again",
                    retryAfter: 1_000))
        }
        let (reader, logger) = (WhyReader(reader: reader, snapshots: snapshots), logger)
        let result = await withCheckedContinuation { continuation in
            _ = WorkerThread(name: "kapwa-why") {
                continuation.resume(returning: Self.result(question, reader, logger))
            }
        }
        isBusy.withLock { $0 = false }
        return result
    }

    private static func result(
        _ question: WhyQuestion, _ reader: WhyReader, _ logger: Logger
    ) -> Result<[UInt8], Refusal> {
        do {
            return .success(try reader.answer(question).json(for: .everyone))
        } catch let refusal as Refusal {
            return .failure(refusal)
        } catch {
            logger.error("a decision could not be explained", metadata: ["error": "\(error)"])
            return .failure(Refusal(.internal, "the journal could not be read; see the daemon's log"))
        }
    }
}
