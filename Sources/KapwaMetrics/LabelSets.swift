public import KapwaDomain

// The closed sets of words that stand in labels and are no word of the domain already.

/// What became of an offer.
public enum OfferResult: String, CaseIterable, Sendable { case made, accepted, declined, expired, withdrawn, advised }

/// Whether breaks wait to be taken or are being taken.
public enum OpenBreak: String, CaseIterable, Sendable { case owed, running }

/// Why a break began after its time. There is no third cause.
public enum LatenessCause: String, CaseIterable, Sendable {
    case liveContact = "live_contact"
    case restart
}

/// What a scoring worker does.
public enum WorkerState: String, CaseIterable, Sendable { case idle, busy }

/// Why bytes from outside did not become a command.
public enum WireRejection: String, CaseIterable, Sendable {
    /// No frames of the contract; one reply without an id.
    case framing
    case malformed
    case unsupportedVersion = "unsupported_version"
    case unknownType = "unknown_type"
    case missingField = "missing_field"
    case invalidField = "invalid_field"
    case tooLarge = "too_large"

    /// The rejection that a refusal by the wire stands for; `nil` when the command was read and refused later.
    public init?(_ code: RefusalCode) { self.init(rawValue: code.rawValue) }
}

/// The type of a command as a label.
public enum CommandKind: String, CaseIterable, Sendable {
    case agentUpsert = "agent.upsert"
    case agentState = "agent.state"
    case agentShift = "agent.shift"
    case agentRemove = "agent.remove"
    case conversationMessage = "conversation.message"
    case conversationUpdate = "conversation.update"
    case conversationTransfer = "conversation.transfer"
    case conversationAssign = "conversation.assign"
    case conversationClose = "conversation.close"
    case offerAccept = "offer.accept"
    case offerDecline = "offer.decline"
    case wrapupDone = "wrapup.done"
    case breakStart = "break.start"
    case breakEnd = "break.end"
    case breakPostpone = "break.postpone"
    case breakGrant = "break.grant"
    case stressReport = "stress.report"
    case conversationRetag = "conversation.retag"
    case safetyAcknowledge = "safety.acknowledge"
    case incidentDeclare = "incident.declare"
    case incidentEnd = "incident.end"
    case affinityLift = "affinity.lift"
    case followupDone = "followup.done"
    case feedbackRecord = "feedback.record"
    case queueEstimate = "queue.estimate"
    case stateRead = "state.read"
    case eventsRead = "events.read"
    case ping

    public init(_ body: Command.Body) {
        self =
            switch body {
            case .agentUpsert: .agentUpsert
            case .agentState: .agentState
            case .agentShift: .agentShift
            case .agentRemove: .agentRemove
            case .conversationMessage: .conversationMessage
            case .conversationUpdate: .conversationUpdate
            case .conversationTransfer: .conversationTransfer
            case .conversationAssign: .conversationAssign
            case .conversationClose: .conversationClose
            case .offerAccept: .offerAccept
            case .offerDecline: .offerDecline
            case .wrapupDone: .wrapupDone
            case .breakStart: .breakStart
            case .breakEnd: .breakEnd
            case .breakPostpone: .breakPostpone
            case .breakGrant: .breakGrant
            case .stressReport: .stressReport
            case .conversationRetag: .conversationRetag
            case .safetyAcknowledge: .safetyAcknowledge
            case .incidentDeclare: .incidentDeclare
            case .incidentEnd: .incidentEnd
            case .affinityLift: .affinityLift
            case .followupDone: .followupDone
            case .feedbackRecord: .feedbackRecord
            case .queueEstimate: .queueEstimate
            case .stateRead: .stateRead
            case .eventsRead: .eventsRead
            case .ping: .ping
            }
    }
}

/// What a command was answered with, as a label: the code of a refusal, or one of these.
public enum CommandResult: Hashable, Sendable {
    case ok, duplicate
    case refused(RefusalCode)

    static let all: [CommandResult] = [.ok, .duplicate] + RefusalCode.allCases.map(CommandResult.refused)

    var label: String {
        switch self {
        case .ok: "ok"
        case .duplicate: "duplicate"
        case .refused(let code): code.rawValue
        }
    }
}

/// One series for each word of a closed set, all made at zero when the family is; finding one hashes nothing.
public final class ByCase<Key: Equatable & Sendable, Series: Sendable>: Sendable {
    @usableFromInline let keys: [Key]
    @usableFromInline let series: [Series]

    init(_ keys: [Key], _ make: (Key) -> Series) {
        self.keys = keys
        series = keys.map(make)
    }

    /// Inlined where it is used, so that comparing the words costs no call.
    @inlinable
    public subscript(_ key: Key) -> Series {
        guard let index = keys.firstIndex(of: key) else { preconditionFailure("a closed set has all its words") }
        return series[index]
    }
}

extension ByCase where Key: CaseIterable & RawRepresentable, Key.RawValue == String {
    convenience init(_ family: MetricFamily<Series>) { self.init(Array(Key.allCases)) { family.series($0.rawValue) } }
}
