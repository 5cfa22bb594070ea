import KapwaDomain
import KapwaTransport
import KapwaWire

/// The reply to one message while its batch is not committed yet.
struct PendingReply: Sendable {
    /// One command's reply.
    enum Frame: Sendable {
        /// Says nothing of the state: right whatever becomes of the batch.
        case ready([UInt8])
        /// Right once the batch is on disk.
        case change([UInt8], CommandID)
        /// What the state said; to be looked at again when the batch is lost.
        case look([UInt8], Command)
        /// Read from the journal once the batch is committed.
        case read(Read)

        /// What is decided; `nil` for what is still to be read.
        var bytes: [UInt8]? {
            switch self {
            case .ready(let bytes), .change(let bytes, _), .look(let bytes, _): bytes
            case .read: nil
            }
        }
    }

    struct Read: Sendable {
        let id: CommandID
        let tenant: TenantID
        let read: EventsRead
    }

    let peer: PeerID
    let caller: Caller
    let ticket: UInt64
    var frames: [Frame] = []
    /// What the `state.read` before this one came to.
    var looks = (count: 0, bytes: 0)

    init(peer: PeerID, caller: Caller, ticket: UInt64) {
        self.peer = peer
        self.caller = caller
        self.ticket = ticket
    }

    var hasReads: Bool {
        frames.contains { frame in
            if case .read = frame { true } else { false }
        }
    }

    /// An `events.read` that waits, alone in its message: others of the peer need not wait with it.
    var isOneWaitingRead: Bool {
        guard frames.count == 1, case .read(let read) = frames[0] else { return false }
        return (read.read.wait ?? 0) > 0
    }
}

struct RememberedKey: Hashable, Sendable {
    let tenant: TenantID
    let sender: String
    let id: CommandID
}

struct Remembered: Sendable {
    let hash: BodyHash
    let reply: [UInt8]
}
