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
    (
        "Matching/AssignmentSolver.swift",
        "distance = Array(repeating: 0, count: columns)",
        "(0)",
        "((0 + 1))",
    ): SAME + "the first row of each search writes all of it before anything is read",
    (
        "Matching/AssignmentSolver.swift",
        "columnOf = Array(repeating: -1, count: rows)",
        "(1)",
        "((1 - 1))",
    ): SAME + "a row's column is read only after the row was seated",
    ("Matching/AssignmentSolver.swift", "(column >= 0)", "(column > 0)"): SAVES
    + "a row that is not seated beforehand is seated by the search, at the same total",
    (
        "Matching/AssignmentSolver.swift",
        "(isTight(row, $0) && (rowOf[$0] < 0 || rowOf[$0] > row))",
        "(isTight(row, $0) && (rowOf[$0] < 0 || rowOf[$0] >= row))",
    ): SAME + "the row's own column is not among those that are looked at",
    ("Matching/MatchingGrid.swift", "(open.count > rows.count)", "(open.count >= rows.count)"): SAME
    + "drops none of them",
    (
        "Matching/MatchingGrid.swift",
        "(router.state.agents[$0].id < router.state.agents[$1].id)",
        "(router.state.agents[$0].id <= router.state.agents[$1].id)",
    ): SAME
    + "ids are unique",
    ("Matching/MatchingGrid.swift", "(key < last.key)", "(key <= last.key)"): SAME
    + "the same key again is dropped as the greatest of too many",
    ("Matching/MatchingIndex.swift", "met.append((0, []))", "(0)", "((0 + 1))"): SAME
    + "the two classes that always stand have raised the version further",
    ("Matching/MatchingIndex.swift", "(old != new)", "(true)"): SAVES + "what did not change is counted out and in",
    ("RankedList.swift", "(chunks[chunk].count > Self.chunkMax)", "(chunks[chunk].count >= Self.chunkMax)"): BOUND
    + "where a chunk is split",
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
    ("Router+coverage.swift", "(deadline($0) > deadline($1))", "(deadline($0) >= deadline($1))"): SAME
    + "deadlines are told apart by the agent's id",
    ("Router+matching.swift", "(!(news.conversations.isEmpty && news.agents.isEmpty))", "(true)"): SAVES
    + "without news no round finds a row",
    ("Router+matching.swift", "if rows.count == 1 {", "(1)", "((1 - 1))"): SAVES
    + "one conversation alone is paired by the general way as well, at the same cost, ties by the same id",
    ("Router+offering.swift", "looked += 1", "(1)", "((1 - 1))"): BOUND + "how many of a group are looked at for advice",
    (
        "Router+reservations.swift",
        "(group.isSafety || (units > Self.fillsNoRoom && mayReserve(queue: group.queue, number)))",
        "(group.isSafety || (units >= Self.fillsNoRoom && mayReserve(queue: group.queue, number)))",
    ): SAVES + "what takes exactly as much is turned down one step later",
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
        "(endedOffersInOrder.count > Self.endedOffersMax)",
        "(endedOffersInOrder.count >= Self.endedOffersMax)",
    ): BOUND + "a hundred thousand ended offers",
    ("StressLedger.swift", "(anchor > 0)", "(anchor >= 0)"): SAME + "nothing fades to nothing",
    (
        "StressLedger.swift",
        "if (square.high << 2 | square.low >> 62, square.low << 2) <= (value, 0) { root = candidate }",
        "(62)",
        "((62 + 1))",
    ): SAME + "the last bit of the root is beyond what is kept of a power",
}
