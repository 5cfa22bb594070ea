import Synchronization

/// What other threads want from the transport's thread; taken as a whole once a turn.
final class WireInbox: Sendable {
    struct Content {
        var outbound: [OutboundBatch] = []
        var scoring: [Scoring] = []
        /// Who is let in from now on, when that has changed.
        var keyring: Keyring?
        var isPaused = false
        var isStopping = false
    }

    /// What is wanted of the workers, in the order in which it was wanted.
    enum Scoring: Sendable {
        case texts(request: UInt64, FrameList)
        /// From here on texts are scored by this lexicon.
        case lexicon(String)
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
            content.keyring = nil
            return taken
        }
    }
}
