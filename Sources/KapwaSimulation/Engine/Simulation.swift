public import KapwaDomain
import KapwaRouting
public import KapwaRules

/// Why a simulation stopped: what was wrong, and when in its day.
public struct SimulationFailure: Error, Sendable, CustomStringConvertible {
    public var at: Instant
    public var messages: [String]

    public var description: String {
        let minute = SimulatedDay.minute(of: at)
        let second = Int((at - SimulatedDay.begin) / 1_000) % 60
        let clock = [minute / 60, minute % 60, second].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        return "at \(clock): " + messages.prefix(5).joined(separator: "; ")
    }
}

/// Plays one day: the real router, driven from outside in virtual time, exactly as the daemon drives it.
///
/// Nothing in here knows what time it is outside, or draws from anything but the seed.
public final class Simulation {
    public let world: World
    /// The rules that are played, which need not be those that the world was fitted to.
    public let rules: RuleSet
    let watches: [any SimulationWatch]
    let daemon: SimulatedDaemon
    var agenda = Agenda()
    var now: Instant
    var contacts: [ContactActor]
    var agents: [AgentActor]
    var record: DayRecord
    var line: FaultyLine?
    /// Committed, and not told to anybody when the power failed.
    var missed: [Event] = []
    var digestBeforeCrash: String?
    /// Agents to whom a customer is not routed any more.
    var apart: [Int: Set<Int>] = [:]
    private var commands: Int64 = 0
    /// Contacts that are not over.
    var unfinished: Int
    var lastArrival: Instant
    private(set) var failure: SimulationFailure?

    /// - Parameter watches: asked after each batch whether everything is right.
    public init(world: World, rules: RuleSet, watches: [any SimulationWatch] = []) {
        self.world = world
        self.rules = rules
        self.watches = watches
        now = SimulatedDay.begin
        if world.settings.open.lowerBound > 0 { now = now + world.settings.open.lowerBound - .minutes(6) }
        daemon = SimulatedDaemon(rules: rules, keepsDisk: world.settings.faults != nil, at: now)
        contacts = world.contacts.map {
            var state = ContactActor()
            state.left = $0.handle
            return state
        }
        agents = world.agents.map { AgentActor(seed: $0.seed) }
        record = DayRecord(world: world, begin: now)
        unfinished = world.contacts.count
        lastArrival = world.contacts.last?.at ?? now
        line = world.settings.faults.map { FaultyLine($0, until: lastArrival) }
        enterTheDay()
    }

    private func enterTheDay() {
        for agent in world.agents {
            send(
                .agentUpsert(AgentUpsert(agent: agent.id, skills: agent.skills, capacity: 100, team: agent.teamID)))
            for (place, duty) in agent.duties.enumerated() {
                agenda.enter(
                    .beginDuty(agent: Int32(agent.number), duty: Int32(place)), at: max(now, duty.from + duty.lateBy))
            }
        }
        for contact in world.contacts { agenda.enter(.arrive(Int32(contact.number)), at: contact.at) }
        agenda.enter(.sample, at: now)
        if line != nil { agenda.enter(.fault(0), at: now + .seconds(1)) }
    }

    /// Longest time after the last arrival; nobody is left by then, or something is stuck.
    private static let overtime: Milliseconds = .hours(12)

    /// Plays the day to its end: when nobody waits and nobody is talked to any more.
    public func run() throws(SimulationFailure) -> DayRecord {
        turn()
        while unfinished > 0, failure == nil {
            let next = [agenda.nextDue, daemon.nextDeadline].compactMap(\.self).min()
            guard let next, next <= lastArrival + Self.overtime else { break }
            now = max(now, next)
            turn()
        }
        checkLiveness()
        if let failure { throw failure }
        record.end(
            at: now, daemon.router.state.sequence, commands: commands, struck: line?.struck ?? [:])
        return record
    }

    /// One turn of the daemon: all that is due now, at most a batch at once, then the commit, then what follows.
    private func turn() {
        while let action = agenda.popDue(at: now) {
            perform(action)
            if daemon.batchIsFull { commit() }
        }
        commit()
    }

    func fail(_ messages: [String]) {
        if failure == nil { failure = SimulationFailure(at: now, messages: messages) }
    }

