import CZeroMQ
import Glibc

/// A thread of the operating system with a name of its own.
enum NamedThread {
    /// Starts a thread that runs `body` once. Signals are blocked there: they belong to the main thread.
    static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(TransportError) -> pthread_t {
        let launch = Unmanaged.passRetained(Launch(name: name, body: body))
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, enterNamedThread, launch.toOpaque())
        guard code == 0 else {
            launch.release()
            throw .system(call: "pthread_create", code: code)
        }
        return thread
    }

    static func join(_ thread: pthread_t) { pthread_join(thread, nil) }
    static var current: pthread_t { pthread_self() }
}

private final class Launch: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}

/// A free function, so that no actor can be inferred for it: it would trap on the new thread.
private func enterNamedThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let launch = Unmanaged<Launch>.fromOpaque(argument).takeRetainedValue()
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    kapwa_name_thread(String(launch.name.prefix(15)))
    launch.body()
    return nil
}
