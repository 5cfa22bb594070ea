import KapwaDomain
import KapwaJournal
import KapwaRouting
import KapwaRules
import KapwaWire

/// Makes the floor as it was while a break was to begin, and notes what kept it.
struct BreakReplay {
    private(set) var waits: [BreakAnswer.Wait] = []
    private let id: BreakID
    private let agent: AgentID
    private let tenant: TenantID
    /// Of the first event of the break, and of the one with which it began or was given up.
    private let first: Int64
    private let last: Int64?
    private var state: RoutingState
    private var rules = RuleSet.standard
    private var lexicon = ""

    /// What is told at most; of more, what came last.
    private static let waitsMax = 50

    private struct Enough: Error {}

    init(_ answer: BreakAnswer, from state: RoutingState, _ reader: any JournalReading) throws(JournalError) {
        id = answer.id
        agent = answer.agent
        tenant = answer.tenant
        first = answer.story[0].sequence
        last = answer.story.first { $0.name == .started || $0.name == .ended }?.sequence
        self.state = state
        guard state.sequence > 0 else { return }
        rules = try reader.ruleSet(hash: state.lastRulesChange.hash) ?? .standard
        lexicon = state.lastRulesChange.lexicon
    }

    mutating func run(_ reader: any JournalReading) throws {
        let decoder = EventDecoder()
        do {
            try reader.replay(tenant: tenant, from: state.sequence + 1) { entry in
                let event = try decoder.whole(entry)
                if event.sequence > first { pass(to: event.at) }
                if event.sequence == last {
                    end(at: event.at)
                    throw Enough()
                }
                state.apply(event)
                if case .rulesChanged(let change) = event.body {
                    rules = try reader.ruleSet(hash: change.hash) ?? .standard
                    lexicon = change.lexicon
                }
                if event.sequence >= first { look(at: event.at) }
            }
        } catch is Enough {
            return
        }
    }

    /// Nothing of the state is copied: the router that answers is gone before the next event.
    private var router: Router {
        Router(state: state, rules: rules, lexicon: lexicon, version: KapwaVersion.current)
    }

    /// Looks whenever time alone may have changed the answer, up to the next event.
    private mutating func pass(to end: Instant) {
        var now = state.lastEventAt
        while let next = router.whatHoldsMayChange(id, of: agent, after: now), next < end {
            look(at: next)
            now = next
        }
    }

    private mutating func look(at now: Instant) {
        let hold = router.whatHolds(id, of: agent, at: now)
        if let open = waits.last, open.until == nil {
            if open.hold == hold { return }
            // Who else of the team rests changes: it is one wait all the same.
            if case (.team, .team) = (open.hold, hold), let hold {
                waits[waits.count - 1].hold = hold
                return
            }
            end(at: now)
        }
        guard let hold else { return }
        waits.append(BreakAnswer.Wait(hold: hold, from: now))
        if waits.count > Self.waitsMax { waits.removeFirst() }
    }

    /// What began and ended within one moment kept nothing.
    private mutating func end(at now: Instant) {
        guard let open = waits.last, open.until == nil else { return }
        waits[waits.count - 1].until = now
        if open.from == now { waits.removeLast() }
    }
}
