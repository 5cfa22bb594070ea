import Dispatch
import Synchronization

/// One value that another thread waits for.
package final class Handover<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let arrived = DispatchSemaphore(value: 0)

    package init() {}

    package func pass(_ value: Value) {
        self.value.withLock { $0 = value }
        arrived.signal()
    }

    /// Waits for the value; may be called again.
    package func wait() -> Value {
        while true {
            arrived.wait()
            if let value = value.withLock({ $0 }) {
                arrived.signal()
                return value
            }
        }
    }
}
