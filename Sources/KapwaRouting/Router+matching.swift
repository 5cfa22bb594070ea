import KapwaDomain
import KapwaRules

/// What the last matching has not seen: only pairs with a part in it can have become possible since.
struct MatchingNews {
    var conversations: [Int]
    var agents: [Int]
    /// Those of the agents for whom something may still wait, as far as anybody looked.
    var searching: [Int]
    /// Conversations that only a soft test keeps from somebody, each with the tier of that pair.
    var blocked: [(slot: Int, tier: Int)] = []

    init(_ fresh: (conversations: [Int], agents: [Int])) {
        conversations = Self.unique(fresh.conversations)
        agents = Self.unique(fresh.agents)
        searching = agents
    }

    mutating func add(_ fresh: (conversations: [Int], agents: [Int])) {
        if !fresh.conversations.isEmpty { conversations = Self.unique(conversations + fresh.conversations) }
        guard !fresh.agents.isEmpty else { return }
        agents = Self.unique(agents + fresh.agents)
        searching = Self.unique(searching + fresh.agents)
    }

    private static func unique(_ slots: [Int]) -> [Int] {
        guard slots.count > 1 else { return slots }
        var sorted = slots.sorted()
        var kept = 1
        for place in 1..<sorted.count where sorted[place] != sorted[kept - 1] {
            sorted[kept] = sorted[place]
            kept += 1
        }
        sorted.removeLast(sorted.count - kept)
        return sorted
    }
}

extension Router {
    /// Serves by rank, each pairing of a round at the least total cost; one new offer per agent a round, rounds until
    /// none is made.
    ///
    /// After every batch nobody waits who could be served, so that a pair that became possible since has a part with
    /// news: a new conversation is held against everyone who has room, an agent with news against the first of what
    /// waits.
    mutating func runMatching(at now: Instant) {
        refileDanger(at: now)
        var news = MatchingNews(takeFresh())
        guard !state.queued.isEmpty, !(news.conversations.isEmpty && news.agents.isEmpty) else { return }
        let all = news
        if state.routingMode.binds || !rules.teams.isEmpty {
            matchRounds(&news, at: now)
            // Who is kept for nothing any more, because another is kept in place, may serve what waits.
            while reserve(all.conversations, news.agents, at: now) {
                news = MatchingNews(takeFresh())
                matchRounds(&news, at: now)
            }
            assertFirstIsServed(at: now)
        }
        if !state.routingMode.binds || !rules.teams.isEmpty { advise(all, at: now) }
        // What holds and reservations brought about is looked at with the next batch; nothing became possible.
    }

    private mutating func matchRounds(_ news: inout MatchingNews, at now: Instant) {
        // A round looks at so many agents; what it made nobody busy with may be for those behind them.
        while matchRound(&news, at: now) > 0 || !news.searching.isEmpty { news.add(takeFresh()) }
        hold(news.blocked, at: now)
    }

    /// Whether somebody trained is ready decides what danger needs, now and not when it was queued.
    private mutating func refileDanger(at now: Instant) {
        let needs = safetyNeeds
        var slots: [Int] = []
        state.queued.forEach { entry in
            guard let placement = state.conversations[entry.slot].placement, placement.safety else { return false }
            if placement.needs != needs { slots.append(entry.slot) }
            return true
        }
        for slot in slots { rerank(slot, at: now) }
    }

    /// One round: returns how many offers it made.
    private mutating func matchRound(_ news: inout MatchingNews, at now: Instant) -> Int {
        let round = state.sequence
        var shares = ShareMemo()
        let rows = chooseRows(&news, shares: &shares, at: now)
        guard !rows.isEmpty else { return 0 }
        let pairs = pair(rows)
        var decisions: [(MatchingRow, Int, Decision)] = []
        for (row, agent) in pairs {
            decisions.append((row, agent, decision(row, agent, round: round, shares: &shares, at: now)))
        }
        for (row, agent, decision) in decisions { makeOffer(row.ask.slot, agent, decision, at: now) }
        return decisions.count
    }

