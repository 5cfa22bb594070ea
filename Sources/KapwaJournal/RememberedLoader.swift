import Dispatch
import Foundation
import GRDB
import KapwaDomain
import Synchronization

/// Reads the remembered ids of a large journal on a thread of its own, while a start replays: nobody asks for one before
/// the first command.
///
/// The rows that it reads stand: the writer waits for it before it adds or forgets any.
final class RememberedLoader: Sendable {
    private let result = Mutex<Result<RememberedIndex, JournalError>?>(nil)
    private let ended = DispatchSemaphore(value: 0)

    init(path: String, numbers: Range<Int64>) {
        let thread = Thread { [self] in
            let loaded = Result { () throws(JournalError) in try Self.load(path, numbers) }
            result.withLock { $0 = loaded }
            ended.signal()
        }
        thread.name = "kapwa-ids"
        thread.start()
    }

    /// Waits for the index; once.
    func take() throws(JournalError) -> RememberedIndex {
        ended.wait()
        guard let loaded = result.withLock({ $0.take() }) else {
            preconditionFailure("the remembered ids are taken once")
        }
        return try loaded.get()
    }

    private static func load(_ path: String, _ numbers: Range<Int64>) throws(JournalError) -> RememberedIndex {
        var configuration = Configuration()
        configuration.label = "remembered ids"
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            return try queue.read { database in try index(database, numbers, path: path) }
        } catch {
            throw .wrapping(error, path: path, doing: "reading the remembered ids")
        }
    }

    /// The index of the rows with these numbers.
    static func index(
        _ database: Database, _ numbers: Range<Int64>, path: String
    ) throws(JournalError) -> RememberedIndex {
        var index = RememberedIndex(capacity: numbers.count)
        let rows = try PreparedStatement(
            database,
            "SELECT number, tenant, sender, id FROM remembered WHERE number BETWEEN ?1 AND ?2 ORDER BY number",
            path: path)
        rows.bind(numbers.lowerBound, at: 1)
        rows.bind(numbers.upperBound - 1, at: 2)
        while try rows.step(doing: "reading the remembered ids") {
            let key = RememberedIndex.key(tenantNumber: rows.integer(1), sender: rows.bytes(2), id: rows.bytes(3))
            index.insert(key, number: rows.integer(0))
        }
        return index
    }
}
