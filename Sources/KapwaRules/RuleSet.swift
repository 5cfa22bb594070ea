public import KapwaDomain

/// The rules of a floor: checked as a whole, swapped as a whole, never changed in place.
///
/// Every default is the documented one; a file names only what differs.
public struct RuleSet: Sendable, Hashable {
    /// SHA-256 of the text that it was read from, hexadecimal; empty for the built-in default.
    public var hash = ""
    public var routingMode: Mode = .enforce
    public var breaksMode: Mode = .enforce
    /// Whether any queue is closed at times.
    public private(set) var hasHours = false
    /// In the order of the file; at least one.
    public var queues: [Queue] = [Queue(id: "main")] {
        didSet {
            placesOfQueues = Self.places(of: queues)
            hasHours = queues.contains { $0.hours != nil }
        }
    }
    /// Where each queue stands among them: a decision asks for its queue a dozen times.
    private var placesOfQueues: [QueueID: Int] = ["main": 0]
    /// The first that matches chooses the queue; none: the first queue.
    public var routes: [Route] = []
    public var points = PointRules()
    public var weights = CostWeights()
    public var breaks = BreakPolicy()
    public var offers = OfferRules()
    /// Ready agents that planned breaks must leave on the floor.
    public var floors: [Floor] = []
    /// What is different for a team; ascending by name, each team once.
    public var teams: [TeamRules] = [] {
        didSet { if !teams.isSortedByTeam { teams.sort { $0.id < $1.id } } }
    }
    /// What an incident brings, at most one per topic.
    public var playbooks: [Playbook] = []
    /// The site's own protocol, first in the brief of a contact with a safety flag.
    public var safetyProtocol: SafetyProtocol?
    /// Whom a safety flag is told to, in order; at least one.
    public var safetyEscalation = ["lead"]
    /// How long one of them has to acknowledge it before the next is told.
    public var safetyRound: Milliseconds = .seconds(60)

    public init() {}

    /// The rules that hold where no file is given: one queue `main`, no needs.
    public static let standard = RuleSet()

    public func queue(_ id: QueueID) -> Queue? { place(ofQueue: id).map { queues[$0] } }

    /// Where a queue stands among ``queues``: what reads one field of it need not copy the rest.
    public func place(ofQueue id: QueueID) -> Int? { placesOfQueues[id] }

    /// Of a name that comes twice the first.
    private static func places(of queues: [Queue]) -> [QueueID: Int] {
        var places: [QueueID: Int] = [:]
        places.reserveCapacity(queues.count)
        for (place, queue) in queues.enumerated() where places[queue.id] == nil { places[queue.id] = place }
        return places
    }

    /// What to do while an incident of this topic runs.
    public func playbook(for topic: String) -> Playbook? { playbooks.first { $0.topic == topic } }
}

/// One value per channel family; social reads chat's, sms email's, callback voice's unless named itself.
public struct PerChannel<Value: Sendable & Hashable>: Sendable, Hashable {
    public var chat: Value
    public var voice: Value
    public var email: Value
    public var social: Value?
    public var sms: Value?
    public var callback: Value?

    public init(chat: Value, voice: Value, email: Value) {
        self.chat = chat
        self.voice = voice
        self.email = email
    }

    public subscript(channel: Channel) -> Value {
        switch channel {
        case .chat: chat
        case .voice: voice
        case .email: email
        case .social: social ?? chat
        case .sms: sms ?? email
        case .callback: callback ?? voice
        }
    }
}

/// Sends conversations to a queue.
public struct Route: Sendable, Hashable {
    public var condition: Condition
    public var queue: QueueID

    public init(condition: Condition, queue: QueueID) {
        self.condition = condition
        self.queue = queue
    }
}

/// Minutes of head start, 0…240 in all.
public struct PointRules: Sendable, Hashable {
    /// Urgency ≥ 700.
    public var hardUrgency = 30
    /// Distress ≥ 700.
    public var strongDistress = 30
    /// Family together with urgency or distress ≥ 500.
    public var familyInNeed = 10
    /// Two or more bad episodes within 90 days.
    public var badExperiences = 10
    /// The site's own: each counts once while its condition holds for the conversation so far.
    public var own: [PointRule] = []

    public init() {}
}

/// Minutes of head start for conversations that meet a condition.
public struct PointRule: Sendable, Hashable {
    public var condition: Condition
    /// 1…240.
    public var points: Int

    public init(condition: Condition, points: Int) {
        self.condition = condition
        self.points = points
    }
}

/// Weights of the terms of the cost, each 0…1000.
public struct CostWeights: Sendable, Hashable {
    public var load = 20
    public var stress = 30
    public var share = 15
    public var overSkill = 10
    public var idle = 10
    public var sticky = 15
    public var prefer = 15
    public var language = 15

    /// All terms at their greatest, by these weights, stay below what one tier counts.
    public static let sumMax = 999

    /// All of them together.
    public var sum: Int { load + stress + share + overSkill + idle + sticky + prefer + language }

    public init() {}
}

/// How offers behave.
public struct OfferRules: Sendable, Hashable {
    /// How long an offer stands: 20 s chat, 15 s voice, 120 s email.
    public var timeout = PerChannel<Milliseconds>(chat: .seconds(20), voice: .seconds(15), email: .seconds(120))
    /// The bar after a decline or no answer, times how often it happened: 60 s chat, 20 s voice, 10 min email.
    public var hold = PerChannel<Milliseconds>(chat: .seconds(60), voice: .seconds(20), email: .minutes(10))
    /// An assignment without any message ends after this: chat 2 h, voice 4 h, email 7 d.
    public var maxIdle = PerChannel<Milliseconds>(chat: .hours(2), voice: .hours(4), email: .days(7))
    /// Unanswered offers within ten minutes that set an agent away.
    public var strikes = 3

    public init() {}
}

/// What a site tells its people to do when somebody may be in danger. None is built in.
public struct SafetyProtocol: Sendable, Hashable {
    public var text: String
    /// ISO date on which somebody checked it last.
    public var checkedOn: String

    public init(text: String, checkedOn: String) {
        self.text = text
        self.checkedOn = checkedOn
    }
}
