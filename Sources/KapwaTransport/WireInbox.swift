import Synchronization

/// What other threads want from the transport's thread; taken as a whole once a turn.
final class WireInbox: Sendable {
    struct Content {
        var outbound: [OutboundBatch] = []
        var scoring: [(request: UInt64, payloads: FrameList)] = []
        var isPaused = false
        var isStopping = false
    }

    private let content = Mutex(Content())
    let wakeup: Wakeup

    init(wakeup: Wakeup) { self.wakeup = wakeup }

    func post(_ change: (inout sending Content) -> Void) {
        content.withLock { change(&$0) }
        wakeup.signal()
    }

    /// The content; the lists are empty afterwards, the switches stay.
    func take() -> Content {
        content.withLock { content in
            let taken = content
            content.outbound = []
            content.scoring = []
            return taken
        }
    }
}
