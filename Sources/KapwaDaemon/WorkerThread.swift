import Dispatch
import Foundation

/// A thread of the operating system that runs once and can be waited for.
final class WorkerThread: Sendable {
    private let ended = DispatchSemaphore(value: 0)

    init(name: String, _ body: @escaping @Sendable () -> Void) {
        let ended = ended
        let thread = Thread {
            body()
            ended.signal()
        }
        thread.name = name
        // Deep recursion has no place on these threads, but a frame of the parser's tables does.
        thread.stackSize = 8 * 1_024 * 1_024
        thread.start()
    }

    /// Waits until it has ended; may be called again.
    func join() {
        ended.wait()
        ended.signal()
    }
}