    /// The conversations of a round by rank, at most ``Limits/matchingRoundMax``: those that somebody can serve.
    private func chooseRows(
        _ news: inout MatchingNews, shares: inout ShareMemo, at now: Instant
    ) -> [MatchingRow] {
        var wanted = RankedChoice(most: Int.max)
        for slot in news.conversations where state.conversations[slot].phase == .queued {
            if let key = state.rankKey(slot) { wanted.add(key, slot) }
        }
        let isNew = wanted.entries.count
        let free = freeAgents(&news, at: now)
        var idle: [Int] = []
        for agent in free {
            let found = firstWaiting(
                for: agent, most: free.count, besides: news.conversations, &news.blocked, at: now)
            if found.isEmpty { idle.append(agent) }
            for entry in found { wanted.add(entry.key, entry.slot) }
        }
        if free.count > 1 || isNew > 0 { wanted.order() }
        var rows: [MatchingRow] = []
        var pairs = 0
        var hopeless: [Int] = []
        for slot in wanted.slots {
            if rows.count == Limits.matchingRoundMax || pairs > Self.pairsPerRoundMax { break }
            let row = row(slot, shares: &shares, at: now)
            if row.open > 0 {
                pairs += row.open
                rows.append(row)
            } else {
                if let least = row.passed.map(\.tier).min() { news.blocked.append((slot, least)) }
                hopeless.append(slot)
            }
        }
        // Whoever found nothing, or nothing that can be served now, finds nothing in a later round either.
        let done = rows.isEmpty ? free : idle
        news.searching.removeAll { done.containsSorted($0) }
        if isNew > 0 && !hopeless.isEmpty {
            // Offers only take room away: who cannot be served now cannot be in a later round either.
            let gone = hopeless.sorted()
            news.conversations.removeAll { gone.containsSorted($0) }
        }
        return rows
    }

    private static let pairsPerRoundMax = Limits.matchingRoundMax * Limits.matchingRoundMax

    /// The next of the agents with news who could be asked for anything at all: the smallest contact takes 15 units.
    /// Nobody looks again at those who cannot.
    private func freeAgents(_ news: inout MatchingNews, at now: Instant) -> [Int] {
        var free: [Int] = []
        var looked = 0
        while looked < news.searching.count, free.count < Limits.matchingRoundMax {
            let agent = news.searching[looked]
            looked += 1
            guard firstFailedTestOfAgent(agent) == nil, binds(agent) else { continue }
            let least = Channel.email.baseUnits
            if state.agents[agent].load + least <= admittedCapacity(agent, for: least, at: now) { free.append(agent) }
        }
        news.searching.replaceSubrange(..<looked, with: free)
        return free
    }

    /// Who is served, by whom: exactly, among the first rows for which columns suffice.
    private func pair(_ rows: [MatchingRow]) -> [(MatchingRow, Int)] {
        if rows.count == 1 {
            var best: MatchingRow.Candidate?
            for candidate in rows[0].passed where rows[0].isOpen(candidate) {
                if best.map({ precedes(candidate, $0) }) ?? true { best = candidate }
            }
            return best.map { [(rows[0], $0.agent)] } ?? []
        }
        var taken = rows.count
        while true {
            let choice = MatchingGrid(rows: rows[..<taken]) { state.agents[$0].id }
            // With this few rows the columns that they need are never too many.
            if choice.columns.count <= Limits.matchingRoundMax || taken * taken <= Limits.matchingRoundMax {
                return choice.solve().map { (rows[$0.row], $0.agent) }
            }
            taken = max(taken * 3 / 4, min(taken, 14))
        }
    }

    /// Whoever waits first cannot be served by anyone: the cheap part of what simulation checks for all.
    private func assertFirstIsServed(at now: Instant) {
        guard let first = state.queued.first?.slot else { return }
        var shares = ShareMemo()
        precondition(
            row(first, shares: &shares, at: now).open == 0, "after a batch nobody is first in line who could be served")
    }
}

extension [Int] {
    /// Whether it has a value, when it is sorted.
    func containsSorted(_ value: Int) -> Bool {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == value
    }
}
