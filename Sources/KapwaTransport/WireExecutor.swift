import Glibc
import Synchronization

/// Runs the jobs of one actor on one thread of the operating system, in between its polls.
final class WireExecutor: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var thread: pthread_t?
        var isClosed = false
    }

    private let state = Mutex(State())
    private let afterwards = Mutex(())
    private let wakeup: Wakeup

    init(wakeup: Wakeup) { self.wakeup = wakeup }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isClosed = state.withLock { state in
            if !state.isClosed { state.jobs.append(job) }
            return state.isClosed
        }
        guard isClosed else { return wakeup.signal() }
        // The thread has ended and the sockets are gone; whoever still awaits an answer gets it here, one at a time.
        afterwards.withLock { _ in job.runSynchronously(on: asUnownedSerialExecutor()) }
    }

    /// Makes the calling thread the one that runs the jobs.
    func adoptThread() {
        let thread = NamedThread.current
        state.withLock { $0.thread = thread }
    }

    /// Runs what has been enqueued. Never from inside an isolated method: the actor would be entered twice.
    func runJobs() {
        let jobs = state.withLock { state in
            defer { state.jobs.removeAll(keepingCapacity: true) }
            return state.jobs
        }
        for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }

    /// Takes no more jobs for the thread, which is about to end.
    func close() {
        state.withLock { $0.isClosed = true }
        runJobs()
    }

    var isOnThread: Bool {
        let thread = state.withLock(\.thread)
        return thread.map { pthread_equal($0, NamedThread.current) != 0 } ?? false
    }

    func checkIsolated() {
        precondition(isOnThread, "a socket of the transport was touched outside its thread")
    }
}
