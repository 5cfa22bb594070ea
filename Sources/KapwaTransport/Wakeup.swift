import CZeroMQ
import Glibc

/// An eventfd: any thread may signal it, one thread polls it. Signals coalesce.
final class Wakeup: Sendable {
    let descriptor: Int32

    init() throws(TransportError) {
        descriptor = kapwa_eventfd()
        let code = errno
        guard descriptor >= 0 else { throw .system(call: "eventfd", code: code) }
    }

    deinit { close(descriptor) }

    func signal() {
        var one: UInt64 = 1
        // Fails only when the counter is full, and then the reader is awake anyway.
        while write(descriptor, &one, MemoryLayout<UInt64>.size) < 0, errno == EINTR {}
    }

    func clear() {
        var count: UInt64 = 0
        while read(descriptor, &count, MemoryLayout<UInt64>.size) < 0, errno == EINTR {}
    }
}
