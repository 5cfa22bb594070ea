import Dispatch
import Foundation
import Synchronization

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

/// A piece of work that a thread of its own does while this one does another.
final class Meanwhile<Value: Sendable>: Sendable {
    private final class Box<Content: Sendable>: Sendable {
        let value = Mutex<Content?>(nil)
    }

    private let box: Box<Value>
    private let thread: WorkerThread

    init(name: String, _ work: @escaping @Sendable () -> Value) {
        let box = Box<Value>()
        self.box = box
        thread = WorkerThread(name: name) {
            let value = work()
            box.value.withLock { $0 = value }
        }
    }

    /// Waits for what came of it; once. Nobody else holds it then.
    func take() -> Value {
        thread.join()
        guard let value = box.value.withLock({ $0.take() }) else {
            preconditionFailure("what came of work beside this is taken once")
        }
        return value
    }
}
