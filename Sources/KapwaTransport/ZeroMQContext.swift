import CZeroMQ
import Glibc
import Synchronization

/// A libzmq context. The one thing of libzmq that may be used from any thread.
final class ZeroMQContext: Sendable {
    /// The address as a number: a raw pointer is not Sendable, although this one may be shared (zmq_ctx_new(3)).
    private let address: Mutex<UInt?>

    init(ioThreads: Int32 = 1, socketsMax: Int32 = 1_023) throws(TransportError) {
        try Self.checkLibrary()
        guard let raw = zmq_ctx_new() else { throw .system(call: "zmq_ctx_new", code: zmq_errno()) }
        zmq_ctx_set(raw, ZMQ_IO_THREADS, ioThreads)
        zmq_ctx_set(raw, ZMQ_MAX_SOCKETS, socketsMax)
        address = Mutex(UInt(bitPattern: raw))
    }

    private static func checkLibrary() throws(TransportError) {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        zmq_version(&major, &minor, &patch)
        guard (major, minor, patch) >= (4, 3, 3) else { throw .libraryTooOld(found: "\(major).\(minor).\(patch)") }
    }

    /// A new socket that belongs to the calling thread from now on.
    func makeSocket(_ type: Int32) throws(TransportError) -> UnsafeMutableRawPointer {
        // Under the lock, so that the context cannot be freed between reading its address and using it.
        let made = address.withLock { address -> Result<UInt, TransportError> in
            guard let address, let raw = UnsafeMutableRawPointer(bitPattern: address) else { return .failure(.closed) }
            guard let socket = zmq_socket(raw, type) else {
                let code = zmq_errno()
                return .failure(code == ETERM ? .closed : .system(call: "zmq_socket", code: code))
            }
            return .success(UInt(bitPattern: socket))
        }
        guard let socket = UnsafeMutableRawPointer(bitPattern: try made.get()) else { throw .closed }
        return socket
    }

    /// Frees the context. Blocks until every socket of it is closed and what they still had to send has left or their
    /// linger is over; sockets on other threads are told by `ETERM`. A second call does nothing.
    func terminate() {
        let taken = address.withLock { $0.take() }
        guard let taken, let raw = UnsafeMutableRawPointer(bitPattern: taken) else { return }
        zmq_ctx_shutdown(raw)
        while zmq_ctx_term(raw) != 0 {
            guard zmq_errno() == EINTR else { return }
        }
    }
}
