import Foundation

/// Ends this process when the one that started it is gone, however it went.
enum OrphanGuard {
    static func endWith(_ parent: Int32) {
        let thread = Thread {
            while getppid() == parent { sleep(1) }
            kill(getpid(), SIGTERM)
        }
        thread.name = "kapwa-orphan"
        thread.start()
    }
}
