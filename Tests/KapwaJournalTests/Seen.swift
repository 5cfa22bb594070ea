import Synchronization

/// What a hook noticed while the journal was at work.
final class Seen: Sendable {
    private let storage = Mutex<[Int64?]>([])

    var heads: [Int64?] { storage.withLock { $0 } }

    func note(_ head: Int64?) { storage.withLock { $0.append(head) } }
}
