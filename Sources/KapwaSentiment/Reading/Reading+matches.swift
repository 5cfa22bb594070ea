extension Reading {
    /// Words that a phrase may step over, and nodes that one search may visit: bounds the work per word.
    private static let skipsMax = 3
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
        let starters = tables.alerts.nodes[0].roles
        for index in tokens.indices {
            let token = tokens[index]
            if token.alert < 0 && token.alertRoot < 0 && token.roles.rawValue & starters == 0 { continue }
            let search = search(tables.alerts, token.alert, token.alertRoot, index)
            matchSteps += search.visits
            if search.best >= 0 { add(search.best, index, search.end) }
        }
    }

    /// Looks for rated phrases from left to right; the longest covers its words.
    private mutating func matchFeelings() {
        let starters = tables.feelings.nodes[0].roles
        var index = 0
        while index < tokens.count {
            let token = tokens[index]
            var found = Search()
            if token.feeling >= 0 || token.feelingRoot >= 0 || token.roles.rawValue & starters != 0 {
                found = search(tables.feelings, token.feeling, token.feelingRoot, index)
                matchSteps += found.visits
            }
            guard found.best >= 0 else {
                index += 1
                continue
            }
            add(found.best, index, found.end)
            if found.end - index > 1 {
                for covered in index..<found.end { tokens[covered].flags.insert(.covered) }
            }
            index = found.end
        }
    }

    private mutating func add(_ entry: Int32, _ first: Int, _ end: Int) {
        let found = tables.entries[entry]
        present.formUnion(found.roles)
        hits.append(
            Hit(
                entry: entry, first: Int32(first), end: Int32(end), weights: found.weights,
                roles: found.roles, rules: found.isOverlay ? .overlay : []))
    }

    /// The first step of each phrase is looked up once, when the lexicon is loaded; by role it is taken here.
    private func search(_ phrases: Tables.Phrases, _ word: Int32, _ root: Int32, _ index: Int) -> Search {
        var search = Search()
        let next = index + 1
        if word >= 0 { walk(phrases, word, index, next, Self.skipsMax, &search) }
        if root >= 0 { walk(phrases, root, index, next, Self.skipsMax, &search) }
        followRoles(phrases, PhraseTrie.start, index, index, Self.skipsMax, &search)
        return search
    }

    /// Depth first, the most literal step first; keeps the longest phrase found.
    private func walk(
        _ phrases: Tables.Phrases, _ node: Int32, _ start: Int, _ index: Int, _ skips: Int, _ search: inout Search,
        isSkip: Bool = false
    ) {
        search.visits += 1
        let here = phrases.nodes[node]
        if here.entry >= 0 && !isSkip && index > search.end {
            search.best = here.entry
            search.end = index
        }
        guard here.hasEdges, index < tokens.count, search.visits < Self.visitsMax else { return }
        let token = tokens[index]
        guard token.clause == tokens[start].clause else { return }
        if token.word >= 0 {
            let next = phrases.next(node, PhraseTrie.word(token.word))
            if next >= 0 { walk(phrases, next, start, index + 1, skips, &search) }
        }
        if token.root >= 0 {
            let next = phrases.next(node, PhraseTrie.root(token.root))
            if next >= 0 { walk(phrases, next, start, index + 1, skips, &search) }
        }
        followRoles(phrases, node, start, index, skips, &search)
        if here.takesAny {
            let next = phrases.next(node, PhraseTrie.any)
            if next >= 0 { walk(phrases, next, start, index + 1, skips, &search) }
        }
        if skips > 0, token.roles.meets(.particle) {
            walk(phrases, node, start, index + 1, skips - 1, &search, isSkip: true)
        }
    }

    private func followRoles(
        _ phrases: Tables.Phrases, _ node: Int32, _ start: Int, _ index: Int, _ skips: Int, _ search: inout Search
    ) {
        var roles = phrases.nodes[node].roles & tokens[index].roles.rawValue
        while roles != 0 {
            let bit = roles.trailingZeroBitCount
            roles &= roles - 1
            let next = phrases.next(node, PhraseTrie.role(bit))
            if next >= 0 { walk(phrases, next, start, index + 1, skips, &search) }
        }
    }
}
