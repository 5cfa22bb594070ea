public import KapwaDomain
public import KapwaRouting
public import KapwaRules

/// A router with everybody who doubts it: the auditor after each batch, and all invariants in full now and then.
///
/// The short way (what each batch touched) and the long way (everything) must agree: a sentence that only the long way
/// finds is a gap of the short way, and counts as a finding too.
public struct Checker {
    public private(set) var router: Router
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
        let replies = commands.map { router.handle($0, at: now) }
        router.match(at: now)
        return (replies, look(at: now))
    }

    /// Lets time pass to an instant, in one jump: what fell due fires late, as after a pause of the process.
    public mutating func jump(to now: Instant) -> [Event] {
        router.tick(at: now)
        router.match(at: now)
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
        return look(at: now)
    }

    /// Ends the process and starts it anew: the state is what the events so far make of an empty one.
    public mutating func restart(replaying journal: [Event], at now: Instant) -> [Event] {
        var state = RoutingState(tenant: "main")
        for event in journal { state.apply(event) }
        let digest = state.digest
        if digest != router.state.digest { auditor.report("replay gives another state than the one it followed") }
        router = Router(state: state, rules: router.rules, lexicon: "lexicon", version: "audited")
        router.start(at: now, digest: digest)
        router.match(at: now)
        return look(at: now)
    }

    /// Looks at everything now.
    public mutating func checkEverything(at now: Instant) {
        for sentence in router.brokenInvariants(at: now) { auditor.report("invariant: \(sentence)") }
        for sentence in router.state.brokenIndex() { auditor.report("index: \(sentence)") }
        auditor.checkEverything(at: now)
    }

    private mutating func look(at now: Instant) -> [Event] {
        let new = router.takeEvents()
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
