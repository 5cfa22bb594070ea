public import KapwaDomain

/// What happens between queue and agent beyond offers: counted, never by person.
public struct FloorSeries: Sendable {
    // Conversations
    public let relaxed: CounterSeries
    public let held: ByCase<HoldCause, CounterSeries>
    public let parked: CounterSeries
    public let resumed: CounterSeries
    public let retagged: CounterSeries
    public let unroutable: CounterSeries
    public let reservations: CounterSeries
    public let handovers: CounterSeries
    public let feedback: CounterSeries
    /// Answers to "how satisfied", by their value 1 to 5.
    public let csat: [Int: CounterSeries]
    /// By the hard test that comes first.
    public let prevented: ByCase<HardTest, CounterSeries>

    // Breaks
    public let breaksPlanned: ByCase<BreakKind, CounterSeries>
    public let breaksPostponed: ByCase<BreakKind, CounterSeries>
    public let breaksUnenforced: CounterSeries
    public let breaksInvited: ByCase<Invitation, CounterSeries>
    public let floorsBroken: CounterSeries

    // What people decide
    public let affinitiesSet: CounterSeries
    public let affinitiesLifted: CounterSeries
    public let followupsOwed: ByCase<FollowupCause, CounterSeries>
    public let followupsDone: CounterSeries
    public let incidentsDeclared: CounterSeries
    public let incidentsEnded: CounterSeries
    public let followupsOpen: GaugeSeries
    public let incidentsRunning: GaugeSeries

    init(_ registry: MetricRegistry) {
        func counter(_ name: String, _ help: String) -> CounterSeries { registry.counter(name, help).series() }
        func counters<Key: CaseIterable & RawRepresentable & Equatable & Sendable>(
            _ name: String, _ help: String, by label: String
        ) -> ByCase<Key, CounterSeries> where Key.RawValue == String {
            ByCase(registry.counter(name, help, labels: [label]))
        }
        relaxed = counter("kapwa_conversations_relaxed_total", "Times that a queue's next step came into force.")
        held = counters(
            "kapwa_conversations_held_total", "Times that a conversation waited for an agent whom it burdens less.",
            by: "reason")
        parked = counter("kapwa_conversations_parked_total", "Times that a silent contact waited for a break's end.")
        resumed = counter("kapwa_conversations_resumed_total", "Times that a parked contact went on.")
        retagged = counter("kapwa_conversations_retagged_total", "Times that a person corrected the scorer.")
        unroutable = counter(
            "kapwa_conversations_unroutable_total", "Times that no agent of any presence could take a conversation.")
        reservations = counter(
            "kapwa_reservations_total", "Times that an agent was kept free for a conversation past its target.")
        handovers = counter(
            "kapwa_handovers_offered_total", "Live chats offered for hand-over because a break was due.")
        feedback = counter("kapwa_feedback_recorded_total", "Words and marks of customers after a conversation.")
        let marks = registry.counter(
            "kapwa_feedback_csat_total", "Answers to how satisfied a customer was, 1 to 5.", labels: ["csat"])
        csat = Dictionary(uniqueKeysWithValues: Limits.csat.map { ($0, marks.series("\($0)")) })
        prevented = counters(
            "kapwa_prevented_offers_total",
            "Contacts that another router gave to an agent whom mode enforce would not have asked, by its first reason.",
            by: "test")
        breaksPlanned = counters("kapwa_breaks_planned_total", "Breaks planned in shifts, by kind.", by: "kind")
        breaksPostponed = counters("kapwa_breaks_postponed_total", "Breaks that agents moved, by kind.", by: "kind")
        breaksUnenforced = counter(
            "kapwa_breaks_unenforced_total", "Breaks that became owed where the mode does not keep them.")
        breaksInvited = counters(
            "kapwa_breaks_invited_total", "Short pauses that were offered, by occasion.", by: "reason")
        floorsBroken = counter(
            "kapwa_break_floors_broken_total", "Breaks that began though a floor was not met, because they had to.")
        affinitiesSet = counter(
            "kapwa_affinities_set_total", "Times that a customer and an agent were put apart for some time.")
        affinitiesLifted = counter(
            "kapwa_affinities_lifted_total", "Times that such a pair was let together again early.")
        followupsOwed = counters(
            "kapwa_followups_owed_total", "Times that a customer was promised to be called back, by occasion.",
            by: "reason")
        followupsDone = counter("kapwa_followups_done_total", "Promises to call back that were kept.")
        incidentsDeclared = counter("kapwa_incidents_declared_total", "Incidents that were declared or declared anew.")
        incidentsEnded = counter("kapwa_incidents_ended_total", "Incidents that ended.")
        followupsOpen = registry.gauge("kapwa_followups_open", "Promises to call back that are not kept yet.").series()
        incidentsRunning = registry.gauge("kapwa_incidents_running", "Incidents that last.").series()
    }
}

/// Why a conversation was held; what concerns an agent's care is one word.
public enum HoldCause: String, CaseIterable, Sendable {
    case declinedBefore = "declined_before"
    case care
}

/// What a short pause is offered for.
public enum Invitation: String, CaseIterable, Sendable { case insult, stagger }

/// Why somebody has to come back to a customer.
public enum FollowupCause: String, CaseIterable, Sendable { case callback, safety }
