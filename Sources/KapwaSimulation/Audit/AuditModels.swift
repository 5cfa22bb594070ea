import KapwaDomain

/// What the auditor believes of one agent. Sums are taken anew each time they are asked for: slow, but never stale.
final class AgentModel {
    let id: AgentID
    var skills = Skills.none
    var capacity = 100
    var team: TeamID?
    var presence = Presence.offline
    var presenceSince: Instant
    var leaseUntil: Instant?
    var contacts: [ConversationID] = []
    var offers: [OfferID] = []
    var wrapups: [WrapupModel] = []
    /// The break that is owed or runs.
    var current: BreakModel?
    /// Owed besides: each follows when the one before is over.
    var nexts: [BreakModel] = []
    var planned: [BreakModel] = []
    /// A pause that was offered, not owed, and may be taken.
    var invitation: InvitationModel?
    var ledger: LedgerModel
    /// Unanswered offers that counted.
    var strikes: [Instant] = []
    /// Contacts of the shift that are over: what a late report may still lift.
    var booked: [ContactKey: Int] = [:]
    /// A break of five minutes or more is over, and the agent is not back from it.
    var returnsFromBreak = false
    var landingUntil: Instant?
    var lastLandingAt: Instant?
    /// Since when an absence that may earn a landing has lasted.
    var absentSince: Instant?
    /// Hard contacts that ended one after the other; the streak that nobody should lengthen.
    var streak = 0
    var idleSince: Instant

    init(id: AgentID, at now: Instant) {
        self.id = id
        presenceSince = now
        ledger = LedgerModel(anchoredAt: now)
        idleSince = now
    }

    /// A break that binds keeps the agent from all work.
    var owes: Bool {
        current.map { $0.enforced && $0.startedAt == nil } == true || nexts.contains(where: \.enforced)
    }
    var isOnBreak: Bool { current.map { $0.enforced && $0.startedAt != nil } == true }
    /// A break of either mode runs: it is what empties the ledger.
    var isResting: Bool { current?.startedAt != nil }

    func isLanding(at now: Instant) -> Bool { landingUntil.map { $0 > now } == true }

    var pace: LedgerModel.Pace {
        if isResting { return .resting }
        return presence == .ready || !contacts.isEmpty ? .working : .away
    }
}

struct ContactKey: Hashable {
    var conversation: ConversationID
    var episode: Int
}

struct WrapupModel {
    var key: ContactKey
    var units: Int
    var deadline: Instant
    var exclusive: Bool
}

struct InvitationModel {
    var reason: String
    var minutes: Int
    var until: Instant
}

struct BreakModel {
    var id: BreakID
    var kind: BreakKind
    var reason: BreakReason
    var enforced: Bool
    var minutes: Int
    var earliest: Instant?
    var startBy: Instant
    var owedAt: Instant
    var startedAt: Instant?
    var endsAt: Instant?
    var immediate: Bool
    var because: String?
    var postponed = false
    var overdue = false

    /// The few minutes after a single insult: they follow at once, whoever else of the team rests.
    var isPause: Bool { kind == .stress && reason == .care && because == "insult" && !immediate }
}

/// What the auditor believes of one episode of a conversation.
final class EpisodeModel {
    let id: ConversationID
    let episode: Int
    let channel: Channel
    var phase = ConversationPhase.open
    var customer: CustomerID?
    var priority: Int
    var skills: Skills
    /// Whether the queue was named by the sender, and which.
    var preferred: AgentID?
    let since: Instant
    /// Position of the event that opened it: breaks ties of rank.
    let order: Int64
    var openUntil: Instant?
    /// Greatest score of each tag so far.
    var peaks = Tags()
    var mood = Tags()
    var polarity: Score = 0
    var language = Assessment.Language.other
    var trend = Mood.Trend.steady
    var relief: [Score] = []
    var safety: SafetyFlag.Level?
    var messages = 0
    var tagged = 0
    var unread = false
    var lastMessageAt: Instant
    var placement: Placement?
    /// When the step in force began.
    var stepSince: Instant
    /// When it entered the queue in which it stands.
    var queuedSince: Instant
    var opensAt: Instant?
    var waitUntil: Instant?
    var onlyAgent: AgentID?
    var onlyUntil: Instant?
    var transferredFrom: AgentID?
    var offer: OfferID?
    var agent: AgentID?
    var assignedAt: Instant
    var idleUntil: Instant?
    var units = 0
    var silent = false
    var parked = false
    var held: (since: Instant, until: Instant)?
    var bars: [AgentID: BarModel] = [:]
    var raised: (round: Int, at: Instant)?
    var acknowledged = false
    var contact = ContactModel()
    /// A threat that came before anybody had it: whoever gets it reads it.
    var threatWhileWaiting: Score = 0
    var wasThreatRead = false
    /// Points that it had before, which never fall while it waits.
    var points = 0

    init(id: ConversationID, episode: Int, channel: Channel, since: Instant, order: Int64, at now: Instant) {
        self.id = id
        self.episode = episode
        self.channel = channel
        self.since = since
        self.order = order
        priority = 0
        skills = .none
        lastMessageAt = now
        stepSince = now
        queuedSince = now
        assignedAt = now
    }

    var key: ContactKey { ContactKey(conversation: id, episode: episode) }
    /// A contact that a break waits for: a call, or a chat in which somebody wrote during the last three minutes.
    func isLive(at now: Instant) -> Bool {
        // Its agent rests, and nobody answers.
        guard !parked else { return false }
        return switch channel {
        case .voice, .callback: true
        case .chat, .social: now - lastMessageAt < .minutes(3)
        case .email, .sms: false
        }
    }

    func isBefore(_ other: EpisodeModel) -> Bool {
        guard let mine = placement?.rank, let theirs = other.placement?.rank else { return false }
        return (mine, order) < (theirs, other.order)
    }
}

/// What one agent bears of a conversation.
struct ContactModel {
    var abuse: Score = 0
    var threat: Score = 0
    var insults = 0
    var sexual = false
    var slur = false
    var booked = 0
    var reported = false
    /// The first message whose frustration or distress reached 600.
    var strainedSince: Instant?
}

struct BarModel {
    var until: Instant
    var times: Int
}

struct OfferModel {
    var id: OfferID
    var key: ContactKey
    var agent: AgentID
    var units: Int
    var madeAt: Instant
    var expiresAt: Instant
}

/// An agent and a customer who are kept apart.
struct AversionModel {
    var conversation: ConversationID
    var customer: CustomerID?
    var until: Instant
}

/// An episode that went badly for a customer.
struct BadModel {
    var key: ContactKey
    var at: Instant
}

/// A closed episode, as far as the next one depends on it.
struct ClosedModel {
    var episode: Int
    var customer: CustomerID?
    var outcome: Outcome
    var at: Instant
    var agent: AgentID?
    var since: Instant
    var peaks: Tags
    /// Of the last words, thanks after the end among them: with what is remembered it goes into the next episode.
    var polarity: Score
    var points: Int
    var step: Int
    var queue: QueueID?
    var channel: Channel
    var safety: SafetyFlag.Level?
    var raised: (round: Int, at: Instant)?
    var acknowledged: Bool
}
