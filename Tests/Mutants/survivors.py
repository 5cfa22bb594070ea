"""Mutants that nobody notices, each with the reason.

The key is the file, what stands there, and what stands there instead, as `Tests/Mutants/run show N` prints them; of a
number, of which a file has many, the line comes after the file.
"""

SAME = "no difference: "
SAVES = "saves work only: "
BOUND = "a bound on memory or work, one more or less: "

SURVIVORS = {
    ("Matching/AssignmentSolver.swift", "(steps > 0)", "(steps >= 0)"): BOUND + "bids before the search takes over",
    ("Matching/AssignmentSolver.swift", "(gain > 0 || owner < 0)", "(true)"): SAVES
    + "who is sent away at the same price bids again, until the steps are used up; the search seats the rest",
    ("Matching/AssignmentSolver.swift", "distance = Array(repeating: 0, count: columns)", "(0)", "((0 + 1))"): SAME
    + "the first row of each search writes all of it before anything is read",
    (
        "Matching/AssignmentSolver.swift",
        "columnOf = Array(repeating: -1, count: rows)",
        "(1)",
        "((1 - 1))",
    ): SAME + "a row's column is read only after the row was seated",
    ("Matching/MatchingGrid.swift", "(open.count > rows.count)", "(open.count >= rows.count)"): SAME
    + "drops none of them",
    ("Matching/MatchingGrid.swift", "(key < last.key)", "(key <= last.key)"): SAME
    + "the same key again is dropped as the greatest of too many",
    ("Matching/MatchingIndex.swift", "met.append((0, []))", "(0)", "((0 + 1))"): SAME
    + "the two classes that always stand have raised the version further",
    ("Matching/MatchingIndex.swift", "(old != new)", "(true)"): SAVES + "what did not change is counted out and in",
    (
        "Router+matching.swift",
        "(rows.count == Limits.matchingRoundMax || pairs > Self.pairsPerRoundMax)",
        "(rows.count == Limits.matchingRoundMax || pairs >= Self.pairsPerRoundMax)",
    ): BOUND + "pairs of a round",
    (
        "Router+matching.swift",
        "(choice.columns.count <= Limits.matchingRoundMax || taken * taken <= Limits.matchingRoundMax)",
        "(choice.columns.count < Limits.matchingRoundMax || taken * taken <= Limits.matchingRoundMax)",
    ): BOUND + "columns of a round",
    (
        "Router+messages.swift",
        "(state.conversationSlots.count < Limits.conversationsMax)",
        "(state.conversationSlots.count <= Limits.conversationsMax)",
    ): BOUND + "a million open conversations",
    ("Router+queueing.swift", "(looksAtBreak)", "(true)"): SAME
    + "the other chats are handed over one call deeper, and the break begins after the last of them as well",
    ("Router+stagger.swift", "(places > 0)", "(true)"): SAVES + "nobody is invited without a place",
    ("Snapshot/SavedPast.swift", "(!pass.isBroken)", "(true)"): SAME
    + "what is broken gives no version, no words and nothing to read, each of which is refused as well",
    (
        "Snapshot/Saved+values.swift",
        "table = Dictionary(minimumCapacity: Swift.min(count, 65_536))",
        "(65_536)",
        "((65_536 - 1))",
    ): BOUND + "room that is made before anything is read",
    ("Router+cost.swift", "(hard > 0)", "(true)"): SAVES + "none divided by the time worked is none",
    ("Router+matching.swift", "(!(news.conversations.isEmpty && news.agents.isEmpty))", "(true)"): SAVES
    + "without news no round finds a row",
    ("Router+matching.swift", "if rows.count == 1 {", "(1)", "((1 - 1))"): SAVES
    + "one conversation alone is paired by the general way as well, at the same cost, ties by the same id",
    ("Router+offering.swift", "looked += 1", "(1)", "((1 - 1))"): BOUND
    + "how many of a group are looked at for advice",
    ("Router+reservations.swift", "looked += 1", "(1)", "((1 + 1))"): BOUND + "how many are looked at",
    ("Router+reservations.swift", "(looked < Self.headsLookedAt)", "(looked <= Self.headsLookedAt)"): BOUND
    + "how many heads of a group are looked at",
    ("Router+reservations.swift", "(looked <= Self.leastLoadedMax)", "(true)"): BOUND
    + "how many of the least loaded are looked at",
    ("Router+waiting.swift", "(!isKept || group.isSafety)", "(true)"): SAVES
    + "who is kept for another fails the test `reserved` of each of them",
    ("Router+waiting.swift", "(row.open == 0)", "(true)"): SAME
    + "after the rounds nobody is left who could be asked for what is held",
    ("RoutingState+apply.swift", "(4_000_000)", "((4_000_000 + 1))"): BOUND + "news that are kept for one matching",
    (
        "RoutingState+customers.swift",
        "(customersInOrder.count > Limits.closedConversationsMax)",
        "(customersInOrder.count >= Limits.closedConversationsMax)",
    ): BOUND + "a million customers",
    (
        "RoutingState+customers.swift",
        "(followupsInOrder.count > 2 * Limits.followupsMax)",
        "(followupsInOrder.count >= 2 * Limits.followupsMax)",
    ): BOUND + "when a list of two hundred thousand is swept",
    (
        "RoutingState+offers.swift",
        "(endedOffersInOrder.count > Limits.endedOffersMax)",
        "(endedOffersInOrder.count >= Limits.endedOffersMax)",
    ): BOUND + "a hundred thousand ended offers",
    ("StressLedger.swift", "(anchor > 0)", "(anchor >= 0)"): SAME + "nothing fades to nothing",
    (
        "StressLedger.swift",
        "if (square.high << 2 | square.low >> 62, square.low << 2) <= (value, 0) { root = candidate }",
        "(62)",
        "((62 + 1))",
    ): SAME + "the last bit of the root is beyond what is kept of a power",
    (
        "Matching/AssignmentSolver.swift",
        "guard steps > 0, best.second < Self.unreachable else {",
        "(0)",
        "((0 + 1))",
    ): BOUND + "bids before the search takes over",
    (
        "Matching/AssignmentSolver.swift",
        "(here < nearest || (here == nearest && rowOf[column] < 0))",
        "(here <= nearest || (here == nearest && rowOf[column] < 0))",
    ): SAME
    + "of equally near columns another is taken, at the same total; in the end the first of equal pairings is taken",
    ("Matching/MatchingIndex.swift", "(classes[number].waiting == 0)", "(true)"): SAVES
    + "whether something waits is asked again before a class is dropped",
    ("Matching/RoutingState+filing.swift", "(!index.lonely.isEmpty)", "(true)"): SAVES
    + "without such a class nothing is found",
    ("Matching/RoutingState+reservations.swift", "(due > now)", "(true)"): SAVES
    + "a timer that is due already looks at what is news in any case",
    ("Router+breakCommands.swift", "(left > 0)", "(left >= 0)"): SAME
    + "a break that has lasted all its minutes is over before anybody could cut it",
    ("Router+cost.swift", "ask.sticky = state.agentSlots[agent] ?? -1", "(1)", "((1 + 1))"): SAME
    + "no place lies below 0",
    ("Router+queueing.swift", "(!condition.history.isEmpty)", "(true)"): SAVES + "what asks for no past holds of any",
    ("Router+stagger.swift", "(deadline($0) > deadline($1))", "(deadline($0) >= deadline($1))"): SAME
    + "deadlines are told apart by the agent's id",
    ("Router+waiting.swift", "(bound < entry.key)", "(bound <= entry.key)"): SAME + "no key stands in two groups",
    ("RoutingState+retag.swift", "(conversations[slot].episode == body.episode)", "(true)"): SAME
    + "while an episode is open no other is corrected",
    ("Snapshot/RoutingState+snapshot.swift", "(!isBroken)", "(true)"): SAVES
    + "once something is broken, all that is read is blank, and nothing comes of it",
    ("Snapshot/Saved+values.swift", "static var blank: Int64 { 0 }", "(0)", "((0 + 1))"): SAME
    + "what is read stands in place of it",
    ("Snapshot/SnapshotPass.swift", "(place < end)", "(place <= end)"): SAME
    + "at the end no number of bytes is left, whatever the byte behind it says",
    ("SortedChunks.swift", "(!chunks.isEmpty)", "(!(!chunks.isEmpty))"): BOUND + "room that is made at once",
    (
        "ConversationRecord.swift",
        "get { aside.isEmpty ? Instant(milliseconds: 0) : aside[0].assignedAt }",
        "(0)",
        "((0 + 1))",
    ): SAME + "it is read of what an agent has, and that has one",
    (
        "Matching/MatchingIndex.swift",
        "(slot < facts.count ? facts[slot] : nil)",
        "(slot <= facts.count ? facts[slot] : nil)",
    ): SAME + "an agent is taken in before anybody asks",
    (
        "Matching/RoutingState+filing.swift",
        "contentsOf: transferred.filter { lonely.contains(conversations[$0].filed?.number ?? -1) })",
        "(1)",
        "((1 + 1))",
    ): SAME + "no class lies below 0",
    (
        "Router+agents.swift",
        "(known == nil && state.agentOrder.count >= Limits.agentsMax)",
        "(known == nil && state.agentOrder.count > Limits.agentsMax)",
    ): BOUND + "a hundred thousand agents",
    ("Router+matching.swift", "(free.count < Limits.matchingRoundMax)", "(free.count <= Limits.matchingRoundMax)"):
    BOUND + "agents of a round",
    (
        "RoutingState+aversions.swift",
        "if aversionsInOrder.count > 2 * Limits.aversionsMax { aversionsInOrder.removeAll { aversions[$0] == nil } }",
        "(2)",
        "((2 + 1))",
    ): BOUND + "when a list of two hundred thousand is swept",
    ("RoutingState+retag.swift", "(isAssigned)", "(true)"): SAME
    + "what one agent has had of it begins anew when it is assigned",
    (
        "Snapshot/AgentRecord+snapshot.swift",
        'Self(conversation: "", episode: 0, booked: 0, wasReported: false, hadWords: false, handled: 0)',
        "(0)",
        "((0 + 1))",
    ): SAME + "what is read stands in place of it",
    ("Snapshot/SnapshotPass.swift", "(end - place < other.place)", "(end - place <= other.place)"): BOUND
    + "when room is made",
    ("SortedChunks.swift", "(place >= 0)", "(place > 0)"): BOUND + "where a chunk is begun",
    ("HandleTimes.swift", "($0.number <= today - Self.daysKept)", "($0.number < today - Self.daysKept)"): BOUND
    + "a day that is no longer counted",
    ("Router+explain.swift", "(until > now)", "(until >= now)"): SAME
    + "at its end the hold is over, and whoever passes is asked",
    (
        "Router+reservations.swift",
        "let only = ask.only.map { state.agentSlots[$0] ?? -1 }",
        "(1)",
        "((1 + 1))",
    ): SAME + "no place lies below 0",
    ("Router+explain.swift", "(placement.points > 0)", "(placement.points >= 0)"): SAME + "no points have no source",
    (
        "RoutingState+listing.swift",
        "(closedInOrder.count > Limits.closedConversationsMax)",
        "(closedInOrder.count >= Limits.closedConversationsMax)",
    ): BOUND + "a million closed episodes",
}
