import KapwaDomain

/// A break that is planned, owed or running.
struct AgentBreak: Hashable, Sendable {
    var id: BreakID
    var kind: BreakKind
    var reason: BreakReason
    var enforced: Bool
    var minutes: Int
    /// Does not begin by itself before this.
    var earliest: Instant?
    var startBy: Instant
    var paid: Bool
    var minimumMinutes: Int?
    /// Follows a contact after which nobody may cut it.
    var immediate: Bool
    /// What a break for care follows.
    var because: String?
    var isPostponed = false
    /// Its live chats were offered to others.
    var isHandoverOffered = false
    var isOverdue = false
    var startedAt: Instant?
    var endsAt: Instant?

    init(_ body: BreakChanged) {
        id = body.breakID
        kind = body.kind
        reason = body.reason
        enforced = body.enforced
        minutes = body.minutes
        earliest = body.earliest
        startBy = body.startBy
        paid = body.paid
        minimumMinutes = body.minimumMinutes
        immediate = body.immediate
        because = body.because
    }

    /// When the window of a planned one opens.
    var opensAt: Instant { earliest ?? startBy }

    /// When a planned one is first looked at: one that was moved is owed before it opens.
    var lookAt: Instant { isPostponed ? min(opensAt, startBy - RoutingState.leadMax) : opensAt }

    var isRunning: Bool { startedAt != nil }

    /// Whether it waits, inside its window, while too many of the team rest from stress. What follows a grave contact
    /// never does.
    var waitsForRoom: Bool {
        kind == .stress && reason == .care && !immediate && because != "insult"
    }

    /// Takes what was said before, when the same break is owed anew.
    mutating func keepProgress(of before: AgentBreak) {
        isPostponed = before.isPostponed
        isHandoverOffered = before.isHandoverOffered
        isOverdue = before.isOverdue
    }
}

/// When an agent works.
struct Shift: Hashable, Sendable {
    var startsAt: Instant
    var endsAt: Instant
    var mealAt: Instant?
}

/// A planned break that was begun: a plan made anew does not ask for it again.
struct BegunBreak: Hashable, Sendable {
    var kind: BreakKind
    var at: Instant
}

/// An early break that the agent may take, or not.
struct Invitation: Hashable, Sendable {
    var reason: String
    var minutes: Int
    var until: Instant

    /// Offered so that a team's breaks do not fall together, not after an insult.
    var isEarly: Bool { reason == "stagger" }
}

/// Who of a team is here, and who rests from stress.
struct TeamCounts: Hashable, Sendable {
    var present = 0
    var onStressBreak = 0
    /// Will rest from stress as soon as they can.
    var owingStress = 0

    mutating func add(_ counted: Counted, _ step: Int) {
        if counted.isPresent { present += step }
        if counted.isOnStressBreak { onStressBreak += step }
        if counted.owesStress { owingStress += step }
    }

    /// How an agent is counted.
    struct Counted: Hashable, Sendable {
        var team: TeamID?
        var isPresent: Bool
        var isOnStressBreak: Bool
        var owesStress: Bool
        var owes: Bool
    }
}

/// Channels that end alike, as a set.
struct ChannelFamilies: OptionSet, Hashable, Sendable {
    let rawValue: Int

    static let voice = ChannelFamilies(rawValue: 1)
    static let chat = ChannelFamilies(rawValue: 2)
    static let email = ChannelFamilies(rawValue: 4)

    init(rawValue: Int) { self.rawValue = rawValue }

    init(_ channel: Channel) {
        switch channel.family {
        case .voice: self = .voice
        case .email: self = .email
        default: self = .chat
        }
    }
}
