import KapwaDomain

/// An episode that is not closed.
///
/// What few of those that wait have, or only those that an agent has, stands aside in one piece of memory of its own:
/// a hundred thousand may wait. (See the extension.)
struct ConversationRecord: Sendable {
    var id: ConversationID
    var customer: CustomerID?
    var topic: String?
    var requestedQueue: QueueID?
    var offer: OfferID?
    var attributes = Attributes.none
    /// What the sender asked for, before the queue's needs.
    var skills = Skills.none
    /// From when on it waits; kept over transfers and, within 60 s, over giving up.
    var since = Instant(milliseconds: 0)
    /// Sequence of opening: breaks ties of rank.
    var order: Int64 = 0
    var lastMessageAt = Instant(milliseconds: 0)
    /// When it was last opened, whatever its age.
    var openedAt = Instant(milliseconds: 0)
    // What is small follows what leaves room behind it.
    var placement: Placement?
    var phase = ConversationPhase.open
    var channel = Channel.chat
    var language: Assessment.Language?
    var asksFor: Assessment.Wish?
    var safety: SafetyFlag.Level?
    /// Whether the time of its reservation is over. Derived.
    var isReservationOver = false
    /// When the phase ends by itself: open, waiting or idle.
    var deadline: Instant?
    /// Whether relief held in the last customer message, and in the one before.
    var relief = (last: false, before: false)
    @Small var episode: Int
    /// The agent who has it, or is offered it.
    var agent: Int?
    @Small var units: Int
    /// Until when only agents whom no soft test keeps from it may have it; past that, anyone who passes.
    var heldUntil: Instant?
    @Small var priority: Int
    /// Whom a reservation keeps for it.
    var reservedAgent: Int?
    @Small var messages: Int
    /// The customer's messages that had words.
    @Small var wordedMessages: Int
    var mood = Mood()
    /// The greatest score of each tag over the episode.
    var peaks = Tags()
    var polarity: Score = 0
    /// Takes the deadline's timer back when the phase ends otherwise.
    var deadlineTimer: TimerQueue.Key?
    /// When the step in force ends.
    var stepTimer: TimerQueue.Key?
    /// Looks at it again when it should have been answered.
    var targetTimer: TimerQueue.Key?
    /// Where it stands in the index while it is queued. Derived.
    var filed: FiledPlace?
    /// At most one.
    fileprivate var aside: [Aside] = []

    init(id: ConversationID) {
        self.id = id
        episode = 1
    }

    /// What one agent has had of it.
    struct Contact: Hashable, Sendable {
        /// Milli-contacts booked so far.
        var booked = 0
        var wasReported = false
        /// Greatest abuse since the agent has it.
        var abuse: Score = 0
        var threat: Score = 0
        var insults = 0
    }

    /// Has a conversation looked at again when something that keeps it from agents ends.
    struct WaitTimer: Hashable, Sendable {
        enum Role: UInt8, Sendable {
            /// The first of the bars.
            case bar
            case hold
            /// The time in which only one agent may have it.
            case only
        }
        var role: Role
        var key: TimerQueue.Key
    }

    /// This agent is not asked before then; grows with every time.
    struct Bar: Hashable, Sendable {
        var agent: AgentID
        var until: Instant
        var times: Int
    }

    /// Whether an explicit safety flag is part of what its agent had of it.
    var wasDangerForAgent: Bool { (isParked ? safetyWhenParked : safety) == .explicit }

    /// Voice while assigned; chat with a message of either side within three minutes.
    func isLive(at now: Instant) -> Bool {
        guard phase == .assigned, !isParked else { return false }
        switch channel.family {
        case .voice: return true
        case .email: return false
        default: return now - lastMessageAt < Formulas.liveWithin
        }
    }

    func isBarred(_ agent: AgentID, at now: Instant) -> Bool { bars.contains { $0.agent == agent && $0.until > now } }
}

