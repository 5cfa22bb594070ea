import KapwaDomain
import KapwaJournal
import KapwaRouting
import KapwaWire
import Logging

/// Makes a state from a journal: a snapshot, if there is one that fits, and every event after it, in order.
struct Replayer: Sendable {
    let reader: any JournalReading
    /// `nil`: always from the first event.
    var snapshots: SnapshotStore?
    var logger: Logger?

    /// A state that was saved, and what says that it belongs to this journal.
    struct Base {
        var state: RoutingState
        /// Of the journal at the last event that is in it.
        var chain: String
    }

    /// The newest snapshot of a tenant that can be read, that this Kapwa knows the form of, and that the journal has
    /// the last event of; others are passed over with a warning.
    func base(of tenant: TenantID) throws(JournalError) -> Base? {
        try base(of: tenant, among: snapshots?.files(of: tenant) ?? [])
    }

    /// The same among some snapshots, best first.
    func base(of tenant: TenantID, among files: [SnapshotFile]) throws(JournalError) -> Base? {
        guard let snapshots else { return nil }
        for file in files {
            do throws(JournalError) {
                let snapshot = try snapshots.read(file)
                guard try reader.chain(tenant, at: snapshot.sequence) == snapshot.chain else {
                    passOver(file, "it is not of this journal")
                    continue
                }
                let state = try Self.state(of: snapshot, file)
                return Base(state: state, chain: snapshot.chain)
            } catch {
                // What is wrong with the journal itself comes out when that is read.
                passOver(file, error.description)
            }
        }
        return nil
    }

    /// The state in a snapshot.
    static func state(of snapshot: Snapshot, _ file: SnapshotFile) throws(JournalError) -> RoutingState {
        func unusable(_ what: String) -> JournalError {
            .corrupt(path: file.path, tenant: file.tenant, sequence: file.sequence, what: what)
        }
        // What is over is more than half of a large one.
        let past = Meanwhile(name: "kapwa-past") {
            snapshot.state.withUnsafeBytes { bytes in
                Result { () throws(SavedStateError) in try SavedPast(saved: bytes) }
            }
        }
        let read = snapshot.state.withUnsafeBytes { bytes in
            Result { () throws(SavedStateError) in
                try RoutingState(saved: bytes) { _ throws(SavedStateError) in try past.take().get() }
            }
        }
        switch read {
        case .success(let state):
            guard state.tenant == snapshot.tenant, state.sequence == snapshot.sequence else {
                throw unusable("its state is of another tenant or sequence")
            }
            return state
        case .failure(let error): throw unusable(error.description)
        }
    }

    private func passOver(_ file: SnapshotFile, _ why: String) {
        logger?.warning("a snapshot is passed over", metadata: ["file": "\(file.path)", "why": "\(why)"])
    }

    /// The state after the last event.
    func state(of tenant: TenantID) throws(JournalError) -> RoutingState {
        var state = try base(of: tenant)?.state ?? RoutingState(tenant: tenant)
        try follow(&state)
        return state
    }

    /// The newest state that was saved up to a sequence, from which what is to be explained is replayed.
    ///
    /// - Throws: ``Refusal`` when entries that it takes are no longer kept, ``JournalError``.
    func start(_ tenant: TenantID, before sequence: Int64) throws -> RoutingState {
        let first = try reader.replayStart(tenant) + 1
        let files = snapshots?.files(of: tenant).filter { $0.sequence <= sequence } ?? []
        if let base = try base(of: tenant, among: files), base.state.sequence >= first - 1 { return base.state }
        guard first == 1 else {
            throw Refusal(
                .gone,
                try reader.first(tenant) == first
                    ? "events before \(first) are no longer kept; what was decided until then cannot be explained"
                    : "what weighed on agents before event \(first) is no longer kept; what was decided until then "
                        + "cannot be explained",
                field: "at", first: first)
        }
        return RoutingState(tenant: tenant)
    }

    private struct Enough: Error {}

    /// Applies every event after the last that is in a state.
    ///
    /// - Parameters:
    ///   - end: the last to be applied.
    ///   - progress: called now and then with the sequence reached.
    ///   - goesOn: asked before each; once it says no, the rest is left.
    func follow(
        _ state: inout RoutingState, through end: Int64 = .max, progress: (Int64) -> Void = { _ in },
        while goesOn: () -> Bool = { true }
    ) throws(JournalError) {
        let tenant = state.tenant
        let start = try reader.replayStart(tenant)
        guard state.sequence >= start else {
            let isTrimmed = try reader.first(tenant) == start + 1
            throw .corrupt(
                path: "journal", tenant: tenant, sequence: start,
                what: isTrimmed
                    ? "earlier entries are no longer kept, and no snapshot that fits says what was true then"
                    : "the keys of what earlier entries have sealed were erased, and no snapshot that fits says what was "
                        + "true then; restore a backup with its snapshots")
        }
        let decoder = EventDecoder()
        do {
            try reader.replay(tenant: tenant, from: state.sequence + 1) { entry in
                guard entry.sequence <= end, goesOn() else { throw Enough() }
                state.apply(try decoder.whole(entry))
                if entry.sequence % 100_000 == 0 { progress(entry.sequence) }
            }
        } catch is Enough {
            return
        } catch let error as JournalError {
            throw error
        } catch let error as EventDecodingError {
            throw Self.damage(error, tenant)
        } catch {
            throw .corrupt(path: "journal", tenant: tenant, sequence: state.sequence + 1, what: "\(error)")
        }
    }

    private static func damage(_ error: EventDecodingError, _ tenant: TenantID) -> JournalError {
        if case .newer(_, let version) = error {
            return .newer(path: "journal", found: Int(version), known: EventEncoder.version)
        }
        return .corrupt(path: "journal", tenant: tenant, sequence: nil, what: "\(error)")
    }
}