    // MARK: The line to the daemon

    func send(_ body: Command.Body, by person: Person? = nil) {
        commands += 1
        let command = Command(id: CommandID("s\(commands)"), by: person, body: body)
        if line == nil {
            take(commands, command)
        } else {
            post(commands, command)
        }
    }

    func take(_ number: Int64, _ command: Command) {
        daemon.take(number, command, at: now)
        if daemon.batchIsFull { commit() }
    }

    func commit() {
        let committed = daemon.commit(at: now, fault: commitFault())
        if committed.isLost { afterLoss() }
        if losesTail(committed) { return }
        for answer in committed.answers {
            for watch in watches where !committed.isLost { watch.decided(answer.command, answer.result, at: now) }
            answered(answer.number, answer.command, answer.result)
        }
        guard !committed.events.isEmpty else { return }
        for watch in watches {
            let wrong = watch.committed(committed.events, by: daemon.router, at: now)
            if !wrong.isEmpty { fail(wrong) }
        }
        for event in committed.events { react(to: event) }
    }

    private func answered(_ number: Int64, _ command: Command, _ result: Result<Reply.Accepted, Refusal>) {
        if case .failure(let refusal) = result { record.refused(refusal.code) }
        if line != nil { acknowledge(number, result) }
    }

    // MARK: Everything that can happen

    private func perform(_ action: Agenda.Action) {
        switch action {
        case .arrive(let contact): arrive(Int(contact))
        case .comeBack(let contact): comeBack(Int(contact))
        case .waitingMessage(let contact, let generation): ifStill(contact, generation, writeWhileWaiting)
        case .giveUp(let contact, let generation): ifStill(contact, generation, giveUp)
        case .customerMessage(let contact, let generation): ifStill(contact, generation, speak)
        case .agentMessage(let contact, let generation): ifStill(contact, generation, reply)
        case .transfer(let contact, let generation): ifStill(contact, generation, transfer)
        case .finish(let contact, let generation): ifStill(contact, generation, finish)
        case .comment(let contact): comment(Int(contact))
        case .acknowledge(let contact): acknowledge(Int(contact))
        case .sample: sample()
        case .deliver(let number): deliver(number)
        case .retry(let number): retry(number)
        case .fault: strike()
        case .restart: restart()
        case .space: regainSpace()
        default: performOfAgent(action)
        }
    }

    private func performOfAgent(_ action: Agenda.Action) {
        switch action {
        case .wrapupDone(let agent, let contact): finishWrapup(Int(agent), Int(contact))
        case .beginDuty(let agent, let duty): beginDuty(Int(agent), Int(duty))
        case .endDuty(let agent, let duty): endDuty(Int(agent), Int(duty))
        case .leave(let agent): leave(Int(agent))
        case .renewLease(let agent, let generation): renewLease(Int(agent), generation)
        case .dropOff(let agent): dropOff(Int(agent))
        case .reconnect(let agent): reconnect(Int(agent))
        case .sayReady(let agent, let generation): sayReady(Int(agent), generation)
        case .answer(let contact, let offer): answer(Int(contact), offer)
        case .privateBreak(let agent): takePrivateBreak(Int(agent))
        case .mealIfNone(let agent, let generation): eatIfNotYet(Int(agent), generation)
        case .takeInvitation(let agent): takeInvitation(Int(agent))
        case .report(let agent, let contact): report(Int(agent), Int(contact))
        case .handOver(let agent, let contact): handOver(Int(agent), Int(contact))
        case .postpone(let agent): postpone(Int(agent))
        default: preconditionFailure("what can happen is said in one of the two lists")
        }
    }

    /// What was meant for a turn of events that has passed comes to nothing.
    private func ifStill(_ contact: Int32, _ generation: Int32, _ body: (Int) -> Void) {
        if contacts[Int(contact)].generation == generation { body(Int(contact)) }
    }

    private func sample() {
        record.sample(at: now, daemon.router, agents: agents)
        let step: Milliseconds = world.settings.open.count > Milliseconds.hours(4) ? .minutes(5) : .minutes(1)
        agenda.enter(.sample, at: now + step)
    }
}