extension ConversationRecord {
    struct Aside: Sendable {
        var preferredAgent: AgentID?
        var lastAgent: AgentID?
        var advisedAgent: AgentID?
        var bars: [Bar] = []
        var transferredFrom: AgentID?
        var onlyAgent: AgentID?
        var onlyUntil: Instant?
        var filedOnlyFor: AgentID?
        var timers: [WaitTimer] = []
        var strainedSince: Instant?
        var previousClosedAt: Instant?
        var safetyKind: SafetyFlag.Kind?
        var safetyRound: Int = 0
        var isSafetyAcknowledged: Bool = false
        var safetyTimer: TimerQueue.Key?
        var assignedAt: Instant = Instant(milliseconds: 0)
        var contact: Contact = Contact()
        var silenceTimer: TimerQueue.Key?
        var isParked: Bool = false
        var abuseWhileParked: Score = 0
        var safetyWhenParked: SafetyFlag.Level?
        var parkedTimer: TimerQueue.Key?
        var wasThreateningWhileWaiting: Bool = false
    }

    private mutating func setAside(_ change: (inout Aside) -> Void) {
        if aside.isEmpty { aside.append(Aside()) }
        change(&aside[0])
    }

    var preferredAgent: AgentID? {
        get { aside.isEmpty ? nil : aside[0].preferredAgent }
        set { if newValue != preferredAgent { setAside { $0.preferredAgent = newValue } } }
    }
    /// The agent who had it last, over episodes.
    var lastAgent: AgentID? {
        get { aside.isEmpty ? nil : aside[0].lastAgent }
        set { if newValue != lastAgent { setAside { $0.lastAgent = newValue } } }
    }
    var advisedAgent: AgentID? {
        get { aside.isEmpty ? nil : aside[0].advisedAgent }
        set { if newValue != advisedAgent { setAside { $0.advisedAgent = newValue } } }
    }
    var bars: [Bar] {
        get { aside.isEmpty ? [] : aside[0].bars }
        set { if newValue != bars { setAside { $0.bars = newValue } } }
    }
    var transferredFrom: AgentID? {
        get { aside.isEmpty ? nil : aside[0].transferredFrom }
        set { if newValue != transferredFrom { setAside { $0.transferredFrom = newValue } } }
    }
    var onlyAgent: AgentID? {
        get { aside.isEmpty ? nil : aside[0].onlyAgent }
        set { if newValue != onlyAgent { setAside { $0.onlyAgent = newValue } } }
    }
    var onlyUntil: Instant? {
        get { aside.isEmpty ? nil : aside[0].onlyUntil }
        set { if newValue != onlyUntil { setAside { $0.onlyUntil = newValue } } }
    }
    /// The one agent for whom alone it stands in the index. Derived.
    var filedOnlyFor: AgentID? {
        get { aside.isEmpty ? nil : aside[0].filedOnlyFor }
        set { if newValue != filedOnlyFor { setAside { $0.filedOnlyFor = newValue } } }
    }
    /// Short timers of the wait, one of each role, taken back when it closes.
    var timers: [WaitTimer] {
        get { aside.isEmpty ? [] : aside[0].timers }
        set { if newValue != timers { setAside { $0.timers = newValue } } }
    }
    /// When a message first reached the strain from which time counts.
    var strainedSince: Instant? {
        get { aside.isEmpty ? nil : aside[0].strainedSince }
        set { if newValue != strainedSince { setAside { $0.strainedSince = newValue } } }
    }
    /// When the episode before it ended.
    var previousClosedAt: Instant? {
        get { aside.isEmpty ? nil : aside[0].previousClosedAt }
        set { if newValue != previousClosedAt { setAside { $0.previousClosedAt = newValue } } }
    }
    /// What the flag that was raised is about.
    var safetyKind: SafetyFlag.Kind? {
        get { aside.isEmpty ? nil : aside[0].safetyKind }
        set { if newValue != safetyKind { setAside { $0.safetyKind = newValue } } }
    }
    var safetyRound: Int {
        get { aside.isEmpty ? 0 : aside[0].safetyRound }
        set { if newValue != safetyRound { setAside { $0.safetyRound = newValue } } }
    }
    var isSafetyAcknowledged: Bool {
        get { aside.isEmpty ? false : aside[0].isSafetyAcknowledged }
        set { if newValue != isSafetyAcknowledged { setAside { $0.isSafetyAcknowledged = newValue } } }
    }
    /// When the next on the list is told of the danger.
    var safetyTimer: TimerQueue.Key? {
        get { aside.isEmpty ? nil : aside[0].safetyTimer }
        set { if newValue != safetyTimer { setAside { $0.safetyTimer = newValue } } }
    }
    var assignedAt: Instant {
        get { aside.isEmpty ? Instant(milliseconds: 0) : aside[0].assignedAt }
        set { if newValue != assignedAt { setAside { $0.assignedAt = newValue } } }
    }
    var contact: Contact {
        get { aside.isEmpty ? Contact() : aside[0].contact }
        set { if newValue != contact { setAside { $0.contact = newValue } } }
    }
    /// When a chat may have fallen silent; none while it is.
    var silenceTimer: TimerQueue.Key? {
        get { aside.isEmpty ? nil : aside[0].silenceTimer }
        set { if newValue != silenceTimer { setAside { $0.silenceTimer = newValue } } }
    }
    /// Its agent is on a break and reads nothing of it.
    var isParked: Bool {
        get { aside.isEmpty ? false : aside[0].isParked }
        set { if newValue != isParked { setAside { $0.isParked = newValue } } }
    }
    /// Abuse that its agent has not read yet.
    var abuseWhileParked: Score {
        get { aside.isEmpty ? 0 : aside[0].abuseWhileParked }
        set { if newValue != abuseWhileParked { setAside { $0.abuseWhileParked = newValue } } }
    }
    /// The gravest flag that its agent had read when it was parked.
    var safetyWhenParked: SafetyFlag.Level? {
        get { aside.isEmpty ? nil : aside[0].safetyWhenParked }
        set { if newValue != safetyWhenParked { setAside { $0.safetyWhenParked = newValue } } }
    }
    /// Gives it to somebody else when the customer wrote and the agent does not come back.
    var parkedTimer: TimerQueue.Key? {
        get { aside.isEmpty ? nil : aside[0].parkedTimer }
        set { if newValue != parkedTimer { setAside { $0.parkedTimer = newValue } } }
    }
    /// A threat came before anybody had it, or while it was parked: whoever goes on with it reads it.
    var wasThreateningWhileWaiting: Bool {
        get { aside.isEmpty ? false : aside[0].wasThreateningWhileWaiting }
        set { if newValue != wasThreateningWhileWaiting { setAside { $0.wasThreateningWhileWaiting = newValue } } }
    }
}

