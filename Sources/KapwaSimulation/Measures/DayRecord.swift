public import KapwaDomain
import KapwaRouting

/// What happened on a day that was played, before anything is summed up.
public struct DayRecord: Sendable {
    /// Somebody came; somebody was answered, or not.
    public struct Episode: Sendable {
        public var at: Instant
        public var wait: Milliseconds
        public var target: Milliseconds
        public var isAnswered: Bool
        public var isHard: Bool
        /// The agent met the queue's needs as they stood before they were relaxed.
        public var matches: Bool
        /// Nobody sits waiting for mail.
        public var isMail: Bool { target >= .minutes(30) }
    }

    public struct BreakTaken: Sendable {
        public var agent: Int
        public var kind: BreakKind
        public var reason: BreakReason
        public var isImmediate: Bool
        public var isEnforced: Bool
        public var owedAt: Instant?
        public var startedAt: Instant?
        public var endedAt: Instant?
        public var late: Milliseconds = 0
        public var lateCause: String?
        /// Until when one of the agent's contacts was live, and until when another break ran or the agent had put this
        /// one off.
        public var held: Held?

        /// What a wait from owed to start was for; its parts may run side by side.
        public var wait: (whole: Milliseconds, live: Milliseconds, own: Milliseconds, share: Milliseconds)? {
            guard let owedAt, let startedAt, let held else { return nil }
            let whole = startedAt - owedAt
            let live = min(whole, max(0, held.live - owedAt))
            let own = min(whole, max(0, held.own - owedAt))
            return (whole, live, own, whole - max(live, own))
        }
    }

    public struct Held: Sendable {
        public var live: Instant
        public var own: Instant
    }

    /// A start that brought a team above a quarter on breaks for care.
    public enum Crowding: Sendable { case deadline, grave, insult, neither }

    /// One look at the floor.
    public struct Sample: Sendable {
        public var at: Instant
        public var waiting = 0
        public var onDuty = 0
        public var onCareBreak = 0
        public var onOtherBreak = 0
        /// Of the ledgers of everybody on duty, milli-contacts.
        public var ledgerMedian = 0
        public var ledgerNinth = 0
        public var ledgerMost = 0
    }

    public struct Person: Sendable {
        var dutyBegan: Instant?
        public var onDuty: Milliseconds = 0
        public var onBreak: Milliseconds = 0
        public var onCareBreak: Milliseconds = 0
        public var duties = 0
        public var hardContacts = 0
        public var contacts = 0
        public var peakLedger = 0
        var breakBegan: Instant?
        var talking = 0
        var talkBegan = Instant(milliseconds: 0)
        /// At least one contact open.
        public var busy: Milliseconds = 0
        var tiredness = 0.0

        /// Ready or in contact: on duty and on no break.
        public var worked: Milliseconds { max(0, onDuty - onBreak) }
    }

    /// From when to when somebody was there.
    public struct Duty: Sendable {
        public var agent: Int
        public var from: Instant
        public var to: Instant
    }

    public let begin: Instant
    public private(set) var duties: [Duty] = []
    public private(set) var end: Instant
    public private(set) var arrivals: [Instant] = []
    public private(set) var episodes: [Episode] = []
    public private(set) var breaks: [BreakTaken] = []
    public private(set) var samples: [Sample] = []
    public private(set) var people: [Person]
    public private(set) var refusals: [RefusalCode: Int] = [:]
    public private(set) var offers = 0
    public private(set) var expired = 0
    public private(set) var invitations = 0
    public private(set) var overdues = 0
    public private(set) var floorsBroken = 0
    public private(set) var restarts = 0
    /// How often each fault struck.
    public private(set) var struck: [FaultSettings.Kind: Int] = [:]
    public private(set) var commands: Int64 = 0
    public private(set) var events: Int64 = 0
    /// Greatest share of a team on breaks for care at once, in thousandths of those on duty; teams of five or more.
    public private(set) var worstTeamShare = 0
    /// Starts of breaks for care after which more than a quarter of a team rested, by what forced them.
    public private(set) var crowded: [Crowding: Int] = [:]
    /// How often a team was looked at that had enough people on duty, and how often more than a quarter of it rested.
    public private(set) var teamLooks = 0
    public private(set) var crowdedLooks = 0
    private let teams: [Int]
    /// In a team of fewer one person is more than a quarter, or nearly.
    private static let leastTeam = 5
    /// Places in ``breaks`` of what is owed or runs, by the break's id.
    private var open: [BreakID: Int] = [:]

    init(world: World, begin: Instant) {
        self.begin = begin
        end = begin
        people = Array(repeating: Person(), count: world.agents.count)
        teams = world.agents.map(\.team)
    }

    // MARK: Customers

    mutating func arrived(at now: Instant) { arrivals.append(now) }

    mutating func answered(wait: Milliseconds, target: Milliseconds, hard: Bool, matches: Bool, at began: Instant) {
        episodes.append(
            Episode(at: began, wait: wait, target: target, isAnswered: true, isHard: hard, matches: matches))
    }

    mutating func abandoned(wait: Milliseconds, target: Milliseconds, hard: Bool, at began: Instant) {
        episodes.append(
            Episode(at: began, wait: wait, target: target, isAnswered: false, isHard: hard, matches: false))
    }

    mutating func refused(_ code: RefusalCode) { refusals[code, default: 0] += 1 }
    mutating func offerMade() { offers += 1 }
    mutating func offerExpired() { expired += 1 }

    // MARK: Agents

