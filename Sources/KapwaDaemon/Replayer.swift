import KapwaDomain
import KapwaJournal
import KapwaRouting
import KapwaWire

/// Makes a state from a journal: every event, in order, and nothing else.
struct Replayer {
    let reader: any JournalReading

    /// - Parameter progress: called now and then with the sequence reached.
    func state(of tenant: TenantID, progress: (Int64) -> Void = { _ in }) throws(JournalError) -> RoutingState {
        var state = RoutingState(tenant: tenant)
        let decoder = EventDecoder()
        do {
            try reader.replay(tenant: tenant, from: 1) { entry in
                state.apply(try decoder.decode(open: entry.publicPart, personal: entry.personalPart ?? []))
                if entry.sequence % 100_000 == 0 { progress(entry.sequence) }
            }
        } catch let error as JournalError {
            throw error
        } catch let error as EventDecodingError {
            throw Self.damage(error, tenant)
        } catch {
            throw .corrupt(path: "journal", tenant: tenant, sequence: state.sequence + 1, what: "\(error)")
        }
        return state
    }

    private static func damage(_ error: EventDecodingError, _ tenant: TenantID) -> JournalError {
        if case .newer(_, let version) = error {
            return .newer(path: "journal", found: Int(version), known: EventEncoder.version)
        }
        return .corrupt(path: "journal", tenant: tenant, sequence: nil, what: "\(error)")
    }
}
