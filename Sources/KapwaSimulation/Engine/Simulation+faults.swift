import KapwaDomain
import KapwaRouting
import KapwaRules

/// The line between people and daemon, and the daemon's own ground, when they are bad.
struct FaultyLine {
    struct Outgoing {
        var command: Command
        var tries = 0
    }

    let settings: FaultSettings
    /// After this nothing goes wrong any more: the rest shows whether everything comes right again.
    let until: Instant
    var generator: SeededGenerator
    /// Sent and not yet answered.
    var outgoing: [Int64: Outgoing] = [:]
    /// Offers that these never answer.
    var deaf: Set<Int> = []
    var ruleChanges = 0
    /// How often each kind struck.
    var struck: [FaultSettings.Kind: Int] = [:]

    init(_ settings: FaultSettings, until: Instant) {
        self.settings = settings
        self.until = until
        generator = SeededGenerator(seed: settings.seed)
    }

    /// Whether a kind strikes now.
    mutating func strikes(_ kind: FaultSettings.Kind, at now: Instant) -> Bool {
        let rate = settings.rate(of: kind)
        guard rate > 0, now < until, generator.isLucky(rate) else { return false }
        struck[kind, default: 0] += 1
        return true
    }
}

extension Simulation {
    /// Arrivals are rounded to this, so that batches have several commands and a fault can strike between them.
    private static let grain: Milliseconds = 50
    private static let retryAfter: Milliseconds = .seconds(3)
    private static let triesMost = 12

    private func strikes(_ kind: FaultSettings.Kind) -> Bool { line?.strikes(kind, at: now) ?? false }

    // MARK: Messages

    /// Sends at least once: until there is an answer, always with the same id.
    func post(_ number: Int64, _ command: Command) {
        line?.outgoing[number] = FaultyLine.Outgoing(command: command)
        transmit(number)
    }

    private func transmit(_ number: Int64) {
        agenda.enter(.retry(number), at: now + Self.retryAfter)
        guard !strikes(.drop) else { return }
        var delay: Milliseconds = 0
        if strikes(.delay) { delay += line?.generator.seconds(1...8) ?? 0 }
        if strikes(.reorder) { delay += line?.generator.seconds(0...1) ?? 0 }
        enterDelivery(number, after: delay)
        if strikes(.duplicate) { enterDelivery(number, after: delay + (line?.generator.seconds(0...4) ?? 0)) }
    }

    private func enterDelivery(_ number: Int64, after delay: Milliseconds) {
        let due = (now + delay).milliseconds
        let rounded = (due + Self.grain - 1) / Self.grain * Self.grain
        agenda.enter(.deliver(number), at: Instant(milliseconds: rounded))
    }

    func deliver(_ number: Int64) {
        guard let message = line?.outgoing[number] else { return }
        if strikes(.reload) { reload() }
        take(number, message.command)
        if strikes(.stop) { stopAtOnce() }
    }

    func retry(_ number: Int64) {
        guard var message = line?.outgoing[number] else { return }
        message.tries += 1
        // Nobody keeps repeating where an agent was a while ago. A customer is brought in however long it takes.
        guard message.tries < Self.triesMost || message.command.body.speaksForCustomer else {
            line?.outgoing[number] = nil
            return
        }
        line?.outgoing[number] = message
        transmit(number)
    }

    /// An answer may get lost on its way as well.
    func acknowledge(_ number: Int64, _ result: Result<Reply.Accepted, Refusal>) {
        if case .failure(let refusal) = result, refusal.code == .unavailable || refusal.code == .overloaded { return }
        guard !strikes(.drop) else { return }
        line?.outgoing[number] = nil
    }

    // MARK: People

    func isDeaf(_ agent: Int) -> Bool {
        guard let line, now < line.until else { return false }
        return line.deaf.contains(agent)
    }

    func isDoubleAccepting() -> Bool { strikes(.doubleAccept) }

    /// Once a second or so: what strikes people and clocks.
    func strike() {
        guard let line, now < line.until else { return }
        if line.deaf.isEmpty, line.settings.rate(of: .neverAnswers) > 0 {
            for agent in agents.indices where strikes(.neverAnswers) { self.line?.deaf.insert(agent) }
            if agents.count == self.line?.deaf.count { self.line?.deaf.remove(0) }
        }
        if strikes(.disconnect), let agent = self.line?.generator.pick(0..<agents.count) { dropOff(agent) }
        var pause: Milliseconds = .seconds(1)
        if strikes(.clockStall), let gap = self.line?.generator.seconds(6...90) {
            // Nobody watched the clock for a while: everything waits, and is late together.
            now = now + gap
            daemon.noteGap(gap, at: now)
            pause += 0
        }
        if strikes(.clockJump) {
            // The wall clock was put forward while the daemon was down.
            stopAtOnce()
            now = now + (self.line?.generator.seconds(60...1_200) ?? 0)
        }
        agenda.enter(.fault(0), at: now + pause)
    }

    // MARK: The daemon

    func commitFault() -> SimulatedDaemon.CommitFault? {
        if strikes(.diskFull) { return .full }
        if strikes(.commitFails) || strikes(.tornTail) { return .broken }
        return nil
    }

