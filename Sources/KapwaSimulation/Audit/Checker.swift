public import KapwaDomain
public import KapwaRouting
public import KapwaRules

/// A router with everybody who doubts it: the auditor after each batch, and all invariants in full now and then.
///
/// The short way (what each batch touched) and the long way (everything) must agree: a sentence that only the long way
/// finds is a gap of the short way, and counts as a finding too.
public struct Checker {
    public private(set) var router: Router
    /// Since a restart: a router whose state was read back from a snapshot, and which must decide the same.
    private var twin: Router?
    public let auditor: Auditor
    /// Batches so far.
    public private(set) var steps = 0
    /// Events so far.
    public private(set) var events = 0
    /// Everything is looked at after so many steps.
    public let fullEvery: Int
    /// The events of the last batch, of which the findings speak.
    public private(set) var lastBatch: [Event] = []

    public init(rules: RuleSet, at now: Instant, fullEvery: Int = 1_000) {
        router = Router(state: RoutingState(tenant: "main"), rules: rules, lexicon: "lexicon", version: "audited")
        auditor = Auditor(rules: rules)
        self.fullEvery = fullEvery
        router.start(at: now, digest: "")
        router.change(to: rules, lexicon: "lexicon", by: nil, at: now)
        _ = look(at: now)
    }

    /// Decides the commands of a batch, matches, and has everything checked.
    ///
    /// - Returns: what the commands are answered, and the events.
    public mutating func batch(
        _ commands: [Command], at now: Instant
    ) -> (replies: [Result<Reply.Accepted, Refusal>], events: [Event]) {
        let replies = commands.map { command in
            let reply = router.handle(command, at: now)
            if let other = twin?.handle(command, at: now), other != reply {
                auditor.report("a state that was saved and read back answers otherwise")
            }
            return reply
        }
        router.match(at: now)
        twin?.match(at: now)
        return (replies, look(at: now))
    }

    /// Lets time pass to an instant, in one jump: what fell due fires late, as after a pause of the process.
    public mutating func jump(to now: Instant) -> [Event] {
        router.tick(at: now)
        router.match(at: now)
        twin?.tick(at: now)
        twin?.match(at: now)
        return look(at: now)
    }

    /// Lets time pass to an instant, each timer at its own time.
    public mutating func pass(to end: Instant) -> [Event] {
        var all: [Event] = []
        while let due = router.state.nextDeadline, due < end {
            all += jump(to: max(due, router.state.lastEventAt))
        }
        all += jump(to: end)
        return all
    }

    /// Swaps the rules.
    public mutating func change(to rules: RuleSet, at now: Instant) -> [Event] {
        auditor.change(to: rules)
        router.change(to: rules, lexicon: "lexicon", by: "supervisor", at: now)
        router.match(at: now)
        twin?.change(to: rules, lexicon: "lexicon", by: "supervisor", at: now)
        twin?.match(at: now)
        return look(at: now)
    }

    /// Ends the process and starts it anew: the state is what the events so far make of an empty one.
    public mutating func restart(replaying journal: [Event], at now: Instant) -> [Event] {
        var state = RoutingState(tenant: "main")
        for event in journal { state.apply(event) }
        let digest = state.digest
        if digest != router.state.digest { auditor.report("replay gives another state than the one it followed") }
        twin = restored(from: journal, like: state).map {
            Router(state: $0, rules: router.rules, lexicon: "lexicon", version: "audited")
        }
        router = Router(state: state, rules: router.rules, lexicon: "lexicon", version: "audited")
        router.start(at: now, digest: digest)
        router.match(at: now)
        twin?.start(at: now, digest: digest)
        twin?.match(at: now)
        return look(at: now)
    }

    /// The same state by another way: from a snapshot somewhere in the journal, and the events after it.
    private func restored(from journal: [Event], like state: RoutingState) -> RoutingState? {
        let place = journal.count * (journal.count % 7) / 6
        var before = RoutingState(tenant: "main")
        for event in journal[..<place] { before.apply(event) }
        do {
            var restored = try before.saved().withUnsafeBytes { bytes throws(SavedStateError) in
                try RoutingState(saved: bytes)
            }
            for event in journal[place...] { restored.apply(event) }
            if restored.saved() != state.saved() || restored.digest != state.digest {
                auditor.report("a snapshot at \(place) and what came after give another state")
            }
            if restored.nextDeadline != state.nextDeadline {
                auditor.report("after a snapshot at \(place) another timer comes first")
            }
            for sentence in restored.brokenIndex() { auditor.report("index after a snapshot: \(sentence)") }
            return restored
        } catch {
            auditor.report("a snapshot at \(place) cannot be read back: \(error)")
            return nil
        }
    }

    /// Looks at everything now.
    public mutating func checkEverything(at now: Instant) {
        for sentence in router.brokenInvariants(at: now) { auditor.report("invariant: \(sentence)") }
        for sentence in router.state.brokenIndex() { auditor.report("index: \(sentence)") }
        auditor.checkEverything(at: now)
    }

    private static func text(_ events: [Event], _ place: Int) -> String {
        events.indices.contains(place) ? "\(events[place])" : "nothing"
    }

    private mutating func look(at now: Instant) -> [Event] {
        let new = router.takeEvents()
        if let other = twin?.takeEvents(), other != new {
            let place = zip(new, other).prefix { $0 == $1 }.count
            let (said, instead) = (Self.text(new, place), Self.text(other, place))
            auditor.report("a state that was saved and read back decides \(instead), not \(said)")
            twin = nil
        }
        lastBatch = new
        events += new.count
        steps += 1
        auditor.watch(new, at: now)
        if steps % fullEvery == 0 {
            let before = auditor.findingsCount
            checkEverything(at: now)
            if auditor.findingsCount > before { auditor.report("only the full check found this") }
        }
        return new
    }
}

extension Auditor {
    /// Adds what somebody else found.
    func report(_ sentence: String) { found(sentence) }
}
