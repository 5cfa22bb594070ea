import Dispatch
public import Logging
import Synchronization

/// Whoever started the daemon and looks after it (systemd, `Type=notify`): is told when the daemon serves, that it gets
/// on, and when it ends.
public final class ServiceManager: Sendable {
    private struct State {
        var watch: WorkerThread?
        var isReady = false
        var isStopping = false
        var isHeard = true
    }

    private let socket: NotifySocket
    /// How often it wants to hear of the daemon; `nil`: never.
    private let interval: DispatchTimeInterval?
    private let logger: Logger
    private let state = Mutex(State())
    private let end = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - environment: `NOTIFY_SOCKET` says where the manager listens; without it there is none. `WATCHDOG_USEC` is
    ///     how long it bears silence, from the process `WATCHDOG_PID` if that is named.
    ///   - process: the number of this process.
    public init?(environment: [String: String], process: Int32, logger: Logger) {
        guard let name = environment["NOTIFY_SOCKET"], !name.isEmpty else { return nil }
        guard let socket = NotifySocket(name) else {
            logger.warning("NOTIFY_SOCKET names no socket; nobody is told how the daemon fares")
            return nil
        }
        self.socket = socket
        self.logger = logger
        interval = Self.interval(environment, process: process)
    }

    /// Half of what the manager bears: one sign of life that comes late is no stall.
    static func interval(_ environment: [String: String], process: Int32) -> DispatchTimeInterval? {
        guard let microseconds = environment["WATCHDOG_USEC"].flatMap({ Int($0) }), microseconds > 0 else {
            return nil
        }
        if let owner = environment["WATCHDOG_PID"], owner != "\(process)" { return nil }
        return .microseconds(max(1, microseconds / 2))
    }

    /// Tells once that the daemon serves; from then on gives signs of life as long as it gets on.
    ///
    /// - Parameter stall: what does not get on, in words; `nil` while everything does.
    public func ready(watching stall: @escaping @Sendable () -> String?) {
        let isFirst = state.withLock { state in
            defer { state.isReady = true }
            return !state.isReady && !state.isStopping
        }
        guard isFirst else { return }
        tell("READY=1")
        guard let interval else { return }
        let watch = WorkerThread(name: "kapwa-watchdog") { self.watch(every: interval, stall) }
        state.withLock { $0.watch = watch }
    }

    /// Tells once that the daemon is ending, and gives no sign of life any more.
    public func stopping() {
        let watch = state.withLock { state -> WorkerThread?? in
            guard !state.isStopping else { return nil }
            state.isStopping = true
            return .some(state.watch)
        }
        guard let watch else { return }
        end.signal()
        watch?.join()
        tell("STOPPING=1")
    }

    private func watch(every interval: DispatchTimeInterval, _ stall: () -> String?) {
        var isStalled = false
        repeat {
            if let what = stall() {
                if !isStalled { logger.error("stalled, and no sign of life is given: \(what)") }
                isStalled = true
            } else {
                if isStalled { logger.notice("no longer stalled") }
                isStalled = false
                tell("WATCHDOG=1")
            }
        } while end.wait(timeout: .now() + interval) == .timedOut
    }

    private func tell(_ text: String) {
        let problem = socket.send(text)
        let isNews = state.withLock { state in
            defer { state.isHeard = problem == nil }
            return state.isHeard && problem != nil
        }
        if isNews, let problem {
            logger.warning("the service manager does not hear the daemon", metadata: ["errno": "\(problem)"])
        }
    }
}
