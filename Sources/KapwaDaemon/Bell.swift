import Dispatch
import Synchronization

/// Wakes one thread: once, however often it is rung before that thread comes.
final class Bell: Sendable {
    private let isRung = Atomic(false)
    private let rung = DispatchSemaphore(value: 0)

    func ring() {
        if !isRung.exchange(true, ordering: .sequentiallyConsistent) { rung.signal() }
    }

    /// Waits until it is rung, or was since the last wait. What it was rung for is to be looked at afterwards.
    ///
    /// - Returns: whether it was rung in time.
    @discardableResult
    func wait(until time: DispatchTime) -> Bool {
        guard rung.wait(timeout: time) == .success else { return false }
        isRung.store(false, ordering: .sequentiallyConsistent)
        return true
    }
}