    func afterLoss() {
        for watch in watches { watch.rebuilt(from: daemon.disk.events, at: now) }
        if daemon.isDown {
            agenda.enter(.restart, at: now + (line?.generator.seconds(0...4) ?? 0))
        } else {
            agenda.enter(.space, at: now + (line?.generator.seconds(1...20) ?? 1_000))
        }
    }

    /// The power fails between commit and answer: what is on disk happened, though nobody was told. Who asked asks again
    /// with the same id; who follows the events reads what was missed.
    func losesTail(_ committed: SimulatedDaemon.Committed) -> Bool {
        guard !committed.events.isEmpty, !daemon.isDown, strikes(.lostTail) else { return false }
        digestBeforeCrash = daemon.router.state.digest
        for watch in watches {
            let wrong = watch.committed(committed.events, by: daemon.router, at: now)
            if !wrong.isEmpty { fail(wrong) }
        }
        missed += committed.events
        stopAtOnce()
        return true
    }

    /// In the middle of a batch: what is decided and not on disk is gone, nobody was answered.
    private func stopAtOnce() {
        guard !daemon.isDown else { return }
        daemon.crash()
        afterLoss()
    }

    func restart() {
        let before = daemon.disk.events.count
        if strikes(.bitFlip), before > 0, let line {
            var generator = line.generator
            let place = generator.pick(0..<before)
            let found = daemon.disk.verify(flipping: generator.pick(0..<40), at: place)
            if found != Int64(place + 1) { fail(["a flipped bit of event \(place + 1) was not noticed"]) }
            self.line?.generator = generator
        }
        let digest = daemon.restart(at: now)
        if let before = digestBeforeCrash, digest != before {
            fail(["the state made again from the journal has digest \(digest), before the crash it was \(before)"])
        }
        digestBeforeCrash = nil
        record.restarted()
        let events = missed
        missed = []
        for event in events { react(to: event) }
    }

    func regainSpace() { daemon.regainSpace(at: now) }

    /// Other rules in the middle of a batch: what was decided before is committed under the old ones.
    private func reload() {
        commit()
        guard let line, !daemon.isDown, !daemon.isFull else { return }
        self.line?.ruleChanges += 1
        let variants = [rules, rules.withoutCare, rules.withoutStagger]
        let next = variants[(line.ruleChanges + 1) % variants.count]
        daemon.change(to: next, at: now)
        for watch in watches { watch.rulesChanged(to: next, at: now) }
    }

    // MARK: After the faults

    private var isSmall: Bool { world.settings.open.count < Milliseconds.hours(4) }

    /// Whether somebody who could take it by the last step is not kept apart from its customer.
    private func isAnybodyLeft(for contact: Int) -> Bool {
        let needs = daemon.router.steps(of: Self.conversationID(contact)).last?.needs ?? .none
        let apart = apart[world.contacts[contact].customer] ?? []
        return world.agents.contains { !apart.contains($0.number) && $0.skills.firstUnmet(of: needs) == nil }
    }

    private func leaveForTomorrow() {
        for contact in contacts.indices where contacts[contact].phase == .waiting && !contacts[contact].isEpisodeCounted
        {
            contacts[contact].isEpisodeCounted = true
            record.abandoned(
                wait: now - contacts[contact].began,
                target: rules.queues[0].target[world.contacts[contact].errand.channel],
                hard: contacts[contact].wasHard, at: contacts[contact].began)
        }
    }

    /// Nobody waits for ever: with somebody who keeps accepting, every queue is empty after (waiting + 1) × (offer
    /// timeout + handling + wrap-up + longest break).
    ///
    /// A small world has people for hours after the last customer. At the end of a whole day those who can do it may have
    /// gone home while mail waits for tomorrow: that is counted as waiting, and is no failure. Neither is it when the
    /// customer is kept apart from everybody who has the skill: then nobody is there who keeps accepting.
    func checkLiveness() {
        guard failure == nil, unfinished > 0 else { return }
        let all = contacts.indices.filter { contacts[$0].phase == .waiting }
        let waiting = all.filter(isAnybodyLeft)
        let talking = contacts.indices.filter { contacts[$0].phase == .talking }
        let isStuck = unfinished > all.count - waiting.count
        guard (isSmall && isStuck) || !talking.isEmpty else { return leaveForTomorrow() }
        fail([
            "\(unfinished) of \(contacts.count) conversations are not over \((now - lastArrival) / 60_000) min after the last"
                + " came: \(waiting.count) wait (\(waiting.prefix(5))), \(talking.count) are talked to"
                + " (\(talking.prefix(5))); daemon \(daemon.isDown ? "down" : daemon.isFull ? "full" : "up"),"
                + " \(agents.count { $0.isOnDuty }) on duty, \(agents.count { $0.presence == .ready }) ready,"
                + " \(agents.count { $0.isOnBreak }) on break, \(agents.count { $0.isConnected }) connected"
        ])
    }
}

extension Command.Body {
    /// Whether losing it would lose a customer, or keep one who has gone.
    fileprivate var speaksForCustomer: Bool {
        switch self {
        case .conversationMessage(let body): body.from == .customer
        case .conversationClose: true
        default: false
        }
    }
}