/// Beside the fields, which are of this file alone. (The others pass in `Snapshot/`.)
extension ConversationRecord {
    mutating func passAside(_ pass: inout SnapshotPass) { pass.field(&aside) }
}

extension ConversationRecord.Aside: Saved {
    static var blank: Self { Self() }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&preferredAgent)
        pass.field(&lastAgent)
        pass.field(&advisedAgent)
        pass.field(&bars)
        pass.field(&transferredFrom)
        pass.field(&onlyAgent)
        pass.field(&onlyUntil)
        pass.field(&filedOnlyFor)
        pass.field(&timers)
        pass.field(&strainedSince)
        pass.field(&previousClosedAt)
        pass.field(&safetyKind)
        pass.field(&safetyRound)
        pass.field(&isSafetyAcknowledged)
        pass.field(&safetyTimer)
        pass.field(&assignedAt)
        pass.field(&contact)
        pass.field(&silenceTimer)
        pass.field(&isParked)
        pass.field(&abuseWhileParked)
        pass.field(&safetyWhenParked)
        pass.field(&parkedTimer)
        pass.field(&wasThreateningWhileWaiting)
    }
}

/// A number that needs no more than four bytes where there are a hundred thousand of it.
@propertyWrapper
struct Small: Hashable, Sendable {
    private var stored: Int32 = 0

    var wrappedValue: Int {
        get { Int(stored) }
        set { stored = Int32(newValue) }
    }
}
