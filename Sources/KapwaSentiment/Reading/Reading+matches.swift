extension Reading {
    /// Words that a phrase may step over, and nodes that one search may visit: bounds the work per word.
    private static let skipsMax = 2
    private static let visitsMax = 96

    private struct Search {
        var best: Int32 = -1
        var end = 0
        var visits = 0
    }

    /// Finds all matches, in the order of their first words.
    mutating func match() {
        matchAlerts()
        let alerts = hits.count
        matchFeelings()
        guard alerts > 0 else { return }
        merged.removeAll(keepingCapacity: true)
        var alert = 0
        var feeling = alerts
        while alert < alerts || feeling < hits.count {
            if feeling >= hits.count || (alert < alerts && hits[alert].first <= hits[feeling].first) {
                merged.append(hits[alert])
                alert += 1
            } else {
                merged.append(hits[feeling])
                feeling += 1
            }
        }
        swap(&hits, &merged)
    }

    /// Looks for alert phrases at every word; they may overlap.
    private mutating func matchAlerts() {
        let starters = lexicon.alerts.nodes[0].roles
        for index in tokens.indices
        where tokens[index].startsAlert || tokens[index].roles.rawValue & starters != 0 {
            var search = Search()
            walk(lexicon.alerts, PhraseTrie.root, index, index, Self.skipsMax, &search)
            matchSteps += search.visits
            if search.best >= 0 { add(search.best, index, search.end) }
        }
    }

    /// Looks for rated phrases from left to right; the longest covers its words.
    private mutating func matchFeelings() {
        let starters = lexicon.feelings.nodes[0].roles
        var index = 0
        while index < tokens.count {
            var search = Search()
            if tokens[index].startsFeeling || tokens[index].roles.rawValue & starters != 0 {
                walk(lexicon.feelings, PhraseTrie.root, index, index, Self.skipsMax, &search)
                matchSteps += search.visits
            }
            guard search.best >= 0 else {
                index += 1
                continue
            }
            add(search.best, index, search.end)
            if search.end - index > 1 {
                for covered in index..<search.end { tokens[covered].flags.insert(.covered) }
            }
            index = search.end
        }
    }

    private mutating func add(_ entry: Int32, _ first: Int, _ end: Int) {
        let weights = lexicon.entries[Int(entry)].weights
        var rules: Rules = []
        if lexicon.isOverlay[Int(entry)] { rules.insert(.overlay) }
        hits.append(Hit(entry: entry, first: Int32(first), end: Int32(end), weights: weights, rules: rules))
    }

    /// Depth first, the most literal step first; keeps the longest phrase found.
    private func walk(
        _ trie: PhraseTrie, _ node: Int32, _ start: Int, _ index: Int, _ skips: Int, _ search: inout Search,
        isSkip: Bool = false
    ) {
        search.visits += 1
        let here = trie.nodes[Int(node)]
        if here.entry >= 0 && !isSkip && index > search.end {
            search.best = here.entry
            search.end = index
        }
        guard here.hasEdges, index < tokens.count, search.visits < Self.visitsMax else { return }
        let token = tokens[index]
        guard token.clause == tokens[start].clause else { return }
        let byWord = trie.next(node, word: token.word)
        if byWord >= 0 { walk(trie, byWord, start, index + 1, skips, &search) }
        let byRoot = trie.next(node, root: token.root)
        if byRoot >= 0 { walk(trie, byRoot, start, index + 1, skips, &search) }
        var roles = here.roles & token.roles.rawValue
        while roles != 0 {
            let bit = roles.trailingZeroBitCount
            roles &= roles - 1
            let byRole = trie.next(node, role: bit)
            if byRole >= 0 { walk(trie, byRole, start, index + 1, skips, &search) }
        }
        if here.takesAny {
            let byAny = trie.nextAny(node)
            if byAny >= 0 { walk(trie, byAny, start, index + 1, skips, &search) }
        }
        if index > start, skips > 0, token.roles.meets(.particle) {
            walk(trie, node, start, index + 1, skips - 1, &search, isSkip: true)
        }
    }
}