    mutating func beginsDuty(_ agent: Int, at now: Instant) {
        people[agent].dutyBegan = now
        people[agent].duties += 1
    }

    mutating func endsDuty(_ agent: Int, at now: Instant) {
        if let began = people[agent].dutyBegan {
            people[agent].onDuty += now - began
            duties.append(Duty(agent: agent, from: began, to: now))
        }
        people[agent].dutyBegan = nil
    }

    mutating func talkBegins(_ agent: Int, at now: Instant) {
        if people[agent].talking == 0 { people[agent].talkBegan = now }
        people[agent].talking += 1
        people[agent].contacts += 1
    }

    mutating func talkEnds(_ agent: Int, at now: Instant) {
        people[agent].talking = max(0, people[agent].talking - 1)
        if people[agent].talking == 0 { people[agent].busy += now - people[agent].talkBegan }
    }

    mutating func hardContact(of agent: Int) { people[agent].hardContacts += 1 }
    mutating func tiredness(of agent: Int, _ fatigue: Double) { people[agent].tiredness += fatigue }
    mutating func stressed(_ agent: Int, ledger: Int) {
        people[agent].peakLedger = max(people[agent].peakLedger, ledger)
    }

    // MARK: Breaks

    mutating func invited() { invitations += 1 }
    mutating func overdue() { overdues += 1 }
    mutating func floorBroken() { floorsBroken += 1 }
    mutating func restarted() { restarts += 1 }

    private mutating func place(of body: BreakChanged, _ agent: Int) -> Int {
        if let known = open[body.breakID] { return known }
        breaks.append(
            BreakTaken(
                agent: agent, kind: body.kind, reason: body.reason, isImmediate: body.immediate,
                isEnforced: body.enforced))
        open[body.breakID] = breaks.count - 1
        return breaks.count - 1
    }

    mutating func owed(_ body: BreakChanged, agent: Int, at now: Instant) {
        let place = place(of: body, agent)
        breaks[place].owedAt = breaks[place].owedAt ?? now
        breaks[place].isImmediate = breaks[place].isImmediate || body.immediate
    }

    mutating func planned(_ body: BreakChanged) {
        _ = place(of: body, Simulation.number(in: body.agent.rawValue))
    }

    mutating func started(_ body: BreakChanged, agent: Int, at now: Instant, agents: [AgentActor], held: Held) {
        let place = place(of: body, agent)
        breaks[place].held = held
        breaks[place].startedAt = now
        breaks[place].late = body.lateMilliseconds ?? 0
        breaks[place].lateCause = body.lateCause?.text
        people[agent].breakBegan = now
        guard body.kind == .stress else { return }
        var (there, resting) = (0, 0)
        for other in agents.indices where teams[other] == teams[agent] && agents[other].isOnDuty {
            there += 1
            if agents[other].isOnCareBreak { resting += 1 }
        }
        guard there >= Self.leastTeam else { return }
        let share = resting * 1_000 / there
        worstTeamShare = max(worstTeamShare, share)
        guard share > 250 else { return }
        let cause: Crowding =
            body.immediate ? .grave : body.because == "insult" ? .insult : now >= body.startBy ? .deadline : .neither
        crowded[cause, default: 0] += 1
    }

    mutating func ended(_ body: BreakChanged, agent: Int, at now: Instant) {
        guard let place = open.removeValue(forKey: body.breakID) else { return }
        breaks[place].endedAt = now
        guard breaks[place].startedAt != nil, let began = people[agent].breakBegan else { return }
        people[agent].breakBegan = nil
        guard people[agent].dutyBegan != nil else { return }
        people[agent].onBreak += now - began
        if body.kind == .stress { people[agent].onCareBreak += now - began }
    }

    // MARK: The floor

    mutating func sample(at now: Instant, _ router: borrowing Router, agents: [AgentActor]) {
        var sample = Sample(at: now)
        sample.waiting = router.state.counts.conversations[.queued] ?? 0
        for agent in agents where agent.isOnDuty {
            sample.onDuty += 1
            if agent.isOnBreak { sample.onOtherBreak += 1 }
            if agent.isOnCareBreak {
                sample.onCareBreak += 1
                sample.onOtherBreak -= 1
            }
        }
        lookAtTeams(agents)
        let ledgers = router.state.ledgers(at: now).sorted()
        if let most = ledgers.last {
            sample.ledgerMedian = ledgers[ledgers.count / 2]
            sample.ledgerNinth = ledgers[ledgers.count * 9 / 10]
            sample.ledgerMost = most
        }
        samples.append(sample)
    }

    private mutating func lookAtTeams(_ agents: [AgentActor]) {
        var counts = Array(repeating: (there: 0, resting: 0), count: (teams.max() ?? 0) + 1)
        for agent in agents.indices where agents[agent].isOnDuty {
            counts[teams[agent]].there += 1
            if agents[agent].isOnCareBreak { counts[teams[agent]].resting += 1 }
        }
        for team in counts where team.there >= Self.leastTeam {
            teamLooks += 1
            if team.resting * 4 > team.there { crowdedLooks += 1 }
        }
    }

    mutating func end(
        at now: Instant, _ sequence: Int64, commands: Int64, struck: [FaultSettings.Kind: Int]
    ) {
        end = now
        self.struck = struck
        self.commands = commands
        events = sequence
        for agent in people.indices {
            if people[agent].talking > 0 { people[agent].busy += now - people[agent].talkBegan }
            if let began = people[agent].breakBegan, people[agent].dutyBegan != nil {
                people[agent].onBreak += now - began
            }
            endsDuty(agent, at: now)
        }
    }
}
