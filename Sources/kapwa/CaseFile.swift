import Foundation
import KapwaDomain
import KapwaRules

/// What somebody expects of rules: people, conversations, and who should get which.
struct CaseFile: Sendable {
    var agents: [CaseAgent] = []
    var cases: [RuleCase] = []

    static let keys = ["now", "agents", "cases"]

    /// Reads a file of cases; every error with its place, in one run.
    static func read(bytes: [UInt8], name: String) throws(RuleErrors) -> CaseFile {
        try StrictYAML.read(
            bytes: bytes, name: name, bytesMax: Limits.rulesFileBytesMax, keys: keys,
            build: { CaseReader().file($0, name: name) }
        ).value
    }
}

/// An agent as a case finds them.
struct CaseAgent: Sendable {
    enum State: String, CaseIterable, Sendable {
        case ready, away, offline
        /// Ready for a minute, after hours away.
        case landing
        case breakOwed = "break_owed"
        case onBreak = "on_break"
    }

    var card: AgentCard
    var state = State.ready
    /// Units of contacts that the agent carries already.
    var load = 0
    /// Milli-contacts on the ledger.
    var ledger = 0
    /// Since when the agent has been ready without a contact.
    var idle: Milliseconds = 0
}

/// One conversation, and what is to become of it.
struct RuleCase: Sendable {
    var name: String
    /// `FILE:LINE:COLUMN`, where it stands.
    var place: String
    var at: Instant
    /// The floor of this case, ascending by name.
    var agents: [CaseAgent]
    var conversation = CaseConversation()
    var expected = Expectation()
}

/// What the customer says, and how.
struct CaseConversation: Sendable {
    var channel = Channel.chat
    var topic: String?
    var customer: CustomerID?
    var queue: QueueID?
    var skills: Skills?
    var priority: Int?
    var prefers: AgentID?
    var attributes = Attributes.none
    var assessment = Assessment()
    /// How long it has waited.
    var waited: Milliseconds = 0
    var badEpisodes = 0
    /// Who has it already when the words come.
    var with: AgentID?
    /// How long that contact lasts, before it ends resolved; `nil`: it has not ended.
    var lasted: Milliseconds?
}

/// What should come; what is `nil` is not looked at.
struct Expectation: Sendable {
    var queue: QueueID?
    var points: Int?
    var step: Int?
    var needs: Skills?
    var candidates: [Candidate]?
    var rejected: [Rejection] = []
    var offeredTo: AgentID?
    var unroutable: Bool?
    var owed: Break?
    var invited: Int?

    struct Candidate: Sendable {
        var agent: AgentID
        var cost: Int?
    }

    struct Rejection: Sendable {
        var agent: AgentID
        var test: HardTest
    }

    enum Break: Sendable, Hashable {
        case none
        case some(minutes: Int, atOnce: Bool?)
    }
}
