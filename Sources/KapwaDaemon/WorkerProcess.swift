import Dispatch
import KapwaDomain
import KapwaSentiment
public import KapwaTransport
import Synchronization

/// A crew that scores for a daemon elsewhere and keeps up with it: it reads the lexicons again when it is told to,
/// and when the daemon scores by others.
public final class WorkerProcess: Sendable {
    /// How it ended.
    public enum Ending: Sendable, Hashable {
        case stopped
        case refused(reason: String)
        case failed(String)
    }

    private struct State {
        var lexicon: Lexicon
        var crew: ScoringCrew
        /// Read while the crew scores by another; its threads are on their way out.
        var next: Lexicon?
        var isStopping = false
        /// Whether the daemon has ever taken this process: one that it never took is set up wrongly, and ends.
        var wasWelcome = false
        var textsScored: UInt64 = 0
        /// What was said about a lexicon that differs: once is enough.
        var told = ""
    }

    /// How long it waits before it reads its files again because the daemon scores by others.
    private static let pauseMilliseconds = 2_000

    private let endpoint: String
    private let threads: Int
    private let models: String
    private let overlays: [String]
    private let key: ClientKey?
    private let say: @Sendable (String) -> Void
    private let state: Mutex<State>
    /// Rung when a pause shall end.
    private let alarm = DispatchSemaphore(value: 0)

    /// Reads the lexicons and begins.
    ///
    /// - Parameters:
    ///   - key: what is shown to a daemon that asks for one.
    ///   - say: gets what an operator may want to read, a line at a time.
    public init(
        endpoint: String, threads: Int, models: String, overlays: [String], key: ClientKey? = nil,
        say: @escaping @Sendable (String) -> Void
    ) throws(StartFailure) {
        self.endpoint = endpoint
        self.threads = threads
        self.models = models
        self.overlays = overlays
        self.key = key
        self.say = say
        let lexicon = try Loading.lexicon(models: models, overlays: overlays)
        state = Mutex(State(lexicon: lexicon, crew: try Self.crew(endpoint, threads, lexicon, key)))
    }

    private static func crew(
        _ endpoint: String, _ threads: Int, _ lexicon: Lexicon, _ key: ClientKey?
    ) throws(StartFailure) -> ScoringCrew {
        do throws(TransportError) {
            let crew = try ScoringCrew(
                for: .at(endpoint: endpoint), threads: threads, version: KapwaVersion.current, lexicon: lexicon,
                key: key)
            try crew.start()
            return crew
        } catch {
            throw StartFailure(error)
        }
    }

    /// Scores until it is stopped, or the daemon does not want it.
    public func run() -> Ending {
        while true {
            let crew = state.withLock { $0.crew }
            let endings = crew.join()
            let next = state.withLock { state in
                state.textsScored += crew.textsScored
                state.wasWelcome = state.wasWelcome || crew.wasWelcome
                defer { state.next = nil }
                return (state.isStopping, state.next, state.wasWelcome)
            }
            if next.0 { return .stopped }
            var lexicon = next.1
            if lexicon == nil {
                if let ending = Self.ending(endings, wasWelcome: next.2, mine: state.withLock { $0.lexicon.hash }) {
                    return ending
                }
                lexicon = keepUp(endings)
            }
            if let ending = goOn(lexicon) { return ending }
        }
    }

    /// Begins anew, with this lexicon or the one of before.
    private func goOn(_ lexicon: Lexicon?) -> Ending? {
        state.withLock { state in
            if state.isStopping { return .stopped }
            do throws(StartFailure) {
                // A reload may have come meanwhile.
                let lexicon = state.next ?? lexicon ?? state.lexicon
                state.next = nil
                state.crew = try Self.crew(endpoint, threads, lexicon, key)
                state.lexicon = lexicon
                return nil
            } catch {
                return .failed(error.description)
            }
        }
    }

    /// Why it ends, unless it is only to come back with another lexicon.
    private static func ending(_ endings: [WorkerClient.Ending], wasWelcome: Bool, mine: String) -> Ending? {
        for case .refused(let reason) in endings { return .refused(reason: reason) }
        for case .failed(let error) in endings { return .failed("\(error)") }
        for case .stale(let lexicon) in endings where !wasWelcome {
            return .refused(reason: "lexicon '\(mine)' where the daemon has '\(lexicon)'")
        }
        return endings.contains { if case .stale = $0 { true } else { false } } ? nil : .stopped
    }

    /// The daemon scores by another lexicon: reads ours again, and waits a little when they still differ.
    private func keepUp(_ endings: [WorkerClient.Ending]) -> Lexicon? {
        var wanted = ""
        for case .stale(let lexicon) in endings { wanted = lexicon }
        let mine = state.withLock { $0.lexicon.hash }
        let read = read()
        if read?.hash == wanted {
            say("the daemon scores by other lexicons; ours were read again and are the same")
        } else {
            sayOnce(
                "the daemon scores by lexicon '\(wanted)', ours is '\(read?.hash ?? mine)'; put the same files here, "
                    + "they are read every \(Self.pauseMilliseconds / 1_000) s until they are")
            _ = alarm.wait(timeout: .now() + .milliseconds(Self.pauseMilliseconds))
            return self.read()
        }
        return read
    }

    private func sayOnce(_ line: String) {
        let isNew = state.withLock { state in
            defer { state.told = line }
            return state.told != line
        }
        if isNew { say(line) }
    }

    /// The lexicons as the files have them now; `nil`, and why, when there is a fault.
    private func read() -> Lexicon? {
        do throws(StartFailure) {
            let current = state.withLock { $0.lexicon }
            return try Loading.lexicon(models: models, overlays: overlays, current: current)
        } catch {
            for line in error.description.split(separator: "\n").prefix(10) { say("lexicons not changed: \(line)") }
            return nil
        }
    }

    /// Reads the lexicons again; with a fault in them it goes on with those of before.
    public func reload() {
        guard let lexicon = read() else { return }
        let crew = state.withLock { state -> ScoringCrew? in
            guard lexicon.hash != state.lexicon.hash else { return nil }
            state.next = lexicon
            return state.crew
        }
        say("lexicons \(crew == nil ? "unchanged" : "read again"): '\(lexicon.hash)', \(lexicon.count) rows")
        crew?.requestStop()
        alarm.signal()
    }

    /// Lets every thread finish its batch. Does not wait.
    public func requestStop() {
        let crew = state.withLock { state in
            state.isStopping = true
            return state.crew
        }
        crew.requestStop()
        alarm.signal()
    }

    /// Texts scored so far, by all threads; complete once ``run()`` has returned.
    public var textsScored: UInt64 { state.withLock { $0.textsScored } }
}
