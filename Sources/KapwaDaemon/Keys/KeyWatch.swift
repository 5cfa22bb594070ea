import Dispatch
import KapwaDomain
import KapwaTransport
import Logging
import Synchronization

/// Sees within a second when keys are made, changed or revoked while the daemon runs.
final class KeyWatch: Sendable {
    private struct State {
        var fingerprint: [String]
        var keyring: Keyring
        /// What was said of keys that cannot be read: once is enough.
        var told = ""
    }

    private let directory: KeyDirectory
    private let settings: Settings
    private let logger: Logger
    private let state: Mutex<State>
    private let use: @Sendable (Keyring) -> Void
    private let bell = Bell()
    private let isStopping = Atomic(false)

    /// - Parameters:
    ///   - fingerprint: of the directory, before `keyring` was read from it.
    ///   - use: is told who is let in, whenever that changes.
    init(
        _ directory: KeyDirectory, fingerprint: [String], keyring: Keyring, _ settings: Settings, logger: Logger,
        use: @escaping @Sendable (Keyring) -> Void
    ) {
        self.directory = directory
        self.settings = settings
        self.logger = logger
        self.use = use
        state = Mutex(State(fingerprint: fingerprint, keyring: keyring))
    }

    func run() {
        while !isStopping.load(ordering: .acquiring) {
            check()
            bell.wait(until: .now() + .seconds(1))
        }
    }

    func stop() {
        isStopping.store(true, ordering: .releasing)
        bell.ring()
    }

    /// How many keys hold.
    var count: Int { state.withLock { $0.keyring.callers.count } }

    /// Reads the keys again if a file has changed.
    func check() {
        state.withLock { state in
            let fingerprint = directory.fingerprint()
            guard fingerprint != state.fingerprint else { return }
            do throws(StartFailure) {
                let reading = try directory.read()
                state.fingerprint = fingerprint
                state.told = ""
                Doors.tell(reading, settings, logger)
                guard reading.keyring != state.keyring else { return }
                tell(state.keyring, reading.keyring)
                state.keyring = reading.keyring
                use(reading.keyring)
            } catch {
                // Looked at again in a second.
                if state.told != error.description {
                    logger.error("keys could not be read, those of before stay: \(error)")
                }
                state.told = error.description
            }
        }
    }

    private func tell(_ before: Keyring, _ now: Keyring) {
        let old = Set(before.callers.values.compactMap(\.key))
        let new = Set(now.callers.values.compactMap(\.key))
        func names(_ keys: Set<KeyName>) -> String {
            let shown = keys.sorted().prefix(20).map(\.rawValue).joined(separator: ", ")
            return keys.count > 20 ? "\(shown) and \(keys.count - 20) more" : shown
        }
        logger.notice(
            "keys read again",
            metadata: [
                "keys": "\(new.count)", "new": "\(names(new.subtracting(old)))",
                "gone": "\(names(old.subtracting(new)))",
            ])
    }
}
