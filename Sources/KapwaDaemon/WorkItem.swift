import KapwaDomain
import KapwaRules
import KapwaSentiment
import KapwaTransport
import KapwaWire

/// Something for the router thread to do.
enum WorkItem: Sendable {
    case messages([IncomingMessage])
    case change(RulesChange)
    case upkeep(SnapshotKeeper.Order)
    case stop
}

/// One message of a peer, decoded and scored.
struct IncomingMessage: Sendable {
    let peer: PeerID
    let caller: Caller
    let ticket: UInt64
    /// One per frame; a broken framing is one refusal without an id.
    var commands: [DecodedCommand]
}

/// New rules and lexicons, read and checked as a whole.
struct RulesChange: Sendable {
    let rules: RuleSet
    let text: [UInt8]
    let lexicon: Lexicon
    let by: String?
}
