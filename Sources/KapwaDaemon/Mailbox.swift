import Dispatch
import KapwaDomain
import Synchronization

/// What waits for the router thread, bounded by the number of commands in it.
final class Mailbox: Sendable {
    private struct Content {
        var items: [WorkItem] = []
    }

    private let content = Mutex(Content())
    private let bell = Bell()
    /// Commands between the socket and the router: read, being scored, or waiting here.
    private let inFlight = Atomic(0)

    private let isHeldUp = Atomic(false)
    private let isEnding = Mutex(false)

    /// Notes that senders are held up: to be called after reading was paused, so that it is not resumed before.
    func noteHeldUp() { isHeldUp.store(true, ordering: .sequentiallyConsistent) }

    /// Lets senders go on when they were held up and there is room again; never once the end has begun.
    func relieve(_ resume: () -> Void) {
        guard fill < 0.8 else { return }
        isEnding.withLock { isEnding in
            guard !isEnding, isHeldUp.exchange(false, ordering: .sequentiallyConsistent) else { return }
            resume()
        }
    }

    /// Begins the end: nobody is told to go on any more.
    func beginEnd() { isEnding.withLock { $0 = true } }

    /// Counts commands that were read from the socket.
    func admit(_ commands: Int) { inFlight.add(commands, ordering: .relaxed) }

    /// Counts commands that were decided.
    func release(_ commands: Int) { inFlight.subtract(commands, ordering: .relaxed) }

    /// How full the way to the router is: 0 to 1, above when the last batch read went beyond.
    var fill: Double { Double(inFlight.load(ordering: .relaxed)) / Double(Limits.mailboxCommandsMax) }

    func post(_ item: WorkItem) {
        let wasEmpty = content.withLock { content in
            content.items.append(item)
            return content.items.count == 1
        }
        if wasEmpty { bell.ring() }
    }

    /// Everything that waits; waits itself for at most so long when there is nothing.
    func take(within time: Milliseconds) -> [WorkItem] {
        let items = drain()
        guard items.isEmpty, time > 0 else { return items }
        bell.wait(until: .now() + .milliseconds(Int(time)))
        return drain()
    }

    private func drain() -> [WorkItem] {
        content.withLock { content in
            let items = content.items
            content.items.removeAll(keepingCapacity: true)
            return items
        }
    }
}
